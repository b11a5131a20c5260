"""Which sentences answer: every unit of the retrieved clauses gets named features against each part of the question."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from yinshu.kernel.knowledge.question import AnswerKind, Part, Question
from yinshu.kernel.knowledge.records import Hit
from yinshu.kernel.knowledge.sentences import Unit, split_units
from yinshu.kernel.knowledge.wording import grams, normalise

MAX_CLAUSES = 12
MAX_UNITS_PER_CLAUSE = 40
TERMS_KEPT_MAX = 4_096
"""Texts whose terms are remembered, about 3 KB each: the same clauses answer many questions."""
FIGURE_KINDS: frozenset[AnswerKind] = frozenset({"duration", "date", "amount", "ratio", "count", "size"})

_NUMBER = r"[\d.〇零一二三四五六七八九十百千万亿两半]+\s*"
_FIGURES: dict[AnswerKind, re.Pattern[str]] = {
    "duration": re.compile(
        _NUMBER + r"(?:个)?(?:工作日|营业日|交易日|日|天|年|月|小时|分钟|周|季度)"
        r"|当日|次日|即时|立即|长期|半年|及时"
    ),
    "date": re.compile(_NUMBER + r"(?:月|日|年|时|点|工作日)|月底|月初|年末|年初|季末|当日|次日|之日"),
    "amount": re.compile(_NUMBER + r"(?:元|万|亿|美元|欧元|港元|港币)|等值|限额|余额|免费"),
    "ratio": re.compile(r"百分之|万分之|千分之|%|％|‰|" + _NUMBER + r"(?:倍|成|个百分点|个基点)|利率"),
    "count": re.compile(_NUMBER + r"(?:个|次|张|枚|家|人|名|户|笔|条|位|份|类|级|种|项)"),
    "size": re.compile(r"cm|mm|厘米|毫米|[×xX*]\s*\d|颜色|[红蓝黑绿紫]色|规格|字体"),
    "penalty": re.compile(r"罚款|警告|责令|处分|吊销|没收|追究|刑事责任|暂停|通报"),
    "verdict": re.compile(
        r"不得|可以|应当|应|必须|禁止|无需|不再|不予|严禁|无须|不必|不应|不能|有权|方可|允许|仍|不受|不适用|只能|须"
    ),
    "list": re.compile(r"下列|以下|如下|包括|、|以及|和"),
    "who": re.compile(r"由|向|机构|部门|银行|机关|人员|单位|公司"),
    "where": re.compile(r"向|到|所在地|住所地|分支机构|机构|当地|部门|网点|营业机构|分行|支行"),
    "manner": re.compile(r"应当|应|按照|通过|采取|可以|予以|视同|视为|列入|不得|由|赔付|停止|核实"),
    "what": re.compile(r"是指|指|属于|是|为|包括|应|当"),
}
_RULE = r"本(?:办法|规定|通知|细则|条例|规则|指引|公告)"
_BOILERPLATE = re.compile(
    r"^(?:第[一二三四五六七八九十百]+条\s*)?(?:为了?.{4,}(?:制定|印发|通知如下)"
    rf"|{_RULE}由.{{2,30}}解释|{_RULE}自.{{2,30}}(?:施行|实施|执行)|请.{{2,40}}转发|特此通知|现将|根据.{{10,}}制定)"
)
_ASKS = re.compile(r"^问[：:]|[？?]$")
"""A question in the library (of an FAQ) answers nothing."""
_HEADING_ONLY = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．][^，。；]{2,24}[。]?$")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Candidate:
    """A unit that may answer part number `part` of the question."""

    hit: Hit
    rank: int
    unit: Unit
    lead: Unit | None
    part: int
    features: Mapping[str, float]


FEATURES: tuple[str, ...] = (
    "part_coverage",
    "part_coverage_lead",
    "whole_coverage",
    "unit_precision",
    "figure",
    "figure_missing",
    "verdict",
    "list",
    "penalty",
    "length",
    "short",
    "first",
    "boilerplate",
    "heading_only",
    "shared_digits",
    "is_item",
    "is_lead",
    "changed",
    "coverage_share",
    "precision_share",
    "length_share",
    "units",
    "read",
    "reader_unit",
    "reader_unit_gap",
)
"""What tells the answering unit from the others of its clause; the clause itself is weighed by its relevance."""


def candidates(question: Question, hits: Sequence[Hit], weights: Mapping[str, float]) -> list[Candidate]:
    """Every unit of the first hits against every part. `weights`: terms asked for, synonyms included, by rarity."""
    found: list[Candidate] = []
    parts = [_Wanted(part, weights) for part in question.parts]
    whole = _Wanted(Part(question.text, tuple(question.kinds)), weights)
    for rank, hit in enumerate(hits[:MAX_CLAUSES]):
        units = split_units(hit.clause.text)[:MAX_UNITS_PER_CLAUSE]
        place = _Place(hit, units)
        own: list[Candidate] = []
        for unit in units:
            if _ASKS.search(unit.text):
                continue
            lead = units[unit.lead] if unit.lead is not None else None
            for number, wanted in enumerate(parts):
                features = _features(wanted, whole, place, unit, lead)
                own.append(Candidate(hit, rank, unit, lead, number, features))
        found.extend(_beside_each_other(own, len(units), hit.units))
    return found


def _beside_each_other(own: Sequence[Candidate], units: int, read: Sequence[float]) -> list[Candidate]:
    """The candidates of one clause with their features as shares of the clause's best, and as the reader saw them."""
    best = {
        name: max((candidate.features[name] for candidate in own), default=0.0) or 1.0
        for name in ("part_coverage_lead", "unit_precision", "length")
    }
    return [
        replace(
            candidate,
            features={
                **candidate.features,
                "coverage_share": candidate.features["part_coverage_lead"] / best["part_coverage_lead"],
                "precision_share": candidate.features["unit_precision"] / best["unit_precision"],
                "length_share": candidate.features["length"] / best["length"],
                "units": float(units),
                **_as_read(candidate.unit.index, read),
            },
        )
        for candidate in own
    ]


