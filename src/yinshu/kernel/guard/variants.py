"""Disguises of words: homophones, split characters, letters for sounds, digits for letters, and toneless pinyin."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import ahocorasick_rs as aho
import numpy as np
from numpy.typing import NDArray

from yinshu.kernel.guard.characters import Written
from yinshu.kernel.guard.signs import SHORT_CHARS

SYLLABLES_BASE = 0xE000
"""Syllables are written as private-use characters from here, so that sound is searched like text."""
_LEET = str.maketrans("013457@$", "oieastas")
_LEET_DIGITS = np.array([chr(code) in "013457" for code in range(0x80)])
MIN_LEET_CHARS = 3
_LEET_BESIDE = re.compile(r"[a-z][013457]|[013457][a-z]")
_LEET_WORD = re.compile(r"(?:[a-z]+[013457]|[013457]+[a-z]{2})[a-z0-9]*")


@lru_cache(maxsize=1)
def _variants() -> tuple[aho.AhoCorasick, tuple[str, ...]]:
    rows = files("yinshu.kernel.guard").joinpath("lexicons/variants.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in rows if line.strip() and not line.startswith("#")]
    disguises = [(disguise, word) for word, *forms in pairs for disguise in forms]
    automaton = aho.AhoCorasick(
        [form for form, _ in disguises],
        matchkind=aho.MatchKind.LeftmostLongest,
        implementation=aho.Implementation.DFA,
    )
    return automaton, tuple(word for _, word in disguises)


def rewrite_variants(text: str) -> list[tuple[int, int, str]]:
    """Disguised words in a joined text, as (start, end, what is meant), left to right, not overlapping."""
    automaton, words = _variants()
    return [(start, end, words[which]) for which, start, end in automaton.find_matches_as_indexes(text)]


def unleet(text: str) -> str:
    """A lower-case text with digits inside Latin words read as the letters they imitate; the length stays."""
    if len(text) <= SHORT_CHARS and not _LEET_BESIDE.search(text):
        return text
    pieces: list[str] = []
    last = 0
    for start, end in _mixed_words(text):
        word = text[start:end]
        if len(word) >= MIN_LEET_CHARS and _LEET_WORD.fullmatch(word):
            pieces += [text[last:start], word.translate(_LEET)]
            last = end
    return "".join([*pieces, text[last:]]) if pieces else text


def _mixed_words(text: str) -> list[tuple[int, int]]:
    """Words of Latin letters and digits in which a letter stands beside a digit that may imitate one."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    letters = (codes >= ord("a")) & (codes <= ord("z"))
    digits = (codes >= ord("0")) & (codes <= ord("9"))
    leet = digits & _LEET_DIGITS[np.minimum(codes, 0x7F)]
    beside = np.flatnonzero((letters[:-1] & leet[1:]) | (leet[:-1] & letters[1:]))
    if not len(beside):
        return []
    edges = np.flatnonzero(np.diff(np.concatenate(([False], letters | digits, [False]))))
    words = np.unique(np.searchsorted(edges[::2], beside, side="right") - 1)
    return [(int(start), int(end)) for start, end in zip(edges[::2][words], edges[1::2][words], strict=True)]


@lru_cache(maxsize=1)
def _syllables() -> tuple[NDArray[np.uint32], dict[str, int]]:
    """For each code point its most common syllable without tone (others stay themselves), and syllables by name."""
    from pypinyin.pinyin_dict import pinyin_dict

    table = np.arange(0x110000, dtype=np.uint32)
    names: dict[str, int] = {}
    for code, readings in pinyin_dict.items():
        if 0x3400 <= code < 0xA000:
            name = _toneless(readings.split(",")[0])
            table[code] = SYLLABLES_BASE + names.setdefault(name, len(names))
    return table, names


@lru_cache(maxsize=1)
def _sounds() -> Written:
    """The syllables of `_syllables` for `str.translate`."""
    return Written(_syllables()[0])


_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")


def _toneless(reading: str) -> str:
    return reading.translate(_TONES)


def as_sound(text: str) -> str:
    """Each ideograph as the character of its syllable, the rest as it is; the length stays."""
    if len(text) <= SHORT_CHARS:
        return text.translate(_sounds())
    table, _ = _syllables()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return table[codes].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def as_pinyin(text: str) -> str:
    """The toneless pinyin of a text without spaces: 保本 is baoben; what has no syllable stays."""
    from pypinyin.pinyin_dict import pinyin_dict

    return "".join(
        _toneless(pinyin_dict[ord(letter)].split(",")[0]) if ord(letter) in pinyin_dict else letter for letter in text
    )
