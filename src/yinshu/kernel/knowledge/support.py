"""What tells a question that the library can answer from one that it cannot: the features of the refusal's model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import get_args

from yinshu.kernel.knowledge.compose import Passage, Scored
from yinshu.kernel.knowledge.features import FEATURES as RANKING_FEATURES
from yinshu.kernel.knowledge.question import AnswerKind, Question
from yinshu.kernel.knowledge.records import Hit
from yinshu.kernel.knowledge.wording import canonical, grams, grams_of_canonical, without_fillers

RARE_TERMS = 8
NEAR_HITS = 5

_LIVE = re.compile(r"今天|最新|目前|今年|现在|当前|实时|本月|这个月|近期")

_CHOICE = (
    "best", "second", "margin", "worst_part", "whole_coverage", "rare_coverage", "part_coverage", "figure_missing",
    "parts",
)  # fmt: skip
_EVIDENCE = (
    "relevance", "relevance_second", "relevance_sum", "same_document", "cosine_second", "cosine_spread", "cosine_max",
    "cover_max", "cover_sentence_max",
)  # fmt: skip
_READ = ("reader_max", "reader_second", "reader_first", "reader_unit_max", "reader_unit_first")
_WORDS = (
    "missing_first", "missing_second", "missing_share", "missing_near", "mass", "terms", "live", "titled",
)  # fmt: skip
SUPPORT_FEATURES: tuple[str, ...] = (
    *_CHOICE,
    *_EVIDENCE,
    *_WORDS,
    *_READ,
    *(f"top_{name}" for name in RANKING_FEATURES),
    *(f"asks_{kind}" for kind in get_args(AnswerKind)),
)
"""Of the chosen sentences, of the evidence, of the question's words, of the first clause, of what is asked."""


def support_features(
    question: Question,
    hits: Sequence[Hit],
    scored: Sequence[Scored],
    passages: Sequence[Passage],
    weights: Mapping[str, float],
) -> dict[str, float]:
    """The features of one question; empty without evidence. `weights`: term of the question to its rarity."""
    if not hits or not scored or not passages:
        return {}
    return {
        **_choice(question, scored, passages, weights),
        **_evidence(hits),
        **_words(question, hits, weights),
        **_read(hits),
        **{f"top_{name}": hits[0].features.get(name, 0.0) for name in RANKING_FEATURES},
        **{f"asks_{kind}": float(kind in question.kinds) for kind in get_args(AnswerKind)},
    }


def _read(hits: Sequence[Hit]) -> dict[str, float]:
    """What the reader made of the evidence; all 0 when it was not read."""
    logits = sorted((hit.features["reader"] for hit in hits if "reader" in hit.features), reverse=True)
    units = [max(hit.units) for hit in hits if hit.units]
    if not logits or not units:
        return dict.fromkeys(_READ, 0.0)
    return {
        "reader_max": logits[0],
        "reader_second": logits[1] if len(logits) > 1 else 0.0,
        "reader_first": hits[0].features.get("reader", 0.0),
        "reader_unit_max": max(units),
        "reader_unit_first": max(hits[0].units, default=0.0),
    }


def _choice(
    question: Question, scored: Sequence[Scored], passages: Sequence[Passage], weights: Mapping[str, float]
) -> dict[str, float]:
    ranked = sorted(scored, key=lambda item: -item.probability)
    best = ranked[0]
    by_part = [
        max((item.probability for item in scored if item.candidate.part == number), default=0.0)
        for number in range(len(question.parts))
    ]
    second = next((item.probability for item in ranked if item.candidate.rank != best.candidate.rank), 0.0)
    features = best.candidate.features
    return {
        "best": best.probability,
        "second": second,
        "margin": best.probability - second,
        "worst_part": min(by_part),
        "whole_coverage": features.get("whole_coverage", 0.0),
        "rare_coverage": _rare_coverage(passages, weights),
        "part_coverage": features.get("part_coverage_clause", 0.0),
        "figure_missing": features.get("figure_missing", 0.0),
        "parts": float(len(question.parts)),
    }


def _evidence(hits: Sequence[Hit]) -> dict[str, float]:
    cosines = [hit.features.get("cosine", 0.0) for hit in hits]
    first = hits[0]
    near = hits[:NEAR_HITS]
    return {
        "relevance": first.score,
        "relevance_second": hits[1].score if len(hits) > 1 else 0.0,
        "relevance_sum": sum(hit.score for hit in near),
        "same_document": float(sum(hit.clause.version.version_id == first.clause.version.version_id for hit in near)),
        "cosine_second": cosines[1] if len(hits) > 1 else 0.0,
        "cosine_spread": cosines[0] - sum(cosines) / len(cosines),
        "cosine_max": max(cosines),
        "cover_max": max(hit.features.get("cover_all", 0.0) for hit in hits),
        "cover_sentence_max": max(hit.features.get("cover_sentence", 0.0) for hit in hits),
    }


def _words(question: Question, hits: Sequence[Hit], weights: Mapping[str, float]) -> dict[str, float]:
    """Which of the question's own terms the first clause, and the nearest ones together, do not hold."""
    terms = set(grams_of_canonical(without_fillers(canonical(question.text))))
    mass = sum(weights.get(term, 0.0) for term in terms) or 1.0
    first = _held(hits[0])
    near = frozenset().union(*(_held(hit) for hit in hits[:NEAR_HITS]))
    missing = sorted((weights.get(term, 0.0) for term in terms if term not in first), reverse=True)
    return {
        "missing_first": missing[0] if missing else 0.0,
        "missing_second": missing[1] if len(missing) > 1 else 0.0,
        "missing_share": sum(missing) / mass,
        "missing_near": sum(weights.get(term, 0.0) for term in terms if term not in near) / mass,
        "mass": mass,
        "terms": float(len(terms)),
        "live": float(bool(_LIVE.search(question.text))),
        "titled": float(bool(question.titles or question.numbers)),
    }


def _held(hit: Hit) -> frozenset[str]:
    clause = hit.clause
    return frozenset(grams(f"{clause.version.title} {' '.join(clause.path)} {clause.lead} {clause.text}"))


def _rare_coverage(passages: Sequence[Passage], weights: Mapping[str, float]) -> float:
    """Share of the weight of the question's rarest terms that the chosen passages or their places hold."""
    rare = sorted(weights.items(), key=lambda item: -item[1])[:RARE_TERMS]
    mass = sum(weight for _, weight in rare)
    if not mass:
        return 0.0
    held = frozenset().union(*(_held(passage.hit) for passage in passages))
    return sum(weight for term, weight in rare if term in held) / mass
