"""Codes of letters and digits: unified social credit code, passport and travel permits, number plate, e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yinshu.kernel.guard.normalise import Reading, View
from yinshu.kernel.guard.recognisers.numbers import registered, resident_id_shape, uscc_check
from yinshu.kernel.guard.records import Hit, Kind, Severity

_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXYa-hj-np-rtuwxy][0-9A-Za-z](?:[ -]?[0-9A-Za-z]){16}(?![0-9A-Za-z])")
_ASCII_RUN = re.compile(r"[ -~]{18}")
"""Without so long a run there is no code of 18 letters and digits, whatever stands between them."""
_CREDIT_CUE = re.compile(r"信用代码|机构代码|公司代码|税号|执照")
CREDIT_CUE_CHARS = 14
_PASSPORT = re.compile(
    r"(?<![0-9A-Za-z])(?:[EeGg](?:[ -]?\d){8}|[Ee][A-HJ-NP-Za-hj-np-z](?:[ -]?\d){7}|[DdSsPp][Ee]?\d{7,8}|[CcHhMm]\d{8,10}"  # noqa: E501
    r"|[A-Z]{3}\d{12}|\d{8,9}|[A-Z]{1,2}\d{6,8})(?![0-9A-Za-z])"
)
_PASSPORT_CUE = re.compile(r"护照|通行证|回乡证|台胞证|居留证|永居证|旅行证|passport", re.I)
_PASSPORT_SIGNS = ("护照", "通行证", "回乡证", "台胞证", "居留证", "永居证", "旅行证", "assport", "ASSPORT")
PASSPORT_CUE_CHARS = 20
_PLATE_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"[{_PLATE_PROVINCES}][ ]?[A-HJ-NP-Za-hj-np-z][ ·.\-]?(?:[0-9A-HJ-NP-Za-hj-np-z]{{4}}[0-9A-HJ-NP-Za-hj-np-z挂学警港澳]"  # noqa: E501
    r"|[0-9A-HJ-NP-Za-hj-np-z][0-9]{4}[DFdf]|[DFdf][0-9A-HJ-NP-Za-hj-np-z][0-9]{4})(?![0-9A-Za-z])"
)
_EMAIL = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9_+.-]{0,63})\s?(?:@|\[at\]|\(at\)|#at#| at )\s?"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,40})\s?(?:\.|\[dot\]|\(dot\)| dot )\s?){1,4}[A-Za-z]{2,10}(?![A-Za-z0-9])",
    re.I,
)
_EMAIL_SIGNS = ("@", "[at]", "(at)", "#at#", " at ", "[AT]", "(AT)", " AT ")
_NOT_PEOPLE = frozenset({"noreply", "no-reply", "example"})


def find_codes(reading: Reading) -> Iterator[Hit]:
    """Codes of all kinds in the plain reading."""
    plain = reading.plain
    yield from _credit_codes(plain)
    yield from _passports(plain)
    yield from _plates(plain)
    yield from _emails(plain)


def _hit(view: View, match: re.Match[str], rule: str, severity: Severity, score: float = 1.0) -> Hit:
    start, end = view.span(*match.span())
    return Hit(Kind.PERSONAL, rule, start, end, severity, "personal", score, re.sub(r"[ \-·]", "", match[0]).upper())


def _credit_codes(view: View) -> Iterator[Hit]:
    if not _ASCII_RUN.search(view.text):
        return
    for match in _CODE.finditer(view.text):
        before = view.text[match.start() - 1 : match.start()]
        code = re.sub(r"[ -]", "", match[0]).upper()
        if before.isascii() and before.isalnum():
            continue
        if not uscc_check(code) or resident_id_shape(code) or not registered(code):
            continue
        if not code.isdigit() or _CREDIT_CUE.search(
            view.text[max(0, match.start() - CREDIT_CUE_CHARS) : match.start()]
        ):
            yield _hit(view, match, "uscc", Severity.LOW)


def _passports(view: View) -> Iterator[Hit]:
    if not any(sign in view.text for sign in _PASSPORT_SIGNS):
        return
    for cue in _PASSPORT_CUE.finditer(view.text):
        window = view.text[cue.end() : cue.end() + PASSPORT_CUE_CHARS + 14]
        window = re.split(r"[。;\n]", window)[0]
        for match in _PASSPORT.finditer(view.text, cue.end(), cue.end() + len(window)):
            yield _hit(view, match, "passport", Severity.HIGH)
            break


def _plates(view: View) -> Iterator[Hit]:
    for match in _PLATE.finditer(view.text):
        if sum(letter.isdigit() for letter in match[0]) >= 2:
            yield _hit(view, match, "plate", Severity.LOW)


def _emails(view: View) -> Iterator[Hit]:
    text = view.text
    if ("@" not in text and not ("at" in text or "AT" in text)) or not any(sign in text for sign in _EMAIL_SIGNS):
        return
    for match in _EMAIL.finditer(view.text):
        if " at " in match[0].lower() and " dot " not in match[0].lower():
            continue
        if match[0].split("@")[0].lower() not in _NOT_PEOPLE:
            yield _hit(view, match, "email", Severity.MEDIUM)
