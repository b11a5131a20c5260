"""Date sums: a start in the question plus or minus a period of the clause."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from yinshu.kernel.evidence.dates import PeriodUnit, add_period, show_date
from yinshu.kernel.knowledge.calculation.anchors import (
    asks_extension,
    extension_of,
    is_backward,
    is_extension,
    rule_indexes,
    term_of,
    validity_of,
)
from yinshu.kernel.knowledge.calculation.moments import (
    WEEKEND_NOTE,
    WORKING_DAYS,
    clock_deadline,
    date_of,
    days_apart,
    full_dates,
    yearless_days,
    yearless_deadline,
)
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_DATE,
    ASKS_WHETHER,
    Figure,
    Reading,
    inputs_of,
    show,
    used_of,
)
from yinshu.kernel.knowledge.calculation.records import Calculation

_UNITS: dict[str, PeriodUnit] = {
    "年": "年", "月": "月", "日": "日", "周": "周", "工作日": "工作日", "营业日": "工作日", "季": "月",
}  # fmt: skip
_BACKWARD_ASKED = re.compile(r"到期|期满|届满|有效期|开始|起算|召开|发行|实施")
_END_SAID = re.compile(r"到期|期满|届满|截止|为止|到头")
_START_SAID = re.compile(r"拿到|取得|获得|领到|颁发|批|发的|发了|办的|办下|开始|起")
_POSTPONED = re.compile(
    r"遇(?:到)?(?:法定)?(?:节假日|休假日|休息日|公休日|非营业日|非工作日)[^。；]{0,40}顺延|顺延至下一个?(?:工作日|营业日)"
)


def deadline(reading: Reading) -> Calculation | None:
    """到期日, 最晚哪天: start + period, or end - period for 提前 and 期满…前."""
    if not ASKS_DATE.search(reading.question) or ASKS_WHETHER.search(reading.question.split("，")[-1]):
        return None
    term = term_of(reading)
    if term is None:
        return None
    found = _of_term(reading, term)
    longer = extension_of(reading, term) if found is not None else None
    exceptional = _of_term(reading, longer) if longer is not None else None
    return found if found is None or exceptional is None else _both(found, exceptional)


def _both(usual: Calculation, exceptional: Calculation) -> Calculation:
    """期限至3月11日; 情况复杂的 3月31日: the clause gives a longer period for the exceptional case."""
    expression = f"{usual.expression}，{exceptional.expression}"
    note = WEEKEND_NOTE if WEEKEND_NOTE in usual.answer else ""
    answer = f"{usual.answer.split('（')[0]}，情况复杂的至{exceptional.result}（{expression}）{note}。"
    inputs = tuple(dict.fromkeys((*usual.inputs, *exceptional.inputs)))
    used = tuple(sorted({*usual.used, *exceptional.used}))
    return Calculation("deadline", expression, answer, usual.result, inputs, used)


def _of_term(reading: Reading, term: Figure) -> Calculation | None:
    lead = _lead(reading, term)
    by_clock = clock_deadline(reading, term, "最早为" if lead == "最早为" else "最晚为")
    if by_clock is not None:
        return by_clock
    starts = full_dates(reading)
    if term.quantity.unit not in _UNITS:
        return None
    if not starts:
        return yearless_deadline(reading, term, lead)
    if len(starts) != 1:
        return None
    return _renewal(reading, starts[0], term) or _day_deadline(reading, starts[0], term, lead)


def deadline_check(reading: Reading) -> Calculation | None:
    """Two dates in the question: was the second within the clause's period after the first?"""
    starts = full_dates(reading)
    if len(starts) != 2 or not ASKS_WHETHER.search(reading.question):
        return None
    term = term_of(reading)
    if term is None or term.evidence is None or term.quantity.unit not in _UNITS or is_backward(term):
        return None
    first, second = (date_of(figure) for figure in starts)
    last = _shift(first, term, 1)
    if last is None or second <= first:
        return None
    within = second <= last
    sign, words = ("≤", "未超过") if within else ("＞", "已超过")
    shown = f"{show_date(first)}＋{show(term.quantity)}＝{show_date(last)}，{show_date(second)}{sign}{show_date(last)}"
    answer = f"期限到{show_date(last)}届满，{show_date(second)}{words}期限（{shown}）{_weekend_note(term)}。"
    return Calculation(
        "deadline_check", shown, answer, show_date(last), inputs_of(*starts, term), used_of(term), meets=within
    )


