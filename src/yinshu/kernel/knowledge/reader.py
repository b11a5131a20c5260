"""Reads the question and the best clauses token against token: which clause answers, and which of its sentences.

The tokens come from the embedding model and are kept with a clause's vector; what is learnt here is small: each token
looks at the tokens of the other side once (co-attention, as in Seo et al., 2017), and what it finds is pooled into one
score for the clause and one for each sentence. `bench/train_reader.py` makes the weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yinshu.kernel.gateway import TokenStates

Floats = NDArray[np.float32]
Span = tuple[int, int]

WEIGHTS_FILE = "reader.npz"
NORM_EPSILON = 1e-5
GELU_SCALE = 0.7978845608028654
GELU_CUBE = 0.044715
LENGTH_MIN = 1e-6


@dataclass(frozen=True)
class Reading:
    """How well a clause answers, and each of its units inside it, as logits; comparable within one question."""

    clause: float
    units: tuple[float, ...]


@dataclass(frozen=True)
class _Pair:
    """The tokens of a question and of all clauses, one after the other; `starts` is where each clause begins."""

    question: Floats
    clauses: Floats
    starts: NDArray[np.int64]
    owners: NDArray[np.int64]


@dataclass(frozen=True)
class Reader:
    """The learnt weights by name, matrices as (inputs, outputs)."""

    weights: Mapping[str, Floats]

    def read(
        self, question: TokenStates, passages: Sequence[TokenStates], units: Sequence[Sequence[Span]]
    ) -> list[Reading]:
        """One reading per passage. `units` are the spans of characters of each passage's units, in its own text.

        A passage needs at least one token; the question too.
        """
        if not passages:
            return []
        sizes = [len(one.ends) for one in passages]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        owners = np.repeat(np.arange(len(sizes)), sizes)
        pair = _Pair(question.floats(), np.concatenate([one.floats() for one in passages]), starts, owners)
        asked, said = self._meet(pair)
        whole = asked.mean(axis=1)
        pooled = [np.maximum.reduceat(said, starts, axis=0), asked.max(axis=1), asked.min(axis=1), whole]
        clauses = self._score("k", np.concatenate(pooled, axis=1))
        readings = []
        for number, passage in enumerate(passages):
            rows = said[starts[number] : starts[number] + sizes[number]]
            readings.append(Reading(float(clauses[number]), self._units(rows, passage, units[number], whole[number])))
        return readings

    def _meet(self, pair: _Pair) -> tuple[Floats, Floats]:
        """Question tokens as each clause shows them, shape (clauses, tokens, d), and clause tokens, shape (all, d)."""
        near = _unit(pair.question) @ _unit(pair.clauses).T
        asked = self._norm("nq", self._linear("pq", pair.question))
        said = self._norm("nc", self._linear("pc", pair.clauses))
        nearest = np.maximum.reduceat(near, pair.starts, axis=1).T
        asked = asked[None] + self._match(nearest)
        said = said + self._match(near.max(axis=0))
        keys = self._linear("layers.0.ck", said)
        wanted = self._linear("layers.0.cq", asked) / np.float32(math.sqrt(keys.shape[1]))
        scores = np.einsum("nqd,nd->qn", wanted[pair.owners], keys, optimize=True)
        by_clause = np.exp(scores - scores.max(axis=0))
        by_clause /= by_clause.sum(axis=0)
        by_question = np.exp(scores - np.maximum.reduceat(scores, pair.starts, axis=1)[:, pair.owners])
        by_question /= np.add.reduceat(by_question, pair.starts, axis=1)[:, pair.owners]
        told = np.einsum("qn,nqd->nd", by_clause, self._linear("layers.0.cv", asked)[pair.owners], optimize=True)
        values = self._linear("layers.0.cv", said)
        heard = np.stack(
            [by_question[:, begin:end] @ values[begin:end] for begin, end in _ranges(pair.starts, len(values))]
        )
        return self._mix("g", "lq", asked, heard), self._mix("f", "ln", said, told)

    def _units(self, rows: Floats, passage: TokenStates, units: Sequence[Span], whole: Floats) -> tuple[float, ...]:
        if not units:
            return ()
        pooled = []
        for unit in units:
            first, last = token_range(passage.ends, unit)
            own = rows[first:last]
            pooled.append(np.concatenate([own.mean(axis=0), own.max(axis=0), whole]))
        return tuple(float(value) for value in self._score("u", np.stack(pooled)))

    def _match(self, near: Floats) -> Floats:
        return self._linear("match", np.stack([near, near * near * near * near], axis=-1))

    def _mix(self, name: str, norm: str, own: Floats, other: Floats) -> Floats:
        both = np.concatenate([own, other, own * other, own - other], axis=-1)
        inner = _gelu(self._linear(f"layers.0.{name}1", both))
        return self._norm(f"layers.0.{norm}", own + self._linear(f"layers.0.{name}2", inner))

    def _score(self, name: str, rows: Floats) -> Floats:
        return self._linear(f"{name}2", _gelu(self._linear(f"{name}1", rows)))[:, 0]

    def _linear(self, name: str, rows: Floats) -> Floats:
        found: Floats = rows @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return found

    def _norm(self, name: str, rows: Floats) -> Floats:
        middle = rows - rows.mean(axis=-1, keepdims=True)
        spread = np.sqrt((middle * middle).mean(axis=-1, keepdims=True) + np.float32(NORM_EPSILON))
        found: Floats = middle / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return found


@lru_cache(maxsize=1)
def shipped_reader() -> Reader:
    """The reader that comes with the house."""
    with as_file(files("yinshu.kernel.knowledge") / "weights" / WEIGHTS_FILE) as path:
        return read_reader(path)


def read_reader(path: Path) -> Reader:
    """A reader from the file of `bench/train_reader.py`."""
    with np.load(path) as stored:
        return Reader({name: stored[name].astype(np.float32) for name in stored.files})


def token_range(ends: NDArray[np.uint16], span: Span) -> Span:
    """The tokens, at least one, that hold the characters from the first of `span` up to, without, its second."""
    first = min(int(np.searchsorted(ends, span[0], "right")), len(ends) - 1)
    last = int(np.searchsorted(ends, span[1], "left")) + 1
    return first, min(max(first + 1, last), len(ends))


def _ranges(starts: NDArray[np.int64], total: int) -> list[Span]:
    ends = [*starts[1:].tolist(), total]
    return list(zip(starts.tolist(), ends, strict=True))


def _unit(rows: Floats) -> Floats:
    found: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), LENGTH_MIN)
    return found


def _gelu(values: Floats) -> Floats:
    """GELU in its tanh form, as in training."""
    bent = np.tanh(np.float32(GELU_SCALE) * (values + np.float32(GELU_CUBE) * values * values * values))
    found: Floats = (np.float32(0.5) * values * (np.float32(1.0) + bent)).astype(np.float32)
    return found
