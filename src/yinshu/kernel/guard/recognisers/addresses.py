"""Postal addresses: a road or estate with a house number and its region to the left, or what follows a cue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.records import Hit, Kind, Severity
from yinshu.kernel.guard.signs import HOUSE_UNIT, NUMERAL, SHORT_CHARS, SPACE, around, occurrences

_NUM = r"[0-9一二三四五六七八九十百甲乙丙A-Za-z\-]{1,6}"
_ESTATE = r"(?:[\u4e00-\u9fff]{1,6}(?:小区|花园|家园|公寓|大厦|广场|华庭|新村|城|苑|里|府|庭|居|园|湾))"
_UNIT = rf"(?:[^，。,.;:!?\s的、]{{0,8}}?\s?{_NUM}\s?(?:号楼|号|弄|栋|幢|座|单元|楼|层|室|户|组))"
_HOUSE = re.compile(
    r"(?:路|街|大道|巷|弄|胡同|新村|小区|花园|家园|公寓|大厦|广场|苑|村|里|城|湾|府|庭|居|坊|园|桥)"
    rf"(?:[东西南北中][段路街]?|[A-Z一二三四五六七八九十]?[期区])?\s?第?{_NUM}\s?(?:号院|号楼|号|弄|栋|幢|座|单元|组|室)"
    rf"{_UNIT}*(?:{_ESTATE}{_UNIT}*)?(?:[\- ]?\d{{2,4}}(?:室|房)?(?![0-9]))?"
)
_LEFT = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区))?(?:[\u4e00-\u9fff]{2,8}?(?:市|自治州|州|盟))?"
    r"(?:[\u4e00-\u9fff]{1,6}?(?:区|县|旗|市))?(?:[\u4e00-\u9fff]{1,8}?(?:镇|乡|街道|开发区))?[\u4e00-\u9fffA-Za-z0-9]{1,12}$"
)
_LEAD = re.compile(
    r".*(?:地址|住址|住在|家住|现住|居住地|居住在|户籍地?|寄到|寄往|送到|搬到|搬至|位于|就在|坐落于?|落款|住所|籍贯|收件|本人|家在|到|在|是|为|至|往|于|从)"
)
_CUE = re.compile(
    r"(?:家庭住址|居住地址|通讯地址|联系地址|户籍地址|收件地址|邮寄地址|住址|地址|家住|现住|户籍所在地|居住地)\s?(?:[:：]|是|为|在|变更为|改为|改成)?\s?"
)
_CUE_SIGNS = ("住址", "地址", "家住", "现住", "户籍", "居住地")
HOUSE_BEFORE_CHARS, HOUSE_AFTER_CHARS = 24, 4
"""Around the unit of a house number (3号): where its road may begin, and where the unit ends."""
CUE_BEFORE_CHARS, CUE_AFTER_CHARS = 4, 16
_CUED = re.compile(r"[\u4e00-\u9fffA-Za-z0-9\-()#]{5,50}")
_REGION = re.compile(r"[\u4e00-\u9fff]{2,}(?:省|市|区|县|州|旗)")
_PLACE = re.compile(r"路|街|道|巷|村|镇|乡|组|号|栋|幢|室|小区|苑|园|大厦|屯|弄")
_WORDY = re.compile(r"应当|不得|以及|或者|证明|信息|登记|变更的|填写|核对|是否|怎么|什么|不一致|可以|需要|客户")


def find_addresses(reading: Reading) -> Iterator[Hit]:
    """Addresses in the plain reading."""
    plain = reading.plain
    for start, end, score in (*_by_house(reading), *_by_cue(plain.text)):
        first, last = plain.span(start, end)
        yield Hit(Kind.PERSONAL, "address", first, last, Severity.MEDIUM, "personal", score, plain.text[start:end])


def _houses(reading: Reading) -> Iterator[re.Match[str]]:
    text = reading.plain.text
    if len(text) <= SHORT_CHARS:
        yield from _HOUSE.finditer(text)
        return
    signs = reading.signs
    units = ((signs[1:] & HOUSE_UNIT) > 0) & ((signs[:-1] & (NUMERAL | SPACE)) > 0)
    last = 0
    for low, high in around((units.nonzero()[0] + 1).tolist(), HOUSE_BEFORE_CHARS, HOUSE_AFTER_CHARS):
        begun = _HOUSE.search(text, max(low, last), high) if high > last else None
        while begun is not None:
            match = _HOUSE.match(text, begun.start())
            assert match is not None, "more text does not undo a match"
            yield match
            last = match.end()
            begun = _HOUSE.search(text, last, high) if high > last else None


def _by_house(reading: Reading) -> Iterator[tuple[int, int, float]]:
    text = reading.plain.text
    for match in _houses(reading):
        if not any(sign.isdigit() or sign in "一二三四五六七八九十" for sign in match[0]):
            continue
        before = text[max(0, match.start() - 30) : match.start()]
        before = re.split(r"[，。,.;；:：!！?？\s、()（）\"“”]", before)[-1]
        lead = _LEAD.match(before)
        if lead:
            before = before[lead.end() :]
        left = _LEFT.search(before)
        if left and left[0]:
            yield match.start() - len(left[0]), match.end(), 0.9


def _by_cue(text: str) -> Iterator[tuple[int, int, float]]:
    for cue in _cues(text):
        match = _CUED.match(text, cue.end())
        if match and _REGION.search(match[0]) and _PLACE.search(match[0]) and not _WORDY.search(match[0]):
            yield match.start(), match.end(), 0.8


def _cues(text: str) -> Iterator[re.Match[str]]:
    if len(text) <= SHORT_CHARS:
        yield from _CUE.finditer(text)
        return
    for low, high in around(occurrences(text, _CUE_SIGNS), CUE_BEFORE_CHARS, CUE_AFTER_CHARS):
        yield from _CUE.finditer(text, low, high)
