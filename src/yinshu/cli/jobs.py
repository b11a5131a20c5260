"""`yinshu jobs`: what runs in the background, how far it is, and how to stop it."""

from __future__ import annotations

from typing import Annotated

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import emit

app = typer.Typer(help="后台任务：查看进度、取消。", no_args_is_help=True, rich_markup_mode=None)

JobId = Annotated[str, typer.Argument(metavar="JOB_ID", help="任务编号。")]


@app.command("list")
def list_jobs(as_json: Json = False) -> None:
    """列出最近的任务。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_jobs

    with open_door() as door:
        result = door.call("jobs", {})
    emit(result, as_json, show_jobs)


@app.command()
def show(job_id: JobId, as_json: Json = False) -> None:
    """查看一个任务的进度和结果。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_job

    with open_door() as door:
        result = door.call("job", {"job_id": job_id})
    emit(result, as_json, show_job)


@app.command()
def cancel(job_id: JobId, as_json: Json = False) -> None:
    """取消一个任务（已完成的部分保留）。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_job

    with open_door() as door:
        result = door.call("cancel_job", {"job_id": job_id})
    emit(result, as_json, show_job)
