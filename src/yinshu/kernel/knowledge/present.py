"""Chosen passages become shown sentences: computed results and verdicts first, every sentence verified and cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yinshu.kernel.evidence.records import Claim, Computation, Source
from yinshu.kernel.evidence.verify import verify
from yinshu.kernel.knowledge.calculate import Calculation, calculate
from yinshu.kernel.knowledge.compose import LIMIT_CHARS, Passage
from yinshu.kernel.knowledge.judge import judge, opening
from yinshu.kernel.knowledge.question import Question
from yinshu.kernel.knowledge.records import AnswerSentence, Citation, Hit, StoredClause
from yinshu.kernel.knowledge.sentences import split_units
from yinshu.kernel.knowledge.wordings import past_rule_note

CALCULATION_UNITS = 24
"""Sentences offered to the arithmetic: the chosen ones first, then the rest of their clauses."""
VERDICT_CHARS = 60
"""A verdict is drawn from one plain sentence; a longer one speaks of several cases."""
COMPARISONS = frozenset({"threshold"})
"""A figure held against a bound is no sum: the verdict says it better."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Presented:
    """The answer's text, its sentences and its citations, in order."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]


def present(question: Question, passages: Sequence[Passage], as_of: date) -> Presented:
    """Word the passages. A sentence that the verifier does not accept is shown as the exact words or not at all."""
    sources = {_source_id(passage.hit.clause): source_of(passage.hit.clause) for passage in passages}
    numbers = {source_id: number for number, source_id in enumerate(sources, 1)}
    lines: list[_Line] = []
    calculation = _calculation(question, passages)
    if calculation is not None:
        passage, worked = calculation
        lines.append(_Line(_worded(worked), _source_id(passage.hit.clause), worked.as_computation()))
    verdict = "" if calculation is not None else _verdict(question, passages)
    for index, passage in enumerate(passages):
        text = (verdict if index == 0 else "") + passage.text
        note = past_rule_note(passage.hit.clause, as_of)
        lines.append(_Line(text, _source_id(passage.hit.clause), note=note))
    sentences = _verified(question, lines, passages, sources, numbers)
    citations = tuple(
        _citation(number, _passages_of(source_id, passages), as_of) for source_id, number in numbers.items()
    )
    return Presented("\n".join(sentence.text for sentence in sentences), tuple(sentences), citations)


@dataclass(frozen=True)
class _Line:
    """A sentence on its way to the verifier; the note on the dates of its rule is ours, not a claim of the source."""

    text: str
    source_id: str
    computation: Computation | None = None
    note: str = ""


def source_of(clause: StoredClause) -> Source:
    """A clause as evidence: its governing sentence and its exact words."""
    body = f"{clause.lead}\n{clause.text}" if clause.lead and clause.lead not in clause.text else clause.text
    return Source(_source_id(clause), clause.version.title, body, clause.article)


def _source_id(clause: StoredClause) -> str:
    return str(clause.clause_id)


def _passages_of(source_id: str, passages: Sequence[Passage]) -> list[Passage]:
    return [passage for passage in passages if _source_id(passage.hit.clause) == source_id]


def _calculation(question: Question, passages: Sequence[Passage]) -> tuple[Passage, Calculation] | None:
    """The first clause whose figures give the sum that is asked for."""
    for passage in passages:
        units = [unit.text for unit in split_units(passage.hit.clause.text)]
        evidence = [passage.text, *(unit for unit in units if unit not in passage.text)][:CALCULATION_UNITS]
        worked = calculate(question.text, evidence)
        if worked is not None and worked.kind not in COMPARISONS:
            return passage, worked
    return None


def _worded(worked: Calculation) -> str:
    if worked.expression in worked.answer:
        return worked.answer
    return f"{worked.expression}，{worked.answer}" if worked.expression else worked.answer


def _verdict(question: Question, passages: Sequence[Passage]) -> str:
    """The opening of a yes/no answer when the first passage plainly gives it."""
    asked = [part.text for part in question.parts if "verdict" in part.kinds]
    if not asked or (len(question.parts) > 1 and "verdict" not in question.parts[0].kinds):
        return ""
    first = passages[0] if passages else None
    if first is None or len(first.units) > 1 or len(first.text) > VERDICT_CHARS:
        return ""
    found = judge(question.text, first.text)
    return opening(question.text, found) if found is not None else ""


def _verified(
    question: Question,
    lines: Sequence[_Line],
    passages: Sequence[Passage],
    sources: dict[str, Source],
    numbers: dict[str, int],
) -> list[AnswerSentence]:
    """Check each line; a line that fails falls back to the exact words of its passage, a computation is dropped."""
    sentences: list[AnswerSentence] = []
    length = 0
    exact = {_source_id(passage.hit.clause): passage for passage in reversed(passages)}
    for line in lines:
        text, source_id, computation = line.text, line.source_id, line.computation
        verdict = verify(Claim(text, (source_id,), computation), sources, question=question.text)
        if not verdict.supported and computation is not None:
            continue
        supported = verdict.supported
        if not supported:
            text = exact[source_id].text if exact[source_id].text in text else text
            supported = _quoted(exact[source_id], text, sources[source_id])
        text += line.note
        size = len(_SPACE.sub("", text))
        if sentences and length + size > LIMIT_CHARS:
            continue
        length += size
        sentences.append(AnswerSentence(text, (numbers[source_id],), supported))
    return sentences


def _quoted(passage: Passage, text: str, source: Source) -> bool:
    """Whether the text is nothing but whole sentences and items of the clause, to the letter."""
    return text == passage.text and all(piece in source.text for piece in passage.quotes)


def cite(number: int, hit: Hit, quote: str, as_of: date) -> Citation:
    """A numbered citation of a clause with the exact words."""
    clause, version = hit.clause, hit.clause.version
    begun = clause.effective_from is None or clause.effective_from <= as_of
    ended = clause.effective_to is not None and clause.effective_to <= as_of
    return Citation(
        n=number,
        document=version.title,
        file=version.file_name,
        version=version.version_id,
        article=clause.article,
        quote=quote,
        clause_id=clause.clause_id,
        page=clause.page,
        bbox=clause.box,
        effective_from=clause.effective_from,
        effective_to=clause.effective_to,
        in_force=begun and not ended,
        document_id=version.document_id,
    )


def _citation(number: int, passages: Sequence[Passage], as_of: date) -> Citation:
    quote = "\n".join(dict.fromkeys(piece for passage in passages for piece in passage.quotes))
    return cite(number, passages[0].hit, quote, as_of)
