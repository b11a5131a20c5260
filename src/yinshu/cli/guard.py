"""`yinshu guard`: check a text, and write the assessment over the bank's own test banks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import Result, emit
from yinshu.kernel.base.errors import BadInput

app = typer.Typer(help="安全护栏：检查文字、出评估报告。", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def check(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="要检查的文字。")],
    direction: Annotated[str, typer.Option(metavar="in|out|data", help="提问、生成内容，或文档里的文字。")] = "in",
    audience: Annotated[str, typer.Option(metavar="internal|public", help="对内还是对公众。")] = "internal",
    as_json: Json = False,
) -> None:
    """用生效中的策略检查一段文字，说明每条发现；不留存。"""
    from yinshu.cli.door import open_door

    with open_door() as door:
        result = door.call("guard_try", {"text": text, "direction": direction, "audience": audience})
    emit(result, as_json, _show_check)


def _show_check(result: Result) -> str:
    lines = [f"裁决：{result['action']}（策略 {result['policy']}）"]
    lines += [
        f"- {one['kind']}/{one['rule']}（{one['severity']}，第 {one['start'] + 1} 至 {one['end']} 字）：{one['action']}"
        for one in result["findings"]
    ]
    return "\n".join([*lines, f"放行文字：{result['masked']}"] if result["masked"] else lines)


@app.command()
def report(
    banks: Annotated[
        list[Path], typer.Argument(metavar="BANK.jsonl...", help="测试题库：id、text、expect、category。")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.docx", help="报告写到哪里。")],
    audience: Annotated[str, typer.Option(metavar="internal|public", help="对内还是对公众。")] = "public",
    as_json: Json = False,
) -> None:
    """按 GB/T 45654 的要求评估护栏，写出 DOCX 报告。"""
    from yinshu.adapters.reports.assessment_docx import write_assessment
    from yinshu.app.guard import product_guard
    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.guard.assess import assess
    from yinshu.kernel.guard.cases import checked_audience

    for path in banks:
        if not path.is_file():
            raise BadInput(f"没有找到题库文件 {path}，请核对路径。")
    found = assess(product_guard(), banks, Clock().now(), checked_audience(audience))
    write_assessment(found, out)
    emit(
        {
            "out": str(out),
            "refuse_cases": found.refuse_cases,
            "refused": found.refused,
            "serve_cases": found.serve_cases,
            "serve_refused": found.serve_refused,
            "requirements": [{"name": one.name, "found": one.found, "met": one.met} for one in found.requirements],
        },
        as_json,
        _show_report,
    )


def _show_report(result: Result) -> str:
    lines = [f"{'符合' if one['met'] else '不符合'}  {one['name']}：{one['found']}" for one in result["requirements"]]
    return "\n".join([*lines, f"报告：{result['out']}"])
