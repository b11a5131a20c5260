"""What the classifier sees of a request: hashed n-grams, concepts and their pairs, shape, the sense of its words."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import ahocorasick_rs as aho
import numpy as np
from numpy.typing import NDArray

from yinshu.kernel.guard.normalise import Reading

Buckets = NDArray[np.int64]
Floats = NDArray[np.float32]
BUCKETS = 1 << 17
SENSE_WIDTH = 192
MAX_NGRAM = 4
HEAD_CHARS = 360
TAIL_CHARS = 160
"""A longer request is judged by its head and its tail: that is where one says what one wants."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_GRAM_SEEDS = range(1, MAX_NGRAM + 1)
_TRAIT_SEEDS = (101, 102, 103)
_QUESTION = re.compile(r"[?？吗呢]|怎么|如何|什么|哪|几|多少|是否|能不能")
_QUOTED = re.compile(r"[“\"「『《].{2,40}?[”\"」』》]")
_PLACEHOLDER = re.compile(r"〔[^〕]{1,8}〕|\*{3,}")
_LATIN = re.compile(r"[a-z]{3,}")


@lru_cache(maxsize=1)
def concepts() -> tuple[tuple[str, ...], aho.AhoCorasick, NDArray[np.int64]]:
    """Names of the concepts, the automaton of their words, and the concept of each word."""
    text = files("yinshu.kernel.guard").joinpath("lexicons/concepts.txt").read_text(encoding="utf-8")
    names: list[str] = []
    words: dict[str, int] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, *members = line.split()
        if name not in names:
            names.append(name)
        for word in members:
            words.setdefault(word, names.index(name))
    automaton = aho.AhoCorasick(list(words), matchkind=aho.MatchKind.LeftmostLongest)
    return tuple(names), automaton, np.array(list(words.values()), dtype=np.int64)


@dataclass(frozen=True)
class Features:
    """Distinct bucket numbers of a text, shape (n,): of its characters and of its concepts; and the sense of its words, shape (SENSE_WIDTH,)."""  # noqa: E501

    grams: Buckets = field(repr=False)
    traits: Buckets = field(repr=False)
    sense: Floats = field(repr=False)


def features(text: str, read: Reading | None = None) -> Features:
    """The features of a request in any disguise; the same for training and use. `read` is its reading, if at hand."""
    reading = read or Reading(text)
    joined = reading.unleeted.text if reading.unleeted is not None else reading.joined.text
    if len(joined) > HEAD_CHARS + TAIL_CHARS:
        joined = joined[:HEAD_CHARS] + joined[-TAIL_CHARS:]
    return Features(_grams(joined), _traits(joined, reading), _sense(joined))


@lru_cache(maxsize=1)
def _vectors() -> tuple[aho.AhoCorasick, Floats]:
    """Word vectors, shape (words, SENSE_WIDTH / 2), and the automaton that cuts a text into these words."""
    data = files("yinshu.kernel.guard").joinpath("word_vectors.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as held:
        vectors: Floats = held["vectors"].astype(np.float32) * np.float32(held["scale"])
        words = str(held["words"]).split("\n")
    return aho.AhoCorasick(words, matchkind=aho.MatchKind.LeftmostLongest), vectors


def _sense(joined: str) -> Floats:
    """Mean and maximum of the vectors of the words of a text, each of length 1; zeros when no word is known."""
    automaton, vectors = _vectors()
    words = [which for which, _, _ in automaton.find_matches_as_indexes(joined)]
    if not words:
        return np.zeros(SENSE_WIDTH, dtype=np.float32)
    found = vectors[words]
    mean, most = np.add.reduce(found, axis=0) / np.float32(len(words)), np.maximum.reduce(found, axis=0)
    parts = (mean / (np.sqrt(mean.dot(mean)) + 1e-6), most / (np.sqrt(most.dot(most)) + 1e-6))
    return np.concatenate(parts).astype(np.float32)


def _hash(values: Sequence[NDArray[np.uint64]], seeds: Sequence[int]) -> Buckets:
    """The distinct buckets of several arrays, each hashed with a seed of its own, ascending."""
    sizes = [len(part) for part in values]
    mixed = np.concatenate(values)
    mixed += np.repeat(np.array(seeds, dtype=np.uint64) + np.uint64(1), sizes)
    mixed *= _MIX
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    buckets = (mixed & np.uint64(BUCKETS - 1)).astype(np.int64)
    return _distinct(buckets)


def _distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """What `np.unique` gives, without its detours."""
    numbers.sort()
    fresh = np.empty(len(numbers), dtype=np.bool_)
    fresh[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers[fresh]


def _grams(joined: str) -> Buckets:
    codes = np.frombuffer(f"^{joined}$".encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    parts = [codes]
    for size in range(2, MAX_NGRAM + 1):
        rolling = parts[-1]
        longer = rolling[:-1] * np.uint64(0x100000001B3) + codes[size - 1 :] if len(rolling) > 1 else rolling[:0]
        parts.append(longer)
    return _hash(parts, _GRAM_SEEDS)


@lru_cache(maxsize=128)
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places of every pair of `count` things."""
    left, right = np.triu_indices(count, k=1)
    return left, right


def _traits(joined: str, reading: Reading) -> Buckets:
    names, automaton, owners = concepts()
    matches = automaton.find_matches_as_indexes(joined)
    follows = owners[[which for which, _, _ in matches]] if matches else np.zeros(0, dtype=np.int64)
    shape = np.array([len(names) + mark for mark in _shape(reading, joined)], dtype=np.int64)
    parts = np.concatenate((_distinct(follows.copy()), shape)).astype(np.uint64)
    left, right = _pairs(len(parts))
    pairs = parts[left] * np.uint64(1_000) + parts[right]
    order = (follows[:-1] * 1_000 + follows[1:]).astype(np.uint64)
    return _hash((parts, pairs, order), _TRAIT_SEEDS)


def _shape(reading: Reading, joined: str) -> list[int]:
    lower = reading.lower.text
    marks = [min(3, len(joined) // 40)]
    if _QUESTION.search(lower):
        marks.append(4)
    if _QUOTED.search(lower):
        marks.append(5)
    if _PLACEHOLDER.search(lower):
        marks.append(6)
    if len(_LATIN.findall(lower)) > 4:
        marks.append(7)
    return marks
