"""Tiered sums: 不超过500亿元的部分按5%，超过500亿元至2000亿元的部分按4%, added up over the tiers an amount reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from yinshu.kernel.knowledge.calculation.reading import (
    ASKS_AMOUNT,
    Figure,
    Reading,
    inputs_of,
    label_of,
    show,
    show_money,
    used_of,
)
from yinshu.kernel.knowledge.calculation.records import Calculation

MAX_TIERS = 12
_PART = re.compile(r"部分")


@dataclass(frozen=True)
class _Tier:
    low: Decimal
    high: Decimal | None
    rate: Figure
    bounds: tuple[Figure, ...]


def tiers(reading: Reading) -> Calculation | None:
    """The sum over all tiers from zero to the question's one amount; None when a tier is missing in between."""
    amounts = reading.amounts()
    if len(amounts) != 1 or not ASKS_AMOUNT.search(reading.question):
        return None
    amount = amounts[0]
    found = sorted(_tiers(reading), key=lambda tier: tier.low)
    if len(found) < 2 or found[0].low != 0:
        return None
    terms: list[str] = []
    figures: list[Figure] = [amount]
    total, reached = Decimal(0), Decimal(0)
    unit = amount.quantity.unit or "元"
    for tier in found:
        if reached >= amount.value:
            break
        if tier.low != reached:
            return None
        top = amount.value if tier.high is None else min(tier.high, amount.value)
        total += (top - tier.low) * tier.rate.value
        terms.append(f"{show_money(top - tier.low, unit, amount.quantity.text)}×{show(tier.rate.quantity)}")
        figures += [*tier.bounds, tier.rate]
        reached = top if tier.high is not None else amount.value
    if reached < amount.value:
        return None
    result = show_money(total, unit, amount.quantity.text)
    expression = f"{'＋'.join(terms)}＝{result}"
    answer = f"{label_of(reading.question, '按此计算')}为{result}（{expression}）。"
    return Calculation("tiers", expression, answer, result, inputs_of(*figures), used_of(*figures))


def _tiers(reading: Reading) -> list[_Tier]:
    found: dict[tuple[Decimal, Decimal | None, Decimal], _Tier] = {}
    for rate in reading.law_of("ratio")[: MAX_TIERS * 4]:
        bounds = _bounds_of(reading, rate)
        if not bounds or not _PART.search(rate.before):
            continue
        tier = _tier(rate, bounds)
        if tier is not None:
            found[tier.low, tier.high, rate.value] = tier
    return list(found.values())[:MAX_TIERS]


def _bounds_of(reading: Reading, rate: Figure) -> list[Figure]:
    """The money bounds between the rate before and this rate in the same segment."""
    earlier = [
        f.quantity.end
        for f in reading.law_of("ratio")
        if f.evidence == rate.evidence and f.quantity.end <= rate.quantity.start and f.segment == rate.segment
    ]
    floor = max(earlier, default=-1)
    return [
        f
        for f in reading.law_of("money")
        if f.evidence == rate.evidence and f.segment == rate.segment and floor < f.quantity.start < rate.quantity.start
    ]


def _tier(rate: Figure, bounds: list[Figure]) -> _Tier | None:
    if len(bounds) == 1:
        bound = bounds[0]
        if bound.quantity.bound in ("le", "lt"):
            return _Tier(Decimal(0), bound.value, rate, tuple(bounds))
        return _Tier(bound.value, None, rate, tuple(bounds)) if bound.quantity.bound in ("gt", "ge") else None
    if len(bounds) == 2 and bounds[0].quantity.bound != "lt" and bounds[0].value < bounds[1].value:
        return _Tier(bounds[0].value, bounds[1].value, rate, tuple(bounds))
    return None
