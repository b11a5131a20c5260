"""Counts and latencies over the answers of a bench run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed; 0 of no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


class Tally:
    """How many were answered, refused or asked back, and how long evidence and answer took."""

    def __init__(self) -> None:
        self._statuses: Counter[str] = Counter()
        self._latencies_ms: dict[str, list[float]] = {"evidence": [], "answer": []}

    def count(self, answer: Mapping[str, Any]) -> None:
        """Add one `ask` result; one that the guard stopped has no latencies."""
        self._statuses[answer["status"]] += 1
        for stage, values in self._latencies_ms.items() if answer["latency_ms"] else ():
            values.append(float(answer["latency_ms"][stage]))

    def summary(self) -> dict[str, Any]:
        """{"answered", "refused", "clarify", "latency_ms": {"evidence_p50", ...}} in milliseconds."""
        latency_ms = {
            f"{stage}_p{round(share * 100)}": round(percentile(values, share), 1)
            for stage, values in self._latencies_ms.items()
            for share in (0.5, 0.95)
        }
        counts = {status: self._statuses[status] for status in ("answered", "refused", "clarify")}
        return {**counts, "latency_ms": latency_ms}
