"""Swap test: the same cases to two models, and where their answers differ."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean, median
from typing import Any

from yinshu.kernel.base.errors import BadInput, YinshuError
from yinshu.kernel.gateway.desk import ModelDesk
from yinshu.kernel.gateway.records import Caller

CASES_MAX = 10_000
OUTPUT_TOKENS_MAX = 512
DIFFERENCES_SHOWN = 50
COMPARED_CHARS_MAX = 4_000


@dataclass(frozen=True)
class SwapCase:
    """What is asked, and what a right answer must contain (empty: nothing is checked)."""

    id: str
    messages: tuple[Mapping[str, Any], ...]
    expect: tuple[str, ...]


def read_swap_cases(path: Path) -> list[SwapCase]:
    """Cases from JSONL: id, and prompt or question or messages; expect may name words of a right answer.

    Raises BadInput with the line that is wrong.
    """
    if not path.is_file():
        raise BadInput(f"没有找到题目文件 {path}，请核对路径。")
    cases: list[SwapCase] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            cases.append(_case(line, number, path))
    if not 0 < len(cases) <= CASES_MAX:
        raise BadInput(f"题目应为 1 至 {CASES_MAX} 条，{path.name} 有 {len(cases)} 条。")
    return cases


def _case(line: str, number: int, path: Path) -> SwapCase:
    try:
        row = json.loads(line)
        prompt = row.get("prompt") or row.get("question") or row.get("text")
        messages = row.get("messages") or [{"role": "user", "content": prompt}]
        if not all(isinstance(one["content"], str) and one["role"] for one in messages):
            raise TypeError
        expect = row.get("expect", [])
        wanted = [expect] if isinstance(expect, str) else list(expect)
        return SwapCase(str(row.get("id", number)), tuple(messages), tuple(map(str, wanted)))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BadInput(f"{path.name} 第 {number} 行读不懂：应为 JSON，含 id 和 prompt（或 messages）。") from None


def swap_test(
    desk: ModelDesk, caller: Caller, names: tuple[str, str], cases: Sequence[SwapCase], out: Path | None = None
) -> dict[str, Any]:
    """Ask both models every case, the temperature at zero, and report. `out` gets one JSON line a case."""
    rows = [_compared(desk, caller, names, case) for case in cases]
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    # A call that failed says nothing of how the models differ.
    answered = [row for row in rows if not any(row["errors"])]
    differing = [row for row in answered if not row["same"]]
    checked = [row for row in answered if row["right"][0] is not None]
    return {
        "models": list(names),
        "cases": len(rows),
        "compared": len(answered),
        "same": len(answered) - len(differing),
        "differing": len(differing),
        "similarity_mean": round(mean(row["similarity"] for row in answered), 4) if answered else None,
        "checked": len(checked),
        "right": [sum(bool(row["right"][side]) for row in checked) for side in (0, 1)],
        "failed": [sum(bool(row["errors"][side]) for row in rows) for side in (0, 1)],
        "errors": [sorted({row["errors"][side] for row in rows} - {""}) for side in (0, 1)],
        "latency_ms_p50": [round(median(row["latency_ms"][side] for row in rows), 1) for side in (0, 1)],
        "tokens": [sum(row["tokens"][side] for row in rows) for side in (0, 1)],
        "differences": differing[:DIFFERENCES_SHOWN],
    }


def _compared(desk: ModelDesk, caller: Caller, names: tuple[str, str], case: SwapCase) -> dict[str, Any]:
    sides = [_asked(desk, caller, name, case) for name in names]
    texts = [side["text"] for side in sides]
    plain = ["".join(text.split()) for text in texts]
    matcher = SequenceMatcher(None, plain[0][:COMPARED_CHARS_MAX], plain[1][:COMPARED_CHARS_MAX], autojunk=False)
    right = [all(word in text for word in case.expect) if case.expect else None for text in texts]
    return {
        "id": case.id,
        "same": plain[0] == plain[1],
        "similarity": round(matcher.ratio(), 4),
        "right": right,
        "texts": texts,
        "errors": [side["error"] for side in sides],
        "latency_ms": [side["latency_ms"] for side in sides],
        "tokens": [side["tokens"] for side in sides],
    }


def _asked(desk: ModelDesk, caller: Caller, name: str, case: SwapCase) -> dict[str, Any]:
    started = time.perf_counter()
    body = {"model": name, "messages": list(case.messages), "max_tokens": OUTPUT_TOKENS_MAX, "temperature": 0}
    text, error, tokens = "", "", 0
    try:
        answer = desk.submit(desk.gateway.chat(caller, body)).result()
        text = str((answer["choices"][0].get("message") or {}).get("content") or "")
        tokens = int((answer.get("usage") or {}).get("completion_tokens", 0))
    except YinshuError as failure:
        error = failure.code
    latency_ms = round((time.perf_counter() - started) * 1_000, 1)
    return {"text": text, "error": error, "tokens": tokens, "latency_ms": latency_ms}
