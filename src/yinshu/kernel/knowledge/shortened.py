"""An extractive answer shortened by a small model: it says which sentences answer; their words stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yinshu.kernel.gateway.ports import Message
from yinshu.kernel.knowledge.enough import says_enough
from yinshu.kernel.knowledge.present import source_of
from yinshu.kernel.knowledge.prompts import Prompt, shipped_prompt
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, StoredClause
from yinshu.kernel.knowledge.sentences import split_units
from yinshu.kernel.knowledge.worded import (
    OPENING,
    Heard,
    OnSentence,
    Speak,
    Worded,
    may_be_worded,
)
from yinshu.kernel.knowledge.wordings import past_rule_note

PROMPT = "choose_sentences"
SENTENCES_MAX = 40
CHOSEN_MAX = 6
_LEANS = re.compile(r"(?:其|该|此|这|前款|前述|上述|并|且|同时|否则|仍)")
"""A sentence that begins so cannot be read without the one before it."""
_LIMITS = re.compile(r"(?:但|除|不过|然而)|.*(?:从其规定|另有规定|除外|不适用|不在此限|不受.{0,12}限制|例外)")
"""Such a sentence limits the one before it, or all of its clause, and neither is true alone."""
VERDICT_CHARS = 6
"""A sentence as short as this is a verdict (“不能。”) on what follows it."""
_HALF = ("；", ";")
_SPACE = re.compile(r"\s+")
_NUMBERS = re.compile(r"\[([\d,\s]*)\]")


@dataclass(frozen=True)
class _Piece:
    """One sentence of the answer: the place of the extractive sentence that it is a part of, the piece without which
    it cannot be read (its lead, what "该" refers to), and the pieces that limit it or that it leads to."""

    text: str
    place: int
    kind: str
    needs: int | None = None


def prompt() -> Prompt:
    """The shipped prompt."""
    return shipped_prompt(PROMPT)


def schema_of(count: int) -> Mapping[str, Any]:
    """What the model must answer: at least one number of the sentences, 1 to `count`."""
    numbers = {"type": "integer", "enum": list(range(1, count + 1))}
    chosen = {"type": "array", "items": numbers, "minItems": 1, "maxItems": min(count, CHOSEN_MAX)}
    return {"type": "object", "properties": {"chosen": chosen}, "required": ["chosen"], "additionalProperties": False}


def shorten(
    question: str,
    answer: Answer,
    clauses: Mapping[int, StoredClause],
    as_of: date,
    speak: Speak,
    on_sentence: OnSentence | None = None,
) -> Worded:
    """Let a model say which sentences of an extractive answer are enough; raises what `speak` raises.

    Nothing is shown that the extractive answer did not hold and verify. A sentence is left out when it is only filling
    (`Answer.filling`, by the trained reader) and the model does not choose it either, for neither is to be trusted
    alone; and only while the answer still says what the question asks about.
    The model is not asked where there is nothing to leave out, nor for a refusal and a sum.
    """
    cut = _Cut(answer, clauses, as_of)
    pieces = cut.pieces() if may_be_worded(answer) else []
    filling = _filling_of(pieces, answer.filling)
    if not filling or len(pieces) > SENTENCES_MAX:
        return Worded(answer, "extractive", prompt().version, 0, 0, ())
    said = speak(prompt_of(question, [piece.text for piece in pieces]), _unheard, schema_of(len(pieces)))
    chosen = numbers_of(said, len(pieces))
    left = _readable(pieces, frozenset(range(len(pieces))) - (filling - chosen))
    shorter = replace(cut.of(pieces, left), shortened=True) if chosen else answer
    heard = tuple(Heard(pieces[one].text, answer.sentences[pieces[one].place].citations[0]) for one in sorted(chosen))
    less = len(_SPACE.sub("", shorter.answer)) < len(_SPACE.sub("", answer.answer))
    if not less or not says_enough(question, [piece.text for piece in pieces], shorter.answer):
        return Worded(answer, "extractive", prompt().version, len(chosen), 0, (), said, heard)
    if on_sentence is not None:
        for sentence in shorter.sentences:
            on_sentence(sentence)
    return Worded(shorter, "model", prompt().version, len(chosen), len(chosen), (), said, heard)


def prompt_of(question: str, sentences: Sequence[str]) -> list[Message]:
    """The fixed instruction first, so that a server may reuse it, then the sentences as data and the question."""
    numbered = "\n".join(f"{number}. {sentence.strip()}" for number, sentence in enumerate(sentences, 1))
    return [
        Message("system", prompt().text),
        Message("user", f"\n问题：{question}", evidence=f"句子：\n{numbered}"),
    ]


def numbers_of(said: str, count: int) -> frozenset[int]:
    """The places (from 0) that the model chose; empty when it did not answer as it was told."""
    try:
        wanted = json.loads(said)["chosen"]
    except (ValueError, TypeError, KeyError):
        listed = _NUMBERS.search(said)
        wanted = [int(number) for number in re.findall(r"\d{1,3}", listed[1])] if listed else []
    if not isinstance(wanted, list) or not all(isinstance(one, int) and 1 <= one <= count for one in wanted):
        return frozenset()
    return frozenset(one - 1 for one in wanted)


def _unheard(_piece: str) -> None:
    """Numbers are nothing to show while they come."""


class _Cut:
    """The extractive answer taken apart: openings, the words of clauses, and our notes on their dates."""

    def __init__(self, answer: Answer, clauses: Mapping[int, StoredClause], as_of: date) -> None:
        self._answer = answer
        cited = {citation.n: clauses.get(citation.clause_id) for citation in answer.citations}
        self.bodies: list[str] = []
        self._openings: list[str] = []
        self._notes: list[str] = []
        for sentence in answer.sentences:
            clause = cited.get(sentence.citations[0]) if sentence.citations else None
            note = past_rule_note(clause, as_of) if clause is not None else ""
            note = note if note and sentence.text.endswith(note) else ""
            text = sentence.text.removesuffix(note) if note else sentence.text
            found = OPENING.match(text)
            self._openings.append(found.group() if found else "")
            self._notes.append(note)
            body = text[len(self._openings[-1]) :]
            self.bodies.append(body if clause is not None and _stands_in(body, clause) else "")

    def pieces(self) -> list[_Piece]:
        """Its sentences; empty when one of them does not stand in its clause to the letter."""
        found: list[_Piece] = []
        for place, body in enumerate(self.bodies):
            if not body:
                return []
            found += _pieces_of(body, place, len(found))
        return found

    def of(self, pieces: Sequence[_Piece], kept: frozenset[int]) -> Answer:
        """The answer of some pieces alone; as it was when a verdict would lose the sentence that it is drawn from."""
        sentences: list[AnswerSentence] = []
        for place, sentence in enumerate(self._answer.sentences):
            own = [number for number, piece in enumerate(pieces) if piece.place == place]
            chosen = [number for number in own if number in kept]
            if self._openings[place] and chosen != own:
                return self._answer
            if chosen:
                body = self.bodies[place] if chosen == own else "".join(pieces[number].text for number in chosen)
                text = f"{self._openings[place]}{body.strip()}{self._notes[place]}"
                sentences.append(replace(sentence, text=text))
        shown = {number for sentence in sentences for number in sentence.citations}
        citations = tuple(citation for citation in self._answer.citations if citation.n in shown)
        text = "\n".join(sentence.text for sentence in sentences)
        return replace(self._answer, answer=text, sentences=tuple(sentences), citations=citations)


def _stands_in(body: str, clause: StoredClause) -> bool:
    """Whether every sentence of the words is in the clause, white space aside."""
    source = _SPACE.sub("", source_of(clause).text)
    return all(_SPACE.sub("", unit.text) in source for unit in split_units(body))


def _pieces_of(body: str, place: int, first: int) -> list[_Piece]:
    """The words of one extractive sentence cut into pieces that are numbered from `first`.

    The halves of a long sentence stay together; lines of a table keep their line ends.
    """
    pieces: list[_Piece] = []
    numbers: dict[int, int] = {}
    for unit in split_units(body):
        text = unit.text + ("\n" if body[unit.end : unit.end + 1] == "\n" else "")
        before = pieces[-1] if pieces else None
        if before is not None and before.kind == unit.kind != "item" and before.text.endswith(_HALF):
            pieces[-1] = replace(before, text=before.text + text)
            numbers[unit.index] = first + len(pieces) - 1
            continue
        numbers[unit.index] = first + len(pieces)
        needs = numbers.get(unit.lead) if unit.lead is not None else None
        if needs is None and pieces and (_LEANS.match(text) or _LIMITS.match(text)):
            needs = first + len(pieces) - 1
        pieces.append(_Piece(text, place, unit.kind, needs))
    return pieces


def _filling_of(pieces: Sequence[_Piece], filling: Sequence[str]) -> frozenset[int]:
    """The pieces that are made of filling alone; none when all are, for something must be shown."""
    words = [_SPACE.sub("", one) for one in filling]
    found = frozenset(
        number
        for number, piece in enumerate(pieces)
        if len(piece.text) > VERDICT_CHARS
        and all(any(_SPACE.sub("", unit.text) in one for one in words) for unit in split_units(piece.text))
    )
    return found if len(found) < len(pieces) else frozenset()


def _readable(pieces: Sequence[_Piece], chosen: frozenset[int]) -> frozenset[int]:
    """The chosen pieces with what they cannot be read without and what limits them; a list is not cut short.

    An exception stays with every sentence of its clause: whether it speaks of its neighbour alone, nobody can tell.
    """
    places = {pieces[number].place for number in chosen}
    limits = {number for number, piece in enumerate(pieces) if piece.place in places and _LIMITS.match(piece.text)}
    kept = {*chosen, *limits}
    for number in sorted(kept):
        needed = pieces[number].needs
        while needed is not None and needed not in kept:
            kept.add(needed)
            needed = pieces[needed].needs
    for number, piece in enumerate(pieces):
        if piece.needs in kept and piece.kind == "item":
            kept.add(number)
    return frozenset(kept)
