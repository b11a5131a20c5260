"""Arithmetic of Chinese identifiers: check digits, dates of birth, regions, prefixes."""

from __future__ import annotations

import re

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_MOBILE = re.compile(r"1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}")
_CARD = re.compile(
    r"(?:62\d{14,17}|4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|35\d{14}|3[47]\d{13}|60\d{14,17}|81\d{14,17}|9\d{15,18})"
)
_YEARS = range(1900, 2031)


def born(digits: str) -> bool:
    """Whether eight digits YYYYMMDD can be a date of birth."""
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    return year in _YEARS and 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def resident_id_shape(number: str) -> bool:
    """Region and date of birth of an 18 (or old 15) character number are possible; the check digit is not looked at."""
    if len(number) == 15:
        return number.isdigit() and number[:2] in _PROVINCES and born("19" + number[6:12])
    return len(number) == 18 and number[:17].isdigit() and number[:2] in _PROVINCES and born(number[6:14])


def resident_id_check(number: str) -> bool:
    """The check digit of an 18 character resident number. Source: GB 11643-1999, ISO 7064 MOD 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == number[17].upper()


def mobile(number: str) -> bool:
    """Eleven digits with an assigned prefix."""
    return _MOBILE.fullmatch(number) is not None


def card_prefix(number: str) -> bool:
    """A length and leading digits that card schemes use."""
    return _CARD.fullmatch(number) is not None


def luhn(number: str) -> bool:
    """The Luhn check. Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def uscc_check(number: str) -> bool:
    """The check character of a unified social credit code. Source: GB 32100-2015."""
    if len(number) != 18 or any(letter not in _USCC_ALPHABET for letter in number):
        return False
    total = sum(
        _USCC_ALPHABET.index(letter) * weight for letter, weight in zip(number[:17], _USCC_WEIGHTS, strict=True)
    )
    return _USCC_ALPHABET[(31 - total % 31) % 31] == number[17]


def registered(code: str) -> bool:
    """Registry and region of a unified social credit code can be; the check character is not looked at."""
    return code[0] in "159AGNY" and code[2:4] in _PROVINCES | {"10"} and code[2:8].isdigit()
