"""A question becomes a proven answer: gather, choose, compute, compose, verify or refuse."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.knowledge.clarify import CLARIFY_WORDS, CLAUSES_READ, Tried, choices, may_mean_several
from yinshu.kernel.knowledge.companions import with_companions
from yinshu.kernel.knowledge.compose import Passage, Scored, choose
from yinshu.kernel.knowledge.present import cite, present
from yinshu.kernel.knowledge.question import Question, analyse
from yinshu.kernel.knowledge.rank import RankingModel
from yinshu.kernel.knowledge.records import Answer, Hit, RefusalReason, SearchScope
from yinshu.kernel.knowledge.refuse import NEAREST_QUOTE_CHARS, confidence_of, refusal
from yinshu.kernel.knowledge.select import candidates
from yinshu.kernel.knowledge.selector import Thresholds, score
from yinshu.kernel.knowledge.support import support_features

EVIDENCE_HITS = 12
QUESTION_CHARS_MAX = 2_000


@dataclass(frozen=True)
class Retrieved:
    """Hits, best first, and the weight of each term of the question (rarer weighs more, synonyms included)."""

    hits: tuple[Hit, ...]
    weights: Mapping[str, float]


class Retrieving(Protocol):
    """The retrieval that the composition root wires."""

    def __call__(self, connection: Connection, question: str, scope: SearchScope, limit: int) -> Retrieved:
        """At most `limit` clauses inside the scope."""


class Pinned(Protocol):
    """Questions that people answered and pinned."""

    def find(self, connection: Connection, question: str, scope: SearchScope) -> tuple[Answer, list[Hit]] | None:
        """The pinned answer when it is plainly the same question, with the clauses it cites; otherwise None."""


@dataclass(frozen=True)
class Weighed:
    """The evidence of a question as the refusal sees it: the passages that would be shown and how sure we are."""

    question: Question
    hits: tuple[Hit, ...]
    scored: tuple[Scored, ...]
    passages: tuple[Passage, ...]
    features: Mapping[str, float]
    confidence: float


@dataclass(frozen=True)
class Answerer:
    """Everything that answering needs. Its methods may be called from any thread."""

    engine: Engine
    retrieve: Retrieving
    selector: RankingModel
    support: RankingModel
    thresholds: Thresholds
    clock: Clock
    pinned: Pinned | None = None

    def answer(
        self, question: str, scope: SearchScope, on_evidence: Callable[[list[Hit], float], None] | None = None
    ) -> tuple[Answer, dict[str, float]]:
        """The answer, and milliseconds until evidence and answer stood. `on_evidence` hears of the evidence first.

        Raises BadArgument for an empty or overlong question.
        """
        started = time.perf_counter()
        text = checked_question(question)
        with reading(self.engine) as connection:
            known = self.pinned.find(connection, text, scope) if self.pinned is not None else None
            if known is not None:
                took_ms = (time.perf_counter() - started) * 1000
                if on_evidence is not None:
                    on_evidence(known[1], took_ms)
                return known[0], {"evidence": took_ms, "answer": took_ms}
            found = self.retrieve(connection, text, scope, EVIDENCE_HITS)
            evidence_ms = (time.perf_counter() - started) * 1000
            if on_evidence is not None:
                on_evidence(list(found.hits), evidence_ms)
            weighed = self.weigh(connection, text, found, scope)
            answer = self._conclude(connection, weighed, scope)
        return answer, {"evidence": evidence_ms, "answer": (time.perf_counter() - started) * 1000}

    def weigh(self, connection: Connection, question: str, found: Retrieved, scope: SearchScope) -> Weighed:
        """Choose the passages that would answer and say how sure that is."""
        asked = analyse(question)
        hits = with_companions(connection, asked, found.hits, scope)
        scored = score(candidates(asked, hits, found.weights), self.selector)
        passages = choose(asked, scored)
        features = support_features(asked, found.hits, scored, passages, found.weights)
        return Weighed(
            asked, tuple(hits), tuple(scored), tuple(passages), features, confidence_of(features, self.support)
        )

    def _conclude(self, connection: Connection, weighed: Weighed, scope: SearchScope) -> Answer:
        asked_back = self._ask_back(connection, weighed, scope)
        if asked_back is not None:
            return asked_back
        if weighed.confidence >= self.thresholds.answer:
            shown = present(weighed.question, weighed.passages, scope.as_of)
            if any(sentence.verified for sentence in shown.sentences):
                return Answer(
                    "answered",
                    shown.text,
                    shown.sentences,
                    shown.citations,
                    confidence=weighed.confidence,
                    filling=tuple(words for passage in weighed.passages for words in passage.filling),
                )
        reason, hits = self._why_not(connection, weighed, scope)
        return refusal(weighed.question, hits, scope.as_of, reason, weighed.confidence)

    def _ask_back(self, connection: Connection, weighed: Weighed, scope: SearchScope) -> Answer | None:
        """A choice of questions when this one fits several matters; None when it does not."""
        if not may_mean_several(weighed.question, refused=weighed.confidence < self.thresholds.answer):
            return None

        def attempt(text: str) -> Tried:
            found = self.retrieve(connection, text, scope, EVIDENCE_HITS)
            tried = self.weigh(connection, text, found, scope)
            first = tried.passages[0].hit if tried.passages else None
            return Tried(tried.confidence >= self.thresholds.answer, first)

        found = self.retrieve(connection, weighed.question.text, scope, CLAUSES_READ)
        offered = choices(weighed.question, found.hits, attempt)
        if not offered:
            return None
        nearest = [
            cite(number, choice.hit, choice.hit.clause.text[:NEAREST_QUOTE_CHARS], scope.as_of)
            for number, choice in enumerate(offered, 1)
        ]
        return Answer(
            "clarify",
            CLARIFY_WORDS,
            (),
            (),
            clarify=tuple(choice.question for choice in offered),
            nearest=tuple(nearest),
            confidence=weighed.confidence,
        )

    def _why_not(
        self, connection: Connection, weighed: Weighed, scope: SearchScope
    ) -> tuple[RefusalReason, Sequence[Hit]]:
        """Whether rules that are not in force would have answered, or how near the library comes."""
        if not scope.include_not_in_force:
            wider = replace(scope, include_not_in_force=True)
            text = weighed.question.text
            found = self.retrieve(connection, text, wider, EVIDENCE_HITS)
            other = self.weigh(connection, text, found, wider)
            first = other.passages[0].hit.clause if other.passages else None
            if first is not None and other.confidence >= self.thresholds.answer:
                if first.effective_to is not None and first.effective_to <= scope.as_of:
                    return "only_superseded", other.hits
                if first.effective_from is not None and first.effective_from > scope.as_of:
                    return "not_yet_effective", other.hits
        if not weighed.hits or weighed.confidence < self.thresholds.related:
            return "outside_library", weighed.hits
        return "not_specific", weighed.hits


def checked_question(question: str) -> str:
    """The question without outer white space. Raises BadArgument when nothing is left or it is too long."""
    text = question.strip()
    if not text:
        raise BadArgument("问题是空的，请写出想查的事情。")
    if len(text) > QUESTION_CHARS_MAX:
        raise BadArgument(f"问题超过 {QUESTION_CHARS_MAX} 个字，请分成几个问题来问。")
    return text