def _as_read(unit: int, read: Sequence[float]) -> dict[str, float]:
    if unit >= len(read):
        return {"read": 0.0, "reader_unit": 0.0, "reader_unit_gap": 0.0}
    return {"read": 1.0, "reader_unit": read[unit], "reader_unit_gap": read[unit] - max(read)}


class _Wanted:
    """A part of the question, ready to be compared: its weighted terms and the figure that would answer it."""

    def __init__(self, part: Part, weights: Mapping[str, float]) -> None:
        self.kinds = part.kinds
        self.terms = {term: weights.get(term, 0.0) for term in grams(part.text)}
        self.mass = sum(self.terms.values()) or 1.0
        self.digits = set(_DIGITS.findall(normalise(part.text)))
        self.figures = [_FIGURES[kind] for kind in part.kinds if kind in FIGURE_KINDS]

    def coverage(self, terms: frozenset[str]) -> float:
        return sum(weight for term, weight in self.terms.items() if term in terms) / self.mass


@lru_cache(maxsize=TERMS_KEPT_MAX)
def _terms(text: str) -> frozenset[str]:
    return frozenset(grams(text))


class _Place:
    """What is shared by the units of one clause."""

    def __init__(self, hit: Hit, units: Sequence[Unit]) -> None:
        clause = hit.clause
        self.hit = hit
        self.title = _terms(clause.version.title + "".join(clause.path) + clause.heading)
        self.all = _terms(clause.lead + clause.text) | self.title
        self.terms = [_terms(unit.text) for unit in units]
        self.texts = [normalise(unit.text) for unit in units]
        self.above = _terms(clause.lead) if clause.lead else frozenset()


def _features(wanted: _Wanted, whole: _Wanted, place: _Place, unit: Unit, lead: Unit | None) -> dict[str, float]:
    terms = place.terms[unit.index]
    with_lead = terms | (place.terms[lead.index] if lead is not None else place.above)
    text = place.texts[unit.index]
    reach = text if lead is None else text + place.texts[lead.index]
    has_figure = any(pattern.search(text) for pattern in wanted.figures)
    mass = sum(whole.terms.get(term, 0.0) for term in terms)
    return {
        "part_coverage": wanted.coverage(terms),
        "part_coverage_lead": wanted.coverage(with_lead),
        "part_coverage_clause": wanted.coverage(place.all),
        "whole_coverage": whole.coverage(with_lead | place.title),
        "title_coverage": whole.coverage(place.title),
        "unit_precision": mass / (1.0 + len(terms)),
        "figure": float(bool(wanted.figures) and has_figure),
        "figure_missing": float(bool(wanted.figures) and not has_figure),
        "verdict": float("verdict" in wanted.kinds and bool(_FIGURES["verdict"].search(reach))),
        "list": float("list" in wanted.kinds and (unit.kind == "lead" or text.count("、") >= 2)),
        "penalty": float("penalty" in wanted.kinds and bool(_FIGURES["penalty"].search(reach))),
        "length": math.log(1 + len(text)),
        "short": float(len(text) < 12),
        "first": float(unit.index == 0),
        "boilerplate": float(bool(_BOILERPLATE.match(text))),
        "heading_only": float(bool(_HEADING_ONLY.match(text))),
        "shared_digits": float(len(wanted.digits & set(_DIGITS.findall(text)))),
        "is_item": float(unit.kind == "item"),
        "is_lead": float(unit.kind == "lead"),
        "changed": float(place.hit.clause.changed_on is not None),
    }
