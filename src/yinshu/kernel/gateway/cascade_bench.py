"""Draws accuracy against cost for a cascade over a file of cases and chooses the point."""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from yinshu.kernel.base.errors import BadInput
from yinshu.kernel.gateway.cascade import (
    LARGE,
    RULE,
    SMALL,
    Measured,
    SmallModel,
    ask_large,
    best_point,
    candidates,
    curve,
)
from yinshu.kernel.gateway.ports import ChatModel, Embedder
from yinshu.kernel.gateway.records import Cascade, Model

CASES_MAX = 100_000
LARGE_SECONDS_MAX = 300.0
EMBED_BATCH = 16
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LabelledText:
    """A text and its right label."""

    text: str
    label: str


def read_labelled(path: Path) -> list[LabelledText]:
    """Cases from CSV (text, category) or JSONL (text, label). Raises BadInput naming what is wrong."""
    if not path.is_file():
        raise BadInput(f"没有找到题目文件 {path}，请核对路径。")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = (
                list(csv.DictReader(file))
                if path.suffix == ".csv"
                else [json.loads(line) for line in file if line.strip()]
            )
        cases = [LabelledText(str(row["text"]), str(row.get("label") or row["category"])) for row in rows]
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        raise BadInput(f"{path.name} 读不懂：CSV 应有 text、category 两列，JSONL 应有 text、label。") from None
    if not 0 < len(cases) <= CASES_MAX:
        raise BadInput(f"题目应为 1 至 {CASES_MAX} 条，{path.name} 有 {len(cases)} 条。")
    return cases


def evenly(cases: Sequence[LabelledText], count: int) -> list[LabelledText]:
    """So many cases, spread over the whole file; all when there are fewer."""
    if count <= 0 or count >= len(cases):
        return list(cases)
    return [cases[place * len(cases) // count] for place in range(count)]


def bench_cascade(
    name: str,
    path: Path,
    cases: Sequence[LabelledText],
    small: SmallModel,
    embedder: Embedder,
    large: tuple[Model, ChatModel] | None,
    large_cases: int,
    progress: Progress,
) -> Cascade:
    """Every case to the rule and the small model; the least sure of them, at most `large_cases`, to the large one."""
    started = time.perf_counter()
    rows = [small.probabilities(embedder.embed_query(case.text)[None, :])[0] for case in cases]
    small_ms = (time.perf_counter() - started) * 1_000 / len(cases)
    order = sorted(range(len(cases)), key=lambda place: float(rows[place].max()))
    unsure = [place for place in order if small.by_rule(cases[place].text) is None]
    # Spread over the unsure half, so that every threshold below has cases of its own.
    pool = unsure[: max(large_cases, len(unsure) // 2)]
    asked = set(pool[:: max(1, len(pool) // large_cases)][:large_cases]) if large is not None and large_cases else set()
    measured: list[Measured] = []
    for place, (case, row) in enumerate(zip(cases, rows, strict=True)):
        known = small.by_rule(case.text)
        right: bool | None = None
        took_ms = cost = 0.0
        if place in asked and large is not None:
            began = time.perf_counter()
            label, tokens = ask_large(case.text, candidates(small, row), large[1], LARGE_SECONDS_MAX)
            took_ms, right = (time.perf_counter() - began) * 1_000, label == case.label
            cost = float(large[0].cost(tokens, 0))
            progress(sum(one.large_right is not None for one in measured) + 1, len(asked))
        first = known or small.labels[int(row.argmax())]
        measured.append(Measured(known is not None, float(row.max()), first == case.label, right, took_ms, cost))
    points = curve(measured, small_ms) if asked else [one for one in curve(measured, small_ms) if one.threshold == 0]
    return Cascade(
        name=name,
        task=f"{len(small.labels)} 类意图",
        steps=(RULE, f"{SMALL}:{small.embedder}", *([f"{LARGE}:{large[0].name}"] if large else [])),
        threshold=best_point(points).threshold,
        points=tuple(points),
        cases=f"{path.name}：{len(cases)} 题，其中 {len(asked)} 题问了大模型",
        cases_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        note="大模型只抽问了把握较低的一部分，其余送出的题按同等把握的抽样正确率计"
        if asked
        else "没有大模型，只有规则和小模型",
    )
