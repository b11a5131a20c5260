"""Reads calendar dates, weekdays and times of day, and adds periods to them by the rules of bank law."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from yinshu.kernel.evidence.numerals import read_number

MonthPart = Literal["", "初", "中", "底"]
PeriodUnit = Literal["年", "月", "日", "工作日", "小时", "分钟", "周"]

WEEKDAYS = "一二三四五六日"
HOURS_PER_DAY = 24
DAYS_PER_WEEK = 7
NOON = 12

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?:(?:19|20)\d{2}|[一二][九〇零][〇零一二三四五六七八九]{2})"
DATE_PATTERN = (
    rf"(?:{_YEAR}\s*年\s*)?(?<!第){_N}\s*月(?!度)\s*(?:{_N}\s*[日号](?!\d)|[初末底中]旬?|上旬|下旬)"
    rf"|{_YEAR}\s*年\s*(?:{_N}\s*月(?:份)?|[末底初])?"
    rf"|(?<![\d个])(?:\d{{1,2}}|十[一二]?|[一二三四五六七八九])\s*月份"
    rf"|(?:19|20)\d{{2}}[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?<![\d个])(?:\d{{1,2}}|十[一二]?|[一二三四五六七八九])\s*月(?=[前起至到，。；])"
)
WEEK_PATTERN = r"(?:周|星期|礼拜)[一二三四五六日天](?!年|内|个)"
CLOCK_PATTERN = (
    r"(?:(?:上午|下午|早上|晚上|凌晨|中午|傍晚|早|晚)\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:[点时](?!间)|:\d{2})"
    r"|\d{1,2}\s*(?:[点时](?!间|期|限|点)|:\d{2}(?!:)))(?:\s*(?:\d{1,2}\s*分(?!钟)|半|整))?"
)

_PARTS = re.compile(
    rf"(?:(?P<year>{_YEAR})\s*年\s*)?(?:(?P<month>{_N})\s*月(?:份)?\s*)?"
    rf"(?:(?P<day>{_N})\s*[日号])?(?P<part>[初末底中]旬?|上旬|下旬)?"
)
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_CLOCK = re.compile(
    r"(?P<half>上午|下午|早上|晚上|凌晨|中午|傍晚|早|晚)?\s*(?P<hour>\d{1,2}|[一二三四五六七八九十]{1,3})"
    r"\s*(?:[点时]|:(?P<colon>\d{2}))\s*(?:(?P<minute>\d{1,2})\s*分|(?P<rest>半|整))?"
)


@dataclass(frozen=True)
class Moment:
    """A date or time as far as the text says it. `part` is 初, 中 or 底 of the month (or of the year without month).

    `weekday` counts from 0 (Monday). `hour` and `minute` are of a 24-hour day.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: MonthPart = ""
    weekday: int | None = None
    hour: int | None = None
    minute: int | None = None

    def as_date(self) -> date | None:
        """The calendar date when year, month and day are known and exist."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None


def read_date(text: str) -> Moment | None:
    """Read what DATE_PATTERN matched; None for impossible dates such as 13月40日."""
    iso = _ISO.fullmatch(text)
    if iso:
        return _checked(int(iso[1]), int(iso[2]), int(iso[3]), "")
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (_small_int(found[name]) for name in ("year", "month", "day"))
    return _checked(year, month, day, _month_part(found["part"] or ""))


def _month_part(word: str) -> MonthPart:
    if word[:1] in ("末", "底") or word == "下旬":
        return "底"
    if word[:1] == "初" or word == "上旬":
        return "初"
    return "中" if word else ""


def _checked(year: int | None, month: int | None, day: int | None, part: MonthPart) -> Moment | None:
    if month is not None and not 1 <= month <= 12:
        return None
    if day is not None and not 1 <= day <= 31:
        return None
    return Moment(year=year, month=month, day=day, part=part)


def _small_int(text: str | None) -> int | None:
    if not text:
        return None
    value = read_number(text)
    return None if value is None else int(value)


def read_weekday(text: str) -> Moment:
    """Read 周三, 星期天: 0 is Monday."""
    last = text[-1].replace("天", "日")
    return Moment(weekday=WEEKDAYS.index(last))


def read_clock(text: str) -> Moment | None:
    """Read 上午10点, 下午3时30分, 10:00 as hour and minute of a 24-hour day."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour = _small_int(found["hour"])
    minute = 30 if found["rest"] == "半" else int(found["minute"] or found["colon"] or 0)
    if hour is None or hour > HOURS_PER_DAY or minute > 59:
        return None
    if found["half"] in ("下午", "晚上", "傍晚", "晚") and hour < NOON:
        hour += NOON
    return Moment(hour=hour, minute=minute)


def add_months(start: date, months: int) -> date:
    """The corresponding day `months` later; the month's last day when there is none.

    **Source** 中华人民共和国票据法 第一百零七条: 按月计算期限的，按到期月的对日计算；无对日的，月末日为到期日.
    """
    month_index = start.year * 12 + start.month - 1 + months
    year, month = divmod(month_index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def add_weekdays(start: date, days: int) -> date:
    """The day after `days` Mondays to Fridays; public holidays are not known here, the caller must say so."""
    step = 1 if days >= 0 else -1
    current, left = start, abs(days)
    while left:
        current += timedelta(days=step)
        if current.weekday() < 5:
            left -= 1
    return current


def add_period(start: date, count: Decimal, unit: PeriodUnit) -> date | None:
    """`start` plus whole days, weeks, weekdays, months or years; None when the period is not whole or too fine."""
    if count != int(count) or abs(count) > 10_000:
        return None
    n = int(count)
    if unit == "年":
        return add_months(start, 12 * n)
    if unit == "月":
        return add_months(start, n)
    if unit == "周":
        return start + timedelta(days=DAYS_PER_WEEK * n)
    if unit == "日":
        return start + timedelta(days=n)
    if unit == "工作日":
        return add_weekdays(start, n)
    return None


def show_date(day: date, *, with_year: bool = True) -> str:
    """2026年8月15日, or 8月15日 where the year is not known."""
    shown = f"{day.month}月{day.day}日"
    return f"{day.year}年{shown}" if with_year else shown
