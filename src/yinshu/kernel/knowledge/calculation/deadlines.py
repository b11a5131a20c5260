"""Date and time sums: a start in the question plus or minus a period of the clause."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from yinshu.kernel.base.clock import BANK_ZONE
from yinshu.kernel.evidence.dates import NOON, WEEKDAYS, PeriodUnit, add_period, show_date
from yinshu.kernel.evidence.overlap import shared
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_DATE,
    ASKS_WHETHER,
    Figure,
    Reading,
    choose,
    inputs_of,
    show,
    used_of,
)
from yinshu.kernel.knowledge.calculation.records import Calculation

MONDAY = datetime(2024, 1, 1, tzinfo=BANK_ZONE)
MAX_HOURS = 24 * 366
MIN_ANCHOR_SHARED = 2
PLAIN_YEAR, LEAP_YEAR = 2001, 2004
_UNITS: dict[str, PeriodUnit] = {
    "年": "年", "月": "月", "日": "日", "周": "周", "工作日": "工作日", "营业日": "工作日", "季": "月",
}  # fmt: skip
_WINDOW = re.compile(
    r"(?:每|最近|连续|近|过去|上溯|累计|(?<!届满)(?<!期满)(?<!到期)前|未?满|不足|已满|年龄|不低于|(?<!不)(?<!不得)超过|逾期)(?:的)?\s*$"
)
_BACKWARD = re.compile(r"(?:提前|期满前?|届满前?|到期前?|之前)(?:至少|不少于)?\s*$")
_BACKWARD_ASKED = re.compile(r"到期|期满|届满|有效期|开始|起算|召开|发行|实施")
_ANCHOR = re.compile(
    r"自(?P<since>[^，。；自]{2,40}?)(?:之日|之时|当日|次日|的次日|日)?(?:起|开始)|(?P<after>[^，。；自]{2,24}?)(?:之?后|以后)(?:的)?$"
)
_END_EVENT = re.compile(
    r"终止|结束|届满|期满|到期|完结|清偿|还清|结清|还完|销户|注销|解除|关闭|撤销|离职|终了|办结|了结|退出"
)
_END_SAID = re.compile(r"销[了掉]|还[了上掉]|交清|办完|做完|关[了掉停]|全还|结了|做完|卖掉|退掉")
_CHANGE_EVENT = re.compile(r"变更|变化|更换|调整|改变")
_CHANGE_SAID = re.compile(r"[换改变调]|搬|迁")
_MONTH_RULE = re.compile(r"对日|按月计算")
_QUESTION_TERM = re.compile(r"(?:后|起|期限|为期|有效期|期)[为是]?\s*$")


def deadline(reading: Reading) -> Calculation | None:
    """到期日, 最晚哪天: start + period, or end - period for 提前 and 期满…前."""
    if not ASKS_DATE.search(reading.question) or ASKS_WHETHER.search(reading.question.split("，")[-1]):
        return None
    term = _term(reading)
    if term is None:
        return None
    by_clock = _clock_deadline(reading, term)
    if by_clock is not None:
        return by_clock
    starts = _full_dates(reading)
    if term.quantity.unit not in _UNITS:
        return None
    if not starts:
        return _yearless_deadline(reading, term)
    if len(starts) != 1:
        return None
    return _day_deadline(reading, starts[0], term)


def deadline_check(reading: Reading) -> Calculation | None:
    """Two dates in the question: was the second within the clause's period after the first?"""
    starts = _full_dates(reading)
    if len(starts) != 2 or not ASKS_WHETHER.search(reading.question):
        return None
    term = _term(reading)
    if term is None or term.evidence is None or term.quantity.unit not in _UNITS or _is_backward(term):
        return None
    first, second = (_date_of(figure) for figure in starts)
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


def _full_dates(reading: Reading) -> list[Figure]:
    return [f for f in reading.asked if f.quantity.moment is not None and f.quantity.moment.as_date() is not None]


def _date_of(figure: Figure) -> date:
    day = figure.quantity.moment.as_date() if figure.quantity.moment else None
    assert day is not None
    return day


def _term(reading: Reading) -> Figure | None:
    """The period to add: the clause's, or the question's own when the clause only says how periods are counted."""
    periods = [f for f in reading.law_of("period") if not _WINDOW.search(f.before) and f.quantity.bound != "gt"]
    if not periods:
        rule = any(_MONTH_RULE.search(text) for text in reading.evidence)
        own = [f for f in reading.asked if f.quantity.kind == "period" and _QUESTION_TERM.search(f.before)]
        return own[0] if rule and len(own) == 1 else None
    if re.search("最长|最晚|最迟", reading.question):
        longest = [f for f in periods if re.search("最长|最晚|最迟", f.piece)]
        periods = longest or periods
    term = choose(reading, periods)
    if term is None or not _anchor_agrees(reading, term):
        return None
    others = [f for f in reading.asked if f.quantity.kind == "period"]
    return None if others else term


