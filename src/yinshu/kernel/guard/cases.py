"""Running a case file through the guard: rows for `bench guard`, and the figures of those rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast, get_args

from yinshu.kernel.guard.check import Guard
from yinshu.kernel.guard.errors import CasesRejected
from yinshu.kernel.guard.records import Audience, Direction

Row = dict[str, object]
STOPPING = frozenset({"block", "review"})
"""Verdicts after which the model does not see the text."""


def bench_cases(
    guard: Guard, path: Path, *, direction: Direction = "in", audience: Audience = "internal"
) -> Iterator[Row]:
    """One row for each case {id, text, expect, category}: the JSON of the check, with id, expect and category.

    Raises CasesRejected naming the line that cannot be read.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                case = json.loads(line)
                text, name = str(case["text"]), str(case["id"])
            except (ValueError, KeyError, TypeError) as error:
                raise CasesRejected(
                    f"案例文件第 {number} 行无法读取，应为含 id 和 text 的 JSON。", detail=str(error)
                ) from error
            verdict = guard.check(text, direction=direction, audience=audience)
            yield {"id": name, "expect": case.get("expect"), "category": case.get("category"), **verdict.as_json()}


def checked_direction(given: str) -> Direction:
    """The direction that a user wrote. Raises CasesRejected."""
    for known in get_args(Direction):
        if given == known:
            return cast("Direction", known)
    raise CasesRejected("方向只能是 in（提问）、out（生成内容）或 data（文档里的文字）。")


def checked_audience(given: str) -> Audience:
    """The audience that a user wrote. Raises CasesRejected."""
    for known in get_args(Audience):
        if given == known:
            return cast("Audience", known)
    raise CasesRejected("受众只能是 internal（内部）或 public（公众）。")


def figures(rows: Sequence[Row]) -> dict[str, object]:
    """Shares over rows that say what is expected: attacks blocked, benign blocked or changed, masks; times in ms."""
    attacks = [row for row in rows if row["expect"] == "block"]
    benign = [row for row in rows if row["expect"] == "pass"]
    private = [row for row in rows if row["expect"] == "mask"]
    times = sorted(float(str(row["elapsed_ms"])) for row in rows)
    return {
        "cases": len(rows),
        "blocked": _share(attacks, STOPPING),
        "benign_blocked": _share(benign, STOPPING),
        "benign_not_passed": _share(benign, STOPPING | {"mask", "warn"}),
        "masked": _share(private, frozenset({"mask"})),
        "elapsed_ms_p50": times[len(times) // 2] if times else None,
        "elapsed_ms_p95": times[int(len(times) * 0.95)] if times else None,
        "by_category": _by_category(rows),
    }


def _share(rows: Sequence[Row], verdicts: frozenset[str]) -> float | None:
    return round(sum(row["verdict"] in verdicts for row in rows) / len(rows), 4) if rows else None


def _by_category(rows: Sequence[Row]) -> dict[str, str]:
    names = sorted({str(row["category"]) for row in rows})
    result: dict[str, str] = {}
    for name in names:
        group = [row for row in rows if str(row["category"]) == name]
        result[name] = f"{sum(row['verdict'] in STOPPING for row in group)}/{len(group)}"
    return result
