"""How two versions differ: clauses aligned by words and by article, with the ranges of words that differ."""

from __future__ import annotations

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from yinshu.kernel.evidence.overlap import character_pairs
from yinshu.kernel.knowledge.life.records import ReadClause

DiffKind = Literal["same", "added", "removed", "changed"]
Spans = tuple[tuple[int, int], ...]
"""Half-open ranges of characters, in order, not touching."""

SAME_ARTICLE_MIN = 0.3
"""Clauses of the same article are one clause that changed when they share this much of their character pairs."""
SIMILAR_MIN = 0.5
"""Clauses of different articles are one clause that moved when they share this much."""
CHARACTERS_COMPARED_MAX = 4_000_000
"""Pairs of clauses whose lengths multiply to more are compared sentence by sentence."""
CANDIDATES_PER_CLAUSE_MAX = 20
GAP_CLOSED_CHARS = 1
_LABEL = re.compile(
    r"^\s*(?:第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十]+)?|[一二三四五六七八九十]+、)\s*"
)
_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"[^。；;！？\n]*[。；;！？\n]?")


@dataclass(frozen=True)
class DiffRow:
    """One clause in both versions, or in one of them. `moved` says that it stands elsewhere than it did."""

    kind: DiffKind
    old: ReadClause | None
    new: ReadClause | None
    old_spans: Spans = ()
    new_spans: Spans = ()
    moved: bool = False


@dataclass
class _Pairing:
    """Which old clause became which new one, by index."""

    old: Sequence[ReadClause]
    new: Sequence[ReadClause]
    old_words: list[str] = field(init=False)
    new_words: list[str] = field(init=False)
    of_new: dict[int, int] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.old_words = [words_of(clause) for clause in self.old]
        self.new_words = [words_of(clause) for clause in self.new]

    def join(self, old: int, new: int) -> None:
        self.of_new[new] = old
        self.taken.add(old)

    def left_old(self) -> list[int]:
        return [place for place in range(len(self.old)) if place not in self.taken]

    def left_new(self) -> list[int]:
        return [place for place in range(len(self.new)) if place not in self.of_new]


def diff(old: Sequence[ReadClause], new: Sequence[ReadClause]) -> list[DiffRow]:
    """Align two versions. Rows are in the order of the new text, what was removed where it stood.

    Clauses of the same words (their number apart) are one clause, wherever they stand; then those of the same article
    that share enough words, then the most similar ones.
    """
    pairing = _Pairing(old, new)
    _join_same(pairing)
    _join_by_article(pairing)
    _join_by_words(pairing)
    return list(_rows(pairing))


def words_of(clause: ReadClause) -> str:
    """A clause's words without its number and white space."""
    text = clause.text
    if clause.article and text.startswith(clause.article):
        text = text[len(clause.article) :]
    return _SPACE.sub("", _LABEL.sub("", text))


def _join_same(pairing: _Pairing) -> None:
    in_order = SequenceMatcher(None, pairing.old_words, pairing.new_words, autojunk=False)
    for block in in_order.get_matching_blocks():
        for step in range(block.size):
            pairing.join(block.a + step, block.b + step)
    elsewhere: dict[str, list[int]] = defaultdict(list)
    for place in reversed(pairing.left_old()):
        elsewhere[pairing.old_words[place]].append(place)
    for place in pairing.left_new():
        same = elsewhere.get(pairing.new_words[place])
        if same and pairing.new_words[place]:
            pairing.join(same.pop(), place)


def _join_by_article(pairing: _Pairing) -> None:
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place in pairing.left_old():
        named[_named(pairing.old[place])].append(place)
    for place in pairing.left_new():
        clause = pairing.new[place]
        for old in named.get(_named(clause), []) if clause.article else []:
            if (
                old not in pairing.taken
                and _share(pairing.old_words[old], pairing.new_words[place]) >= SAME_ARTICLE_MIN
            ):
                pairing.join(old, place)
                break


def _named(clause: ReadClause) -> tuple[str, str]:
    """What a person would call the clause: its article, and the annex it stands in."""
    annex = clause.path[0] if clause.path and not clause.path[0].startswith("第") else ""
    return annex, clause.article


