"""Interest and daily penalties: principal × rate × time, the rate from the clause or from the question."""

from __future__ import annotations

import re
from decimal import Decimal

from yinshu.kernel.knowledge.calculation.bounds import apply_limb, limb_of
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_AMOUNT,
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

_DAILY = re.compile(
    r"每[日天]|按[日天]|日利率|日息|逐日|(?:金额|款项?|额)[和与乘×及]+(?:延误|逾期|延迟|迟延|拖欠|占用|垫付|透支)[^，。；]{0,3}[日天]数"
)
_OF_LONGER = re.compile(r"[年月](?:化)?(?:利率|息)|计提|分档")
DAILY_MOST = Decimal("0.05")
"""The highest usual rate a day is 百分之三; a larger one is read wrongly."""
_YEARLY = re.compile(r"年利率|年息|年化利率")
_LATE_DAYS = re.compile(r"逾期|拖|延迟|滞纳|占用|透支|垫|欠|晚|少交|没交|未交|按[天日]|迟|超期")
_FACTOR = re.compile(r"\s*的?\s*(?P<factor>\d+(?:\.\d+)?)\s*倍")
_OWN_CAP = re.compile(
    r"不(?:得|应)?(?:超过|超出|高于)(?P<base>罚款|本金|欠缴|欠款|税款|票面)[^，。；]{0,8}?(?:数额|金额|总额|本身)?"
)
_YEARS_FORMULA = re.compile(r"利息\s*[=＝]\s*本金\s*[×xX*]\s*年[^。；]{0,14}[×xX*]\s*年")
_ASKED_RATE = re.compile(r"(?P<unit>[年月日])(?:化)?(?:利率|息)(?:是|为|按)?\s*$")
_PER_YEAR = {"年": Decimal(1), "月": Decimal(12), "日": Decimal(360)}
_CONVERTED = re.compile(r"(?P<to>[月日])利率[^＝=。；\n]{0,8}[=＝]\s*年利率[^÷/。；\n]{0,8}[÷/／]\s*(?P<by>\d{2,3})")
_ADDED = re.compile(r"(?:加收?|加点|上浮|提高|增加)\s*$")


def interest(reading: Reading) -> Calculation | None:
    """本金 × 每日万分之五 × 天数, and 本金 × 年利率 × 整年."""
    amounts = reading.amounts()
    if len(amounts) != 1 or not ASKS_AMOUNT.search(reading.question):
        return None
    periods = [f for f in reading.asked if f.quantity.kind == "period"]
    if len(periods) != 1:
        return None
    amount, period = amounts[0], periods[0]
    pattern, unit = (_DAILY, "日") if period.quantity.unit == "日" else (_YEARLY, "年")
    if period.quantity.unit != unit or (unit == "日" and not _LATE_DAYS.search(reading.question)):
        return None
    rates = [f for f in reading.law_of("ratio") if _is_of(f, pattern) and _is_plain(f)]
    if unit == "日":
        rates = [f for f in rates if f.value <= DAILY_MOST and not _OF_LONGER.search(f.before[-16:])]
    lowest = "下限" in reading.question
    rates = [f for f in rates if bool(_FACTOR.match(f.after)) == lowest]
    rate = choose(reading, rates)
    if rate is not None and {f.value for f in reading.asked if f.quantity.kind == "ratio"} - {rate.value}:
        return None
    if rate is None or rate.quantity.unit == "百分点":
        return None
    factor = _FACTOR.match(rate.after)
    times = Decimal(factor["factor"]) if factor else Decimal(1)
    if factor and "下限" not in rate.piece:
        return None
    value = amount.value * rate.value * period.value * times
    currency = amount.quantity.unit or "元"
    result = show_money(value, currency, amount.quantity.text)
    shown_factor = f"×{plain(times)}" if factor else ""
    expression = f"{show(amount.quantity)}×{show(rate.quantity)}{shown_factor}×{plain(period.value)}＝{result}"
    return _limited(reading, expression, value, (amount, rate, period))


def _is_of(rate: Figure, pattern: re.Pattern[str]) -> bool:
    """Whether the words just before a rate, in its own clause of the sentence, say of which time it is."""
    near = re.split(r"[；。]", rate.before[-16:])[-1]
    return bool(pattern.search(near))


def _is_plain(rate: Figure) -> bool:
    """Without a bound; the 不足 of 不足部分按每日万分之六 bounds nothing."""
    return rate.quantity.bound is None or "不足部分" in rate.before


