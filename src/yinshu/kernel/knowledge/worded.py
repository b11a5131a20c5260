"""An answer worded by a model: only what the verifier accepts is shown; extracts stand in for the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yinshu.kernel.evidence.records import Claim, Fault, Source
from yinshu.kernel.evidence.verify import verify
from yinshu.kernel.gateway.ports import Message
from yinshu.kernel.knowledge.enough import keeps_nearest, says_enough
from yinshu.kernel.knowledge.present import source_of
from yinshu.kernel.knowledge.prompts import Prompt, shipped_prompt
from yinshu.kernel.knowledge.question import analyse
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Citation, StoredClause
from yinshu.kernel.knowledge.wordings import past_rule_note

OUTPUT_TOKENS_MAX = 160
SENTENCES_MAX = 6
COMPUTED_MARK = "＝"
MARK_CHARS = 8
PROMPT = "word_answer"
CANNOT = "无法回答"
CONTRADICTIONS: frozenset[Fault] = frozenset({"number", "date", "name", "negation", "modal"})
"""Faults that say something else than the clause; other wording alone is no contradiction."""

_MARK = re.compile(r"[\[【〔]\s*(?:编号)?\s*(\d{0,2})\s*[\]】〕]")
_END = re.compile(r"[。！？!?]|(?<![：；，、:;,\s])\n")
"""A line that ends so is a sentence too, unless the next line goes on with its list."""
_PREFACE = re.compile(r"^(?:回答|答案|答)[：:]\s*")
OPENING = re.compile(r"^(?:不可以|可以|不需要|需要|不对|对|不是|是)。")
_OPEN_MARKS = "[【〔"
_BEGUN_MARK = re.compile(r"[\[【〔]\s*(?:编号?)?\s*\d{0,2}\s*$")

_BREAKS = re.compile(r"[。！？；\n]")
_SPACE = re.compile(r"\s+")

OnSentence = Callable[[AnswerSentence], None]
Speak = Callable[[Sequence[Message], Callable[[str], None], Mapping[str, Any] | None], str]
"""Asks a chat model: the messages, who hears each piece, and the JSON schema that the answer must follow (or None);
gives the whole text. Raises YinshuError."""


@dataclass(frozen=True)
class Contradiction:
    """A sentence of the model that says something else than its clause: a case for the people who judge models."""

    sentence: str
    clause_id: int
    faults: tuple[tuple[Fault, str], ...]


@dataclass(frozen=True)
class Heard:
    """One sentence that a model said and the verdict on it: the number of the source that carries it, or the faults
    that the verifier found against the source it named."""

    text: str
    source: int | None
    faults: tuple[tuple[Fault, str], ...] = ()


@dataclass(frozen=True)
class Worded:
    """The answer to show. `composed_by` is "model" when at least one of its sentences is the model's.

    `said` is everything the model said, "" when it was not asked; `heard` its sentences with the verdicts on them.
    """

    answer: Answer
    composed_by: str
    prompt_version: str
    proposed: int
    kept: int
    contradictions: tuple[Contradiction, ...]
    said: str = ""
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True)
class _Kept:
    text: str
    number: int


def prompt() -> Prompt:
    """The shipped prompt."""
    return shipped_prompt(PROMPT)


def may_be_worded(answer: Answer) -> bool:
    """Whether a model is asked at all: not for a refusal, and not for a sum."""
    computed = any(COMPUTED_MARK in sentence.text for sentence in answer.sentences)
    return answer.status == "answered" and bool(answer.citations) and not computed


def word(
    question: str,
    answer: Answer,
    clauses: Mapping[int, StoredClause],
    as_of: date,
    speak: Speak,
    on_sentence: OnSentence | None = None,
) -> Worded:
    """Let a model word an extractive answer. A refusal and a sum stay as they are; raises what `speak` raises.

    `clauses` are the cited clauses by id. `on_sentence` hears each accepted sentence as soon as it is verified.
    """
    version = prompt().version
    if not may_be_worded(answer):
        return Worded(answer, "extractive", version, 0, 0, ())
    judge = _Judge(question, answer, clauses, on_sentence)
    cutter = SentenceCutter()

    def hear(piece: str) -> None:
        for sentence in cutter.feed(piece):
            judge.consider(sentence)

    text = speak(prompt_of(question, answer.citations), hear, None)
    if not cutter.heard:
        hear(text)
    for sentence in cutter.finish():
        judge.consider(sentence)
    kept = [one for one in judge.kept if one.number not in judge.failed]
    merged = _merged(question, answer, kept, clauses, as_of)
    composed_by = "model" if merged is not answer else "extractive"
    return Worded(
        merged,
        composed_by,
        version,
        judge.proposed,
        len(judge.kept),
        tuple(judge.contradictions),
        text,
        tuple(judge.heard),
    )


def prompt_of(question: str, citations: Sequence[Citation]) -> list[Message]:
    """The fixed instruction first, so that a server may reuse it, then the clauses and the question."""
    evidence = "\n".join(f"[{one.n}]《{one.document.strip('《》')}》{one.article}：{one.quote}" for one in citations)
    return [
        Message("system", prompt().text),
        Message("user", f"\n\n问题：{question}", evidence=f"条文：\n{evidence}"),
    ]


class SentenceCutter:
    """Cuts a stream into sentences; a sentence takes the source marks with it that follow its full stop."""

    def __init__(self) -> None:
        self._rest = ""
        self.heard = False

    def feed(self, piece: str) -> list[str]:
        """The sentences that are complete now."""
        self.heard = self.heard or bool(piece)
        self._rest += piece
        return self._cut(final=False)

    def finish(self) -> list[str]:
        """What is left. A tail with neither a full stop nor a source mark was cut short and is dropped."""
        sentences = self._cut(final=True)
        rest, self._rest = self._rest.strip(), ""
        return [*sentences, rest] if rest and _MARK.search(rest[-MARK_CHARS:]) else sentences

    def _cut(self, *, final: bool) -> list[str]:
        sentences: list[str] = []
        while (end := _END.search(self._rest)) is not None:
            place = end.end()
            while (mark := _MARK.match(self._rest, place)) is not None:
                place = mark.end()
            undecided = place == len(self._rest) or (
                self._rest[place] in _OPEN_MARKS and not _closes(self._rest[place:])
            )
            if undecided and not final:
                break
            sentence, self._rest = self._rest[:place].strip(), self._rest[place:]
            if sentence:
                sentences.append(sentence)
        return sentences


def _closes(text: str) -> bool:
    """Whether what begins with an open bracket can no longer become a source mark."""
    return _BEGUN_MARK.match(text) is None


class _Judge:
    """Lets each sentence pass or not, by the verifier alone."""

    def __init__(
        self, question: str, answer: Answer, clauses: Mapping[int, StoredClause], on_sentence: OnSentence | None
    ) -> None:
        self._question = question
        self._on_sentence = on_sentence
        self._sources = {
            citation.n: source_of(clauses[citation.clause_id])
            for citation in answer.citations
            if citation.clause_id in clauses
        }
        self._clause_ids = {citation.n: citation.clause_id for citation in answer.citations}
        self.kept: list[_Kept] = []
        self.heard: list[Heard] = []
        self.contradictions: list[Contradiction] = []
        self.failed: set[int] = set()
        """Sources of which the model said something that does not hold: there the extract stands."""
        self.proposed = 0

    def consider(self, sentence: str) -> None:
        """Verify one sentence of the model and keep it, or note why not."""
        if self.proposed >= SENTENCES_MAX:
            return
        named = [int(number) for number in _MARK.findall(sentence) if number]
        text = _PREFACE.sub("", _MARK.sub("", sentence)).strip()
        if not text.strip("。；，：;,: "):
            return
        if CANNOT in text:
            self.failed |= set(self._sources)
            return
        self.proposed += 1
        if text[-1] not in "。！？!?":
            text += "。"
        if any(text in kept.text for kept in self.kept):
            return
        number, faults = self._supporting(text, named)
        self.heard.append(Heard(text, number, faults))
        if number is None:
            self.failed |= set(named) & set(self._sources) or set(self._sources)
            return
        self.kept.append(_Kept(text, number))
        if self._on_sentence is not None:
            self._on_sentence(AnswerSentence(text, (number,), verified=True))

    def _supporting(self, text: str, named: Sequence[int]) -> tuple[int | None, tuple[tuple[Fault, str], ...]]:
        """The source that carries the sentence: one it names, else any other that was given to the model; None with
        what speaks against the first of them when none does."""
        against: tuple[tuple[Fault, str], ...] = ()
        order = [*(number for number in named if number in self._sources), *self._sources]
        for place, number in enumerate(dict.fromkeys(order)):
            source = self._sources[number]
            verdict = verify(Claim(text, (source.id,)), {source.id: source}, question=self._question)
            if verdict.supported:
                return number, ()
            against = against or tuple(verdict.faults)
            faults = tuple(fault for fault in verdict.faults if fault[0] in CONTRADICTIONS)
            if faults and place == 0:
                self.contradictions.append(Contradiction(text, self._clause_ids[number], faults))
        return None, against


def _merged(
    question: str, answer: Answer, kept: Sequence[_Kept], clauses: Mapping[int, StoredClause], as_of: date
) -> Answer:
    """The model's sentences in the place of the extractive ones of the same source; verdicts stay."""
    if not kept:
        return answer
    last_named = max(one.number for one in kept)
    several = len(analyse(question).parts) > 1
    sentences: list[AnswerSentence] = []
    used: set[int] = set()
    for old in answer.sentences:
        number = old.citations[0] if old.citations else 0
        mine = [one for one in kept if one.number == number]
        if number in used:
            continue
        if mine and (worded := _instead_of(question, old, mine, answer, clauses, as_of)) is not None:
            sentences += worded
            used.add(number)
        elif mine or several or number < last_named:
            sentences.append(old)
    text = "\n".join(sentence.text for sentence in sentences)
    if not used or _SPACE.sub("", text) == _SPACE.sub("", answer.answer):
        return answer
    if not says_enough(question, [part for old in answer.sentences for part in _BREAKS.split(old.text)], text):
        return answer
    shown = {number for sentence in sentences for number in sentence.citations}
    citations = tuple(citation for citation in answer.citations if citation.n in shown)
    return replace(answer, answer=text, sentences=tuple(sentences), citations=citations)


def _instead_of(
    question: str,
    old: AnswerSentence,
    mine: Sequence[_Kept],
    answer: Answer,
    clauses: Mapping[int, StoredClause],
    as_of: date,
) -> list[AnswerSentence] | None:
    """The model's sentences for one source, with the verdict and the note that the extractive sentence carries."""
    number = mine[0].number
    clause = next(clauses[citation.clause_id] for citation in answer.citations if citation.n == number)
    texts = [one.text for one in mine]
    if not keeps_nearest(question, _BREAKS.split(old.text), "".join(texts)):
        return None
    opening = OPENING.match(old.text)
    if opening and not OPENING.match(texts[0].replace("，", "。", 1)):
        texts[0] = opening.group() + texts[0]
        source: Source = source_of(clause)
        if not verify(Claim(texts[0], (source.id,)), {source.id: source}, question=question).supported:
            return None
    texts[-1] += past_rule_note(clause, as_of)
    return [AnswerSentence(text, (number,), verified=True) for text in texts]
