"""`yinshu bench`: run a file of cases through the same door as everybody, one result row a case."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yinshu.cli import bench_guard, bench_models
from yinshu.cli.options import AsUser, Composed, Json
from yinshu.cli.output import emit, note
from yinshu.kernel.base.errors import YinshuError

if TYPE_CHECKING:
    from yinshu.cli.door import Door

SEARCH_HITS = 10
QUESTION_BLOCKED = "blocked"
"""The code of the guard's refusal."""
PROGRESS_EVERY_CASES = 20
WARM_UP_QUESTION = "预热"

app = typer.Typer(help="评测：把题目逐条问一遍，写出结果。", no_args_is_help=True, rich_markup_mode=None)


app.command("gateway")(bench_models.gateway)
app.command("cascade")(bench_models.cascade)
app.command("guard")(bench_guard.guard)


@app.callback()
def group() -> None:
    """评测：把题目逐条问一遍，写出结果。"""


@app.command()
def qa(
    collection: Annotated[str, typer.Option("--collection", "-c", help="资料库名称。")],
    cases: Annotated[Path, typer.Option("--cases", help="题目文件（JSONL：id、question，可有 as_of）。")],
    out: Annotated[Path, typer.Option("--out", help="结果写到哪个 JSONL 文件。")],
    as_user: AsUser = None,
    composer: Composed = None,
    as_json: Json = False,
) -> None:
    """逐题提问，每题一行，另附检索的前十条。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.files import JsonLinesFile, read_cases
    from yinshu.cli.show import show_bench
    from yinshu.cli.tally import Tally

    questions = read_cases(cases)
    tally = Tally()
    with open_door() as door, JsonLinesFile(out) as rows:
        # The first search loads the models; its time is that of the start, not of a question.
        door.call("search", {"question": WARM_UP_QUESTION, "collection": collection, "as_user": as_user, "limit": 1})
        for number, case in enumerate(questions, start=1):
            common = {
                "question": case["question"],
                "collection": collection,
                "as_of": case.get("as_of"),
                "as_user": as_user,
            }
            answer, hits = _asked(door, common, composer)
            rows.write({"id": case["id"], **answer, "hits": hits})
            tally.count(answer)
            if number % PROGRESS_EVERY_CASES == 0:
                note(f"已完成 {number}/{len(questions)} 题")
    emit({"cases": len(questions), "out": str(out), **tally.summary()}, as_json, show_bench)


def _asked(door: Door, request: Mapping[str, Any], composer: str | None) -> tuple[dict[str, Any], list[Any]]:
    """The answer and the hits of one case; one that the guard stops counts as refused, and the others go on."""
    try:
        answer = door.call("ask", {**request, "composer": composer})
        return answer, door.call("search", {**request, "limit": SEARCH_HITS})["hits"]
    except YinshuError as error:
        if error.code != QUESTION_BLOCKED:
            raise
        note(f"护栏拦下：{request['question']}")
        empty: dict[str, Any] = {"sentences": [], "citations": [], "clarify": [], "latency_ms": None, "run_id": None}
        return {"status": "refused", "answer": "", "missing": error.message, "blocked": True, **empty}, []
