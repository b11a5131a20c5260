"""`yinshu audit`: verify, search, export and govern the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yinshu.cli.options import Json
from yinshu.cli.output import emit
from yinshu.kernel.base.errors import BadArgument, BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer(help="台账：查询、核对、导出、归档和审计设置。", no_args_is_help=True, rich_markup_mode=None)
Target = Annotated[Path, typer.Argument(metavar="FILE", help="写到哪个文件。")]
HeadFile = Annotated[Path, typer.Option("--head", metavar="HEADFILE", help="签名链头写到哪个文件，请另行保管。")]


def _call(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    from yinshu.cli.door import open_door

    with open_door() as door:
        return door.call(operation, request)


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="导出的台账；留空则核对库中的台账。")] = None,
    head: Annotated[Path | None, typer.Option("--head", metavar="HEADFILE", help="导出时一并生成的签名链头。")] = None,
    public_key: Annotated[str, typer.Option("--public-key", help="审计员信任的签名公钥（十六进制）。")] = "",
    as_json: Json = False,
) -> None:
    """逐条核对台账；给出 FILE 和 --head 时离线核对，不需要数据库。有问题时指出第一条，并以退出码 3 结束。"""
    from yinshu.cli.show_audit import show_file_report, show_verification

    if file is None:
        result = _call("verify_ledger", {})
        emit(result, as_json, show_verification)
    else:
        if head is None:
            raise BadArgument("离线核对需要签名链头，请加 --head HEADFILE。")
        result = _verify_file(file, head, public_key)
        emit(result, as_json, show_file_report)
    if not result["ok"]:
        raise typer.Exit(BadInput.exit_code)


def _verify_file(file: Path, head: Path, public_key: str) -> dict[str, Any]:
    import time

    from yinshu.kernel.audit.export import verify_file

    for path in (file, head):
        if not path.is_file():
            raise BadInput(f"没有找到文件 {path}，请核对路径。")
    started = time.perf_counter()
    report = verify_file(file, head, public_key)
    seconds = time.perf_counter() - started
    return {
        "records": report.records,
        "ok": report.ok,
        "first_bad": report.first_bad,
        "reason": report.reason,
        "head": report.head.head.hash,
        "signed_at": report.head.head.at,
        "key_id": report.head.key_id,
        "public_key": report.head.public_key,
        "seconds": round(seconds, 3),
    }


@app.command()
def export(file: Target, head: HeadFile, as_json: Json = False) -> None:
    """导出整条台账和签名链头，供离线核对。"""
    from yinshu.cli.show_audit import show_export

    result = _call("ledger_export", {"file": str(file.absolute()), "head": str(head.absolute())})
    emit(result, as_json, show_export)


@app.command()
def search(
    words: Annotated[str, typer.Argument(metavar="[WORDS]", help="在对象和内容中查找的文字。")] = "",
    actor: Annotated[str, typer.Option("--actor", help="谁。")] = "",
    action: Annotated[str, typer.Option("--action", help="做了什么，如 knowledge. 或 audit.read。")] = "",
    subject: Annotated[str, typer.Option("--subject", help="对什么（编号）。")] = "",
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="从何时起（UTC，ISO 格式）。")] = "",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="到何时止（UTC，ISO 格式）。")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="最多多少条。")] = 50,
    as_json: Json = False,
) -> None:
    """查询台账，最新的在前；查询本身也会入账。"""
    from yinshu.cli.show_audit import show_entries

    wanted = {"q": words, "actor": actor, "action": action, "subject": subject, "since": since, "until": until}
    emit(_call("ledger_entries", {**wanted, "limit": limit}), as_json, show_entries)


@app.command()
def head(as_json: Json = False) -> None:
    """给当前链头签名，并存到库外（设置了 YINSHU_LEDGER_ANCHOR 时）。"""
    from yinshu.cli.show_audit import show_head

    emit(_call("ledger_sign", {}), as_json, show_head)


@app.command()
def siem(
    file: Target,
    form: Annotated[str, typer.Option("--form", metavar="ocsf|cef", help="格式：OCSF 的 JSON 行，或 CEF。")] = "ocsf",
    after: Annotated[int, typer.Option("--after", min=0, help="从这个序号之后开始，供增量采集。")] = 0,
    as_json: Json = False,
) -> None:
    """导出给安全信息系统（SIEM）。"""
    from yinshu.cli.show_audit import show_written

    emit(_call("ledger_siem", {"file": str(file.absolute()), "form": form, "after": after}), as_json, show_written)


@app.command()
def archive(file: Target, head: HeadFile, as_json: Json = False) -> None:
    """导出并核对后，把超过保留期的记录移出数据库；链从归档处继续。"""
    from yinshu.cli.show_audit import show_archived

    result = _call("ledger_archive", {"file": str(file.absolute()), "head": str(head.absolute())})
    emit(result, as_json, show_archived)


@app.command(name="new-key")
def new_key(
    private: Annotated[Path, typer.Argument(metavar="PRIVATE", help="审计员私钥写到哪个文件，由审计员保管。")],
    passphrase: Annotated[
        str, typer.Option("--passphrase", prompt="私钥口令", hide_input=True, help="私钥的口令；不给则询问。")
    ],
    as_json: Json = False,
) -> None:
    """生成审计员密钥：公钥装进数据文件夹，私钥交给审计员。从此原文加密保存，只有持私钥者能读。"""
    from yinshu.cli.door import load_settings
    from yinshu.cli.show_audit import show_new_key
    from yinshu.kernel.audit.originals import make_auditor_key

    public = load_settings().ledger_auditors_file
    make_auditor_key(private, public, passphrase)
    emit({"private": str(private), "public": str(public)}, as_json, show_new_key)


@app.command()
def reveal(
    original: Annotated[str, typer.Argument(metavar="ORIGINAL", help="台账记录中的原文编号。")],
    key: Annotated[Path, typer.Option("--key", metavar="PRIVATE", help="审计员私钥文件。")],
    passphrase: Annotated[
        str, typer.Option("--passphrase", prompt="私钥口令", hide_input=True, help="私钥的口令；不给则询问。")
    ],
    as_json: Json = False,
) -> None:
    """审计员用私钥读一条原文；读取会入账。"""
    from yinshu.cli.show_audit import show_text

    request = {"original_id": original, "key_file": str(key.absolute()), "passphrase": passphrase}
    emit(_call("ledger_reveal", request), as_json, show_text)


@app.command()
def erase(person: Annotated[str, typer.Argument(metavar="PERSON", help="人员编号。")], as_json: Json = False) -> None:
    """销毁一个人的密钥：其原文从此无人能读，台账的链不受影响。"""
    from yinshu.cli.show_audit import show_erased

    emit(_call("ledger_erase", {"person": person}), as_json, show_erased)


@app.command()
def settings(as_json: Json = False) -> None:
    """列出审计设置和待复核的变更。"""
    from yinshu.cli.show_audit import show_settings

    emit(_call("ledger_settings", {}), as_json, show_settings)


@app.command()
def propose(
    name: Annotated[str, typer.Argument(metavar="NAME", help="审计设置的名字，见 yinshu audit settings。")],
    value: Annotated[int, typer.Argument(metavar="VALUE", help="新的值。")],
    as_json: Json = False,
) -> None:
    """提出一项审计设置的变更，由第二人在“审计”页复核后生效。"""
    from yinshu.cli.show_audit import show_change

    emit(_call("ledger_propose", {"name": name, "value": value}), as_json, show_change)
