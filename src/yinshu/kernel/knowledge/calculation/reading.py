"""The figures of the question and of the clauses, with the words around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yinshu.kernel.evidence.overlap import shared
from yinshu.kernel.evidence.quantities import Quantity, parse_quantities
from yinshu.kernel.knowledge.calculation.records import Input

MAX_EVIDENCE = 24
MAX_EVIDENCE_CHARACTERS = 4_000
TEN_THOUSAND = Decimal(10_000)
HUNDRED_MILLION = Decimal(100_000_000)
SHOWN_DECIMALS = 4

ASKS_DATE = re.compile(
    r"哪[一]?天|什么时候|什么时间|何时|几号|哪日|几月几|到期日|截止[日到]|最晚|最迟|到什么|周几|星期几|几点|期满|哪一日|哪个日期|多会儿"
)
ASKS_AMOUNT = re.compile(
    r"多少(?!天|日|次|年|个月|人|名|张|份|家)|几个?[万亿千百元]|几块|区间|上限|最高|最低|限额|额度|金额|怎么罚|罚款|怎么算"
)
ASKS_COUNT = re.compile(r"[几多][少]?次|多少[次张份个页户人名]|几[次张份]")
ASKS_REST = re.compile(r"还能|还可以?|还剩|剩余|剩下|余下|最多再|还有多少|再[^，。？]{0,6}多少|还差")
ASKS_WHETHER = re.compile(
    r"吗|么[？?]?$|能不能|可不可以|行不行|够不够|要不要|需不需要|是不是|是否|算不算|对不对|合不合|超没超|有没有|超限|违规没|达没达|能否|可否|来得及|过期没|晚没晚"
)


@dataclass(frozen=True)
class Figure:
    """A quantity with its place; `evidence` None means the question. `piece` ends at commas, `segment` at ；。"""

    quantity: Quantity
    evidence: int | None
    piece: str
    segment: str
    before: str
    after: str

    @property
    def value(self) -> Decimal:
        return self.quantity.value

    def as_input(self) -> Input:
        return Input(self.quantity.text, self.evidence, (self.quantity.start, self.quantity.end))


@dataclass(frozen=True)
class Reading:
    """Everything a rule needs: the question, its figures, the evidence and its figures in order."""

    question: str
    evidence: tuple[str, ...]
    asked: tuple[Figure, ...]
    law: tuple[Figure, ...]

    def amounts(self) -> list[Figure]:
        """The money of the question: also 3000万 without 元, which is taken as 元."""
        return [
            f
            for f in self.asked
            if f.quantity.kind == "money" or (f.quantity.kind == "number" and f.value >= TEN_THOUSAND)
        ]

    def asked_sums(self) -> list[Figure]:
        """All figures of the question except dates, times and bare counts."""
        return [f for f in self.asked if f.quantity.kind not in ("date", "time", "count", "period")]

    def law_of(self, *kinds: str) -> list[Figure]:
        return [figure for figure in self.law if figure.quantity.kind in kinds]

    def relevance(self, figure: Figure) -> float:
        """How near a clause figure's words are to the question."""
        return shared(self.question, figure.segment)


def read(question: str, evidence: Sequence[str]) -> Reading:
    """Figures of the question and of at most MAX_EVIDENCE texts."""
    texts = tuple(text[:MAX_EVIDENCE_CHARACTERS] for text in evidence[:MAX_EVIDENCE])
    law = [figure for index, text in enumerate(texts) for figure in figures_of(text, index)]
    return Reading(question, texts, tuple(figures_of(question, None)), tuple(law))


def noun_before(figure: Figure) -> str:
    """The words that name an amount: between it and the comma, 、 or figure before it."""
    words = figure.piece[: figure.piece.find(figure.quantity.text)]
    cut = max((q.end for q in parse_quantities(words)), default=0)
    return re.split(r"[、和及与]", words[cut:])[-1]


_HALF = re.compile(r"的一半")
_AT_MOST = re.compile(r"不(?:得|应|能)?超过[^，。；]{0,18}$")


def _halves(text: str) -> list[Quantity]:
    """全部财产的一半: a share written as a word, with its bound."""
    return [
        Quantity(
            found.start() + 1, found.end(), "一半", "ratio", Decimal("0.5"), "",
            "le" if _AT_MOST.search(text[: found.start()]) else None,
        )
        for found in _HALF.finditer(text)
    ]  # fmt: skip


def _in_renminbi(quantity: Quantity, text: str) -> Quantity:
    """5亿人民币 is money, not 5亿人."""
    if quantity.unit != "人" or not text.startswith("民币", quantity.end):
        return quantity
    return replace(quantity, kind="money", unit="元", end=quantity.end - 1, text=quantity.text[:-1])


