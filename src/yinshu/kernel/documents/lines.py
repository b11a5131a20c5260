"""The lines of a parsed document: paragraphs with their place, wrapped lines joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yinshu.kernel.documents.markers import marker_at_start
from yinshu.kernel.documents.records import Block, Box, ParsedDocument

LINE_LENGTH_MAX = 4000
_WRAP_OPEN = re.compile(r"[，、,（(“《—－]$")
_GLUED_ATTACHMENT = re.compile(r"(?<=日印发)\s*(?=附\s?件)|(?<=\d日)\s*(?=附\s?件\s*\d{0,2}(?:\s|$))")
_WRAP_CLOSE = re.compile(r"^[，。、；：）)”》]")


@dataclass(frozen=True)
class Line:
    """A paragraph of text with its place. `level` is set for headings known from the format."""

    text: str
    page: int | None = None
    box: Box | None = None
    level: int | None = None


def lines_of(parsed: ParsedDocument) -> Iterator[Line | Block]:
    """Yield the document's paragraphs, wrapped lines joined; tables are passed through as blocks."""
    pending: Line | None = None
    for block in parsed.blocks:
        if block.kind == "table" and block.rows:
            if pending:
                yield pending
            pending = None
            yield block
            continue
        level = block.level if block.kind == "heading" else None
        for raw in _split_glued(block.text):
            text = raw.strip(" \t\r\u3000\xa0\ufeff")
            if not text:
                continue
            line = Line(text, block.page, block.box, level)
            if pending and len(pending.text) < LINE_LENGTH_MAX and _is_wrapped(pending, line):
                pending = Line(pending.text + text, pending.page, pending.box, pending.level)
                continue
            if pending:
                yield pending
            pending = line
    if pending:
        yield pending


def _split_glued(text: str) -> list[str]:
    """Split at line ends, and where an attachment's label was glued to the end of the printed date."""
    pieces = (piece for line in text.splitlines() for piece in _GLUED_ATTACHMENT.split(line))
    return [short for piece in pieces for short in _limited(piece)]


def _limited(line: str) -> list[str]:
    """Cut an endless line after sentences, so that work on one line stays bounded."""
    if len(line) <= LINE_LENGTH_MAX:
        return [line]
    cut_at: list[int] = [0]
    while len(line) - cut_at[-1] > LINE_LENGTH_MAX:
        limit = cut_at[-1] + LINE_LENGTH_MAX
        stop = max(line.rfind(mark, cut_at[-1] + LINE_LENGTH_MAX // 2, limit) for mark in "。；")
        cut_at.append(stop + 1 if stop > 0 else limit)
    return [line[start:end] for start, end in zip(cut_at, [*cut_at[1:], len(line)], strict=True)]


def _is_wrapped(before: Line, after: Line) -> bool:
    if before.level is not None or after.level is not None:
        return False
    if _WRAP_CLOSE.match(after.text):
        return True
    return bool(_WRAP_OPEN.search(before.text)) and marker_at_start(after.text) is None


def is_short_phrase(text: str) -> bool:
    """Say whether a line could be part of a title: short, unpunctuated and unnumbered."""
    return len(text) <= 60 and not re.search(r"[。；;：:，,！？]", text) and marker_at_start(text) is None
