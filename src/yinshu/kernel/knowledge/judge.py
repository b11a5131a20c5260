"""The verdict a clause sentence gives to a yes/no question, with the words that open the answer."""

from __future__ import annotations

from typing import Literal

from yinshu.kernel.evidence.asking import read_question
from yinshu.kernel.evidence.polarity import answer_polarity


def judge(question: str, sentence: str) -> Literal["yes", "no"] | None:
    """Whether the sentence answers the yes/no question with yes or no; None unless it is plain."""
    return answer_polarity(question, sentence)


def opening(question: str, verdict: Literal["yes", "no"]) -> str:
    """The word that opens the answer: 可以。 不可以。 需要。 不需要。 对。 不对。 是。 不是。"""
    asked = read_question(question)
    kind = asked.kind if asked else "fact"
    words = {
        "permit": ("可以。", "不可以。"),
        "oblige": ("需要。", "不需要。"),
        "premise": ("对。", "不对。"),
        "fact": ("是。", "不是。"),
    }
    return words[kind][0 if verdict == "yes" else 1]
