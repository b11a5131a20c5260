"""What speaks for a clause as the place of an answer: named features of a question and a clause, easy to explain."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from yinshu.kernel.knowledge.glossary import Glossary
from yinshu.kernel.knowledge.question import AnswerKind, Question
from yinshu.kernel.knowledge.records import StoredClause
from yinshu.kernel.knowledge.wording import canonical, grams_of_canonical, plain_gram, short_title, without_fillers

SYNONYM_WEIGHT = 0.7
UNKNOWN_TERM_SHARE = 0.5
"""A term that no clause holds counts half: it tells that something is missing, not where to look."""
TERM_SATURATION = 1.2
LENGTH_SHARE = 0.5
AVERAGE_BODY_CHARS = 150.0
LONGEST_RUN_CHARS = 12
CHANCE_SHARE = 0.5
"""Up to half of a synonym's pairs of characters are met by chance."""
PREPARED_CLAUSES_MAX = 16_384
"""About 2 KB each."""

_NUMBER = r"\d+(?:\.\d+)?"
_ANSWERS: dict[AnswerKind, re.Pattern[str]] = {
    "duration": re.compile(
        _NUMBER + r"(?:个)?(?:工作日|营业日|交易日|日|天|年|月|小时|分钟|周|季度)|当日|次日|即时|立即|长期|半年"
    ),
    "date": re.compile(_NUMBER + r"(?:月|日|年|时|点|工作日)|月底|月初|年末|年初|季末|当日|次日"),
    "amount": re.compile(_NUMBER + r"(?:元|亿|美元|欧元|港元|港币|倍)|\d{4,}|等值|免费"),
    "ratio": re.compile(r"[%‰‱]|" + _NUMBER + r"(?:倍|成|个百分点|个基点)|利率"),
    "count": re.compile(_NUMBER + r"(?:个|次|张|枚|家|人|名|户|笔|条|位|份|类|级|种|项)"),
    "size": re.compile(r"cm|mm|厘米|毫米|[×*]\s*\d|颜色|[红蓝黑绿紫]色|规格|字体"),
    "penalty": re.compile(r"罚款|警告|责令|处分|吊销|没收|追究|刑事责任|暂停|通报"),
    "verdict": re.compile(
        r"不得|可以|应当|必须|禁止|无需|不再|不予|严禁|无须|不必|不应|不能|有权|方可|允许|不受|不适用"
    ),
    "list": re.compile(r"下列|以下|如下|包括|\(2\)|、"),
    "who": re.compile(r"由|向|机构|部门|机关|人员"),
    "where": re.compile(r"向|所在地|住所地|分支机构|当地|部门|网点|营业机构|分行|支行"),
    "manner": re.compile(r"应当|应|按照|通过|采取|予以|视同|停止|核实"),
    "what": re.compile(r"是指|指|属于|是|为|包括"),
}
_PENALTY = re.compile(r"罚款|责令(?:限期)?改正|给予警告|纪律处分|追究刑事责任|没收违法所得")
_PURPOSE = re.compile(r"^(?:第\d+条)?为了?.{4,120}(?:制定|特制|印发|通知如下|现将)|^(?:第\d+条)?根据.{4,120}制定")
_EFFECT = re.compile(r"自.{2,24}(?:起|之日).{0,4}(?:施行|实施|执行)|同时废止|负责解释")
_DEFINITION = re.compile(r"(?:所称|本\w{2,4}中).{1,40}是?指|下列用语")
_SENTENCE = re.compile(r"[;。\n]|(?<=[^\d])\.(?!\d)")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")

FEATURES: tuple[str, ...] = (
    "bm25", "cover_body", "cover_head", "cover_title", "cover_all", "cover_sentence", "part_best", "part_least",
    "run_share", "longest_run", "cosine", "cosine_gap", "text_rank", "vector_rank", "fused", "document_share",
    "cue_clause", "cue_sentence", "penalty_fits", "penalty_strays", "purpose", "effect", "definition", "sign_off",
    "table", "brief", "length", "digits_shared", "named", "named_other", "year", "in_force", "recent", "statute",
    "synonyms_met",
)  # fmt: skip
"""The features by name, in the order of the ranking model. All lie between 0 and 1 but `cosine_gap` (at most 0)."""


