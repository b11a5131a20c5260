"""People and rights as the command line prints them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]
_OUTCOMES = {"created": "新增", "changed": "更新", "unchanged": "未变", "disabled": "停用", "failed": "有误"}
_LEVELS = {"public": "公开", "internal": "内部", "confidential": "秘密", "secret": "机密"}
_STATES = {"active": "在职", "disabled": "停用"}
_KINDS = {"department": "部门", "post": "岗位", "role": "角色", "person": "人员"}


def show_people(result: Result) -> str:
    """One person a line."""
    lines = [
        "  ".join(
            [
                one["login"],
                one["name"],
                (one["department"] or {}).get("path", "—"),
                "、".join(post["name"] for post in one["posts"]) or "—",
                "、".join(one["roles"]) or "—",
                _LEVELS[one["clearance"]],
                _STATES[one["status"]],
            ]
        )
        for one in result["people"]
    ]
    return "\n".join(lines) or "还没有人员。可用 yinshu people import 名册.csv 导入。"


def show_roster(result: Result) -> str:
    """The counts, then each row that changed something or is wrong."""
    counts = "，".join(f"{word} {result[outcome]}" for outcome, word in _OUTCOMES.items())
    lines = [f"{'检查完毕（没有写入）' if result['dry_run'] else '导入完毕'}：{counts}。"]
    lines += [
        f"第 {row['row']} 行 {row['login']} {row['name']}：{row['message']}"
        for row in result["rows"]
        if row["outcome"] != "unchanged"
    ]
    return "\n".join(lines)


def show_password(result: Result) -> str:
    """The one-time password."""
    return f"{result['login']} 的一次性密码：{result['password']}（只显示这一次，首次登录必须修改）"


def show_disabled(result: Result) -> str:
    """That somebody may no longer sign in."""
    return f"{result['name']}（{result['login']}）已停用。"


def show_rights(result: Result) -> str:
    """One grant a line."""
    lines = [
        f"{one['id']}  {_KINDS[one['holder']['kind']]}:{one['holder']['name']}  {one['action']}"
        f"  {'允许' if one['effect'] == 'allow' else '禁止'}"
        for one in result["rights"]
    ]
    return "\n".join(lines) or "还没有授权，除本机操作员外谁也看不到。可用 yinshu rights give 授予。"


def show_given(result: Result) -> str:
    """That it was given."""
    return f"已授予 {result['given']} 项。"


def show_taken(result: Result) -> str:
    """That it was taken back."""
    return f"已收回 {result['taken']}。"


def show_level(result: Result) -> str:
    """The new level."""
    return f"{result['file']} 的密级已设为{result['level']}。"
