"""A calculation with its expression, its answer sentence and the literal figures it started from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from yinshu.kernel.evidence.records import Computation

CalculationKind = Literal[
    "deadline", "deadline_check", "calendar", "percentage", "quota", "tiers", "formula", "count", "interest",
    "threshold", "total",
]  # fmt: skip


@dataclass(frozen=True)
class Input:
    """A literal figure: `evidence` is the index of its text, None for the question; `span` lies in that text."""

    text: str
    evidence: int | None
    span: tuple[int, int]


@dataclass(frozen=True)
class Calculation:
    """`expression` is shown as it is, `answer` is a Chinese sentence that holds `result`.

    `meets` is set for comparisons: whether the question's figure satisfies the clause's bound. `used` are the indexes
    of the evidence texts that the calculation stands on.
    """

    kind: CalculationKind
    expression: str
    answer: str
    result: str
    inputs: tuple[Input, ...]
    used: tuple[int, ...]
    meets: bool | None = None

    def as_computation(self) -> Computation:
        """The same for the verifier."""
        return Computation(self.expression, tuple(entry.text for entry in self.inputs), self.result)
