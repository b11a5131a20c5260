"""`yinshu glossary`: the bank's own synonyms and abbreviations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import emit

app = typer.Typer(help="词表：简称与同义词（基本户 = 基本存款账户）。", no_args_is_help=True, rich_markup_mode=None)

Term = Annotated[str, typer.Argument(metavar="TERM", help="员工口中的说法，例如：基本户。")]
Standard = Annotated[str, typer.Argument(metavar="STANDARD", help="制度中的说法，例如：基本存款账户。")]


@app.command("list")
def list_terms(as_json: Json = False) -> None:
    """列出词表。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_glossary

    with open_door() as door:
        result = door.call("glossary", {})
    emit(result, as_json, show_glossary)


@app.command()
def add(term: Term, standard: Standard, as_json: Json = False) -> None:
    """加入一个说法，立即生效。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_changed

    with open_door() as door:
        result = door.call("glossary_add", {"pairs": [[term, standard]]})
    emit(result, as_json, show_changed)


@app.command()
def remove(term: Term, standard: Standard, as_json: Json = False) -> None:
    """删去一个说法。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_changed

    with open_door() as door:
        result = door.call("glossary_remove", {"pairs": [[term, standard]]})
    emit(result, as_json, show_changed)


@app.command("import")
def import_terms(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="两列的 CSV：term,standard。")], as_json: Json = False
) -> None:
    """从 CSV 批量加入。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.files import read_pairs
    from yinshu.cli.show import show_changed

    pairs = read_pairs(file)
    with open_door() as door:
        result = door.call("glossary_add", {"pairs": pairs})
    emit(result, as_json, show_changed)


@app.command("export")
def export_terms(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪个 CSV 文件。")], as_json: Json = False
) -> None:
    """导出为 CSV，可编辑后再导入。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.files import write_pairs
    from yinshu.cli.show import show_changed

    with open_door() as door:
        terms = door.call("glossary", {})["terms"]
    write_pairs(file, [(entry["term"], entry["standard"]) for entry in terms])
    emit({"changed": len(terms), "file": str(file)}, as_json, show_changed)
