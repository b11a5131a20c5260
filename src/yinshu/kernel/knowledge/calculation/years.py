"""The day for a year that the question names: 次年3月底前, 年度终了后4个月内."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from yinshu.kernel.evidence.dates import add_period, show_date
from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_DATE,
    Figure,
    Reading,
    choose,
    inputs_of,
    show,
    used_of,
)
from yinshu.kernel.knowledge.calculation.records import Calculation

_RELATIVE = re.compile(r"(?:次年|下一?年度?|翌年|第二年|年度(?:终了|结束)后(?:的)?次年)\s*$")
_AFTER_YEAR_END = re.compile(r"(?:年度|会计年度)(?:终了|结束|届满)(?:之日起|后)?(?:的)?\s*$")
_ASKED_YEAR = re.compile(r"((?:19|20)\d{2})\s*年度")


def calendar(reading: Reading) -> Calculation | None:
    """次年3月底前, 年度终了后4个月内: the day for the year that the question names."""
    if not ASKS_DATE.search(reading.question):
        return None
    years = set(_ASKED_YEAR.findall(reading.question))
    if len(years) != 1:
        return None
    year = int(years.pop())
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
    last = (
        _month_end_after(year, int(term.value))
        if term.quantity.unit == "月"
        else add_period(end_of_year, term.value, "日")
    )
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
