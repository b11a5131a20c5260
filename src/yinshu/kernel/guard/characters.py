"""One table over all code points: what a character is written as, whether it is dropped, whether it separates."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

from yinshu.kernel.guard.once import once

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]
CODE_POINTS = 0x110000
DROPPED = 0
"""Table value of characters that leave no trace: zero width, bidirectional and combining marks, controls, and halves
of characters, which a broken sender may write and no search could take."""
SEVERAL = 1
"""Table value of characters that stand for more than one letter (㎏, ⑽); see `Characters.expansions`."""
_FOLDED_RANGES = ((0x80, 0xD800), (0xE000, 0x10000), (0x1D400, 0x1D800), (0x1F100, 0x1F200), (0x2F800, 0x2FA20))
_TAGS = range(0xE0020, 0xE007F)
"""Invisible copies of ASCII, used to smuggle instructions."""
_LOOKALIKES = dict(
    zip("аеорсухіѕјԁһѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορυνАВЕКМНОРСТХ", "aeopcyxisjdhvABEZHIKMNOPTYXaopuvABEKMHOPCTX", strict=True)
)
_KEPT_CONTROLS = frozenset("\n\t\r")
KEPT_BELOW = 0x10000
"""Characters from here on are rare: `Written` reads them anew each time, so that it stays small."""


class Written(dict[int, str | None]):
    """A table for `str.translate`: what each code point becomes, None where it goes; filled as code points come up."""

    def __init__(self, codes: Codes, kept: Flags | None = None) -> None:
        super().__init__()
        self._codes = codes
        self._kept = kept

    def __missing__(self, code: int) -> str | None:
        written = chr(self._codes[code]) if self._kept is None or self._kept[code] else None
        if code < KEPT_BELOW:
            self[code] = written
        return written


@dataclass(frozen=True)
class Characters:
    """`plain` folds a code point keeping case, `lower` folds case too, `joins` marks letters, digits, ideographs."""

    plain: Codes
    lower: Codes
    joins: Flags
    expansions: dict[int, str]

    @once
    def as_plain(self) -> Written:
        """`plain` for `str.translate`, which is quicker than arrays while a text is short."""
        return Written(self.plain)

    @once
    def as_lower(self) -> Written:
        """`lower` for `str.translate`."""
        return Written(self.lower)

    @once
    def as_joined(self) -> Written:
        """A character of a text in lower case, or nothing when it does not join, for `str.translate`."""
        return Written(np.arange(CODE_POINTS, dtype=np.uint32), self.joins)


@lru_cache(maxsize=1)
def characters() -> Characters:
    """The tables, built once in about 0.1 s."""
    plain = np.arange(CODE_POINTS, dtype=np.uint32)
    expansions: dict[int, str] = {}
    for low, high in _FOLDED_RANGES:
        for code in range(low, high):
            plain[code] = _folded(code, expansions)
    for code in range(0x20):
        plain[code] = code if chr(code) in _KEPT_CONTROLS else DROPPED
    plain[0x7F] = DROPPED
    for code in _TAGS:
        plain[code] = code - 0xE0000
    for code in (0xE0001, 0xE007F, *range(0xE0100, 0xE01F0)):
        plain[code] = DROPPED
    plain[0xD800:0xE000] = DROPPED
    for look, letter in _LOOKALIKES.items():
        plain[ord(look)] = ord(letter)
    _simplify(plain)
    lower = plain.copy()
    lower[ord("A") : ord("Z") + 1] += 32
    lower = lower[plain]
    return Characters(plain, lower, _joining(), expansions)


def _folded(code: int, expansions: dict[int, str]) -> int:
    character = chr(code)
    if unicodedata.category(character) in {"Cf", "Mn", "Me", "Cc"}:
        return DROPPED
    form = unicodedata.normalize("NFKC", character)
    if len(form) > 1:
        letters = "".join(part for part in form if part.isalnum())
        if len(letters) > 1:
            expansions[code] = form
            return SEVERAL
        form = letters or form[0]
    if len(form) != 1:
        return code
    low = form.lower()
    return ord(form) if code < 0x250 or len(low) != 1 or form.isascii() else ord(low)


def _simplify(plain: Codes) -> None:
    ideographs = [chr(code) for code in range(0x3400, 0xA000)]
    converted = OpenCC("t2s").convert("\n".join(ideographs)).split("\n")
    simple = np.arange(CODE_POINTS, dtype=np.uint32)
    for old, new in zip(ideographs, converted, strict=True):
        if len(new) == 1:
            simple[ord(old)] = ord(new)
    plain[:] = simple[plain]


def _joining() -> Flags:
    joins = np.zeros(CODE_POINTS, dtype=np.bool_)
    for code in range(0x20, 0x3000):
        joins[code] = chr(code).isalnum()
    joins[0x3041:0x3100] = True
    joins[0x3400:0xA000] = True
    joins[0xAC00:0xD7A4] = True
    joins[0x20000:0x32000] = True
    joins[0x3007] = True
    return joins
