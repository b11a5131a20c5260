"""Deadlines from a day without a year, a weekday or an hour: 周五下午3点＋24小时, 11月16日（周一）＋5个工作日."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from yinshu.kernel.base.clock import BANK_ZONE
from yinshu.kernel.evidence.dates import NOON, WEEKDAYS, Moment, PeriodUnit, add_period, show_date
from yinshu.kernel.knowledge.calculation.anchors import is_backward
from yinshu.kernel.knowledge.calculation.reading import Figure, Reading, inputs_of, show, used_of
from yinshu.kernel.knowledge.calculation.records import Calculation

MONDAY = datetime(2024, 1, 1, tzinfo=BANK_ZONE)
MAX_HOURS = 24 * 366
PLAIN_YEARS = (2001, 2004)
"""One year without and one with a 29th of February: a sum without a year must come to the same day in both."""
WORKING_DAYS = frozenset({"工作日", "营业日"})
WEEKEND_NOTE = "，仅扣除周末，未计法定节假日"
_UNITS: dict[str, PeriodUnit] = {"日": "日", "月": "月", "周": "周", "年": "年"}


def full_dates(reading: Reading) -> list[Figure]:
    """The question's dates with year, month and day."""
    return [f for f in reading.asked if f.quantity.moment is not None and f.quantity.moment.as_date() is not None]


def date_of(figure: Figure) -> date:
    """The calendar date of one of `full_dates`."""
    day = figure.quantity.moment.as_date() if figure.quantity.moment else None
    assert day is not None
    return day


def _moments(reading: Reading, name: str) -> list[Figure]:
    return [f for f in reading.asked if f.quantity.moment is not None and getattr(f.quantity.moment, name) is not None]


def yearless_days(reading: Reading) -> list[Figure]:
    """The question's days without a year: 11月16日."""
    return [f for f in _moments(reading, "day") if f.quantity.moment and f.quantity.moment.year is None]


def clock_deadline(reading: Reading, term: Figure, lead: str) -> Calculation | None:
    """周一上午10点＋48小时; also a date with an hour, with or without a year."""
    if term.quantity.unit not in ("小时", "日", "分钟") or term.evidence is None or is_backward(term):
        return None
    clocks, days = _moments(reading, "hour"), [*full_dates(reading), *yearless_days(reading)]
    weekdays = [] if days else _moments(reading, "weekday")
    if len(clocks) > 1 or len(weekdays) + len(days) != 1 or (term.quantity.unit != "日" and not clocks):
        return None
    if days and (term.quantity.unit == "日" or not clocks):
        return None
    minutes = term.quantity.value * {"日": 1440, "小时": 60, "分钟": 1}[term.quantity.unit]
    if minutes > MAX_HOURS * 60 or minutes != int(minutes):
        return None
    clock = clocks[0].quantity.moment if clocks else None
    shown = {_span(start, clock, int(minutes), bool(weekdays), days) for start in _starts(weekdays, days)}
    if len(shown) != 1:
        return None
    found = shown.pop()
    if found is None:
        return None
    expression = f"{found[0]}＋{show(term.quantity)}＝{found[1]}"
    figures = (*weekdays, *days, *clocks, term)
    answer = f"{lead}{found[1]}（{expression}）。"
    return Calculation("deadline", expression, answer, found[1], inputs_of(*figures), used_of(term))


def _starts(weekdays: list[Figure], days: list[Figure]) -> list[datetime]:
    if weekdays:
        assert weekdays[0].quantity.moment is not None
        return [MONDAY + timedelta(days=weekdays[0].quantity.moment.weekday or 0)]
    moment = days[0].quantity.moment
    assert moment is not None
    dates = [moment.as_date()] if moment.year else [replace(moment, year=year).as_date() for year in PLAIN_YEARS]
    return [datetime(day.year, day.month, day.day, tzinfo=BANK_ZONE) for day in dates if day is not None]


