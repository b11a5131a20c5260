"""Reading the numbers that open a paragraph: 第三条, 三、, （二）, 1., （1）, ①, 1.2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

MarkerKind = Literal["chapter", "article", "cn", "paren_cn", "num", "paren_num", "half_num", "circle", "decimal"]

_CN = "零〇○一二三四五六七八九十百千"
_DIGITS = {"零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SPACE = r"\s*"

# What follows a number when the text only refers to an article or item instead of opening one.
_REFERRING = "、，,和与至或及款项目条第的规所中以之同）)"
_ITEM_REFERRING = r"(?![、，,至）)]|[和与或及]第?[（(]|或者第?[（(]|(?:项|款|目)(?:[规所中至的、，或和及]|情形))"

_PATTERNS: tuple[tuple[MarkerKind, re.Pattern[str]], ...] = (
    (
        "chapter",
        re.compile(rf"第{_SPACE}([{_CN}\d][{_CN}\d\s]{{0,6}}?){_SPACE}(编|篇|章|节|部分)(?![、，,和与至或及的规所])"),
    ),
    (
        "article",
        re.compile(rf"第{_SPACE}([{_CN}\d][{_CN}\d\s]{{0,8}}?){_SPACE}条(之[{_CN}])?(?![{_REFERRING}])"),
    ),
    ("cn", re.compile(rf"([{_CN}]{{1,4}}){_SPACE}[、．.](?![{_CN}]+[、项款条])")),
    ("paren_cn", re.compile(rf"[（(]{_SPACE}([{_CN}]{{1,4}}){_SPACE}[)）]{_ITEM_REFERRING}")),
    (
        "decimal",
        re.compile(r"([1-9]\d?(?:\.\d{1,2}){1,3})[.、]?(?=[ \u3000]*[\u4e00-\u9fff“《])(?![ ]*[万亿元倍年个])"),
    ),
    ("num", re.compile(rf"(\d{{1,3}}){_SPACE}[.．、](?!\d)")),
    ("paren_num", re.compile(rf"[（(]{_SPACE}(\d{{1,2}}){_SPACE}[)）]{_ITEM_REFERRING}")),
    ("half_num", re.compile(r"(\d{1,2})[)）](?![、，,和与至或及])")),
    ("circle", re.compile(r"([①-⑳])(?![、，,和与至或及])")),
)
_PATTERN_OF = dict(_PATTERNS)
_SIGNS: dict[MarkerKind, str] = {
    "article": "条",
    "cn": "、．.",
    "paren_cn": "（(",
    "num": "、．.",
    "paren_num": "（(",
    "half_num": "）)",
    "circle": "①②③④⑤⑥⑦⑧⑨⑩",
    "decimal": ".",
}


@dataclass(frozen=True)
class Marker:
    """A number that opens a paragraph. `label` is how it is cited, `start` and `end` its place in the line."""

    kind: MarkerKind
    number: int
    label: str
    start: int
    end: int


def chinese_to_int(numeral: str) -> int:
    """Return the value of a Chinese or Arabic whole number up to 9999; 0 when it is none."""
    compact = re.sub(r"\s", "", numeral)
    if compact.isdecimal():
        return int(compact)
    if not any(unit in compact for unit in _UNITS):
        value = 0
        for char in compact:
            value = value * 10 + _DIGITS.get(char, 0)
        return value
    total, digit = 0, 0
    for char in compact:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit


def _to_marker(kind: MarkerKind, match: re.Match[str]) -> Marker:
    raw = re.sub(r"\s", "", match.group(1))
    if kind == "circle":
        number, label = ord(raw) - ord("①") + 1, raw
    elif kind == "decimal":
        number, label = int(raw.rsplit(".", 1)[1]), raw
    else:
        number = chinese_to_int(raw)
        whole = re.sub(r"\s", "", match.group(0))
        labels: dict[str, str] = {
            "chapter": whole,
            "article": whole,
            "paren_cn": f"（{raw}）",
            "paren_num": f"（{raw}）",
            "half_num": f"{raw}）",
        }
        label = labels.get(kind, raw)
    return Marker(kind, number, label, match.start(), match.end())


def marker_at_start(text: str) -> Marker | None:
    """Return the marker that opens `text` (white space skipped), or None."""
    offset = len(text) - len(text.lstrip())
    for kind, pattern in _PATTERNS:
        match = pattern.match(text, offset)
        if match and (len(text) > match.end() or kind in ("chapter", "article")):
            return _to_marker(kind, match)
    return None


def markers_inside(text: str, kind: MarkerKind) -> list[Marker]:
    """Return every place of `text` that looks like a marker of this kind, in order."""
    if kind in _SIGNS and not any(sign in text for sign in _SIGNS[kind]):
        return []
    return [_to_marker(kind, match) for match in _PATTERN_OF[kind].finditer(text)]
