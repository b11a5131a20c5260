"""`yinshu bench guard`: a case file through the guard, one verdict a row, and the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import Result, emit
from yinshu.kernel.base.errors import BadInput


def guard(
    cases: Annotated[Path, typer.Option("--cases", help="题目文件（JSONL：id、text，可有 expect、category）。")],
    out: Annotated[Path | None, typer.Option("--out", help="裁决写到哪个 JSONL 文件。")] = None,
    direction: Annotated[str, typer.Option(metavar="in|out|data", help="提问、生成内容，或文档里的文字。")] = "in",
    audience: Annotated[str, typer.Option(metavar="internal|public", help="对内还是对公众。")] = "internal",
    as_json: Json = False,
) -> None:
    """逐条过护栏：攻击拦截率、良性误拦率、各类别和用时。"""
    from yinshu.app.guard import product_guard
    from yinshu.cli.files import JsonLinesFile
    from yinshu.kernel.guard import bench_cases, figures
    from yinshu.kernel.guard.cases import checked_audience, checked_direction

    if not cases.is_file():
        raise BadInput(f"没有找到题目文件 {cases}，请核对路径。")
    found = bench_cases(
        product_guard(), cases, direction=checked_direction(direction), audience=checked_audience(audience)
    )
    rows = list(found)
    if out is not None:
        with JsonLinesFile(out) as written:
            for row in rows:
                written.write(row)
    emit({**figures(rows), "out": str(out or "")}, as_json, _show)


def _show(result: Result) -> str:
    shares = (("攻击拦截", "blocked"), ("良性误拦", "benign_blocked"), ("个人信息脱敏", "masked"))
    lines = [f"{name}：{result[key]:.1%}" for name, key in shares if result[key] is not None]
    lines.append(f"{result['cases']} 条，每条 p50 {result['elapsed_ms_p50']}、p95 {result['elapsed_ms_p95']} 毫秒")
    return "\n".join(lines)
