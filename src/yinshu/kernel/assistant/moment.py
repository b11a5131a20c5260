"""The day that a follow-up question names: "2017年呢", "去年的时候呢", "and in 2015?"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_TAIL = r"(?:的时候|那时候|那时|那会儿?|当时|时|底|末|初|以前|之前|的|的规定|的标准|的办法)?"
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*(?:年|[-/.])?\s*(?:(?P<month>1[0-2]|0?[1-9])\s*(?:月份?|[-/.])\s*)?"
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号]?)?" + _TAIL
)
_YEARS_AGO = {"今年": 0, "去年": 1, "前年": 2, "大前年": 3}
_RELATIVE = re.compile(r"(?P<word>大前年|前年|去年|今年)(?:(?P<month>1[0-2]|[1-9])月份?)?" + _TAIL)
_AGO = re.compile(r"(?P<years>\d{1,2}|[一二两三四五六七八九十])年(?:以?前)" + _TAIL)
_NOW = re.compile(r"(?:现在|目前|如今|眼下|当前|今天|最新|现行)(?:的(?:规定|标准|办法)?|是)?")
_OLD = re.compile(
    r"(?:以前|过去|原来|原先|之前|从前|修订前|老办法|旧办法|旧版|老版|旧规|改之前|修改前)(?:的(?:规定|标准)?)?"
)
_NEW = re.compile(r"(?:修订后|修改后|新办法|新规|新版|改之后)(?:的(?:规定|标准)?)?")
_LEAD = re.compile(
    r"^(?:那么?|而|and|what about|how about|as of|in|按照?|到了?|在|截至|如果是|要是|换成|换到)\s*", re.IGNORECASE
)
_ENGLISH_TAIL = re.compile(r"(?:呢|怎么样|是怎样的?|是多少|是什么|又是多少|又如何|如何|怎么规定的?)?[\s?？。]*$")
_IN_QUESTION = re.compile(
    r"(?:(?:截至|到了?|在)?(?:(?:19|20)\d{2}年(?:\d{1,2}月(?:份|底|初)?)?(?:\d{1,2}[日号])?|去年|前年|今年)"
    r"(?:的时候|那时候?|当时|时|底|末|初)?|现在|目前|如今|当前|现行)[，,、]?"
)
_NUMERALS = dict(zip("一二两三四五六七八九十", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))


@dataclass(frozen=True)
class Moment:
    """A time that a follow-up asks about. `as_of` is the last day it covers; `era` are words for a time without one."""

    as_of: date | None
    era: str = ""


def named_moment(question: str, today: date) -> Moment | None:
    """The time, if the question says nothing else."""
    words = question.strip()
    for _ in range(3):
        words = _LEAD.sub("", words)
    words = _ENGLISH_TAIL.sub("", words).strip("，, ")
    if not words:
        return None
    if match := _DAY.fullmatch(words):
        month, day = (int(match[name]) if match[name] else None for name in ("month", "day"))
        return _until(int(match["year"]), month, day, today)
    if match := _RELATIVE.fullmatch(words):
        month = int(match["month"]) if match["month"] else None
        return _until(today.year - _YEARS_AGO[match["word"]], month, None, today)
    if match := _AGO.fullmatch(words):
        years = int(match["years"]) if match["years"].isdigit() else _NUMERALS[match["years"]]
        return _until(today.year - years, today.month, None, today)
    if _NOW.fullmatch(words):
        return Moment(today)
    if _OLD.fullmatch(words):
        return Moment(None, "以前的规定")
    return Moment(None, "新办法") if _NEW.fullmatch(words) else None


def _until(year: int, month: int | None, day: int | None, today: date) -> Moment | None:
    """The last day of a year or a month, or the day itself; of the running year, today."""
    if month is None:
        last = date(year, 12, 31)
        return Moment(today if year == today.year else last)
    if day is None:
        return Moment(date(year, month, calendar.monthrange(year, month)[1]))
    try:
        return Moment(date(year, month, 1) + timedelta(days=day - 1) if day <= 28 else date(year, month, day))
    except ValueError:
        return None


def without_moment(question: str) -> str:
    """The question without its own words of time, which another time replaces."""
    return _IN_QUESTION.sub("", question).strip("，, ")
