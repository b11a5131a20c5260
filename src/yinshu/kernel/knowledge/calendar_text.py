"""Reading whole dates out of official texts: 2016年12月28日, 二○○三年四月十日, and days counted from another."""

from __future__ import annotations

import re
from datetime import date, timedelta

from yinshu.kernel.documents.markers import chinese_to_int

_ZERO = "零〇○OoОＯ0０"
_YEAR = rf"(?:[12１２]\s?[0-9０-９]\s?[0-9０-９]\s?[0-9０-９]|[一二][{_ZERO}一二三四五六七八九]{{3}})"
_SMALL = r"(?:[0-9０-９](?:\s?[0-9０-９])?|[一二三四五六七八九十]{1,3}|元)"
DATE = rf"{_YEAR}\s*年\s*{_SMALL}\s*月\s*{_SMALL}\s*日"
_DATE_PARTS = re.compile(rf"({_YEAR})\s*年\s*({_SMALL})\s*月\s*({_SMALL})\s*日")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
YEAR_MIN, YEAR_MAX = 1949, 2100


def _to_int(text: str) -> int:
    compact = re.sub(r"\s", "", text).translate(_WIDE)
    for zero in _ZERO:
        compact = compact if compact.isdecimal() else compact.replace(zero, "〇")
    return 1 if compact == "元" else chinese_to_int(compact)


def _to_date(match: re.Match[str]) -> date | None:
    year, month, day = (_to_int(match.group(place)) for place in (1, 2, 3))
    if not YEAR_MIN <= year <= YEAR_MAX:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def dates_in(text: str) -> list[tuple[date, str]]:
    """Return every whole date of the text with its words, in order; impossible dates are left out."""
    found = ((_to_date(match), match.group(0)) for match in _DATE_PARTS.finditer(text))
    return [(day, words) for day, words in found if day is not None]


def first_date(text: str) -> date | None:
    """Return the first whole date of the text, or None."""
    return next((day for day, _ in dates_in(text)), None)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day when the month is shorter."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month0 == 11), (month0 + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month0 + 1, min(day.day, last))


def add_period(day: date, count: int, unit: str) -> date:
    """Return the day after a period of 日, 月 (个月) or 年 from `day`."""
    if unit.endswith("年"):
        return add_months(day, 12 * count)
    if unit.endswith("月"):
        return add_months(day, count)
    return day + timedelta(days=count)
