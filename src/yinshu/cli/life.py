"""`yinshu knowledge submit|approve|publish|…`: the life of a document at the machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from yinshu.cli.options import AsUser, CollectionOption, Json
from yinshu.cli.output import emit

Version = Annotated[str, typer.Argument(metavar="FILE|VERSION", help="文件名，或版本编号（ver_…）。")]
Comment = Annotated[str, typer.Option("--comment", "-m", help="说明，记入台账。")]
Day = Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="在这一天发布；留空为立即。")]


def add_to(app: typer.Typer) -> None:
    """Put the commands under `yinshu knowledge`."""
    for name, command in _COMMANDS.items():
        app.command(name)(command)


def _call(operation: str, request: dict[str, Any]) -> dict[str, Any]:
    from yinshu.cli.door import open_door

    with open_door() as door:
        return door.call(operation, request)


def _step(step: str, version: str, collection: str, as_user: str | None, as_json: bool, **more: Any) -> None:
    from yinshu.cli.show_life import show_state

    request = {"step": step, "version": version, "collection": collection, "as_user": as_user, **more}
    emit(_call("version_step", request), as_json, show_state)


def submit(
    version: Version,
    collection: CollectionOption = "",
    comment: Comment = "",
    as_user: AsUser = None,
    as_json: Json = False,
) -> None:
    """把草稿提交审核。"""
    _step("submit", version, collection, as_user, as_json, comment=comment)


def withdraw(
    version: Version,
    collection: CollectionOption = "",
    comment: Comment = "",
    as_user: AsUser = None,
    as_json: Json = False,
) -> None:
    """撤回提交，回到草稿。"""
    _step("withdraw", version, collection, as_user, as_json, comment=comment)


def give_back(
    version: Version,
    comment: Annotated[str, typer.Option("--comment", "-m", help="要改什么，必填。")],
    collection: CollectionOption = "",
    as_user: AsUser = None,
    as_json: Json = False,
) -> None:
    """退回提交的版本，写明要改什么。"""
    _step("return", version, collection, as_user, as_json, comment=comment)


def approve(
    version: Version,
    collection: CollectionOption = "",
    comment: Comment = "",
    publish: Annotated[bool, typer.Option("--publish", help="通过后立即发布。")] = False,
    on: Day = None,
    as_user: AsUser = None,
    as_json: Json = False,
) -> None:
    """审核通过；不能审核自己上传、修改或提交的版本。"""
    _step("approve", version, collection, as_user, as_json, comment=comment, publish=publish, publish_on=on)


def publish(
    version: Annotated[str, typer.Argument(metavar="[FILE|VERSION]", help="文件名，或版本编号（ver_…）。")] = "",
    collection: CollectionOption = "",
    comment: Comment = "",
    on: Day = None,
    due: Annotated[bool, typer.Option("--due", help="发布所有已到发布日期的版本（服务运行时会自动做）。")] = False,
    as_user: AsUser = None,
    as_json: Json = False,
) -> None:
    """发布审核通过的版本：检索和问答立即可见。"""
    from yinshu.cli.show_life import show_due
    from yinshu.kernel.base.errors import BadArgument

    if due == bool(version):
        raise BadArgument("请指定文件名或版本编号，或只用 --due。")
    if due:
        emit(_call("publish_due", {}), as_json, show_due)
        return
    _step("publish", version, collection, as_user, as_json, comment=comment, publish_on=on)


def archive(
    version: Version,
    collection: CollectionOption = "",
    comment: Comment = "",
    ended_on: Annotated[
        str | None, typer.Option("--ended-on", metavar="YYYY-MM-DD", help="从这一天起不再有效；留空为今天。")
    ] = None,
    mistaken: Annotated[bool, typer.Option("--mistaken", help="误发布：当作从未发布，恢复前一版本。")] = False,
    as_user: AsUser = None,
    as_json: Json = False,
) -> None:
    """归档：不再作为现行依据，以前的日期仍可查到。"""
    _step("archive", version, collection, as_user, as_json, comment=comment, ended_on=ended_on, mistaken=mistaken)


def diff(
    version: Version,
    against: Annotated[str, typer.Option("--against", help="与哪个版本（编号）比较；留空为现行版本或上一版本。")] = "",
    collection: CollectionOption = "",
    as_user: AsUser = None,
    as_json: Json = False,
) -> None:
    """逐条比较两个版本：修改、新增、删去、移位。"""
    from yinshu.cli.show_life import show_diff

    request = {"version": version, "collection": collection, "against": against, "as_user": as_user}
    emit(_call("version_diff", request), as_json, show_diff)


def impact(version: Version, collection: CollectionOption = "", as_user: AsUser = None, as_json: Json = False) -> None:
    """新版本改变了什么、影响谁：岗位部门、常见问答、近期的回答。"""
    from yinshu.cli.show_life import show_impact

    emit(
        _call("version_impact", {"version": version, "collection": collection, "as_user": as_user}),
        as_json,
        show_impact,
    )


def reviews(as_user: AsUser = None, as_json: Json = False) -> None:
    """列出待审核、待发布的版本和待确认的更正。"""
    from yinshu.cli.show_life import show_reviews

    emit(_call("reviews", {"as_user": as_user}), as_json, show_reviews)


def faq(
    words: Annotated[str, typer.Option("--words", "-q", help="只看含有这些字的。")] = "",
    as_user: AsUser = None,
    as_json: Json = False,
) -> None:
    """列出常见问答、负责人、到期日，以及依据已变动的。"""
    from yinshu.cli.show_life import show_faq

    emit(_call("faq", {"words": words, "as_user": as_user}), as_json, show_faq)


def gaps(as_user: AsUser = None, as_json: Json = False) -> None:
    """列出缺口：没有答上的问题、不一致的条款、逾期未复审的文件、被指出不对的回答。"""
    from yinshu.cli.show_life import show_gaps

    emit(_call("gaps", {"as_user": as_user}), as_json, show_gaps)


_COMMANDS: dict[str, Callable[..., None]] = {
    "submit": submit,
    "withdraw": withdraw,
    "return": give_back,
    "approve": approve,
    "publish": publish,
    "archive": archive,
    "diff": diff,
    "impact": impact,
    "reviews": reviews,
    "faq": faq,
    "gaps": gaps,
}
