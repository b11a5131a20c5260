"""`yinshu knowledge`: put documents in, and look at what the library holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yinshu.cli import life
from yinshu.cli.options import CollectionOption, Json
from yinshu.cli.output import emit
from yinshu.kernel.base.errors import BadInput

INGEST_TIMEOUT_SECONDS = 6 * 3_600

app = typer.Typer(help="资料库：导入、查看文件和它们的效力关系。", no_args_is_help=True, rich_markup_mode=None)

FileName = Annotated[str, typer.Argument(metavar="FILE", help="资料库中的文件名。")]
NamedCollection = Annotated[str, typer.Option("--collection", "-c", help="资料库名称。")]


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="文件或文件夹，可以多个。")],
    collection: NamedCollection,
    index: Annotated[Path | None, typer.Option("--index", help="元数据表（CSV：file,title,published,kind…）。")] = None,
    published: Annotated[
        bool, typer.Option("--published", help="免审核直接发布（可信的批量导入），并记入台账。")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="等到向量也计算完成。")] = False,
    as_json: Json = False,
) -> None:
    """导入文件：文字先可检索，向量随后；未变的文件不会重复导入。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.follow import follow_job
    from yinshu.cli.show import show_ingest

    request = {
        "paths": [str(path.absolute()) for path in paths],
        "collection": collection,
        "index": str(index.absolute()) if index else None,
        "published": published,
        "wait": wait,
    }
    with open_door() as door:
        started = door.call("ingest", request)
        job = follow_job(door, str(started["job_id"]), INGEST_TIMEOUT_SECONDS)
    report = job["result"] or {}
    emit({"job_id": job["job_id"], "status": job["status"], "error": job["error"], **report}, as_json, show_ingest)
    if job["status"] != "done" or (report["failed"] and len(report["failed"]) == report["files"]):
        raise typer.Exit(BadInput.exit_code)


@app.command("collections")
def list_collections(as_json: Json = False) -> None:
    """列出资料库，及各有多少文件、条款、已算的向量。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_collections

    with open_door() as door:
        result = door.call("collections", {})
    emit(result, as_json, show_collections)


@app.command("list")
def list_documents(
    collection: CollectionOption = "",
    status: Annotated[str | None, typer.Option(help="只看某种状态：draft、published、superseded、archived…")] = None,
    as_json: Json = False,
) -> None:
    """列出文件：标题、文号、状态、生效与失效日期。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_documents

    with open_door() as door:
        result = door.call("documents", {"collection": collection, "status": status})
    emit(result, as_json, show_documents)


@app.command()
def links(
    collection: CollectionOption = "",
    file: Annotated[str | None, typer.Option("--file", help="只看与这个文件有关的。")] = None,
    as_json: Json = False,
) -> None:
    """列出取代、修改、废止关系，及其原文依据与确认状态。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_links

    with open_door() as door:
        result = door.call("links", {"collection": collection, "file": file})
    emit(result, as_json, show_links)


life.add_to(app)
