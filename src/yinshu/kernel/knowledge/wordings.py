"""The words in which an answer speaks of itself: rules of the past, refusals and what is missing."""

from __future__ import annotations

import re
from datetime import date

from yinshu.kernel.knowledge.question import Question
from yinshu.kernel.knowledge.records import RefusalReason, StoredClause

PART_CHARS = 40


def past_rule_note(clause: StoredClause, as_of: date) -> str:
    """Says that a cited clause was not in force on the day, or was changed in part; nothing otherwise."""
    if clause.effective_to is not None and clause.effective_to <= as_of:
        return f"（{_short(clause.version.title)}，{_day(clause.effective_to)}起已不再执行）"
    if clause.effective_from is not None and clause.effective_from > as_of:
        return f"（{_short(clause.version.title)}，{_day(clause.effective_from)}起施行）"
    if clause.changed_on is not None and clause.changed_on <= as_of:
        return f"（该条部分内容自{_day(clause.changed_on)}起已有修改，请对照修改文件）"
    return ""


def refusal_words(reason: RefusalReason) -> str:
    """What a refusal says first."""
    return {
        "nothing_relevant": "没有找到依据：资料库中现行有效的文件没有回答这个问题的条款。",
        "outside_library": "没有找到依据：资料库没有收录与这个问题有关的文件。",
        "only_superseded": "没有找到现行依据：只有已经失效的文件谈到这个问题。",
        "not_yet_effective": "没有找到现行依据：谈到这个问题的文件尚未施行。",
        "not_specific": "没有找到依据：找到了相关条款，但没有写明所问的内容。",
    }[reason]


def missing_words(question: Question, parts: tuple[int, ...], reason: RefusalReason) -> str:
    """What the library lacks, part by part."""
    asked = "；".join(f"“{question.parts[number].text[:PART_CHARS]}”" for number in parts)
    remedy = {
        "only_superseded": "请核对是否已有新规，或指定日期按当时的规定查询。",
        "not_yet_effective": "可指定施行后的日期查询。",
    }.get(reason, "请补充收录有关制度，或向业务主管部门确认。")
    return f"缺少能回答{asked}的条款。{remedy}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _short(title: str) -> str:
    inner = re.search(r"《([^《》]+)》", title) or re.search(r"（([^（）]{4,60})）\s*$", title)
    return f"《{inner.group(1) if inner else title}》"
