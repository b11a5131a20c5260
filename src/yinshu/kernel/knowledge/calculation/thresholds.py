"""A figure of the question held against a bound of the clause: reached or not, within or beyond."""

from __future__ import annotations

import re
from decimal import Decimal

from yinshu.kernel.evidence.overlap import shared
from yinshu.kernel.evidence.quantities import Quantity
from yinshu.kernel.knowledge.calculation.bounds import base_of, holds
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_REST,
    ASKS_WHETHER,
    Figure,
    Reading,
    choose,
    inputs_of,
    noun_before,
    show,
    used_of,
)
from yinshu.kernel.knowledge.calculation.records import Calculation

_PERIOD_DAYS = {"小时": Decimal(1) / 24, "日": Decimal(1), "周": Decimal(7)}
_PERIOD_MONTHS = {"月": Decimal(1), "季": Decimal(3), "年": Decimal(12)}
_SIGN = {"ge": "≥", "gt": "＞", "le": "≤", "lt": "＜"}
_OPPOSITE = {"ge": "＜", "gt": "≤", "le": "＞", "lt": "≥"}
_NOT_LIMITS = frozenset({"前", "后", "之前", "之后", "以前", "以后"})
_BEHIND = frozenset({"以上", "以下", "以内", "之内", "内"})
MIN_RELEVANCE = 3.0


def threshold(reading: Reading) -> Calculation | None:
    """6万元要不要登记 against 5万元以上的，应当登记: the comparison only."""
    if not ASKS_WHETHER.search(reading.question) or ASKS_REST.search(reading.question):
        return None
    asked = [f for f in reading.asked if f.quantity.kind not in ("date", "time", "number")]
    if len(asked) != 1 or asked[0].quantity.bound is not None:
        return _ratio_of_two(reading)
    figure = asked[0]
    bounds = [f for f in reading.law if f.quantity.bound is not None and _comparable(figure.quantity, f.quantity)]
    bounds = [f for f in bounds if f.quantity.bound_words not in _NOT_LIMITS]
    if figure.quantity.kind == "count" and (figure.value == 1 or re.search("多久|多长", reading.question)):
        return None
    bounds = [f for f in bounds if not re.search(r"处|罚|并处", f.piece[: f.piece.find(f.quantity.text)])]
    if len({(f.value, f.quantity.unit, f.quantity.bound) for f in bounds}) > 1:
        bounds = _nearest_kind(reading, bounds)
    bound = choose(reading, bounds, margin=3.0)
    if bound is None or shared(reading.question, bound.segment) < MIN_RELEVANCE:
        return None
    if len({(f.quantity.bound) for f in bounds if f.value == bound.value}) != 1:
        return None
    return _compare(figure, bound)


def _nearest_kind(reading: Reading, bounds: list[Figure]) -> list[Figure]:
    best = max(shared(reading.question, f.piece) for f in bounds)
    return [f for f in bounds if shared(reading.question, f.piece) >= best]


def _comparable(a: Quantity, b: Quantity) -> bool:
    if a.kind != b.kind:
        return False
    if a.unit == b.unit:
        return True
    return a.kind == "period" and any(a.unit in table and b.unit in table for table in (_PERIOD_DAYS, _PERIOD_MONTHS))


def _measure(quantity: Quantity, other: Quantity) -> Decimal:
    for table in (_PERIOD_DAYS, _PERIOD_MONTHS):
        if quantity.unit in table and other.unit in table:
            return quantity.value * table[quantity.unit]
    return quantity.value


def _compare(figure: Figure, bound: Figure) -> Calculation | None:
    kind = bound.quantity.bound
    assert kind is not None
    value, limit = _measure(figure.quantity, bound.quantity), _measure(bound.quantity, figure.quantity)
    meets = {"ge": value >= limit, "gt": value > limit, "le": value <= limit, "lt": value < limit}[kind]
    sign = _SIGN[kind] if meets else _OPPOSITE[kind]
    expression = f"{show(figure.quantity)}{sign}{show(bound.quantity)}"
    if figure.quantity.unit != bound.quantity.unit:
        return None
    words, text = bound.quantity.bound_words, bound.quantity.text.replace(" ", "")
    named = f"{text}{words}" if words in _BEHIND else f"{words}{text}"
    answer = f"{expression}，{'符合' if meets else '不符合'}“{named}”。"
    return Calculation(
        "threshold", expression, answer, show(figure.quantity), inputs_of(figure, bound), used_of(bound), meets=meets
    )


def _ratio_of_two(reading: Reading) -> Calculation | None:
    """净资本100亿元、余额70亿元 against 不超过净资本的60%."""
    amounts = reading.amounts()
    ratios = [f for f in reading.law_of("ratio") if f.quantity.bound is not None and f.quantity.unit != "百分点"]
    ratio = choose(reading, ratios)
    if len(amounts) != 2 or len(reading.asked) != 2 or ratio is None or ratio.quantity.bound is None:
        return None
    words = base_of(ratio)
    near = [shared(words, noun_before(figure)) for figure in amounts]
    if max(near) < 2 or near[0] == near[1]:
        return None
    base, other = (amounts[0], amounts[1]) if near[0] > near[1] else (amounts[1], amounts[0])
    actual = other.value / base.value if base.value else Decimal(0)
    percent = actual * 100
    if percent != round(percent, 2):
        return None
    meets = holds(ratio.quantity, actual)
    kind = ratio.quantity.bound
    shown = f"{percent.normalize():f}%"
    sign = _SIGN[kind] if meets else _OPPOSITE[kind]
    expression = f"{show(other.quantity)}÷{show(base.quantity)}＝{shown}，{shown}{sign}{show(ratio.quantity)}"
    answer = f"{expression}，{'符合' if meets else '不符合'}该比例要求。"
    return Calculation(
        "threshold", expression, answer, shown, inputs_of(other, base, ratio), used_of(ratio), meets=meets
    )
