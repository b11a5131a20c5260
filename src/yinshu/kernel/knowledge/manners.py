"""The two manners in which a model improves an extractive answer, and which of them a model is good for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from yinshu.kernel.gateway.records import SizeClass
from yinshu.kernel.knowledge import shortened, worded
from yinshu.kernel.knowledge.prompts import Prompt
from yinshu.kernel.knowledge.records import Answer, StoredClause
from yinshu.kernel.knowledge.worded import OnSentence, Speak, Worded

SMALL: frozenset[SizeClass] = frozenset({"tiny", "small"})
"""Models of these sizes choose sentences: when they word an answer themselves, most of it does not hold."""


class Work(Protocol):
    """What is done with an extractive answer."""

    def __call__(
        self,
        question: str,
        answer: Answer,
        clauses: Mapping[int, StoredClause],
        as_of: date,
        speak: Speak,
        on_sentence: OnSentence | None = None,
    ) -> Worded:
        """The answer to show. `clauses` are the cited ones by id; raises what `speak` raises."""


@dataclass(frozen=True)
class Manner:
    """One of the two, with the prompt it sends."""

    prompt: Prompt
    work: Work

    @property
    def chooses(self) -> bool:
        """Whether the model only says which sentences answer, and words nothing."""
        return self.prompt.name == shortened.PROMPT


def manner_for(size_class: SizeClass) -> Manner:
    """What a model of this size is asked to do."""
    return _choosing() if size_class in SMALL else _wording()


def manner_of(cited_as: str) -> Manner:
    """The manner of a recorded answer, by the prompt that its record names."""
    return _choosing() if cited_as.startswith(f"{shortened.PROMPT}@") else _wording()


def _choosing() -> Manner:
    return Manner(shortened.prompt(), shortened.shorten)


def _wording() -> Manner:
    return Manner(worded.prompt(), worded.word)
