"""Codes of letters and digits: unified social credit code, passport and travel permits, number plate, e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yinshu.kernel.guard.normalise import Reading, View
from yinshu.kernel.guard.recognisers.numbers import registered, resident_id_shape, uscc_check
from yinshu.kernel.guard.records import Hit, Kind, Severity
from yinshu.kernel.guard.signs import (
    DIGIT,
    LETTER,
    PROVINCE,
    PROVINCES,
    SHORT_CHARS,
    SPACE,
    around,
    occurrences,
    stretches,
)

_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXYa-hj-np-rtuwxy][0-9A-Za-z](?:[ -]?[0-9A-Za-z]){16}(?![0-9A-Za-z])")
CODE_CHARS, CODE_GAP = 18, 2
_CODE_RUN = re.compile(rf"[0-9A-Za-z](?:[^0-9A-Za-z]?[0-9A-Za-z]){{{CODE_CHARS - 1}}}")
"""So many letters and digits no further apart: without them no code is looked for."""
_CREDIT_CUE = re.compile(r"信用代码|机构代码|公司代码|税号|执照")
CREDIT_CUE_CHARS = 14
_PASSPORT = re.compile(
    r"(?<![0-9A-Za-z])(?:[EeGg](?:[ -]?\d){8}|[Ee][A-HJ-NP-Za-hj-np-z](?:[ -]?\d){7}|[DdSsPp][Ee]?\d{7,8}|[CcHhMm]\d{8,10}"  # noqa: E501
    r"|[A-Z]{3}\d{12}|\d{8,9}|[A-Z]{1,2}\d{6,8})(?![0-9A-Za-z])"
)
_PASSPORT_CUE = re.compile(r"护照|通行证|回乡证|台胞证|居留证|永居证|旅行证|passport", re.I)
_PASSPORT_SIGNS = ("护照", "通行证", "回乡证", "台胞证", "居留证", "永居证", "旅行证", "assport", "ASSPORT")
PASSPORT_CUE_CHARS = 20
PASSPORT_SIGN_CHARS = 7
"""The longest sign of a passport: a letter before it and this many of its own."""
_PLATE = re.compile(
    rf"[{PROVINCES}][ ]?[A-HJ-NP-Za-hj-np-z][ ·.\-]?(?:[0-9A-HJ-NP-Za-hj-np-z]{{4}}[0-9A-HJ-NP-Za-hj-np-z挂学警港澳]"
    r"|[0-9A-HJ-NP-Za-hj-np-z][0-9]{4}[DFdf]|[DFdf][0-9A-HJ-NP-Za-hj-np-z][0-9]{4})(?![0-9A-Za-z])"
)
_EMAIL = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9_+.-]{0,63})\s?(?:@|\[at\]|\(at\)|#at#| at )\s?"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,40})\s?(?:\.|\[dot\]|\(dot\)| dot )\s?){1,4}[A-Za-z]{2,10}(?![A-Za-z0-9])",
    re.I,
)
_EMAIL_SIGNS = ("@", "[at]", "(at)", "#at#", " at ", "[AT]", "(AT)", " AT ")
EMAIL_BEFORE_CHARS, EMAIL_AFTER_CHARS = 68, 240
_NOT_PEOPLE = frozenset({"noreply", "no-reply", "example"})


def find_codes(reading: Reading) -> Iterator[Hit]:
    """Codes of all kinds in the plain reading."""
    plain = reading.plain
    yield from _credit_codes(reading)
    yield from _passports(plain)
    yield from _plates(reading)
    yield from _emails(plain)


def _hit(view: View, match: re.Match[str], rule: str, severity: Severity, score: float = 1.0) -> Hit:
    start, end = view.span(*match.span())
    return Hit(Kind.PERSONAL, rule, start, end, severity, "personal", score, re.sub(r"[ \-·]", "", match[0]).upper())


def _code_runs(reading: Reading) -> Iterator[re.Match[str]]:
    text = reading.plain.text
    if len(text) <= SHORT_CHARS and not _CODE_RUN.search(text):
        return
    for low, high in stretches((reading.signs & (DIGIT | LETTER)) > 0, least=CODE_CHARS, gap=CODE_GAP, after=1):
        yield from _CODE.finditer(text, low, high)


def _credit_codes(reading: Reading) -> Iterator[Hit]:
    view = reading.plain
    for match in _code_runs(reading):
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


def _passport_cues(text: str) -> Iterator[re.Match[str]]:
    for low, high in around(occurrences(text, _PASSPORT_SIGNS), 1, PASSPORT_SIGN_CHARS):
        yield from _PASSPORT_CUE.finditer(text, low, high)


def _passports(view: View) -> Iterator[Hit]:
    for cue in _passport_cues(view.text):
        window = view.text[cue.end() : cue.end() + PASSPORT_CUE_CHARS + 14]
        window = re.split(r"[。;\n]", window)[0]
        for match in _PASSPORT.finditer(view.text, cue.end(), cue.end() + len(window)):
            yield _hit(view, match, "passport", Severity.HIGH)
            break


def _plate_places(reading: Reading) -> Iterator[re.Match[str]]:
    text = reading.plain.text
    if len(text) <= SHORT_CHARS:
        yield from _PLATE.finditer(text)
        return
    signs = reading.signs
    begun = ((signs[:-1] & PROVINCE) > 0) & ((signs[1:] & (LETTER | SPACE)) > 0)
    for place in begun.nonzero()[0].tolist():
        match = _PLATE.match(text, place)
        if match is not None:
            yield match


def _plates(reading: Reading) -> Iterator[Hit]:
    view = reading.plain
    for match in _plate_places(reading):
        if sum(letter.isdigit() for letter in match[0]) >= 2:
            yield _hit(view, match, "plate", Severity.LOW)


def _addresses(text: str) -> Iterator[re.Match[str]]:
    if "@" not in text and "at" not in text and "AT" not in text:
        return
    places = occurrences(text, _EMAIL_SIGNS)
    if len(text) <= SHORT_CHARS:
        yield from _EMAIL.finditer(text) if places else ()
        return
    for low, high in around(places, EMAIL_BEFORE_CHARS, EMAIL_AFTER_CHARS):
        yield from _EMAIL.finditer(text, low, high)


def _emails(view: View) -> Iterator[Hit]:
    for match in _addresses(view.text):
        if " at " in match[0].lower() and " dot " not in match[0].lower():
            continue
        if match[0].split("@")[0].lower() not in _NOT_PEOPLE:
            yield _hit(view, match, "email", Severity.MEDIUM)
