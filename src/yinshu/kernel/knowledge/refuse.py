"""Refusals are designed: the confidence that decides, and an answer that says what was searched and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from yinshu.kernel.knowledge.present import cite
from yinshu.kernel.knowledge.question import Question
from yinshu.kernel.knowledge.rank import RankingModel
from yinshu.kernel.knowledge.records import Answer, Hit, RefusalReason
from yinshu.kernel.knowledge.selector import probabilities
from yinshu.kernel.knowledge.wordings import missing_words, refusal_words

NEAREST = 3
NEAREST_QUOTE_CHARS = 120


def confidence_of(features: Mapping[str, float], support: RankingModel) -> float:
    """The probability (0 to 1) that the library answers the question; 0 without evidence."""
    return probabilities(support, [features])[0] if features else 0.0


def refusal(question: Question, hits: Sequence[Hit], as_of: date, reason: RefusalReason, confidence: float) -> Answer:
    """A refusal with its words, the nearest clauses and what is missing."""
    nearest = tuple(
        cite(number, hit, hit.clause.text[:NEAREST_QUOTE_CHARS], as_of) for number, hit in enumerate(hits[:NEAREST], 1)
    )
    return Answer(
        status="refused",
        answer=refusal_words(reason),
        sentences=(),
        citations=(),
        missing=missing_words(question, tuple(range(len(question.parts))), reason),
        nearest=nearest,
        refusal=reason,
        confidence=confidence,
    )
