"""The root of the command line: global failures, and the commands that stand at the top."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from yinshu.cli import audit, backup, bench, glossary, guard, jobs, knowledge, models, people, rights
from yinshu.cli.failures import run_guarded
from yinshu.cli.options import AsOf, AsUser, CollectionOption, Composed, Json
from yinshu.cli.output import emit, note

INIT_TIMEOUT_SECONDS = 3_600

app = typer.Typer(
    help="银枢：有据才作答的银行知识平台。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(people.app, name="people")
app.add_typer(rights.app, name="rights")
app.add_typer(jobs.app, name="jobs")
app.add_typer(glossary.app, name="glossary")
app.add_typer(audit.app, name="audit")
app.add_typer(guard.app, name="guard")
app.add_typer(models.app, name="models")
app.add_typer(bench.app, name="bench")
app.command()(backup.backup)
app.command()(backup.restore)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code (0 done, 2 arguments, 3 input, 4 not allowed, 5 dependency down)."""
    return run_guarded(app, sys.argv[1:] if arguments is None else arguments)


@app.command()
def version(as_json: Json = False) -> None:
    """显示版本。"""
    from importlib.metadata import version as installed_version

    from yinshu.cli.show import show_version

    emit({"name": "yinshu", "version": installed_version("yinshu")}, as_json, show_version)


@app.command()
def init(
    sample: Annotated[bool, typer.Option("--sample", help="同时建立“示范银行”的样例资料库和人员。")] = False,
    sample_passwords: Annotated[
        Path | None,
        typer.Option(
            "--sample-passwords", hidden=True, help="为样例人员发放一次性密码，写入这个文件（只有当前系统用户可读）。"
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """建立数据文件夹和数据库（可重复执行，不会覆盖已有数据）。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.follow import follow_job
    from yinshu.cli.private import write_passwords
    from yinshu.cli.show import show_init

    with open_door(create=True) as door:
        result = door.call("init", {"sample": sample})
        if result.get("job_id"):
            result["job"] = follow_job(door, str(result["job_id"]), INIT_TIMEOUT_SECONDS)
            staff = door.call("sample_staff", {"passwords": sample_passwords is not None})
            if sample_passwords is not None:
                write_passwords(sample_passwords, staff["passwords"])
            result["staff"] = {name: staff[name] for name in ("people", "rights", "levels")}
    emit(result, as_json, show_init)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认取 YINSHU_HOST。")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="监听端口，默认取 YINSHU_PORT。")] = None,
) -> None:
    """启动服务；按 Ctrl-C 停止。"""
    from yinshu.app import serve as serve_until_stopped
    from yinshu.cli.door import load_settings
    from yinshu.cli.show import show_server

    command = "yinshu" if shutil.which("yinshu") else sys.argv[0]
    serve_until_stopped(
        load_settings(host=host, port=port), announce=lambda server: note(show_server({**server, "command": command}))
    )


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="用一句话提问。")],
    collection: CollectionOption = "",
    as_of: AsOf = None,
    as_user: AsUser = None,
    composer: Composed = None,
    as_json: Json = False,
) -> None:
    """提问，得到有出处、逐句核验的回答；没有依据时说明缺什么。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_answer

    with open_door() as door:
        result = door.call(
            "ask",
            {"question": question, "collection": collection, "as_of": as_of, "as_user": as_user, "composer": composer},
        )
    emit(result, as_json, show_answer)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="要找的内容。")],
    collection: CollectionOption = "",
    limit: Annotated[int, typer.Option("-k", "--limit", min=1, help="最多返回多少条。")] = 10,
    as_of: AsOf = None,
    as_user: AsUser = None,
    as_json: Json = False,
) -> None:
    """只检索，不作答：列出最相关的条款。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_hits

    with open_door() as door:
        result = door.call(
            "search",
            {"question": question, "collection": collection, "limit": limit, "as_of": as_of, "as_user": as_user},
        )
    emit(result, as_json, show_hits)


@app.command()
def calibrate(
    collection: CollectionOption = "",
    cases: Annotated[str | None, typer.Option("--cases", help="题目文件（JSONL），能回答的题带 gold。")] = None,
    out: Annotated[str | None, typer.Option("--out", help="门槛文件写到哪里；留空写入数据文件夹。")] = None,
    as_json: Json = False,
) -> None:
    """按本行资料库校准“作答还是拒答”的门槛（藏起答案所在条款，应当拒答）。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show import show_calibration

    with open_door() as door:
        result = door.call("calibrate", {"collection": collection, "cases": cases, "out": out})
    emit(result, as_json, show_calibration)


@app.command()
def replay(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="问答记录的编号（run_...）。")], as_json: Json = False
) -> None:
    """按当时的资料、日期和门槛重新作答一次，并列出与记录的不同。"""
    from yinshu.cli.door import open_door
    from yinshu.cli.show_audit import show_replay

    with open_door() as door:
        result = door.call("replay", {"run_id": run_id})
    emit(result, as_json, show_replay)
