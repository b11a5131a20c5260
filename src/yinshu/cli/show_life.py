"""The life of documents as Chinese text for people at a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]

EXCERPT_CHARS = 80
_STATUS = {
    "draft": "草稿",
    "in_review": "审核中",
    "approved": "已通过，待发布",
    "published": "已发布",
    "superseded": "已被取代",
    "archived": "已归档",
}
_SIGN = {"added": "＋", "removed": "－", "changed": "改"}


def show_state(result: Result) -> str:
    """How a version stands after a step."""
    day = f"，{result['publish_on']} 发布" if result.get("publish_on") else ""
    return f"{result['version_id']}：{_STATUS.get(result['status'], result['status'])}{day}"


def show_due(result: Result) -> str:
    """What was published because its day had come."""
    return "\n".join(["没有到期待发布的版本。"] if not result["published"] else ["已发布：", *result["published"]])


def _excerpt(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= EXCERPT_CHARS else flat[:EXCERPT_CHARS] + "……"


def _marked(side: Result, spans: list[list[int]]) -> str:
    """The text with what differs in brackets."""
    text, last, pieces = str(side["text"]), 0, []
    for start, stop in spans:
        pieces += [text[last:start], f"【{text[start:stop]}】"]
        last = stop
    return "".join([*pieces, text[last:]])


def show_diff(result: Result) -> str:
    """Every clause that differs, old above new."""
    if result["old"] is None:
        return "这是第一个版本，没有可比较的。"
    lines = [f"第 {result['old']['ordinal']} 版 → 第 {result['new']['ordinal']} 版"]
    for row in result["rows"]:
        side = row["new"] or row["old"]
        if row["kind"] == "same":
            if row["moved"] or row["old"]["article"] != row["new"]["article"]:
                lines.append(f"移 {row['old']['article']} → {row['new']['article']}")
            continue
        lines.append(f"{_SIGN[row['kind']]} {side['article']}")
        if row["old"]:
            lines.append(f"    旧：{_marked(row['old'], row['spans']['old'])}")
        if row["new"]:
            lines.append(f"    新：{_marked(row['new'], row['spans']['new'])}")
    return "\n".join(lines if len(lines) > 1 else [*lines, "两个版本的条款相同。"])


def show_impact(result: Result) -> str:
    """What changes, and for whom."""
    changes = result["changes"]
    lines = [f"修改 {changes['changed']} 条，新增 {changes['added']} 条，删去 {changes['removed']} 条"]
    for title, entries in (
        ("有权查看的部门、岗位和人员：", [f"{one['name']}（近期问过 {one['asked']} 次）" for one in result["posts"]]),
        ("引用了变动条款的常见问答：", [f"{one['question']}（{one['article']}）" for one in result["faq"]]),
        ("引用了变动条款的近期回答：", [f"{one['question']}（{one['article']}）" for one in result["answers"]]),
    ):
        if entries:
            lines += [title, *(f"  · {entry}" for entry in entries)]
    return "\n".join(lines)


def show_reviews(result: Result) -> str:
    """A line for everything that waits."""
    lines = [
        f"{one['version']['version_id']}  《{one['version']['title']}》{_STATUS[one['version']['status']]}"
        f"（{one['submitted_by']['name']} 提交）{'  ← 待我处理' if one['waiting_for_me'] else ''}"
        for one in result["items"]
    ]
    lines += [
        f"{one['id']}  《{one['title']}》更正 {one['target']}：{one['before']} → {one['after']}"
        for one in result["corrections"]
    ]
    return "\n".join(lines) or "没有待处理的审核。"


def show_faq(result: Result) -> str:
    """A paragraph a question."""
    lines: list[str] = []
    for one in result["items"]:
        marks = [
            word
            for word, holds in (
                ("置顶", one["pinned"]),
                ("已到期", one["expired"]),
                (one["stale_reason"], one["stale_reason"]),
            )
            if holds
        ]
        lines.append(f"{one['question']}{f'（{chr(0xFF0C).join(marks)}）' if marks else ''}")
        lines.append(f"    {_excerpt(one['answer'])}")
    return "\n".join(lines) or "还没有常见问答。"


def show_gaps(result: Result) -> str:
    """The four lists of the page of gaps."""
    sections = (
        ("没有答上的问题：", [f"{one['example']}（{one['count']} 次）" for one in result["unanswered"]]),
        ("可能不一致的条款：", [_contradiction(one) for one in result["conflicts"]]),
        ("逾期未复审的文件：", [f"《{one['title']}》应于 {one['review_on']} 复审" for one in result["overdue"]]),
        ("被指出不对或过时的回答：", [f"{one['question']}：{one['comment'] or '未写原因'}" for one in result["wrong"]]),
    )
    lines = [line for title, entries in sections if entries for line in (title, *(f"  · {entry}" for entry in entries))]
    return "\n".join(lines) or "没有发现缺口。"


def _contradiction(one: Result) -> str:
    sides = [f"《{side['document']}》{side['article']}" for side in (one["first"], one["second"])]
    figures = "，".join(f"{first}／{second}" for first, second in one["differing"])
    return f"{' 与 '.join(sides)}：{figures}"
