"""Whether fewer words still say what a question asks about: what a model may leave out of an extractive answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yinshu.kernel.evidence.overlap import STOP, character_pairs
from yinshu.kernel.evidence.quantities import NOT_QUANTITIES, parse_quantities
from yinshu.kernel.knowledge.question import AnswerKind, analyse

KEPT_SHARE = 0.6
"""The sentence nearest to the question must be kept by so much of its pairs of characters."""
NEAR_SHARE = 0.5
"""A sentence with so much of the nearest one's words of the question may be what a part of the question is after."""
FIGURE_KINDS: frozenset[AnswerKind] = frozenset({"duration", "date", "amount", "ratio", "count", "size", "penalty"})

_NO_WORD = re.compile(r"\W")


def keeps_nearest(question: str, sentences: Sequence[str], kept: str) -> bool:
    """Whether `kept` still holds the sentence that is nearest to the question.

    A true sentence is not yet an answer: a weak model likes to repeat what stands beside it.
    """
    asked, held = _pairs(question), _pairs(kept)
    nearest = max((_pairs(sentence) for sentence in sentences), key=lambda one: len(one & asked), default=frozenset())
    return len(nearest & held) >= KEPT_SHARE * len(nearest)


def says_enough(question: str, sentences: Sequence[str], kept: str) -> bool:
    """Whether `kept` may stand for the `sentences` of an extractive answer.

    The sentence nearest to the question stays, every word of the question that the answer took up stays (a weak model
    likes to answer the first of two questions), and where a part of the question asks for a figure, the figures of
    every sentence near that part stay.
    """
    if not keeps_nearest(question, sentences, kept):
        return False
    asked = _pairs(question)
    pairs = [_pairs(sentence) for sentence in sentences]
    if not (frozenset().union(*pairs) & asked) <= _pairs(kept):
        return False
    figures = [_figures(sentence) for sentence in sentences]
    held = _figures(kept)
    for part in analyse(question).parts:
        if not FIGURE_KINDS.intersection(part.kinds):
            continue
        near = [len(own & _pairs(part.text)) for own in pairs]
        least = NEAR_SHARE * max(near, default=0)
        if any(shared >= least and not own <= held for shared, own in zip(near, figures, strict=True)):
            return False
    return True


def _pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, those of function words left out."""
    return frozenset(pair for pair in character_pairs(_NO_WORD.sub("", text)) if not set(pair) <= STOP)


def _figures(text: str) -> frozenset[tuple[object, ...]]:
    """The figures of a text by kind, value and unit; dates by their words."""
    return frozenset(
        (one.kind, one.value, one.unit, one.text if one.moment is not None else "")
        for one in parse_quantities(text)
        if one.kind not in NOT_QUANTITIES
    )
