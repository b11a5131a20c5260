"""What the classifier sees of a request: hashed n-grams, concepts and their pairs, shape, the sense of its words."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import combinations, pairwise

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
FEW_PARTS = 16
"""So many concepts and marks are paired one by one; more are paired by arrays."""
_MIX, _MIX_AGAIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_SHIFT_FIRST, _SHIFT_AGAIN = np.uint64(29), np.uint64(32)
_BUCKET_BITS = np.uint64(BUCKETS - 1)
_TINY = np.float32(1e-6)
_ROLL = np.uint64(0x100000001B3)
_TRAIT_SEEDS = (102, 103, 104)
_QUESTION = re.compile(r"[?？吗呢]|怎么|如何|什么|哪|几|多少|是否|能不能")
_QUOTED = re.compile(r"[“\"「『《].{2,40}?[”\"」』》]")
_PLACEHOLDER = re.compile(r"〔[^〕]{1,8}〕|\*{3,}")
_LATIN = re.compile(r"[a-z]{3,}")


@lru_cache(maxsize=1)
def concepts() -> tuple[tuple[str, ...], aho.AhoCorasick, tuple[int, ...]]:
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
    return tuple(names), automaton, tuple(words.values())


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
    traits = _traits(joined, reading)
    codes = np.frombuffer(f"^{joined}$".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    seeds = _gram_seeds(len(codes))
    count = len(seeds)
    mixed = np.empty(count + len(traits), dtype=np.uint64)
    _write_grams(mixed[:count], codes, seeds)
    mixed[count:] = traits
    buckets = _hashed(mixed)
    # Both kinds are made distinct in one pass, those of the concepts above those of the characters.
    buckets[count:] += BUCKETS
    distinct = _distinct(buckets)
    grams = int(distinct.searchsorted(BUCKETS))
    return Features(distinct[:grams], distinct[grams:] - BUCKETS, _sense(joined))


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
    found = vectors.take(words, axis=0)
    mean, most = np.add.reduce(found, axis=0) / np.float32(len(words)), np.maximum.reduce(found, axis=0)
    sense = np.empty(SENSE_WIDTH, dtype=np.float32)
    np.divide(mean, np.sqrt(mean.dot(mean)) + _TINY, out=sense[: len(mean)])
    np.divide(most, np.sqrt(most.dot(most)) + _TINY, out=sense[len(mean) :])
    return sense


def _hashed(mixed: NDArray[np.uint64]) -> Buckets:
    """The bucket of each value, made in place."""
    mixed *= _MIX
    mixed ^= mixed >> _SHIFT_FIRST
    mixed *= _MIX_AGAIN
    mixed ^= mixed >> _SHIFT_AGAIN
    mixed &= _BUCKET_BITS
    return mixed.view(np.int64)


def _distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """What `np.unique` gives, without its detours."""
    numbers.sort()
    fresh = np.empty(len(numbers), dtype=np.bool_)
    fresh[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers[fresh]


@lru_cache(maxsize=128)
def _gram_seeds(length: int) -> NDArray[np.uint64]:
    """The seed of each n-gram of a text of so many characters, shape (n-grams,): one for each length of n-grams."""
    counts = [max(0, length - size + 1) for size in range(1, MAX_NGRAM + 1)]
    return np.repeat(np.arange(2, MAX_NGRAM + 2, dtype=np.uint64), counts)


def _write_grams(mixed: NDArray[np.uint64], codes: NDArray[np.uint32], seeds: NDArray[np.uint64]) -> None:
    """Write the n-grams of a text into the places for them, told apart by seeds."""
    length = len(codes)
    mixed[:length] = codes
    single = shorter = mixed[:length]
    start = length
    for size in range(1, min(MAX_NGRAM, length)):
        longer = mixed[start : start + length - size]
        np.multiply(shorter[:-1], _ROLL, out=longer)
        longer += single[size:]
        shorter = longer
        start += length - size
    mixed += seeds


@lru_cache(maxsize=128)
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places of every pair of `count` things."""
    left, right = np.triu_indices(count, k=1)
    return left, right


def _traits(joined: str, reading: Reading) -> NDArray[np.uint64] | list[int]:
    """Concepts and shape, their pairs, and which concept follows which, each kind told apart by its seed."""
    names, automaton, owners = concepts()
    follows = [owners[which] for which, _, _ in automaton.find_matches_as_indexes(joined)]
    parts = [*sorted(set(follows)), *(len(names) + mark for mark in _shape(reading, joined))]
    of_part, of_pair, of_order = _TRAIT_SEEDS
    order = [one * 1_000 + other + of_order for one, other in pairwise(follows)]
    if len(parts) <= FEW_PARTS:
        pairs = [one * 1_000 + other + of_pair for one, other in combinations(parts, 2)]
        return [*(part + of_part for part in parts), *pairs, *order]
    numbers = np.array(parts, dtype=np.uint64)
    left, right = _pairs(len(parts))
    several = numbers[left] * np.uint64(1_000) + numbers[right] + np.uint64(of_pair)
    return np.concatenate((numbers + np.uint64(of_part), several, np.array(order, dtype=np.uint64)))


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