@dataclass(frozen=True)
class PreparedClause:
    """A clause in canonical form, and what its words say of its role."""

    title: str
    head: str
    body: str
    sentences: tuple[str, ...]
    penalty: bool
    purpose: bool
    effect: bool
    definition: bool


@lru_cache(maxsize=PREPARED_CLAUSES_MAX)
def _prepare(title: str, path: tuple[str, ...], lead: str, text: str) -> PreparedClause:
    plain_title, head = _prepare_head(title, path)
    above = canonical(lead) if lead else ""
    body = canonical(text)
    sentences = tuple(above + one for one in _SENTENCE.split(body) if one.strip())
    whole = f"{above}\n{body}"
    plain = whole.strip()
    return PreparedClause(
        title=plain_title,
        head=head,
        body=whole,
        sentences=sentences,
        penalty=bool(_PENALTY.search(plain)),
        purpose=bool(_PURPOSE.search(plain)),
        effect=bool(_EFFECT.search(plain)),
        definition=bool(_DEFINITION.search(plain)),
    )


@lru_cache(maxsize=PREPARED_CLAUSES_MAX)
def _prepare_head(title: str, path: tuple[str, ...]) -> tuple[str, str]:
    """The title and the title with the path, which the clauses of a chapter share."""
    plain_title = canonical(short_title(title))
    return plain_title, f"{plain_title} {canonical(' '.join(path))}"


def prepare(clause: StoredClause) -> PreparedClause:
    """The canonical form of a clause, remembered for the clauses met last."""
    return _prepare(clause.version.title, (*clause.path, clause.heading), clause.lead, clause.text)


@dataclass(frozen=True)
class Wanted:
    """A question ready to be compared.

    `mass`: its own terms with their weight (rare terms weigh more). `synonyms`: for terms that the glossary knows, the
    terms concerned and the library's words for them, as terms. `runs`: its stretches of text without words of talk.
    """

    question: Question
    mass: Mapping[str, float]
    synonyms: tuple[tuple[frozenset[str], tuple[tuple[str, ...], ...]], ...]
    parts: tuple[tuple[str, ...], ...]
    runs: tuple[str, ...]
    digits: frozenset[str]

    @property
    def search_terms(self) -> dict[str, float]:
        """Terms for the text index: the question's own, and the library's words for them at a lower weight."""
        terms = dict.fromkeys(self.mass, 1.0)
        for _, standards in self.synonyms:
            for standard in standards:
                for term in standard:
                    terms.setdefault(term, SYNONYM_WEIGHT)
        return terms


def terms_of(text: str) -> tuple[str, ...]:
    """The distinct terms of a piece of a question, without words of talk."""
    return tuple(dict.fromkeys(grams_of_canonical(canonical(without_fillers(text)))))


def wanted_terms(question: Question) -> list[str]:
    """The terms whose frequency `want` needs to know."""
    return list(terms_of(question.text))


def want(question: Question, glossary: Glossary, clause_count: int, frequencies: Mapping[str, int]) -> Wanted:
    """Prepare a question with the frequencies of its terms."""
    mass = {term: _mass(clause_count, frequencies.get(term, 0)) for term in terms_of(question.text)}
    plain = canonical(question.text)
    synonyms = tuple(
        (
            frozenset(grams_of_canonical(plain[said.start : said.end])) & mass.keys(),
            tuple(tuple(dict.fromkeys(grams_of_canonical(standard))) for standard in said.standards),
        )
        for said in glossary.find(plain)
    )
    return Wanted(
        question=question,
        mass=mass,
        synonyms=synonyms,
        parts=tuple(terms_of(part.text) for part in question.parts),
        runs=tuple(canonical(without_fillers(question.text)).split()),
        digits=frozenset(_DIGITS.findall(plain)),
    )


def _mass(clause_count: int, frequency: int) -> float:
    weight = math.log((clause_count + 2) / (frequency + 1))
    return weight if frequency else UNKNOWN_TERM_SHARE * weight