def figures_of(text: str, evidence: int | None) -> list[Figure]:
    """All quantities of a text with the words around them."""
    quantities = [_in_renminbi(quantity, text) for quantity in parse_quantities(text)]
    quantities += _halves(text) if evidence is not None else ()
    return [
        Figure(
            quantity,
            evidence,
            _around(text, quantity, "，,；;。！？?！\n：:"),
            _around(text, quantity, "；;。！？?！\n"),
            re.split(r"[；;。！？?！\n]", text[: quantity.start])[-1],
            re.split(r"[；;。！？?！\n]", text[quantity.end :])[0],
        )
        for quantity in sorted(quantities, key=lambda quantity: quantity.start)
    ]


def _around(text: str, quantity: Quantity, stops: str) -> str:
    start, end = quantity.start, quantity.end
    while start > 0 and text[start - 1] not in stops:
        start -= 1
    while end < len(text) and text[end] not in stops:
        end += 1
    return text[start:end]


def choose(reading: Reading, figures: Sequence[Figure], margin: float = 2.0) -> Figure | None:
    """The one figure meant: all equal, clearly nearest to the question, or the only one of the first evidence.

    None when in doubt.
    """
    if not figures:
        return None
    distinct = {(f.value, f.quantity.unit) for f in figures}
    ranked = sorted(figures, key=reading.relevance, reverse=True)
    if len(distinct) == 1:
        return ranked[0]
    best = ranked[0]
    rivals = [f for f in ranked[1:] if (f.value, f.quantity.unit) != (best.value, best.quantity.unit)]
    if reading.relevance(best) >= reading.relevance(rivals[0]) + margin:
        return best
    chosen = [f for f in ranked if f.evidence == 0]
    near = bool(chosen) and reading.relevance(chosen[0]) + margin > reading.relevance(best)
    return chosen[0] if near and len({(f.value, f.quantity.unit) for f in chosen}) == 1 else None


def plain(value: Decimal) -> str:
    """A decimal without exponent and needless zeros, at most SHOWN_DECIMALS places when they are exact."""
    return f"{value.normalize():f}" if value else "0"


def show_money(value: Decimal, unit: str, *likes: str) -> str:
    """3700000000 as 37亿元; 万 is used when one of the texts it came from used 万 or 亿."""
    in_large_units = any(re.search("[万亿]", text) for text in likes)
    for size, name in ((HUNDRED_MILLION, "亿"), (TEN_THOUSAND, "万")):
        scaled = value / size
        if abs(scaled) >= 1 and (name == "亿" or in_large_units) and scaled == round(scaled, SHOWN_DECIMALS):
            return f"{plain(scaled)}{name}{unit}"
    return f"{plain(value)}{unit}"


def show(quantity: Quantity) -> str:
    """A figure of an expression: ratios as %, ‰ or 万分之, everything else as written without spaces."""
    if quantity.kind == "ratio":
        percent = quantity.value * 100
        if percent == round(percent, 2):
            return f"{plain(percent)}%"
        return re.sub(r"\s", "", quantity.text)
    if quantity.kind == "multiple":
        return f"{plain(quantity.value)}倍"
    if quantity.kind == "money" or (quantity.kind == "number" and quantity.value >= TEN_THOUSAND):
        return show_money(quantity.value, quantity.unit or "元", quantity.text)
    if quantity.kind in ("period", "count"):
        words = {"月": "个月", "工作日": "个工作日", "营业日": "个营业日", "季": "个季度", "交易日": "个交易日"}
        return f"{plain(quantity.value)}{words.get(quantity.unit, quantity.unit)}"
    return re.sub(r"\s", "", quantity.text)


_NAMED_SUM = re.compile(
    r"(?:最低|最高|上限|下限|限额|额度|余额|金额|资本|资产|准备金|利息|罚息|费|费用|罚款|罚金|保证金|违约金|滞纳金|赔偿金|租金|税款)$"
)
_LABEL = re.compile(
    r"(?P<label>[一-龥（）]{2,14}?)(?:大概|一共|总共|至少|最少|应该|应当|应|要|需要?|得|能|可以|是|为|会|被|有|达到|交|付|缴|收|算|批|借){0,3}"
    r"(?:多少|几[万亿千百]|哪[一]?天|什么时候|几号|是哪)"
)
_BAD_LABEL = re.compile(
    r"我|你|他|谁|请问|按|照|那|这|怎么|银行|客户|公司|企业|一家|某|吗|呢|了|个|又|再|在|还|罚|给|把"
)


def label_of(question: str, fallback: str) -> str:
    """What is asked for, in the question's own words (净资产最低), or the fallback."""
    last = [part for part in re.split(r"[，,。？?；;]", question) if part.strip()]
    found = _LABEL.search(last[-1]) if last else None
    if found is None or _BAD_LABEL.search(found["label"]) or not _NAMED_SUM.search(found["label"]):
        return fallback
    return found["label"]


def inputs_of(*figures: Figure) -> tuple[Input, ...]:
    """Inputs without repeats, in order."""
    return tuple(dict.fromkeys(figure.as_input() for figure in figures))


def used_of(*figures: Figure) -> tuple[int, ...]:
    """Indexes of the evidence the figures come from."""
    return tuple(sorted({figure.evidence for figure in figures if figure.evidence is not None}))
