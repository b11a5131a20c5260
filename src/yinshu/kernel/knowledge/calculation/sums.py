"""Several amounts of the question added up and held against one limit of the clause."""

from __future__ import annotations

import re
from decimal import Decimal

from yinshu.kernel.evidence.overlap import shared
from yinshu.kernel.knowledge.calculation.bounds import holds
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_AMOUNT,
    ASKS_REST,
    ASKS_WHETHER,
    Figure,
    Reading,
    choose,
    inputs_of,
    show,
    show_money,
    used_of,
)
from yinshu.kernel.knowledge.calculation.records import Calculation, CalculationKind

MAX_ADDED = 8
MIN_RELEVANCE = 3.0
MIN_CHOSEN_RELEVANCE = 1.0
"""Enough when the sum itself is asked for and the limit stands in the first evidence."""
_ASKS_SUM = re.compile(r"(?:合计|一共|总共|加起来|累计|总额)(?:是|有|为|算)?多少")
_IN_FULL = re.compile(r"限额以内的?，?(?:实行)?全额")
_TOGETHER = re.compile(r"累计|合计|合并计算|总额|总和|之和|加总|汇总")
_LIMIT = re.compile(r"限额|上限|最高|不超过|不得超过")
_SIGN = {"ge": ("≥", "＜"), "gt": ("＞", "≤"), "le": ("≤", "＞"), "lt": ("＜", "≥")}


def total(reading: Reading) -> Calculation | None:
    """当天分三笔18万、20万、15万 against 累计50万元以上; 30万加40万 against a limit of 50万元 paid at most."""
    amounts = reading.amounts()
    if (
        not 2 <= len(amounts) <= MAX_ADDED
        or len(amounts) != len(reading.asked_sums())
        or ASKS_REST.search(reading.question)
    ):
        return None
    if len({figure.quantity.unit or "元" for figure in amounts}) != 1:
        return None
    if not any(_TOGETHER.search(text) for text in reading.evidence):
        return None
    limits = [f for f in reading.law_of("money") if f.quantity.unit == (amounts[0].quantity.unit or "元")]
    limit = choose(reading, [f for f in limits if _TOGETHER.search(f.segment) or _LIMIT.search(f.segment)])
    summed = _ASKS_SUM.search(reading.question) is not None or _IN_FULL.search(reading.evidence[0]) is not None
    least = MIN_CHOSEN_RELEVANCE if summed and limit is not None and _is_first(reading, limit) else MIN_RELEVANCE
    if limit is None or shared(reading.question, limit.segment) < least:
        return None
    sum_ = sum((figure.value for figure in amounts), Decimal(0))
    texts = [figure.quantity.text for figure in amounts]
    shown = show_money(sum_, "元" if not amounts[0].quantity.unit else amounts[0].quantity.unit, *texts)
    expression = "＋".join(show(figure.quantity) for figure in amounts) + f"＝{shown}"
    return _against(reading, amounts, limit, sum_, shown, expression)


def _is_first(reading: Reading, limit: Figure) -> bool:
    """Whether the limit stands in the first evidence, or that evidence speaks of it."""
    return limit.evidence == 0 or _IN_FULL.search(reading.evidence[0]) is not None


def _against(
    reading: Reading, amounts: list[Figure], limit: Figure, value: Decimal, shown: str, expression: str
) -> Calculation | None:
    inputs, used = inputs_of(*amounts, limit), used_of(limit)
    bound, cap = limit.quantity.bound, show(limit.quantity)
    asks_sum = _ASKS_SUM.search(reading.question) is not None
    compares = bound in ("ge", "gt") if asks_sum else ASKS_WHETHER.search(reading.question) is not None
    if compares and bound is not None:
        meets = holds(limit.quantity, value)
        expression = f"{expression}，{shown}{_SIGN[bound][0 if meets else 1]}{cap}"
        kind: CalculationKind = "total" if asks_sum else "threshold"
        return Calculation(kind, expression, f"合计{shown}（{expression}）。", shown, inputs, used, meets=meets)
    if not ASKS_AMOUNT.search(reading.question) or bound in ("ge", "gt") or not _LIMIT.search(limit.segment):
        return None
    if value <= limit.value:
        if not any(_IN_FULL.search(text) for text in reading.evidence):
            return None
        expression = f"{expression}，{shown}≤{cap}"
        return Calculation("total", expression, f"合计{shown}（{expression}）。", shown, inputs, used)
    expression = f"{expression}，{shown}＞{cap}，取{cap}"
    return Calculation("quota", expression, f"最高为{cap}（{expression}）。", cap, inputs, used)
