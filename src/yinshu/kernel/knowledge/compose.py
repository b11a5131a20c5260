"""The extractive composer: the shortest set of exact sentences that answers every part of a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from yinshu.kernel.knowledge.question import Question
from yinshu.kernel.knowledge.records import Hit
from yinshu.kernel.knowledge.select import Candidate
from yinshu.kernel.knowledge.sentences import Unit, split_units

TARGET_CHARS = 200
"""An answer grows up to this while further sentences may answer; only what must stand together goes beyond."""
LIMIT_CHARS = 400
CLAUSES_MAX = 3
WORTH_SHOWING = 0.03
"""A sentence less likely than this to answer is left out."""
FILLING = 0.06
"""A sentence at most so likely to answer is there because there was room; a model may leave it out."""
SECOND_THING = 0.15
"""When the same is asked of several things (分别, 各), a sentence this likely may speak of another of them."""
ANOTHER_DOCUMENT = 0.25
"""A sentence of a further document must be at least this likely to answer: a wrong source beside the right one costs
more trust than its words are worth."""
LEAD_CHARS = 60
LIST_CHARS = 260
"""A list up to this length is shown whole with its opening sentence."""

_ARTICLE_MARK = re.compile(r"^第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十]+)?[\s\u3000]*")
_ANSWER_MARK = re.compile(r"^答[：:]\s*")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Scored:
    """A candidate with the probability that it answers its part: that of its clause times its own inside the clause."""

    candidate: Candidate
    probability: float


@dataclass(frozen=True)
class Passage:
    """What will be shown of one clause: `text` is shown, `quotes` are the exact pieces of the clause it is made of, and
    `filling` those of them that are there because there was room."""

    hit: Hit
    text: str
    quotes: tuple[str, ...]
    units: tuple[int, ...]
    parts: frozenset[int]
    probability: float
    filling: tuple[str, ...] = ()


def choose(question: Question, scored: Sequence[Scored], *, target: int = TARGET_CHARS) -> list[Passage]:
    """The passages of an extractive answer, in the order of the evidence; empty when nothing was scored."""
    ranked = sorted(scored, key=lambda item: -item.probability)
    if not ranked:
        return []
    draft = _Draft()
    for number in range(len(question.parts)):
        best = next((item for item in ranked if item.candidate.part == number), None)
        if best is not None and best.probability > WORTH_SHOWING / 2:
            draft.add(best, LIMIT_CHARS)
    draft.add(ranked[0], LIMIT_CHARS)
    for item in ranked:
        if item.probability < WORTH_SHOWING:
            break
        draft.add(item, LIMIT_CHARS if question.distributes and item.probability >= SECOND_THING else target)
    return draft.passages()


def shown_length(texts: Iterable[str]) -> int:
    """Characters of the answer, white space not counted."""
    return sum(len(_SPACE.sub("", text)) for text in texts)


@dataclass
class _Chosen:
    hit: Hit
    units: tuple[Unit, ...]
    wanted: set[int] = field(default_factory=set)
    parts: set[int] = field(default_factory=set)
    probability: float = 0.0
    likely: set[int] = field(default_factory=set)
    """Units that are shown because they may answer, and those that these cannot stand without."""


class _Draft:
    """The answer as it grows, clause by clause."""

    def __init__(self) -> None:
        self._clauses: dict[int, _Chosen] = {}
        self._length = 0

    def add(self, item: Scored, limit: int) -> None:
        """Take a unit in with what it cannot stand without, unless the answer gets too long or says it already."""
        candidate = item.candidate
        known = self._clauses.get(candidate.rank)
        if known is None and (len(self._clauses) >= CLAUSES_MAX or self._strays(item)):
            return
        chosen = known or _Chosen(candidate.hit, split_units(candidate.hit.clause.text))
        needed = _needed(chosen.units, candidate.unit) - chosen.wanted
        cost = shown_length(_plain(chosen.units[index]) for index in needed)
        if needed and self._clauses and (self._length + cost > limit or (known is None and self._said(candidate.unit))):
            return
        self._clauses[candidate.rank] = chosen
        self._length += cost
        chosen.wanted |= needed
        if item.probability > FILLING:
            chosen.likely |= _needed(chosen.units, candidate.unit)
        chosen.parts.add(candidate.part)
        chosen.probability = max(chosen.probability, item.probability)

    def _strays(self, item: Scored) -> bool:
        """Whether the item leads to a further document and is not likely enough to answer."""
        documents = {chosen.hit.clause.version.document_id for chosen in self._clauses.values()}
        further = bool(documents) and item.candidate.hit.clause.version.document_id not in documents
        return further and item.probability < ANOTHER_DOCUMENT

    def _said(self, unit: Unit) -> bool:
        words = _SPACE.sub("", _plain(unit))
        return any(
            words in _SPACE.sub("", _plain(chosen.units[index]))
            for chosen in self._clauses.values()
            for index in chosen.wanted
        )

    def passages(self) -> list[Passage]:
        return [_passage(chosen) for _, chosen in sorted(self._clauses.items())]


def _needed(units: Sequence[Unit], unit: Unit) -> set[int]:
    """The unit, the sentence that governs it, and the items it governs when they are short enough."""
    needed = {unit.index}
    if unit.lead is not None:
        needed.add(unit.lead)
    if unit.items and shown_length(units[index].text for index in unit.items) <= LIST_CHARS:
        needed.update(unit.items)
    return needed


def _passage(chosen: _Chosen) -> Passage:
    wanted = sorted(chosen.wanted)
    pieces = [_plain(chosen.units[index]) for index in wanted]
    lead = chosen.hit.clause.lead
    if lead and chosen.units[wanted[0]].kind == "item" and len(lead) <= LEAD_CHARS:
        pieces.insert(0, lead)
    between = "\n" if chosen.hit.clause.kind == "table" else ""
    filling = tuple(_plain(chosen.units[index]) for index in wanted if index not in chosen.likely)
    return Passage(
        chosen.hit,
        between.join(pieces),
        tuple(pieces),
        tuple(wanted),
        frozenset(chosen.parts),
        chosen.probability,
        filling,
    )


def _plain(unit: Unit) -> str:
    """The unit's words without the article number, which the citation shows."""
    return _ANSWER_MARK.sub("", _ARTICLE_MARK.sub("", unit.text)).strip()