def _span(
    day: datetime, clock: Moment | None, minutes: int, by_weekday: bool, days: list[Figure]
) -> tuple[str, str] | None:
    start = day + timedelta(hours=(clock.hour or 0) if clock else 0, minutes=(clock.minute or 0) if clock else 0)
    end = start + timedelta(minutes=minutes)
    if by_weekday and end - day >= timedelta(days=7):
        return None
    moment = days[0].quantity.moment if days else None
    yearless = moment is not None and moment.year is None
    if yearless and end.year != start.year:
        return None
    begun, result = (_show_moment(m, by_weekday, clock is not None, yearless) for m in (start, end))
    return begun, result


def _show_moment(moment: datetime, by_weekday: bool, with_clock: bool, yearless: bool) -> str:
    day = f"周{WEEKDAYS[moment.weekday()]}" if by_weekday else show_date(moment.date(), with_year=not yearless)
    if not with_clock:
        return day
    half, hour = ("上午", moment.hour) if moment.hour < NOON else ("下午", moment.hour - NOON)
    if hour == 0 and half == "下午":
        half, hour = "中午", NOON
    minutes = f"{moment.minute}分" if moment.minute else ""
    return f"{day}{half}{hour}点{minutes}"


def yearless_deadline(reading: Reading, term: Figure, lead: str) -> Calculation | None:
    """3月2日＋15日＝3月17日: only when the year does not matter and is not left."""
    days = yearless_days(reading)
    if len(days) != 1 or is_backward(term) or term.evidence is None:
        return None
    if term.quantity.unit in WORKING_DAYS:
        return _from_weekday(reading, days[0], term, lead)
    if term.quantity.unit not in _UNITS:
        return None
    found = days_apart(days[0], term.value, _UNITS[term.quantity.unit])
    if found is None:
        return None
    start, result = found
    expression = f"{start}＋{show(term.quantity)}＝{result}"
    answer = f"{lead}{result}（{expression}）。"
    return Calculation("deadline", expression, answer, result, inputs_of(days[0], term), used_of(term))


def days_apart(figure: Figure, count: Decimal, unit: PeriodUnit) -> tuple[str, str] | None:
    """A day of the question and the day a period later, as they are shown.

    Of a day without a year only when every year gives the same day and the year is not left.
    """
    moment = figure.quantity.moment
    assert moment is not None
    found = set()
    for year in (moment.year,) if moment.year else PLAIN_YEARS:
        start = replace(moment, year=year).as_date()
        end = add_period(start, count, unit) if start else None
        if start is None or end is None or (moment.year is None and end.year != year):
            return None
        known = moment.year is not None
        found.add((show_date(start, with_year=known), show_date(end, with_year=known)))
    return found.pop() if len(found) == 1 else None


def _from_weekday(reading: Reading, day: Figure, term: Figure, lead: str) -> Calculation | None:
    """11月16日 was said to be a Monday: five working days are seven days."""
    weekdays = _moments(reading, "weekday")
    if len(weekdays) != 1 or not 0 <= weekdays[0].quantity.start - day.quantity.end <= 2:
        return None
    started = weekdays[0].quantity.moment
    assert started is not None
    first = MONDAY.date() + timedelta(days=started.weekday or 0)
    last = add_period(first, term.value, "工作日")
    found = days_apart(day, Decimal((last - first).days), "日") if last else None
    if last is None or found is None:
        return None
    start, result = found
    names = f"周{WEEKDAYS[first.weekday()]}", f"周{WEEKDAYS[last.weekday()]}"
    expression = f"{names[0]}＋{show(term.quantity)}＝{names[1]}，{start}＋{(last - first).days}日＝{result}"
    answer = f"{lead}{result}（{expression}）{WEEKEND_NOTE}。"
    return Calculation("deadline", expression, answer, result, inputs_of(day, weekdays[0], term), used_of(term))
