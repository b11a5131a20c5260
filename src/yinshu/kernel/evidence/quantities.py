"""Finds every quantity of a Chinese text with its place, exact value, unit and bound."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from yinshu.kernel.evidence.dates import (
    CLOCK_PATTERN,
    DATE_PATTERN,
    WEEK_PATTERN,
    Moment,
    read_clock,
    read_date,
    read_weekday,
)
from yinshu.kernel.evidence.numerals import ARABIC_NUMERAL, CHINESE_NUMERAL, fold, read_number

Kind = Literal[
    "money", "ratio", "multiple", "period", "age", "count", "length", "number", "date", "time",
    "ordinal", "document_number", "code",
]  # fmt: skip
Bound = Literal["ge", "gt", "le", "lt"]

NOT_QUANTITIES: frozenset[str] = frozenset({"ordinal", "document_number", "code"})


@dataclass(frozen=True)
class Quantity:
    """A quantity at text[start:end] (unit included, bound words excluded).

    `value` is in the base unit: money in its currency's unit (元), ratios 0 to 1 (20% is 0.2), lengths in 毫米,
    periods and counts in `unit`. Dates and times have value 0 and a `moment`. `bound` is ge (以上, 不低于, 至少),
    gt (超过), le (以下, 不超过, 以内) or lt (不足, 低于), None when the text gives a plain value.
    `bound_words` are the words that say so. `scale` keeps the unit as written (亿元) for display.
    """

    start: int
    end: int
    text: str
    kind: Kind
    value: Decimal
    unit: str
    bound: Bound | None = None
    bound_words: str = ""
    moment: Moment | None = None
    scale: str = ""


_UNITS: dict[str, tuple[Kind, str, Decimal]] = {}


def _register(kind: Kind, canonical: str, factor: str, *words: str) -> None:
    for word in words:
        _UNITS[word] = (kind, canonical, Decimal(factor))


_register("money", "元", "1", "元人民币", "元", "块钱", "块")
_register("money", "元", "0.1", "角")
for _currency, _words in {
    "美元": ("美元", "美金"), "港元": ("港元", "港币"), "欧元": ("欧元",), "日元": ("日元",), "英镑": ("英镑",),
}.items():  # fmt: skip
    _register("money", _currency, "1", *_words)
_register("ratio", "", "0.01", "%")
_register("ratio", "", "0.001", "‰")
_register("ratio", "百分点", "0.01", "个百分点", "百分点")
_register("ratio", "百分点", "0.0001", "个基点", "基点", "BP", "bp")
_register("multiple", "倍", "1", "倍")
_register("period", "年", "1", "年", "周年", "个年度", "个会计年度", "个自然年", "整年")
_register("period", "季", "1", "个季度", "季度", "个季")
_register("period", "月", "1", "个月", "个自然月", "个整月")
_register("period", "周", "1", "周", "个星期", "星期", "个礼拜", "礼拜")
_register("period", "工作日", "1", "个工作日", "工作日", "个工作天")
_register("period", "营业日", "1", "个营业日", "营业日", "个银行工作日", "个银行营业日")
_register("period", "交易日", "1", "个交易日", "交易日")
_register("period", "日", "1", "日", "天", "个自然日", "个日历日", "自然日", "日历日", "日历天")
_register("period", "小时", "1", "小时", "个小时", "个钟头")
_register("period", "分钟", "1", "分钟")
_register("period", "秒", "1", "秒", "秒钟")
_register("age", "岁", "1", "周岁", "岁")
_register("length", "毫米", "1", "毫米", "mm")
_register("length", "毫米", "10", "厘米", "cm", "CM", "公分")
_register("length", "毫米", "1000", "米")
for _counter in "次张枚笔户家人名项条份类种级档位套期页层台起件款票组批股辆间处字倍个段只":
    if _counter != "倍":
        _register("count", _counter, "1", _counter)
for _words_of_counter, _canonical in {"个人": "人", "名员工": "名", "个字": "字", "个次": "次"}.items():
    _register("count", _canonical, "1", _words_of_counter)

_ARTICLE_LIKE = frozenset("个家种名项类级位条期层段处份套件款组台间起只")
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_NUMERAL = rf"(?:{ARABIC_NUMERAL}|{CHINESE_NUMERAL})"
_RANGE_SIGN = r"[-—–~～至到]"
_SCAN = re.compile(
    rf"(?P<document>[〔\[【]\s*\d{{4}}\s*[〕\]】]\s*第?\s*\d+\s*号|(?:19|20)\d{{2}}年第?\s*\d+号)"
    rf"|(?P<ordinal>第\s*(?:\d+|{CHINESE_NUMERAL})\s*(?:[条款项章节编号次日天年期页位类级方季步]|个月|个工作日)?)"
    rf"|(?P<marker>(?:(?<=^)|(?<=[\s。；;：:]))(?:[（(]\d{{1,2}}[)）]|\d{{1,2}}[、．](?!\d)|\d{{1,2}}\.(?!\d)))"
    rf"|(?P<date>{DATE_PATTERN})"
    rf"|(?P<week>{WEEK_PATTERN})"
    rf"|(?P<clock>{CLOCK_PATTERN})"
    rf"|(?P<fraction>(?:{CHINESE_NUMERAL}|\d+)分之(?:{ARABIC_NUMERAL}|{CHINESE_NUMERAL}))"
    rf"|(?P<code>[A-Za-z]+(?:[-+/.]?[A-Za-z]*\d+)+(?:\.\d+)*)"
    rf"|(?P<half>(?:(?P<half_whole>{_NUMERAL})年半|(?P<half_months>{_NUMERAL})个半月|半年|半个月))"
    rf"|(?P<low>{_NUMERAL})(?=\s*{_RANGE_SIGN}\s*{_NUMERAL}\s*(?:{_UNIT}))"
    rf"|(?P<amount>{_NUMERAL})\s*(?P<unit>{_UNIT})(?P<after>性)?"
    rf"|(?P<bare>{ARABIC_NUMERAL})"
)
_NOT_BEFORE_ONE = frozenset("统同任某唯每进之万不专逐其另上下这那哪几数")
_VAGUE_BEFORE = frozenset("几数")

_AFTER_BOUND = re.compile(
    r"(?:人民币|本息|整|的)?\s*(?P<note>[（(](?:不含|含)[^）)]{0,8}[)）])?\s*"
    r"(?:的时间)?(?:及其?)?(?P<word>以上|以下|以内|之内|内|以后|之后|之前|以前|前|后)?\s*(?P<note2>[（(](?:不含|含)[^）)]{0,8}[)）])?"
)
_BEFORE_BOUND = re.compile(
    r"(?P<word>不(?:得|应|能|可|会)?(?:超过|高于|多于|大于|超出)|不(?:得|应|能|可)?(?:低于|少于|小于|短于)|"
    r"不足|不满|未满|未达到?|未超过|至少|最少|最低|最短|起码|最多|最高|最长|最迟|最晚|至多|超过|高于|多于|大于|超出|达到|满|低于|少于|小于|≤|≥|<|>)"
    r"(?P<gap>[^，。；：、,;:\d（(]{0,18})$"
)
_LE = ("不超", "不得超", "不应超", "不能超", "未超", "最多", "最高", "最长", "最迟", "最晚", "至多", "≤")
_AHEAD = frozenset({"以内", "之内", "内", "以前", "之前", "前"})
_LT_WORDS = frozenset({"不足", "不满", "未满", "未达", "未达到", "低于", "少于", "小于", "<"})
_GE_WORDS = ("至少", "最少", "最低", "最短", "起码", "达到", "满", "≥")


def parse_quantities(text: str) -> list[Quantity]:
    """Quantities in reading order, without ordinals (第三十四条), document numbers (〔2016〕306号), codes (T+1)."""
    return [quantity for quantity in parse_all(text) if quantity.kind not in NOT_QUANTITIES]


def parse_all(text: str) -> list[Quantity]:
    """All quantities, ordinals, document numbers and codes in reading order."""
    folded = fold(text)
    found: list[Quantity] = []
    for match in _SCAN.finditer(folded):
        quantity = _read(match, folded)
        if quantity is not None:
            found.append(quantity)
    return [_with_bound(quantity, folded, index, found) for index, quantity in enumerate(_close_ranges(found, folded))]


def _read(match: re.Match[str], text: str) -> Quantity | None:
    name = match.lastgroup or ""
    words = match.group()
    if name in ("date", "week", "clock"):
        return _read_moment(name, match.start(), words)
    if name == "document":
        digits = "-".join(re.findall(r"\d+", words))
        return Quantity(match.start(), match.end(), words, "document_number", Decimal(0), digits)
    if name == "ordinal":
        return _read_ordinal(match.start(), words)
    if name == "fraction":
        bottom, top = (_fraction_part(part) for part in words.split("分之"))
        return (
            None
            if not bottom or top is None
            else Quantity(match.start(), match.end(), words, "ratio", top / bottom, "")
        )
    if name == "code":
        return Quantity(match.start(), match.end(), words, "code", Decimal(0), words.upper())
    if name == "marker":
        return None
    return _read_half(match) if name.startswith("half") else _read_amount(match, text)


def _read_moment(name: str, start: int, words: str) -> Quantity | None:
    moment = {"date": read_date, "week": read_weekday, "clock": read_clock}[name](words)
    if moment is None:
        return None
    kind: Kind = "date" if name == "date" else "time"
    return Quantity(start, start + len(words), words, kind, Decimal(0), "", moment=moment)


def _fraction_part(text: str) -> Decimal | None:
    whole = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000)}
    return whole.get(text) or read_number(text)


def _read_ordinal(start: int, words: str) -> Quantity | None:
    inner = re.fullmatch(rf"第\s*(\d+|{CHINESE_NUMERAL})\s*(.*)", words)
    value = read_number(inner[1]) if inner else None
    if inner is None or value is None:
        return None
    return Quantity(start, start + len(words), words, "ordinal", value, inner[2])


def _read_half(match: re.Match[str]) -> Quantity | None:
    words = match.group()
    half = Decimal("0.5")
    if words.endswith("年半") and match["half_whole"]:
        value = read_number(match["half_whole"])
        months = None if value is None else value * 12 + 6
    elif words == "半年":
        months = Decimal(6)
    else:
        value = read_number(match["half_months"]) if match["half_months"] else Decimal(0)
        months = None if value is None else value + half
    return None if months is None else Quantity(match.start(), match.end(), words, "period", months, "月", scale="half")


def _read_amount(match: re.Match[str], text: str) -> Quantity | None:
    numeral = match["low"] or match["amount"] or match["bare"]
    value = read_number(numeral)
    before = text[match.start() - 1 : match.start()]
    if value is None or (before in _VAGUE_BEFORE and not numeral[0].isdigit()):
        return None
    if match["bare"] or match["low"]:
        if match["low"] and before in _NOT_BEFORE_ONE and not numeral[0].isdigit():
            return None
        return Quantity(
            match.start(),
            match.start() + len(numeral),
            numeral,
            "number",
            value,
            "",
            scale="low" if match["low"] else "",
        )
    kind, unit, factor = _UNITS[match["unit"]]
    written_in_chinese = not numeral[0].isdigit()
    if written_in_chinese and _is_article(match, before, value, unit):
        return None
    end = match.end("unit")
    scale = numeral.rstrip()[-1:] if numeral[-1:] in "万亿" and kind == "money" else ""
    return Quantity(match.start(), end, text[match.start() : end], kind, value * factor, unit, scale=scale)


def _is_article(match: re.Match[str], before: str, value: Decimal, unit: str) -> bool:
    """Tell 一个 (an article) and 一次性, 统一 (words) from figures."""
    if match["after"]:
        return True
    if value != 1:
        return False
    return unit in _ARTICLE_LIKE or before in _NOT_BEFORE_ONE


def _close_ranges(found: list[Quantity], text: str) -> list[Quantity]:
    """Give the lower end of 5至10个工作日 or 500至2000亿元 the unit of the upper end."""
    result = list(found)
    for index in range(len(found) - 2, -1, -1):
        low, high = result[index], result[index + 1]
        if low.kind != "number" or not re.fullmatch(rf"\s*{_RANGE_SIGN}\s*", text[low.end : high.start]):
            continue
        unit = re.search(rf"(?P<large>[十百千]?[万亿])?\s*(?P<unit>{_UNIT})$", high.text)
        if unit is None or high.kind in ("date", "time"):
            continue
        factor = _UNITS[unit["unit"]][2]
        if unit["large"] and low.value < 10_000 and not re.search("[万亿]", low.text):
            factor *= read_number("1" + unit["large"]) or 1
        result[index] = replace(low, kind=high.kind, unit=high.unit, value=low.value * factor, scale=high.scale)
    return [replace(q, scale="") if q.scale == "low" else q for q in result]


def _with_bound(quantity: Quantity, text: str, index: int, found: list[Quantity]) -> Quantity:
    if quantity.kind in NOT_QUANTITIES:
        return quantity
    floor = found[index - 1].end if index else 0
    bound, words = _bound_after(quantity, text)
    if bound is None:
        bound, words = _bound_before(text[floor : quantity.start])
    return replace(quantity, bound=bound, bound_words=words)


def _bound_after(quantity: Quantity, text: str) -> tuple[Bound | None, str]:
    found = _AFTER_BOUND.match(text, quantity.end)
    word = found["word"] if found else None
    if found is None or not word:
        return None, ""
    exclusive = "不含" in (found["note"] or "") + (found["note2"] or "")
    if word == "以上":
        return ("gt" if exclusive else "ge"), word
    if word == "以下":
        return ("lt" if exclusive else "le"), word
    return ("le" if word in _AHEAD else "ge"), word


def _bound_before(before: str) -> tuple[Bound | None, str]:
    found = _BEFORE_BOUND.search(before)
    if found is None:
        return None, ""
    word = found["word"]
    if word.startswith(_LE) or re.match("不.?(超过|高于|多于|大于|超出)", word):
        return "le", word
    if re.match("不.?(低于|少于|小于|短于)", word) or word in _GE_WORDS:
        return "ge", word
    return ("lt" if word in _LT_WORDS else "gt"), word


def same_quantity(a: Quantity, b: Quantity, *, convert_periods: bool = False) -> bool:
    """Whether two quantities say the same, whatever their numerals; bounds are not compared.

    A bare number equals a quantity with a unit only when both have no unit. With `convert_periods`, 1年 equals
    12个月, 1周 equals 7日 and 1日 equals 24小时 (never 工作日).
    """
    if a.kind != b.kind:
        return False
    if a.kind in ("date", "time"):
        return a.moment == b.moment
    if a.unit == b.unit:
        return a.value == b.value
    return convert_periods and a.kind == "period" and _in_base(a) == _in_base(b)


def _in_base(quantity: Quantity) -> tuple[str, Decimal]:
    months = {"年": 12, "季": 3, "月": 1}
    minutes = {"周": 10_080, "日": 1_440, "小时": 60, "分钟": 1}
    if quantity.unit in months:
        return "月", quantity.value * months[quantity.unit]
    if quantity.unit in minutes:
        return "分钟", quantity.value * minutes[quantity.unit]
    return quantity.unit, quantity.value
