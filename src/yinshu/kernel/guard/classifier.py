"""The in-process classifier of requests: how likely one asks for harm, and which risk it comes closest to."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from yinshu.kernel.guard.features import BUCKETS, Buckets, features
from yinshu.kernel.guard.normalise import Reading

Floats = NDArray[np.float32]
LONG_CHARS = 180
"""From here on the last paragraph of a request is judged by itself as well."""
LEAST_LAST_CHARS, LEAST_BEFORE_CHARS = 6, 20
CATEGORY_BUCKETS = 1 << 14


@dataclass(frozen=True, slots=True)
class Risk:
    """`probability` (0 to 1) that a request asks for harm; `category` is a risk or OWASP code, "" below the threshold."""  # noqa: E501

    probability: float
    category: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Bucket numbers and values of a text, shape (n,), and the sense of its words."""

    rows: Buckets
    values: Floats
    sense: Floats


class RequestClassifier(Protocol):
    """What the guard needs of a classifier; it runs in this process and names itself for the ledger."""

    @property
    def version(self) -> str: ...

    @property
    def threshold(self) -> float: ...

    def judge(self, text: str, read: Reading | None = None) -> Risk:
        """The risk of a request; `read` is its reading, if at hand."""
        ...


@dataclass(frozen=True)
class LinearClassifier:
    """Logistic regression over hashed features, see bench/guard/train.py for how its weights are made.

    `slope` and `shift` set the log odds so that the scores mean the same as those of a request that is read twice.
    """

    version: str
    threshold: float
    weights: Floats = field(repr=False)
    sense_weights: Floats = field(repr=False)
    bias: float
    categories: tuple[str, ...]
    category_weights: Floats = field(repr=False)
    category_bias: Floats = field(repr=False)
    slope: float = 1.0
    shift: float = 0.0

    def judge(self, text: str, read: Reading | None = None) -> Risk:
        """The higher of the risks of the whole request and, when it is long, of its last paragraph."""
        return max(
            (self._judge(part, read if part is text else None) for part in judged_parts(text)),
            key=lambda found: found.probability,
        )

    def _judge(self, text: str, read: Reading | None) -> Risk:
        seen = self.seen(text, read)
        probability = self.scored(self.odds(seen))
        return Risk(probability, self.category(seen) if probability >= self.threshold else "")

    def seen(self, text: str, read: Reading | None = None) -> Seen:
        """What this classifier sees of a text."""
        found = features(text, read)
        rows, values = weigh(found.grams, found.traits)
        return Seen(rows, values, found.sense)

    def odds(self, seen: Seen) -> float:
        """Log odds that a request asks for harm, as trained."""
        return float(self.weights.take(seen.rows) @ seen.values) + float(self.sense_weights @ seen.sense) + self.bias

    def scored(self, odds: float) -> float:
        """The probability that stands for these log odds in verdicts and policies."""
        return 1.0 / (1.0 + math.exp(-min(30.0, max(-30.0, odds * self.slope + self.shift))))

    def category(self, seen: Seen) -> str:
        """The risk that a harmful request comes closest to."""
        scores = self.category_weights[:, seen.rows % CATEGORY_BUCKETS] @ seen.values + self.category_bias
        return self.categories[int(np.argmax(scores))]


def judged_parts(text: str) -> tuple[str, ...]:
    """What is judged by itself: the text, and of a long one its last paragraph too."""
    if len(text) > LONG_CHARS:
        last = text.strip().rsplit("\n", 1)[-1]
        if LEAST_LAST_CHARS <= len(last) < len(text) - LEAST_BEFORE_CHARS:
            return text, last
    return (text,)


def weigh(grams: Buckets, traits: Buckets) -> tuple[Buckets, Floats]:
    """Bucket numbers and values of one text: each half has length 1, so long texts weigh no more than short ones."""
    values = np.empty(len(grams) + len(traits), dtype=np.float32)
    values[: len(grams)] = 1.0 / math.sqrt(max(1, len(grams)))
    values[len(grams) :] = 1.0 / math.sqrt(max(1, len(traits)))
    return np.concatenate((grams, traits)), values


def read_weights(data: bytes) -> LinearClassifier:
    """A classifier from the bytes of its npz file."""
    with np.load(io.BytesIO(data), allow_pickle=False) as held:
        scale = float(held["scale"])
        weights = held["weights"].astype(np.float32) * scale
        assert weights.shape == (BUCKETS,), "weights of another feature version"
        return LinearClassifier(
            version=str(held["version"]),
            threshold=float(held["threshold"]),
            weights=weights,
            sense_weights=held["sense_weights"].astype(np.float32),
            bias=float(held["bias"]),
            categories=tuple(str(name) for name in held["categories"]),
            category_weights=held["category_weights"].astype(np.float32) * float(held["category_scale"]),
            category_bias=held["category_bias"].astype(np.float32),
            slope=float(held["slope"]) if "slope" in held else 1.0,
            shift=float(held["shift"]) if "shift" in held else 0.0,
        )


@lru_cache(maxsize=1)
def default_classifier() -> LinearClassifier:
    """The classifier shipped."""
    return read_weights(files("yinshu.kernel.guard").joinpath("request_classifier.npz").read_bytes())
