"""How often and how much per unit: 每半年一次 over three years, 每份5元 for 20份."""

from __future__ import annotations

import re
from decimal import Decimal

from yinshu.kernel.evidence.numerals import read_number
from yinshu.kernel.knowledge.calculation.bounds import apply_limb, limb_of
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_AMOUNT,
    ASKS_COUNT,
    Figure,
    Reading,
    choose,
    inputs_of,
    plain,
    show,
    show_money,
    used_of,
)
from yinshu.kernel.knowledge.calculation.records import Calculation

_MONTHS = {"年": Decimal(12), "季": Decimal(3), "月": Decimal(1)}
_EVERY = re.compile(
    r"每\s*(?P<step>半年|(?:[一二两三四五六七八九十\d]+)?\s*个?\s*(?:年度?|季度?|月|自然年))(?:度)?[^，。；每]{0,8}$"
)
_PER_UNIT = re.compile(r"每(?:一)?(?P<unit>[笔张份户人次个页套件天日月年])[^，。；每]{0,10}$")


def frequency(reading: Reading) -> Calculation | None:
    """每半年至少一次 and 三年内要做几次."""
    if not ASKS_COUNT.search(reading.question):
        return None
    spans = [f for f in reading.asked if f.quantity.kind == "period" and f.quantity.unit in _MONTHS]
    times = [f for f in reading.law_of("count") if f.quantity.unit == "次" and _EVERY.search(f.before)]
    if len(spans) != 1:
        return None
    each = choose(reading, times)
    if each is None:
        return None
    found = _EVERY.search(each.before)
    assert found is not None
    step = _months(found["step"])
    months = spans[0].value * _MONTHS[spans[0].quantity.unit]
    if step is None or months % step or months == step:
        return None
    count = months / step * each.value
    steps = f"{plain(months)}÷{plain(step)}"
    expression = f"{steps}×{plain(each.value)}次＝{plain(count)}次"
    word = "至少" if each.quantity.bound == "ge" or "至少" in each.before[-6:] else "共"
    answer = f"{show(spans[0].quantity)}合计{word}{plain(count)}次（按月数计算：{expression}）。"
    return Calculation("count", expression, answer, f"{plain(count)}次", inputs_of(spans[0], each), used_of(each))


def _months(words: str) -> Decimal | None:
    if words == "半年":
        return Decimal(6)
    number = re.match(r"[一二两三四五六七八九十\d]+", words)
    count = read_number(number.group()) if number else Decimal(1)
    unit = "年" if "年" in words else "季" if "季" in words else "月"
    return None if not count else count * _MONTHS[unit]


def unit_fee(reading: Reading) -> Calculation | None:
    """每份5元 × 20份, with a floor or a cap when the clause has one."""
    if not ASKS_AMOUNT.search(reading.question) or reading.amounts():
        return None
    counted = [f for f in reading.asked if f.quantity.kind in ("count", "period")]
    if len(counted) != 1 or counted[0].value <= 1:
        return None
    number = counted[0]
    unit = {"日": "日天", "年": "年", "月": "月"}.get(number.quantity.unit, number.quantity.unit)
    fees = []
    for figure in reading.law_of("money"):
        per = _PER_UNIT.search(figure.before)
        slash = re.match(rf"\s*[/／每]\s*[{unit}]", figure.after)
        if (per and per["unit"] in unit) or slash:
            fees.append(figure)
    fee = choose(reading, fees)
    if fee is None or fee.quantity.bound is not None:
        return None
    currency = fee.quantity.unit
    value = fee.value * number.value
    expression = f"{show(fee.quantity)}×{plain(number.value)}＝{show_money(value, currency, fee.quantity.text)}"
    limb = limb_of(reading, fee)
    figures: list[Figure] = [fee, number]
    if limb is not None:
        value, expression = apply_limb(value, currency, expression, limb, fee.quantity.text)
        figures.append(limb[0])
    result = show_money(value, currency, fee.quantity.text)
    return Calculation(
        "count", expression, f"合计{result}（{expression}）。", result, inputs_of(*figures), used_of(fee)
    )