def _limited(
    reading: Reading, expression: str, value: Decimal, figures: tuple[Figure, Figure, Figure]
) -> Calculation | None:
    """The same after a floor or cap of the clause; 不得超出罚款的数额 caps at the amount itself."""
    amount, rate, _ = figures
    currency = amount.quantity.unit or "元"
    result = show_money(value, currency, amount.quantity.text)
    limb = limb_of(reading, rate)
    inputs = list(figures)
    if limb is not None:
        value, expression = apply_limb(value, currency, expression, limb, amount.quantity.text)
        result = show_money(value, currency, amount.quantity.text, limb[0].quantity.text)
        inputs.append(limb[0])
    elif _OWN_CAP.search(rate.after):
        cap = show_money(amount.value, currency, amount.quantity.text)
        over = value > amount.value
        expression += f"，{result}＞{cap}，取{cap}" if over else f"，{result}≤{cap}"
        result = cap if over else result
    answer = f"按此计算为{result}（{expression}）。"
    return Calculation("interest", expression, answer, result, inputs_of(*inputs), used_of(rate))


def asked_interest(reading: Reading) -> Calculation | None:
    """利息＝本金×年数×年利率 in the clause; principal, rate and time in the question."""
    amounts, rates = reading.amounts(), [f for f in reading.asked if f.quantity.kind == "ratio"]
    periods = [f for f in reading.asked if f.quantity.kind == "period"]
    if len(amounts) != 1 or len(rates) != 1 or len(periods) != 1 or "利息" not in reading.question:
        return None
    index = next((i for i, text in enumerate(reading.evidence) if _YEARS_FORMULA.search(text)), None)
    said = _ASKED_RATE.search(rates[0].before)
    amount, rate, period = amounts[0], rates[0], periods[0]
    if index is None or said is None or said["unit"] not in ("年", "月") or period.quantity.unit != said["unit"]:
        return None
    if period.value != int(period.value):
        return None
    value = amount.value * period.value * rate.value
    result = show_money(value, amount.quantity.unit or "元", amount.quantity.text)
    if value < 1 or value != round(value, 2):
        return None
    expression = f"{show(amount.quantity)}×{plain(period.value)}×{show(rate.quantity)}＝{result}"
    answer = f"利息为{result}（{expression}）。"
    return Calculation("interest", expression, answer, result, inputs_of(amount, period, rate), (index,))


def converted(reading: Reading) -> Calculation | None:
    """日利率＝年利率÷360 in the clause and a yearly rate in the question."""
    rates = [f for f in reading.asked if f.quantity.kind == "ratio"]
    if len(rates) != 1 or reading.amounts() or not re.search(r"年利率|年化|年息", rates[0].before[-6:]):
        return None
    found: dict[str, tuple[str, str, int]] = {}
    for index, text in enumerate(reading.evidence):
        for match in _CONVERTED.finditer(text):
            percent = rates[0].value * 100 / Decimal(match["by"])
            if f"{match['to']}利率" in reading.question and percent == round(percent, 4):
                shown = f"{plain(percent)}%"
                found.setdefault(match["to"], (f"{show(rates[0].quantity)}÷{match['by']}＝{shown}", shown, index))
    wanted = [name for name in ("日", "月") if f"{name}利率" in reading.question]
    if not found or set(found) != set(wanted):
        return None
    expression = "，".join(found[name][0] for name in wanted)
    answer = "，".join(f"{name}利率为{found[name][1]}" for name in wanted) + f"（{expression}）。"
    used = tuple(sorted({entry[2] for entry in found.values()}))
    return Calculation("formula", expression, answer, found[wanted[0]][1], inputs_of(rates[0]), used)


def added_points(reading: Reading) -> Calculation | None:
    """A rate in the question and 额外加3个百分点 in the clause."""
    rates = [f for f in reading.asked if f.quantity.kind == "ratio"]
    if len(rates) != 1 or reading.amounts() or not re.search(r"百分之几|利率|多少", reading.question):
        return None
    if not re.search(r"利率|SLF|LPR|利息", rates[0].piece):
        return None
    points = [f for f in reading.law_of("ratio") if f.quantity.unit == "百分点" and _ADDED.search(f.before)]
    point = choose(reading, points)
    if point is None or point.evidence != 0:
        return None
    percent = (rates[0].value + point.value) * 100
    result = f"{plain(percent)}%"
    expression = f"{show(rates[0].quantity)}＋{plain(point.value * 100)}%＝{result}"
    answer = f"按此计算为{result}（{expression}）。"
    return Calculation("interest", expression, answer, result, inputs_of(rates[0], point), used_of(point))