def _anchor_agrees(reading: Reading, term: Figure) -> bool:
    """The clause counts from an event: the question must speak of that event, an end must be met by an end."""
    anchors = list(_ANCHOR.finditer(term.before))
    if not anchors:
        return True
    anchor = anchors[-1]
    event = anchor["since"] or anchor["after"]
    if _END_EVENT.search(event):
        return _END_EVENT.search(reading.question) is not None or _END_SAID.search(reading.question) is not None
    if _CHANGE_EVENT.search(event):
        return _CHANGE_SAID.search(reading.question) is not None
    dated = [f for f in reading.asked if f.quantity.moment is not None]
    if not any(shared(event, figure.piece) >= 1 for figure in dated):
        return False
    return shared(event, reading.question) >= MIN_ANCHOR_SHARED


def _is_backward(term: Figure) -> bool:
    return bool(_BACKWARD.search(term.before)) or (
        bool(re.match(r"\s*(?:之?前|以前)", term.after)) and bool(re.search(r"期满|届满|到期", term.before))
    )


def _shift(start: date, term: Figure, sign: int) -> date | None:
    quantity = term.quantity
    count = quantity.value * (3 if quantity.unit == "季" else 1)
    return add_period(start, sign * count, _UNITS[quantity.unit])


def _day_deadline(reading: Reading, start: Figure, term: Figure) -> Calculation | None:
    backward = term.evidence is not None and _is_backward(term)
    if backward and not _BACKWARD_ASKED.search(reading.question):
        return None
    first = _date_of(start)
    last = _shift(first, term, -1 if backward else 1)
    if last is None:
        return None
    expression = f"{show_date(first)}{'－' if backward else '＋'}{show(term.quantity)}＝{show_date(last)}"
    no_same_day = term.quantity.unit in ("月", "年", "季") and last.day != first.day
    note = "，无对日，取月末日" if no_same_day else ""
    answer = f"{_lead(reading, term, backward=backward)}{show_date(last)}（{expression}{note}）{_weekend_note(term)}。"
    used = used_of(term) or _rule_indexes(reading)
    return Calculation("deadline", expression, answer, show_date(last), inputs_of(start, term), used)


def _yearless_deadline(reading: Reading, term: Figure) -> Calculation | None:
    """3月2日＋15日＝3月17日: only when the year does not matter and is not left."""
    days = [f for f in reading.asked if f.quantity.kind == "date" and f.quantity.moment and f.quantity.moment.day]
    if len(days) != 1 or term.quantity.unit not in ("日", "月", "周") or _is_backward(term) or term.evidence is None:
        return None
    moment = days[0].quantity.moment
    assert moment is not None
    ends = set()
    for year in (PLAIN_YEAR, LEAP_YEAR):
        start = replace(moment, year=year).as_date()
        end = _shift(start, term, 1) if start else None
        if start is None or end is None or end.year != year:
            return None
        ends.add((end.month, end.day))
    if len(ends) != 1:
        return None
    month, day = ends.pop()
    result = f"{month}月{day}日"
    expression = f"{moment.month}月{moment.day}日＋{show(term.quantity)}＝{result}"
    answer = f"{_lead(reading, term, backward=False)}{result}（{expression}）。"
    return Calculation("deadline", expression, answer, result, inputs_of(days[0], term), used_of(term))


def _rule_indexes(reading: Reading) -> tuple[int, ...]:
    return tuple(i for i, text in enumerate(reading.evidence) if _MONTH_RULE.search(text))[:1]


def _lead(reading: Reading, term: Figure, *, backward: bool) -> str:
    if backward:
        return "最迟为"
    if re.search("到期日|哪天到期|何时到期|到哪天到期|什么时候到期", reading.question):
        return "到期日为"
    if re.search("保存|保管|留存", term.segment):
        return "保存至"
    if "有效期" in term.segment:
        return "有效期至"
    return "期限至"


def _weekend_note(term: Figure) -> str:
    return "，仅扣除周末，未计法定节假日" if term.quantity.unit in ("工作日", "营业日") else ""


def _clock_deadline(reading: Reading, term: Figure) -> Calculation | None:
    """周一上午10点＋48小时; also a full date with an hour."""
    if term.quantity.unit not in ("小时", "日", "分钟") or term.evidence is None or _is_backward(term):
        return None
    weekdays = [f for f in reading.asked if f.quantity.moment is not None and f.quantity.moment.weekday is not None]
    clocks = [f for f in reading.asked if f.quantity.moment is not None and f.quantity.moment.hour is not None]
    days = _full_dates(reading)
    if len(clocks) > 1 or len(weekdays) + len(days) != 1 or (term.quantity.unit != "日" and not clocks):
        return None
    if days and (term.quantity.unit == "日" or not clocks):
        return None
    hours = term.quantity.value * (24 if term.quantity.unit == "日" else 1)
    minutes = int(hours * (1 if term.quantity.unit == "分钟" else 60))
    if minutes > MAX_HOURS * 60:
        return None
    start_day = datetime.combine(_date_of(days[0]), MONDAY.time(), BANK_ZONE) if days else MONDAY
    if weekdays:
        start_day += timedelta(days=_weekday_of(weekdays[0]))
    clock = clocks[0].quantity.moment if clocks else None
    start = start_day + timedelta(hours=(clock.hour or 0) if clock else 0, minutes=(clock.minute or 0) if clock else 0)
    end = start + timedelta(minutes=minutes)
    if weekdays and end - start_day >= timedelta(days=7):
        return None
    begun, result = (_show_moment(m, by_weekday=bool(weekdays), with_clock=bool(clocks)) for m in (start, end))
    shown = f"{begun}＋{show(term.quantity)}＝{result}"
    figures = (*weekdays, *days, *clocks, term)
    return Calculation("deadline", shown, f"最晚为{result}（{shown}）。", result, inputs_of(*figures), used_of(term))