def postponed(reading: Reading) -> Calculation | None:
    """A day said to be a Saturday or Sunday, and a clause that moves such a day to the next working day."""
    if not ASKS_DATE.search(reading.question):
        return None
    indexes = [index for index, text in enumerate(reading.evidence[:1]) if _POSTPONED.search(text)]
    weekends = [f for f in reading.asked if f.quantity.moment is not None and (f.quantity.moment.weekday or 0) >= 5]
    if len(weekends) != 1 or not indexes:
        return None
    days = [*full_dates(reading), *yearless_days(reading)]
    days = [f for f in days if 0 <= weekends[0].quantity.start - f.quantity.end <= 2]
    if len(days) != 1 or not _END_SAID.search(days[0].piece):
        return None
    weekend = weekends[0].quantity.moment
    assert weekend is not None
    assert weekend.weekday is not None
    step = 7 - weekend.weekday
    found = days_apart(days[0], Decimal(step), "日")
    if found is None:
        return None
    start, last = found
    expression = f"{start}＋{step}日＝{last}"
    answer = f"顺延至{last}（{expression}）{WEEKEND_NOTE}。"
    return Calculation("deadline", expression, answer, last, inputs_of(days[0], weekends[0]), tuple(indexes))


def _shift(start: date, term: Figure, sign: int) -> date | None:
    quantity = term.quantity
    count = quantity.value * (3 if quantity.unit == "季" else 1)
    return add_period(start, sign * count, _UNITS[quantity.unit])


def _renewal(reading: Reading, start: Figure, term: Figure) -> Calculation | None:
    """A licence issued on a day: it ends after its validity, and the renewal is due before that end."""
    if not is_backward(term) or _END_SAID.search(start.piece) or not _START_SAID.search(start.piece):
        return None
    validity = validity_of(reading)
    if validity is None or validity.quantity.unit not in _UNITS:
        return None
    first = date_of(start)
    end = _shift(first, validity, 1)
    last = _shift(end, term, -1) if end else None
    if end is None or last is None:
        return None
    expression = (
        f"{show_date(first)}＋{show(validity.quantity)}＝{show_date(end)}，"
        f"{show_date(end)}－{show(term.quantity)}＝{show_date(last)}"
    )
    answer = f"有效期至{show_date(end)}，最迟为{show_date(last)}（{expression}）{_weekend_note(term)}。"
    figures = inputs_of(start, validity, term)
    return Calculation("deadline", expression, answer, show_date(last), figures, used_of(validity, term))


def _day_deadline(reading: Reading, start: Figure, term: Figure, lead: str) -> Calculation | None:
    backward = term.evidence is not None and is_backward(term)
    if backward and not _BACKWARD_ASKED.search(reading.question):
        return None
    first = date_of(start)
    last = _shift(first, term, -1 if backward else 1)
    if last is None:
        return None
    expression = f"{show_date(first)}{'－' if backward else '＋'}{show(term.quantity)}＝{show_date(last)}"
    no_same_day = term.quantity.unit in ("月", "年", "季") and last.day != first.day
    note = "，无对日，取月末日" if no_same_day else ""
    answer = f"{lead}{show_date(last)}（{expression}{note}）{_weekend_note(term)}。"
    used = used_of(term) or rule_indexes(reading)
    return Calculation("deadline", expression, answer, show_date(last), inputs_of(start, term), used)


def _lead(reading: Reading, term: Figure) -> str:
    if is_backward(term):
        return "最迟为"
    if "最早" in reading.question:
        return "最早为"
    if re.search("到期日|哪天到期|何时到期|到哪天到期|什么时候到期", reading.question):
        return "到期日为"
    if re.search("保存|保管|留存", term.piece):
        return "保存至"
    if "有效期" in term.piece:
        return "有效期至"
    if is_extension(term) and asks_extension(reading.question):
        return "最迟为"
    return "期限至"


def _weekend_note(term: Figure) -> str:
    return WEEKEND_NOTE if term.quantity.unit in WORKING_DAYS else ""
