"""Reads the numbers of Chinese text: 三十, 1,000, 3000万, 二〇二五, 1.5亿; always exact, never a float."""

from __future__ import annotations

from decimal import Decimal

CHINESE_DIGITS = "零〇一二三四五六七八九两"
CHINESE_NUMERAL = "[零〇一二三四五六七八九十百千万亿两]+(?:点[零〇一二三四五六七八九]+)?"
MULTIPLIER = "(?:[十百千]?万亿|[十百千]?[万亿]|百|千(?![克米瓦分]))"
ARABIC_NUMERAL = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?(?:\s*{MULTIPLIER}(?!分之))?"

_DIGIT = {character: index for index, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL_UNIT = {"十": 10, "百": 100, "千": 1000}
_LARGE_UNIT = {"万": 10**4, "亿": 10**8}
_MULTIPLIER_VALUE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_SHORTEST_DIGIT_STRING = 3
_FULL_TO_HALF = {0xFF01 + i: 0x21 + i for i in range(94) if chr(0x21 + i) not in ",;:!?()"}
_FOLD = _FULL_TO_HALF | {
    ord("○"): "〇",
    ord("◯"): "〇",
    ord("Ο"): "〇",
    ord("萬"): "万",
    ord("億"): "亿",
    ord("兩"): "两",
    ord("　"): " ",
    ord("\u00a0"): " ",
    ord("﹪"): "%",
}


def fold(text: str) -> str:
    """Full-width digits, letters and signs become half-width; the length stays, so spans stay valid."""
    return text.translate(_FOLD)


def read_number(text: str) -> Decimal | None:
    """The value of an Arabic numeral (with 万, 亿 behind it) or a Chinese numeral; None when it is not one."""
    text = fold(text).replace(" ", "")
    if text[:1].isdigit():
        return _read_arabic(text)
    whole, _, fraction = text.partition("点")
    value = _read_chinese(whole)
    if value is None or not fraction:
        return value
    return value + Decimal("0." + "".join(str(_DIGIT[character]) for character in fraction))


def _read_arabic(text: str) -> Decimal:
    digits = text.rstrip("十百千万亿")
    value = Decimal(digits.replace(",", ""))
    for character in text[len(digits) :]:
        value *= _MULTIPLIER_VALUE[character]
    return value


def _read_chinese(text: str) -> Decimal | None:
    if not text or text[0] in "百千万亿":
        return None
    if all(character in CHINESE_DIGITS for character in text):
        return _read_digit_string(text)
    total = ten_thousands = section = digit = 0
    last_unit = 1
    for character in text:
        if character in _DIGIT:
            if digit:
                return None
            digit = _DIGIT[character]
            last_unit = 10 if character in "零〇" else last_unit
        elif character in _SMALL_UNIT:
            last_unit = _SMALL_UNIT[character]
            section += (digit or 1) * last_unit
            digit = 0
        else:
            last_unit = _LARGE_UNIT[character]
            amount = (ten_thousands + section + digit) * last_unit
            if character == "亿":
                total, ten_thousands = total * last_unit + amount, 0
            else:
                ten_thousands = amount
            section = digit = 0
    if digit and last_unit > 10:  # 三万五 is 35,000 in speech
        digit *= last_unit // 10
    return Decimal(total + ten_thousands + section + digit)


def _read_digit_string(text: str) -> Decimal | None:
    if 1 < len(text) < _SHORTEST_DIGIT_STRING:
        return None
    return Decimal("".join(str(_DIGIT[character]) for character in text))