class _Synonym:
    """A term of the glossary in the question: the terms it consists of, and the library's words for it."""

    def __init__(self, spoken: frozenset[str], standards: Sequence[Sequence[str]], index_of: Mapping[str, int]) -> None:
        self.spoken = [index_of[term] for term in spoken]
        self.standards = [_by_kind([plain_gram(term) for term in standard]) for standard in standards if standard]

    def share(self, text: str) -> float:
        """The largest share of a standard's terms that the text holds."""
        best = 0.0
        for words, numbers, count in self.standards:
            held = 0
            for one in words:
                if one in text:
                    held += 1
            for one in numbers:
                if _holds(text, one):
                    held += 1
            best = max(best, held / count)
        return best


class Comparison:
    """Compares one question with clauses."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        index_of = {term: i for i, term in enumerate(wanted.mass)}
        self._probes = [plain_gram(term) for term in wanted.mass]
        self._mass = list(wanted.mass.values())
        self._total = sum(self._mass) or 1.0
        self._words = [i for i, probe in enumerate(self._probes) if not probe[0].isdigit()]
        self._numbers = [i for i, probe in enumerate(self._probes) if probe[0].isdigit()]
        self._synonyms = [_Synonym(spoken, standards, index_of) for spoken, standards in wanted.synonyms]
        self._trigrams = _trigrams(wanted.runs, wanted.mass)
        self._trigram_total = sum(self._trigrams.values()) or 1.0
        self._kinds = [kind for kind in wanted.question.kinds if kind in _ANSWERS]
        self._parts = [[index_of[term] for term in part if term in index_of] for part in wanted.parts]

    def features(self, clause: StoredClause) -> dict[str, float]:
        """The features that depend on the question and this clause alone."""
        prepared = prepare(clause)
        shares = [one.share(prepared.body) for one in self._synonyms]
        own_body = self._own(prepared.body)
        body = self._met(own_body, prepared.body, shares)
        own_head = self._own(prepared.head)
        head = self._met(own_head, prepared.head)
        best_cover, best = self._best_sentence(prepared.sentences, own_body, shares)
        both = {i: max(body.get(i, 0.0), head.get(i, 0.0)) for i in body.keys() | head.keys()}
        parts = [self._cover_of(both, part) for part in self._parts]
        return {
            "bm25": self._bm25(prepared.body, own_body),
            "cover_body": self._cover(body),
            "cover_head": self._cover(head),
            "cover_title": self._cover(self._met(self._own(prepared.title, own_head), prepared.title)),
            "cover_all": self._cover(both),
            "cover_sentence": best_cover,
            "part_best": max(parts, default=0.0),
            "part_least": min(parts, default=0.0),
            "run_share": sum(mass for run, mass in self._trigrams.items() if run in prepared.body)
            / self._trigram_total,
            "longest_run": min(1.0, _longest_run(self._wanted.runs, prepared.body) / LONGEST_RUN_CHARS),
            "cue_clause": self._cue(prepared.body),
            "cue_sentence": self._cue(best),
            "digits_shared": self._digits_shared(prepared.body),
            "synonyms_met": sum(shares) / len(shares) if shares else 0.0,
            **self._role(clause, prepared),
        }

    def _own(self, text: str, among: Sequence[int] | None = None) -> list[int]:
        """The terms of the question (by number) that a text holds, out of all or of some."""
        if among is not None:
            return [i for i in among if _holds(text, self._probes[i])]
        probes = self._probes
        return [i for i in self._words if probes[i] in text] + [i for i in self._numbers if _holds(text, probes[i])]

    def _met(self, own: Sequence[int], text: str, shares: Sequence[float] | None = None) -> dict[int, float]:
        """How far each term is met: by itself, or by the share of a synonym's terms."""
        met = dict.fromkeys(own, 1.0)
        for i, synonym in enumerate(self._synonyms):
            share = synonym.share(text) if shares is None else shares[i]
            if share > CHANCE_SHARE:
                for term in synonym.spoken:
                    met[term] = max(met.get(term, 0.0), share)
        return met

    def _best_sentence(
        self, sentences: Sequence[str], own: Sequence[int], shares: Sequence[float]
    ) -> tuple[float, str]:
        """The sentence that meets most, and how much of the question it meets."""
        best = (0.0, "")
        useful = [i for i, share in enumerate(shares) if share > CHANCE_SHARE]
        for sentence in sentences:
            met = dict.fromkeys(self._own(sentence, own), 1.0)
            for i in useful:
                share = self._synonyms[i].share(sentence)
                if share > CHANCE_SHARE:
                    for term in self._synonyms[i].spoken:
                        met[term] = max(met.get(term, 0.0), share)
            best = max(best, (self._cover(met), sentence))
        return best

    def _cover(self, met: Mapping[int, float]) -> float:
        mass = self._mass
        return sum(mass[i] * share for i, share in met.items()) / self._total

    def _cover_of(self, met: Mapping[int, float], terms: Sequence[int]) -> float:
        total = sum(self._mass[i] for i in terms)
        return sum(self._mass[i] * met.get(i, 0.0) for i in terms) / total if total else 0.0

    def _bm25(self, body: str, own: Sequence[int]) -> float:
        length = 1.0 - LENGTH_SHARE + LENGTH_SHARE * len(body) / AVERAGE_BODY_CHARS
        score = 0.0
        for i in own:
            count = body.count(self._probes[i])
            score += self._mass[i] * count * (TERM_SATURATION + 1) / (count + TERM_SATURATION * length)
        return score / self._total / (TERM_SATURATION + 1)

    def _cue(self, text: str) -> float:
        if not self._kinds:
            return 0.0
        return sum(bool(_ANSWERS[kind].search(text)) for kind in self._kinds) / len(self._kinds)

    def _digits_shared(self, body: str) -> float:
        if not self._wanted.digits:
            return 0.0
        return len(self._wanted.digits & frozenset(_DIGITS.findall(body))) / len(self._wanted.digits)

    def _role(self, clause: StoredClause, prepared: PreparedClause) -> dict[str, float]:
        chars = len(prepared.body.strip())
        wants_penalty = "penalty" in self._wanted.question.kinds
        return {
            "penalty_fits": float(prepared.penalty and wants_penalty),
            "penalty_strays": float(prepared.penalty and not wants_penalty),
            "purpose": float(prepared.purpose),
            "effect": float(prepared.effect),
            "definition": float(prepared.definition),
            "sign_off": float(clause.kind in ("signoff", "preamble")),
            "table": float(clause.kind == "table"),
            "brief": float(chars < 24),
            "length": min(1.0, math.log1p(chars) / 7.0),
        }


