"""Whether the evidence carries an answer: a calibrated confidence, and refusals that say what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from yinshu.kernel.knowledge.compose import Passage, Scored
from yinshu.kernel.knowledge.present import cite
from yinshu.kernel.knowledge.question import Question
from yinshu.kernel.knowledge.rank import RankingModel
from yinshu.kernel.knowledge.records import Answer, Hit, RefusalReason
from yinshu.kernel.knowledge.selector import probabilities
from yinshu.kernel.knowledge.wording import grams
from yinshu.kernel.knowledge.wordings import missing_words, refusal_words

NEAREST = 3
NEAREST_QUOTE_CHARS = 120
RARE_TERMS = 8


SUPPORT_FEATURES: tuple[str, ...] = (
    "best",
    "second",
    "margin",
    "worst_part",
    "clause_relevance",
    "whole_coverage",
    "rare_coverage",
    "part_coverage",
    "figure_missing",
    "cosine",
    "parts",
    "titled",
)


def support_features(
    question: Question, scored: Sequence[Scored], passages: Sequence[Passage], weights: Mapping[str, float]
) -> dict[str, float]:
    """What tells an answerable question from one that the library cannot answer; empty without evidence."""
    if not scored or not passages:
        return {}
    ranked = sorted(scored, key=lambda item: -item.probability)
    best = ranked[0]
    by_part = [
        max((item.probability for item in scored if item.candidate.part == number), default=0.0)
        for number in range(len(question.parts))
    ]
    others = [item.probability for item in ranked if item.candidate.hit is not best.candidate.hit]
    features = best.candidate.features
    return {
        "best": best.probability,
        "second": others[0] if others else 0.0,
        "margin": best.probability - (others[0] if others else 0.0),
        "worst_part": min(by_part),
        "clause_relevance": features.get("clause_relevance", 0.0),
        "whole_coverage": features.get("whole_coverage", 0.0),
        "rare_coverage": _rare_coverage(passages, weights),
        "part_coverage": features.get("part_coverage_clause", 0.0),
        "figure_missing": features.get("figure_missing", 0.0),
        "cosine": features.get("cosine_unit", best.candidate.hit.features.get("cosine", 0.0)),
        "parts": float(len(question.parts)),
        "titled": float(bool(question.titles or question.numbers)),
    }


def _rare_coverage(passages: Sequence[Passage], weights: Mapping[str, float]) -> float:
    """Share of the weight of the question's rarest terms that the chosen passages or their places hold."""
    rare = sorted(weights.items(), key=lambda item: -item[1])[:RARE_TERMS]
    mass = sum(weight for _, weight in rare)
    if not mass:
        return 0.0
    held: set[str] = set()
    for passage in passages:
        clause = passage.hit.clause
        held.update(grams(f"{clause.version.title} {' '.join(clause.path)} {clause.lead} {clause.text}"))
    return sum(weight for term, weight in rare if term in held) / mass


def confidence_of(features: Mapping[str, float], support: RankingModel) -> float:
    """The probability that the passages answer the question; 0 without evidence."""
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