def _join_by_words(pairing: _Pairing) -> None:
    left = pairing.left_old()
    holders: dict[str, list[int]] = defaultdict(list)
    for place in left:
        for pair in set(character_pairs(pairing.old_words[place])):
            holders[pair].append(place)
    found: list[tuple[float, int, int]] = []
    for new in pairing.left_new():
        sought = set(character_pairs(pairing.new_words[new]))
        shared = Counter(place for pair in sought for place in holders.get(pair, ()))
        for old, _ in shared.most_common(CANDIDATES_PER_CLAUSE_MAX):
            share = _share(pairing.old_words[old], pairing.new_words[new])
            if share >= SIMILAR_MIN:
                found.append((share, old, new))
    for _, old, new in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
        if old not in pairing.taken and new not in pairing.of_new:
            pairing.join(old, new)


def _share(one: str, other: str) -> float:
    """The share of character pairs that two texts have in common (Dice), 0 to 1."""
    first, second = Counter(character_pairs(one)), Counter(character_pairs(other))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else float(one == other)


def _rows(pairing: _Pairing) -> Iterator[DiffRow]:
    in_place = _increasing([(new, old) for new, old in sorted(pairing.of_new.items())])
    next_old = 0
    for new in range(len(pairing.new)):
        old = pairing.of_new.get(new)
        if old is not None and new in in_place:
            yield from _removed(pairing, next_old, old)
            next_old = old + 1
        yield _row(pairing, old, new, moved=old is not None and new not in in_place)
    yield from _removed(pairing, next_old, len(pairing.old))


def _removed(pairing: _Pairing, start: int, stop: int) -> Iterator[DiffRow]:
    for place in range(start, stop):
        if place not in pairing.taken:
            clause = pairing.old[place]
            yield DiffRow("removed", clause, None, old_spans=((0, len(clause.text)),))


def _row(pairing: _Pairing, old: int | None, new: int, *, moved: bool) -> DiffRow:
    clause = pairing.new[new]
    if old is None:
        return DiffRow("added", None, clause, new_spans=((0, len(clause.text)),))
    before = pairing.old[old]
    if pairing.old_words[old] == pairing.new_words[new]:
        return DiffRow("same", before, clause, moved=moved)
    old_spans, new_spans = differing(before.text, clause.text)
    return DiffRow("changed", before, clause, old_spans, new_spans, moved)


def _increasing(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """The new places of the longest run of pairs whose old places rise: what did not move."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for place, (_, old) in enumerate(pairs):
        length = bisect.bisect_left(tails, old)
        tails[length:] = [old, *tails[length + 1 :]]
        ends[length:] = [place, *ends[length + 1 :]]
        before.append(ends[length - 1] if length else -1)
    kept: set[int] = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        kept.add(pairs[place][0])
        place = before[place]
    return kept


def differing(old: str, new: str) -> tuple[Spans, Spans]:
    """The ranges of characters in which two texts differ, in the old and in the new."""
    if len(old) * len(new) > CHARACTERS_COMPARED_MAX:
        return _differing_units(_SENTENCE.findall(old), _SENTENCE.findall(new))
    return _differing_units(old, new)


def _differing_units(old: Sequence[str], new: Sequence[str]) -> tuple[Spans, Spans]:
    """Likewise for texts cut into units; characters are units of their own."""
    starts = [[0], [0]]
    for side, units in enumerate((old, new)):
        for unit in units:
            starts[side].append(starts[side][-1] + len(unit))
    spans: list[list[tuple[int, int]]] = [[], []]
    for tag, *ends in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for side in (0, 1):
            first, last = starts[side][ends[2 * side]], starts[side][ends[2 * side + 1]]
            if last > first:
                spans[side].append((first, last))
    return _closed(spans[0]), _closed(spans[1])


def _closed(spans: Sequence[tuple[int, int]]) -> Spans:
    """The ranges with small gaps between them closed, so that a changed word is one range."""
    closed: list[tuple[int, int]] = []
    for first, last in spans:
        if closed and first - closed[-1][1] <= GAP_CLOSED_CHARS:
            closed[-1] = (closed[-1][0], last)
        else:
            closed.append((first, last))
    return tuple(closed)
