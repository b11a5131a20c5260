"""A conversation as a paper: questions, answers, numbered sources with their dates, the label of generated text.

**Source**: 《人工智能生成合成内容标识办法》 (in force 2025-09-01): exported text carries a visible label, and the file
carries the AIGC object in its metadata.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from yinshu.kernel.assistant.records import Turn
from yinshu.kernel.base.clock import BANK_ZONE
from yinshu.kernel.guard import aigc_metadata
from yinshu.kernel.guard.labels import VISIBLE_LABEL
from yinshu.kernel.knowledge.records import Answer, Citation

Format = Literal["md", "docx"]
Style = Literal["title", "note", "question", "text", "source", "quote"]
PRODUCER = "银枢 Yinshu"
MEDIA_TYPES: dict[Format, str] = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
COMPOSED_BY = {"extractive": "摘录原文", "shortened": "大模型选句", "model": "大模型措辞"}
STATUS_WORDS = {"answered": "已核验", "refused": "未找到依据", "clarify": "需要您确认"}
_MARKED = {"title": "# ", "question": "## ", "source": "- ", "quote": "  > ", "note": "", "text": ""}


@dataclass(frozen=True)
class Line:
    """One paragraph of the paper."""

    style: Style
    text: str


@dataclass(frozen=True)
class Paper:
    """What is exported. `digest` is the SHA-256 of the paragraphs' text, one a line, which both formats share."""

    title: str
    lines: tuple[Line, ...]
    digest: str
    aigc: str
    exported_at: datetime


@dataclass(frozen=True)
class Exported:
    """A file ready to be saved."""

    name: str
    media_type: str
    content: bytes
    digest: str


def status_words(answer: Answer) -> str:
    """The status line of an answer."""
    partly = answer.status == "answered" and not all(one.verified for one in answer.sentences)
    return "部分核验" if partly else STATUS_WORDS[answer.status]


def composed_as(turn: Turn) -> str:
    """How the answer really came about, a key of COMPOSED_BY: a model that was asked for may have failed."""
    by = turn.answer.composed_by if turn.answer is not None else turn.composer
    if by == "extractive":
        return by
    return "shortened" if turn.answer is not None and turn.answer.shortened else "model"


def paper_of(title: str, conversation_id: str, turns: Sequence[Turn], exported_at: datetime) -> Paper:
    """The paper of these turns as their reader may see them."""
    lines = (Line("title", title), Line("note", VISIBLE_LABEL), *(line for turn in turns for line in _lines(turn)))
    digest = hashlib.sha256("\n".join(line.text for line in lines).encode()).hexdigest()
    aigc = aigc_metadata(
        producer=PRODUCER, produce_id=conversation_id, propagator=PRODUCER, propagate_id=f"sha256:{digest}"
    )
    return Paper(title, lines, digest, json.dumps(aigc, ensure_ascii=False), exported_at)


def _lines(turn: Turn) -> Iterator[Line]:
    yield Line("question", f"{turn.ordinal}. {turn.question}")
    if turn.understood_as != turn.question:
        yield Line("note", f"按此理解：{turn.understood_as}")
    yield Line("note", f"提问时间：{_moment(turn.asked_at)}　依据日期：{_day(turn.as_of)}")
    answer = turn.answer
    if answer is None:
        yield Line("text", turn.error or "这个问题还没有回答。")
        return
    composed = f"　作答方式：{COMPOSED_BY[composed_as(turn)]}" if answer.status == "answered" else ""
    yield Line("note", f"核验结果：{status_words(answer)}{composed}")
    if answer.sentences:
        for sentence in answer.sentences:
            marks = "".join(f"[{number}]" for number in sentence.citations)
            unverified = "" if sentence.verified else "（未核验）"
            yield Line("text", f"{sentence.text}{marks}{unverified}")
    else:
        yield Line("text", answer.answer)
    if answer.missing:
        yield Line("text", answer.missing)
    for choice in answer.clarify:
        yield Line("source", choice)
    for heading, citations in (("来源", answer.citations), ("最接近的条款", answer.nearest)):
        if citations:
            yield Line("note", f"{heading}：")
            for citation in citations:
                yield from _source(citation)


def _source(citation: Citation) -> Iterator[Line]:
    place = "　".join(filter(None, [citation.article, f"第{citation.page}页" if citation.page else ""]))
    yield Line("source", f"[{citation.n}] {citation.document}　{place}{_force(citation)}".rstrip())
    for piece in citation.quote.splitlines():
        if piece.strip():
            yield Line("quote", piece.strip())


def _force(citation: Citation) -> str:
    """From when to when the clause counts; nothing for what has no dates."""
    begins = f"{_day(citation.effective_from)}起施行" if citation.effective_from else ""
    ends = f"{_day(citation.effective_to)}起不再执行" if citation.effective_to else ""
    told = "，".join(filter(None, [begins, ends]))
    return f"（{told}）" if told else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(moment: datetime) -> str:
    local = moment.astimezone(BANK_ZONE)
    return f"{_day(local.date())} {local:%H:%M}"


def foot(paper: Paper) -> tuple[str, str]:
    """The last two paragraphs: label and check value."""
    told = f"导出时间：{_moment(paper.exported_at)}　内容校验值（SHA-256）：{paper.digest}"
    return VISIBLE_LABEL, told


def as_markdown(paper: Paper) -> bytes:
    """The paper as Markdown in UTF-8; the AIGC object stands in its front matter."""
    body = "\n\n".join(f"{_MARKED[line.style]}{_escaped(line)}" for line in paper.lines)
    label, told = foot(paper)
    return f"---\nAIGC: {paper.aigc}\n---\n\n{body}\n\n---\n\n{label}\n\n{told}\n".encode()


def _escaped(line: Line) -> str:
    """Text of sources never becomes a heading, a link or raw HTML."""
    text = line.text.replace("\\", "\\\\").replace("<", "&lt;").replace("](", "]\\(")
    for sign in ("*", "_", "`", "|"):
        text = text.replace(sign, f"\\{sign}")
    return f"\\{text}" if text.startswith(("#", ">", "-", "+")) else text
