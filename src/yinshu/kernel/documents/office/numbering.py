"""Word's automatic numbering turned into the labels a reader sees (第一条, （一）, 1.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from yinshu.kernel.documents.office.package import attribute, child, children, local

_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LEVELS = 9
_COUNT_MAX = 99_999
_CHINESE_FORMATS = frozenset(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "japaneseLegal",
        "koreanCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    )
)


def chinese_numeral(number: int, digits: str = _DIGITS, units: tuple[str, ...] = ("", "十", "百", "千")) -> str:
    """1 to 99,999 as written in headings: 十一, 一百零五."""
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        tail = chinese_numeral(rest, digits, units) if rest else ""
        return chinese_numeral(head, digits, units) + "万" + ("零" + tail if 0 < rest < 1000 else tail)
    written, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            written += ("零" if gap else "") + digits[digit] + units[power]
            gap = False
        else:
            gap = bool(written)
    if digits is _DIGITS and written.startswith("一十"):
        written = written[1:]
    return written or digits[0]


def format_number(number: int, style: str) -> str:
    """A counter in one of Word's number formats; unknown formats are decimal."""
    number = min(max(number, 0), _COUNT_MAX)
    if style in _CHINESE_FORMATS:
        return chinese_numeral(number)
    if style in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return chinese_numeral(number, _LEGAL, ("", "拾", "佰", "仟"))
    if style.startswith("upper"):
        return format_number(number, "lower" + style.removeprefix("upper")).upper()
    if style == "lowerLetter":
        return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
    if style == "lowerRoman":
        return _roman(number)
    return _format_rare(number, style)


def _format_rare(number: int, style: str) -> str:
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if style == "ideographDigital":
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    if style == "ideographTraditional":
        return _STEMS[(number - 1) % 10]
    if style == "ideographZodiac":
        return _BRANCHES[(number - 1) % 12]
    if style == "decimalZero":
        return f"{number:02d}"
    if style.startswith("decimalFullWidth"):
        return "".join(chr(0xFF10 + int(digit)) for digit in str(number))
    return "" if style == "none" else str(number)


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * min(count, 99)
    return written


@dataclass(frozen=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False


@dataclass
class Numbering:
    """The lists of one document with their running counters; `label` must be called in reading order."""

    abstracts: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    restarted: set[tuple[str, int]] = field(default_factory=set)

    def label(self, list_id: str, level: int) -> tuple[str, bool]:
        """The next label of a list's level, and whether it is a bullet; ("", False) for an unknown list."""
        if list_id not in self.lists:
            return "", False
        abstract_id, own, restarts = self.lists[list_id]
        levels = self.abstracts.get(abstract_id, {}) | own
        current = levels.get(level)
        if current is None:
            return "", False
        counts = self.counters.setdefault(abstract_id, {})
        if level in restarts and (list_id, level) not in self.restarted:
            self.restarted.add((list_id, level))
            counts[level] = restarts[level]
        else:
            counts[level] = counts.get(level, current.start - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        if current.style == "bullet":
            return "", True
        return self._written(current, levels, counts), False

    @staticmethod
    def _written(current: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
        def number(match: re.Match[str]) -> str:
            place = int(match.group(1)) - 1
            level = levels.get(place, _Level())
            style = "decimal" if current.legal else level.style
            return format_number(counts.get(place, level.start), style)

        label = re.sub(r"%([1-9])", number, current.text).strip()
        if not label or current.suffix == "nothing" or label[-1] in "、．）)】：:":
            return label
        return label + ("\u3000" if re.search(r"[\u4e00-\u9fff]$", label) else " ")


def read_numbering(root: etree._Element | None) -> Numbering:
    """Read numbering.xml; without one, every label is empty."""
    numbering = Numbering()
    links: dict[str, str] = {}
    wanted: dict[str, str] = {}
    for item in root if root is not None else ():
        key = attribute(item, "abstractNumId") or ""
        if local(item) == "abstractNum":
            numbering.abstracts[key] = _levels(item)
            for name, store in (("styleLink", links), ("numStyleLink", wanted)):
                link = child(item, name)
                if link is not None:
                    (links.__setitem__(attribute(link, "val") or "", key) if store is links
                     else wanted.__setitem__(key, attribute(link, "val") or ""))  # fmt: skip
        elif local(item) == "num":
            target = child(item, "abstractNumId")
            own, restarts = _overrides(item)
            abstract_id = (attribute(target, "val") or "") if target is not None else ""
            numbering.lists[attribute(item, "numId") or ""] = (abstract_id, own, restarts)
    for key, style in wanted.items():
        if style in links:
            numbering.abstracts[key] = numbering.abstracts[links[style]]
    return numbering


def _levels(parent: etree._Element) -> dict[int, _Level]:
    return {_number(item, "ilvl"): _level(item) for item in children(parent, "lvl")}


def _level(item: etree._Element) -> _Level:
    def value(name: str, default: str) -> str:
        found = child(item, name)
        return (attribute(found, "val") or default) if found is not None else default

    start = value("start", "1")
    return _Level(
        start=int(start) if start.isdecimal() and len(start) < 6 else 1,
        style=value("numFmt", "decimal"),
        text=value("lvlText", ""),
        suffix=value("suff", "tab"),
        legal=child(item, "isLgl") is not None,
    )


def _overrides(item: etree._Element) -> tuple[dict[int, _Level], dict[int, int]]:
    own: dict[int, _Level] = {}
    restarts: dict[int, int] = {}
    for override in children(item, "lvlOverride"):
        place = _number(override, "ilvl")
        level, start = child(override, "lvl"), child(override, "startOverride")
        if level is not None:
            own[place] = _level(level)
        if start is not None:
            restarts[place] = _number(start, "val", 1)
    return own, restarts


def _number(item: etree._Element, name: str, default: int = 0) -> int:
    text = attribute(item, name) or ""
    return int(text) if text.isdecimal() and len(text) < 6 else default