def _weekday_of(figure: Figure) -> int:
    assert figure.quantity.moment is not None
    return figure.quantity.moment.weekday or 0


def _show_moment(moment: datetime, *, by_weekday: bool, with_clock: bool) -> str:
    day = f"周{WEEKDAYS[moment.weekday()]}" if by_weekday else show_date(moment.date())
    if not with_clock:
        return day
    half, hour = ("上午", moment.hour) if moment.hour < NOON else ("下午", moment.hour - NOON)
    if hour == 0 and half == "下午":
        half, hour = "中午", NOON
    minutes = f"{moment.minute}分" if moment.minute else ""
    return f"{day}{half}{hour}点{minutes}"


_RELATIVE = re.compile(r"(?:次年|下一?年度?|翌年|第二年|年度(?:终了|结束)后(?:的)?次年)\s*$")
_AFTER_YEAR_END = re.compile(r"(?:年度|会计年度)(?:终了|结束|届满)(?:之日起|后)?(?:的)?\s*$")
_ASKED_YEAR = re.compile(r"((?:19|20)\d{2})\s*年度?")


def calendar(reading: Reading) -> Calculation | None:
    """次年3月底前, 年度终了后4个月内: the day for the year that the question names."""
    if not ASKS_DATE.search(reading.question):
        return None
    years = set(re.findall(r"((?:19|20)\d{2})\s*年度", reading.question))
    if len(years) != 1:
        return None
    year = int(years.pop())
    place = _ASKED_YEAR.search(reading.question)
    assert place is not None
    relative = [
        f
        for f in reading.law_of("date")
        if _RELATIVE.search(f.before) and f.quantity.moment and f.quantity.moment.month
    ]
    figure = choose(reading, relative)
    if figure is not None and figure.quantity.moment is not None:
        return _next_year(reading, year, figure)
    return _after_year_end(reading, year)


def _year_input(reading: Reading, year: int) -> Figure | None:
    for figure in reading.asked:
        if (
            figure.quantity.moment is not None
            and figure.quantity.moment.year == year
            and figure.quantity.moment.month is None
        ):
            return figure
    return None


def _next_year(reading: Reading, year: int, figure: Figure) -> Calculation | None:
    moment = figure.quantity.moment
    start = _year_input(reading, year)
    if moment is None or moment.month is None or start is None or moment.part in ("初", "中"):
        return None
    if moment.day is None and moment.part != "底":
        return None
    this_year = date(year, moment.month, moment.day) if moment.day else _month_end(date(year, moment.month, 1))
    last = add_period(this_year, Decimal(1), "年")
    if last is None or moment.month == 2:  # the last day of February depends on the year
        return None
    expression = f"{show_date(this_year)}＋1年＝{show_date(last)}"
    lead = "最迟为" if figure.quantity.bound == "le" else "即"
    answer = f"{lead}{show_date(last)}（{expression}）。"
    return Calculation("calendar", expression, answer, show_date(last), inputs_of(start, figure), used_of(figure))


def _month_end(first: date) -> date:
    following = add_period(first, Decimal(1), "月")
    assert following is not None
    return following - timedelta(days=1)


def _after_year_end(reading: Reading, year: int) -> Calculation | None:
    terms = [
        f for f in reading.law_of("period") if _AFTER_YEAR_END.search(f.before) and f.quantity.unit in ("月", "日")
    ]
    term, start = choose(reading, terms), _year_input(reading, year)
    if term is None or start is None:
        return None
    end_of_year = date(year, 12, 31)
    last = _month_end_after(year, int(term.value)) if term.quantity.unit == "月" else _shift(end_of_year, term, 1)
    if last is None or term.value != int(term.value):
        return None
    expression = f"{show_date(end_of_year)}＋{show(term.quantity)}＝{show_date(last)}"
    return Calculation(
        "calendar",
        expression,
        f"最迟为{show_date(last)}（{expression}）。",
        show_date(last),
        inputs_of(start, term),
        used_of(term),
    )


def _month_end_after(year: int, months: int) -> date | None:
    return _month_end(date(year + 1, months, 1)) if 1 <= months <= 12 else None
