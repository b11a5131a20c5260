"""`yinshu rights`: who may do what with collections and documents, from the machine itself."""

from __future__ import annotations

from typing import Annotated

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import emit

app = typer.Typer(help="权限：查看、授予、收回，设定文件密级。", no_args_is_help=True, rich_markup_mode=None)

NamedCollection = Annotated[str, typer.Option("--collection", "-c", help="资料库名称。")]
FileName = Annotated[str, typer.Option("--file", help="只对资料库中的这个文件。")]
To = Annotated[str, typer.Option("--to", help="给谁：部门:路径、岗位:名称、角色:名称、人员:登录名。")]
Does = Annotated[str, typer.Option("--action", help="read、ask、ingest、publish 或 manage。")]


@app.command("list")
def list_rights(collection: NamedCollection, file: FileName = "", as_json: Json = False) -> None:
    """列出一个资料库（或其中一个文件）上的授权。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show_people import show_rights

    with open_door() as door:
        result = door.call("rights", {"collection": collection, "file": file})
    emit(result, as_json, show_rights)


@app.command()
def give(
    collection: NamedCollection,
    to: To,
    action: Does,
    file: FileName = "",
    deny: Annotated[bool, typer.Option("--deny", help="禁止而不是允许；禁止优先。")] = False,
    as_json: Json = False,
) -> None:
    """授予（或禁止）一项权限。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show_people import show_given

    request = {"collection": collection, "file": file, "holder": to, "action": action}
    with open_door() as door:
        result = door.call("right_give", {**request, "effect": "deny" if deny else "allow"})
    emit(result, as_json, show_given)


@app.command()
def take(
    grant_id: Annotated[str, typer.Argument(metavar="ID", help="授权的编号，见 rights list。")], as_json: Json = False
) -> None:
    """收回一项授权。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show_people import show_taken

    with open_door() as door:
        result = door.call("right_take", {"id": grant_id})
    emit(result, as_json, show_taken)


@app.command()
def level(
    collection: NamedCollection,
    file: Annotated[str, typer.Option("--file", help="资料库中的文件名。")],
    to: Annotated[str, typer.Option("--to", help="公开、内部、秘密或机密。")],
    as_json: Json = False,
) -> None:
    """设定一个文件的密级；密级高于本人的文件，谁也看不到。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show_people import show_level

    with open_door() as door:
        result = door.call("level_set", {"collection": collection, "file": file, "level": to})
    emit(result, as_json, show_level)