def _by_kind(probes: Sequence[str]) -> tuple[list[str], list[str], int]:
    """Words, numbers, and how many both are."""
    numbers = [one for one in probes if one[0].isdigit()]
    return [one for one in probes if not one[0].isdigit()], numbers, len(probes)


def _holds(text: str, probe: str) -> bool:
    """Whether a text holds a term; a number must not be the tail of a longer one."""
    at = text.find(probe)
    if at < 0 or not probe[0].isdigit():
        return at >= 0
    while at >= 0:
        if at == 0 or not (text[at - 1].isdigit() or text[at - 1] == "."):
            return True
        at = text.find(probe, at + 1)
    return False


def _trigrams(runs: Iterable[str], mass: Mapping[str, float]) -> dict[str, float]:
    """Stretches of three characters with the weight of their two pairs."""
    found: dict[str, float] = {}
    for run in runs:
        for i in range(len(run) - 2):
            weight = mass.get(run[i : i + 2], 0.0) + mass.get(run[i + 1 : i + 3], 0.0)
            if weight:
                found[run[i : i + 3]] = weight
    return found


def _longest_run(runs: Sequence[str], body: str) -> int:
    """Characters of the longest stretch of the question that the body holds."""
    longest = 0
    for run in runs:
        start = 0
        while start + longest < len(run):
            if run[start : start + longest + 1] in body:
                longest += 1
            else:
                start += 1
    return longest
