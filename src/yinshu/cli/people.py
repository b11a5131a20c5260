"""`yinshu people`: the staff, from the machine itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import emit
from yinshu.kernel.base.errors import BadInput

app = typer.Typer(help="人员：列出、导入、重置密码、停用。", no_args_is_help=True, rich_markup_mode=None)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="登录名。")]


@app.command("list")
def list_people(as_json: Json = False) -> None:
    """列出全部人员：登录名、姓名、部门、岗位、角色、密级、状态。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show_people import show_people

    with open_door() as door:
        result = door.call("people", {})
    emit(result, as_json, show_people)


@app.command("import")
def import_people(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV 或 XLSX：登录名、姓名、部门、岗位、角色、密级、状态、交接给。")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入。")] = False,
    passwords: Annotated[
        Path | None,
        typer.Option("--passwords", help="为新增人员发放一次性密码，写入这个文件（只有当前系统用户可读）。"),
    ] = None,
    as_json: Json = False,
) -> None:
    """按名册新增、更新、停用人员，逐行报告。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.private import write_passwords
    from yinshu.cli.show_people import show_roster

    request = {"path": str(file.absolute()), "dry_run": dry_run, "passwords": passwords is not None}
    with open_door() as door:
        result = door.call("people_import", request)
    made = result.pop("passwords")
    if passwords is not None and not dry_run:
        write_passwords(passwords, made)
    emit(result, as_json, show_roster)
    if result["failed"]:
        raise typer.Exit(BadInput.exit_code)


@app.command("reset-password")
def reset_password(login: Login, as_json: Json = False) -> None:
    """发放一次性密码（只显示这一次，首次登录必须修改），并结束此人的全部登录。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show_people import show_password

    with open_door() as door:
        result = door.call("people_reset_password", {"login": login})
    emit(result, as_json, show_password)


@app.command()
def disable(
    login: Login,
    hand_over_to: Annotated[str, typer.Option("--hand-over-to", metavar="LOGIN", help="工作交接给谁。")] = "",
    as_json: Json = False,
) -> None:
    """停用离开的人，并把其负责的资料和权限交接给同事；其会话别人看不到。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show_people import show_disabled

    with open_door() as door:
        result = door.call("people_disable", {"login": login, "hand_over_to": hand_over_to})
    emit(result, as_json, show_disabled)
