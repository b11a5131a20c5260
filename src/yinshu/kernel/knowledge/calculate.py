"""Simple arithmetic on a clause, done by code and shown as such; a wrong sum is worse than none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yinshu.kernel.evidence.arithmetic import expression_holds
from yinshu.kernel.knowledge.calculation.counts import frequency, interest, unit_fee
from yinshu.kernel.knowledge.calculation.deadlines import calendar, deadline, deadline_check
from yinshu.kernel.knowledge.calculation.formulas import formula
from yinshu.kernel.knowledge.calculation.percentages import lower_of_two, percentage
from yinshu.kernel.knowledge.calculation.quotas import quota
from yinshu.kernel.knowledge.calculation.reading import Reading, read
from yinshu.kernel.knowledge.calculation.records import Calculation, CalculationKind, Input
from yinshu.kernel.knowledge.calculation.sums import total
from yinshu.kernel.knowledge.calculation.thresholds import threshold
from yinshu.kernel.knowledge.calculation.tiers import tiers

RULES: tuple[Callable[[Reading], Calculation | None], ...] = (
    deadline_check, deadline, calendar, tiers, formula, quota, interest, lower_of_two, percentage, total, frequency,
    unit_fee, threshold,
)  # fmt: skip
MAX_QUESTION_CHARACTERS = 500

__all__ = ["Calculation", "CalculationKind", "Input", "calculate"]


def calculate(question: str, evidence: Sequence[str]) -> Calculation | None:
    """The sum that the question asks for on the figures of the evidence, or None unless it is plain.

    `evidence` are the selected clause sentences, best first. Every expression is worked out a second time by
    `evidence.arithmetic` before it is given back.
    """
    if not question or not evidence or len(question) > MAX_QUESTION_CHARACTERS:
        return None
    reading = read(question, evidence)
    if not reading.asked or not reading.evidence:
        return None
    for rule in RULES:
        calculation = rule(reading)
        if calculation is not None and expression_holds(calculation.expression):
            return calculation
    return None
