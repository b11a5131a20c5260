"""`yinshu backup` and `yinshu restore`: everything that the platform holds, as one file and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import Result, emit

MIB = 1024 * 1024


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="新的备份文件（tar），只有当前系统用户可读。")],
    as_json: Json = False,
) -> None:
    """把数据库、原始文件和密钥备份成一个文件；服务照常运行。"""
    from yinshu.cli.door import open_door

    with open_door() as door:
        result = door.call("back_up", {"file": str(file.absolute())})
    emit(result, as_json, _show_backup)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="yinshu backup 建立的备份文件。")],
    force: Annotated[bool, typer.Option("--force", help="取代已有的内容；原有文件移到数据文件夹内留存。")] = False,
    as_json: Json = False,
) -> None:
    """从备份恢复（先停止服务）；逐个核对校验和与版本，不合格的备份一个字节也不恢复。"""
    from yinshu.app.backup import restore_recorded
    from yinshu.cli.attached import attach
    from yinshu.cli.door import load_settings
    from yinshu.kernel.base.errors import DependencyDown

    settings = load_settings()
    if attach(settings) is not None:
        raise DependencyDown("服务正在运行，不能恢复。请先停止 yinshu serve，再重试。")
    emit(restore_recorded(settings, file.absolute(), force=force), as_json, _show_restore)


def _show_backup(result: Result) -> str:
    return (
        f"备份完成：{result['file']}（{result['bytes'] / MIB:.1f} MB，原始文件 {result['originals']} 份）\n"
        f"SHA-256：{result['sha256']}\n"
        "备份里有口令和密钥，请存放在同样安全的地方。"
    )


def _show_restore(result: Result) -> str:
    lines = [f"恢复完成：{result['home']}（备份于 {result['made_at']}，版本 {result['version']}）"]
    if result["replaced"]:
        lines.append(f"原有内容移到 {result['replaced']}，确认无误后可以删除。")
    return "\n".join(lines)
