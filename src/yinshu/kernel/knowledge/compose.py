"""The extractive composer: the shortest set of exact sentences that answers every part of a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yinshu.kernel.knowledge.question import Question
from yinshu.kernel.knowledge.records import Hit
from yinshu.kernel.knowledge.select import Candidate
from yinshu.kernel.knowledge.sentences import Unit, split_units

TARGET_CHARS = 200
LIMIT_CHARS = 400
LEAD_CHARS = 60
SECOND_SHARE = 0.45
"""A further sentence is added while it is at least this share as likely as the first of its part."""
LIST_ITEM_CHARS = 40
MIN_ITEM_CHARS = 6

_ARTICLE_MARK = re.compile(r"^第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十]+)?[\s\u3000]*")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Scored:
    """A candidate with the probability that it answers its part."""

    candidate: Candidate
    probability: float


@dataclass(frozen=True)
class Passage:
    """What will be shown of one clause: `text` is shown, `quotes` are the exact pieces of the clause it is made of."""

    hit: Hit
    text: str
    quotes: tuple[str, ...]
    units: tuple[int, ...]
    parts: frozenset[int]
    probability: float


def choose(question: Question, scored: Sequence[Scored], *, target: int = TARGET_CHARS) -> list[Passage]:
    """The passages of an extractive answer, best part by part, within `LIMIT_CHARS`; empty when nothing was scored."""
    chosen: list[Passage] = []
    ranked = sorted(scored, key=lambda item: -item.probability)
    for number in range(len(question.parts)):
        mine = [item for item in ranked if item.candidate.part == number]
        if mine:
            _add(chosen, _passage(question, mine[0]), LIMIT_CHARS)
    for item in ranked:
        if not chosen:
            break
        first = max((passage.probability for passage in chosen if item.candidate.part in passage.parts), default=1.0)
        if item.probability < SECOND_SHARE * first:
            continue
        _add(chosen, _passage(question, item), target)
    return chosen


def shown_length(passages: Sequence[Passage]) -> int:
    """Characters of the answer, white space not counted."""
    return sum(len(_SPACE.sub("", passage.text)) for passage in passages)


def _add(chosen: list[Passage], new: Passage, limit: int) -> bool:
    """Put a passage in, merged with one that holds it or is held by it; False when it does not fit."""
    for index, old in enumerate(chosen):
        if old.hit.clause.clause_id != new.hit.clause.clause_id:
            if _same_words(old.text, new.text):
                return False
            continue
        if set(new.units) <= set(old.units):
            chosen[index] = _with_parts(old, new)
            return True
        if set(old.units) <= set(new.units) or set(old.units) & set(new.units):
            merged = _with_parts(_render(new.hit, sorted({*old.units, *new.units}), new.probability, new.parts), old)
            rest = shown_length([other for place, other in enumerate(chosen) if place != index])
            if rest + shown_length([merged]) > limit:
                return False
            chosen[index] = merged
            return True
    if chosen and shown_length(chosen) + shown_length([new]) > limit:
        return False
    chosen.append(new)
    return True


def _same_words(left: str, right: str) -> bool:
    one, other = _SPACE.sub("", left), _SPACE.sub("", right)
    return one in other or other in one


def _with_parts(passage: Passage, other: Passage) -> Passage:
    return Passage(
        passage.hit,
        passage.text,
        passage.quotes,
        passage.units,
        passage.parts | other.parts,
        max(passage.probability, other.probability),
    )


def _passage(question: Question, item: Scored) -> Passage:
    unit = item.candidate.unit
    units = split_units(item.candidate.hit.clause.text)
    wanted = [unit.index]
    if unit.items:
        wanted += list(unit.items)
    elif unit.lead is not None:
        wanted = [unit.lead, unit.index]
    return _render(item.candidate.hit, wanted, item.probability, frozenset({item.candidate.part}), units)


def _render(
    hit: Hit, wanted: Sequence[int], probability: float, parts: frozenset[int], units: tuple[Unit, ...] | None = None
) -> Passage:
    units = units if units is not None else split_units(hit.clause.text)
    pieces = [_plain(units[index]) for index in wanted]
    length = sum(map(len, pieces))
    if length > LIMIT_CHARS:
        pieces = _shortened(pieces)
    if hit.clause.lead and units[wanted[0]].kind == "item" and len(hit.clause.lead) <= LEAD_CHARS:
        pieces.insert(0, hit.clause.lead)
    return Passage(hit, "".join(pieces), tuple(pieces), tuple(wanted), parts, probability)


def _plain(unit: Unit) -> str:
    """The unit's words without the article number, which the citation shows."""
    return _ARTICLE_MARK.sub("", unit.text).strip()


def _shortened(pieces: Sequence[str]) -> list[str]:
    """A long list by the first words of each item, so that every item is named."""
    short = [pieces[0]]
    for piece in pieces[1:]:
        head = re.match(rf"[^，。；,;]{{{MIN_ITEM_CHARS},{LIST_ITEM_CHARS}}}", piece)
        short.append(f"{head.group().rstrip()}；" if head else piece[:LIST_ITEM_CHARS])
    kept: list[str] = []
    for piece in short:
        if sum(map(len, kept)) + len(piece) > LIMIT_CHARS:
            break
        kept.append(piece)
    return kept
