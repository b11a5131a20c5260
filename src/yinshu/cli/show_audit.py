"""Results about the ledger as Chinese text for people."""

from __future__ import annotations

from yinshu.cli.output import Result


def show_verification(result: Result) -> str:
    """Whether the ledger in the database is whole."""
    if result["ok"]:
        return f"台账完整：共 {result['records']} 条记录。"
    if result["first_bad"] is None:
        heads = "、".join(str(seq) for seq in result["heads_failing"])
        return f"台账与已签名的链头（第 {heads} 条）不符，记录链可能被整体改写。请立即保全数据并联系审计部门。"
    return f"台账有问题：第 {result['first_bad']} 条与记录链不符，请立即保全数据并联系审计部门。"


def show_file_report(result: Result) -> str:
    """Whether an exported ledger is whole, and whose signature says so."""
    if result["ok"]:
        return (
            f"台账文件完整：共 {result['records']} 条，链头签于 {result['signed_at']}，签名公钥 {result['key_id']}。"
            "请与另行保管的公钥编号核对。"
        )
    return f"台账文件有问题：第 {result['first_bad']} 条，{result['reason']}。请保全文件并联系审计部门。"


def show_export(result: Result) -> str:
    """What was written where."""
    return f"已导出 {result['records']} 条到 {result['file']}，链头在 {result['head_file']}（请另行保管）。"


def show_written(result: Result) -> str:
    """How many lines were written."""
    return f"已写出 {result['records']} 条到 {result['file']}。"


def show_entries(result: Result) -> str:
    """A line an entry."""
    lines = [
        f"{one['seq']}  {one['at'][:19]}  {one['actor']}  {one['action']}  {one['subject']}" for one in result["items"]
    ]
    return "\n".join(lines) or "没有符合条件的记录。"


def show_head(result: Result) -> str:
    """The head that was signed."""
    return f"链头：第 {result['seq']} 条，{result['hash'][:16]}……，签名公钥 {result['key_id']}。"


def show_archived(result: Result) -> str:
    """What left the database."""
    return (
        f"已归档并移出 {result['records']} 条（到第 {result['last_seq']} 条，保留期 {result['retention_days']} 天）。"
    )


def show_new_key(result: Result) -> str:
    """Where both halves lie."""
    return f"公钥已装好：{result['public']}。私钥在 {result['private']}，请移交审计员离线保管，勿留在本机。"


def show_text(result: Result) -> str:
    """An original."""
    return str(result["text"])


def show_erased(result: Result) -> str:
    """How many originals are gone."""
    return f"已销毁 {result['person']} 的密钥，{result['originals']} 条原文不可恢复。"


def show_settings(result: Result) -> str:
    """A line a setting, then a line a proposal that waits."""
    lines = [f"{one['name']} = {one['value']}  {one['help']}" for one in result["settings"]]
    lines += [
        f"待复核 {one['id']}：{one['name']} → {one['value']}（{one['proposed_by']} 提出）"
        for one in result["changes"]
        if one["approved"] is None
    ]
    return "\n".join(lines)


def show_change(result: Result) -> str:
    """A proposal."""
    return f"已提出：{result['name']} → {result['value']}，等待第二人复核（{result['id']}）。"


def show_replay(result: Result) -> str:
    """Whether a past answer comes out the same, or what differs; and who worded it."""
    worded = _wording(result["wording"])
    if result["same"]:
        when = f"{result['asked_at'][:19]}，按 {result['as_of']} 有效的规定"
        return "\n".join([f"重放一致：{result['run_id']}（{when}）。", result["now"]["answer"], *worded])
    lines = [f"重放有 {len(result['differences'])} 处不同："]
    lines += [f"- {one['what']}\n  当时：{one['then']}\n  现在：{one['now']}" for one in result["differences"]]
    return "\n".join([*lines, *worded])


def _wording(wording: Result | None) -> list[str]:
    if wording is None:
        return []
    said = [
        f"- {'通过' if one['then'] is not None else '未采用'}：{one['text']}"
        + (f"（{'；'.join(one['faults'])}）" if one["faults"] else "")
        for one in wording["sentences"]
    ]
    said = said or [f"- 没有一句可核验：{wording['said']}"]
    what = "选的句子（原文未改）" if wording["chose"] else "说的话"
    return [f"模型 {wording['model']}（提示词 {wording['prompt_version']}）当时{what}，这次没有再问它：", *said]
