"""A second reading: what the quick classifier leaves uncertain is read by a network that sees whole sentences."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Protocol

from yinshu.kernel.guard.classifier import LinearClassifier, Risk, judged_parts
from yinshu.kernel.guard.normalise import Reading

CERTAIN_SCORE = 0.5
"""The most that is said of a request that was not read again; below every threshold."""
READER_MOST = 4.0
"""Log odds of the reader count up to here: it is trained on targets that are never surer."""


QUICK_SURE = 0.94
"""From this score on the reader cannot veto the quick classifier; above every score of the shipped policies."""
LETTERS_BETWEEN_MARKS = 4
"""Ordinary writing has at least this many ideographs to a mark or space; a request cut finer is also read mended."""
_IDEOGRAPH = "[\u3400-\u4dbf\u4e00-\u9fff]"
_LETTER = re.compile(_IDEOGRAPH)
_MARKS = re.compile(rf"(?<={_IDEOGRAPH})[\W_]+(?={_IDEOGRAPH})")
_SPELT_OUT = re.compile(rf"(?:{_IDEOGRAPH}[\W_]+){{3}}{_IDEOGRAPH}")


class TakesTime(Exception):
    """A second reading is needed, and the caller asked not to wait: it asks again where waiting holds up nobody."""


class RequestReader(Protocol):
    """A network that reads a request; it runs in this process and takes tens of milliseconds."""

    @property
    def version(self) -> str: ...

    def odds(self, text: str, /) -> float:
        """Log odds that the request asks for harm."""
        ...


@dataclass(frozen=True, slots=True)
class Blend:
    """How two readings make one: log odds = quick * `quick` + reader * `reader` + `bias`.

    Requests to which the quick classifier gives odds below `least` are not read again: on held-out requests next to no
    attack was found there.
    """

    quick: float
    reader: float
    bias: float
    least: float = -math.inf

    def together(self, quick: float, reader: float) -> float:
        """Log odds of both readings."""
        return quick * self.quick + max(-READER_MOST, min(READER_MOST, reader)) * self.reader + self.bias

    def least_quick(self, odds: float) -> float:
        """Below these odds of the quick classifier a request is not read again: no word of the reader brings both to
        `odds`, or none was seen to."""
        return max(self.least, (odds - self.reader * READER_MOST - self.bias) / self.quick)


@dataclass(frozen=True, slots=True)
class _NotNow:
    """Stands for a reader where nobody may wait."""

    version: str

    def odds(self, _text: str) -> float:
        raise TakesTime


@dataclass(frozen=True)
class TwiceRead:
    """The quick classifier, and a reader for what it leaves uncertain. Any thread may ask."""

    first: LinearClassifier = field(repr=False)
    reader: RequestReader = field(repr=False)
    blend: Blend

    @property
    def version(self) -> str:
        return f"{self.first.version}+{self.reader.version}"

    @property
    def threshold(self) -> float:
        return self.first.threshold

    def at_once(self) -> TwiceRead:
        """The same for a caller who must not wait: raises TakesTime where it would read a second time."""
        return replace(self, reader=_NotNow(self.reader.version))

    def judge(self, text: str, read: Reading | None = None) -> Risk:
        """The higher of the risks of the whole request and, when it is long, of its last paragraph."""
        return max((self._judge(part, read if part is text else None) for part in judged_parts(text)), key=_probability)

    def _judge(self, text: str, read: Reading | None) -> Risk:
        reading = read or Reading(text)
        seen = self.first.seen(text, reading)
        odds = self.first.odds(seen)
        quick = self.first.scored(odds)
        if quick >= max(QUICK_SURE, self.threshold):
            return Risk(quick, self.first.category(seen))
        if odds < self.blend.least_quick(math.log(self.threshold / (1.0 - self.threshold))):
            return Risk(min(quick, CERTAIN_SCORE), "")
        both = self.blend.together(odds, max(map(self.reader.odds, forms_read(reading))))
        probability = 1.0 / (1.0 + math.exp(-min(30.0, max(-30.0, both))))
        return Risk(probability, self.first.category(seen) if probability >= self.threshold else "")


def forms_read(reading: Reading) -> tuple[str, ...]:
    """What the reader reads of a request: the text as written, and without its disguise when it wears one."""
    plain = reading.plain.text
    letters = "".join(filter(str.isalnum, reading.lower.text))
    if _cut_up(plain) or letters != reading.joined.text:
        return reading.original, reading.joined.text
    if any(unicodedata.category(letter) == "Cf" for letter in reading.original):
        return reading.original, plain
    return (reading.original,)


def _cut_up(text: str) -> bool:
    """Whether marks or spaces stand between single ideographs, or more of them than in ordinary writing."""
    marks = len(_MARKS.findall(text))
    return marks * LETTERS_BETWEEN_MARKS > len(_LETTER.findall(text)) or _SPELT_OUT.search(text) is not None


def _probability(risk: Risk) -> float:
    return risk.probability


def read_blend(text: str) -> Blend:
    """A blend from the JSON that `bench/guard/blend.py` writes."""
    held = json.loads(text)
    return Blend(*(float(held[name]) for name in ("quick", "reader", "bias", "least")))


@lru_cache(maxsize=1)
def default_blend() -> Blend:
    """The blend shipped."""
    return read_blend(files("yinshu.kernel.guard").joinpath("second_reading.json").read_text(encoding="utf-8"))
