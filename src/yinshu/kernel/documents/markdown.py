"""Markdown: CommonMark with tables, read by markdown-it; embedded HTML loses its tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from yinshu.kernel.documents.html import normalise, parse_html
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.records import Block
from yinshu.kernel.documents.tables import table_block
from yinshu.kernel.documents.text import decode_file

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.{0,10000}?\n---[ \t]*\n", re.DOTALL)
_SENTENCE_WRAP = re.compile(r"(?<=[。；：！？])[ \t]*\n")
_FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)


@dataclass
class _Reading:
    limits: ParseLimits
    blocks: list[Block] = field(default_factory=list)
    lists: list[bool] = field(default_factory=list)
    marker: str = ""
    level: int | None = None
    rows: list[list[str]] | None = None


def parse_markdown(
    data: bytes, name: str, limits: ParseLimits
) -> tuple[tuple[Block, ...], str | None, tuple[str, ...]]:
    """Blocks, title (front matter or first heading) and warnings."""
    text, warnings = decode_file(data, name)
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    front = _FRONT_MATTER.match(text)
    found = _FRONT_TITLE.search(front.group()) if front else None
    tokens = MarkdownIt("commonmark").enable("table").parse(text[front.end() :] if front else text)
    reading = _Reading(limits)
    for token in tokens:
        _read(reading, token)
    headings = [block.text for block in reading.blocks if block.kind == "heading"]
    title = found.group(1) if found else next(iter(headings), None)
    return tuple(reading.blocks), title, warnings


def _read(reading: _Reading, token: Token) -> None:
    match token.type:
        case "heading_open":
            reading.level = int(token.tag[1:])
        case "heading_close":
            reading.level = None
        case "inline":
            _read_inline(reading, token)
        case "fence" | "code_block":
            for line in token.content.splitlines():
                _append(reading, line.strip())
        case "html_block":
            reading.blocks.extend(parse_html(token.content.encode(), "", reading.limits)[0])
        case _:
            _read_list(reading, token)
            _read_table(reading, token)


def _read_list(reading: _Reading, token: Token) -> None:
    if token.type in ("ordered_list_open", "bullet_list_open"):
        reading.lists.append(token.type == "ordered_list_open")
    elif token.type in ("ordered_list_close", "bullet_list_close"):
        reading.lists.pop()
    elif token.type == "list_item_open":
        reading.marker = f"{token.info}{token.markup} " if reading.lists[-1] else ""


def _read_table(reading: _Reading, token: Token) -> None:
    if token.type == "table_open":
        reading.rows = []
    elif token.type == "tr_open" and reading.rows is not None:
        reading.rows.append([])
    elif token.type == "table_close":
        table = table_block(reading.rows or [], header=True)
        reading.rows = None
        if table is not None:
            reading.blocks.append(table)


def _read_inline(reading: _Reading, token: Token) -> None:
    text = _SENTENCE_WRAP.sub("\x1e", "".join(_plain(child) for child in token.children or []))
    if reading.rows is not None:
        reading.rows[-1].append(normalise(text))
        return
    for line in text.split("\x1e"):
        _append(reading, normalise(line))


def _plain(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    if token.type == "hardbreak" or (token.type == "html_inline" and token.content.lower().startswith("<br")):
        return "\x1e"
    if token.type == "image":
        return token.content
    return "\n" if token.type == "softbreak" else ""


def _append(reading: _Reading, text: str) -> None:
    if not text or len(reading.blocks) >= reading.limits.blocks_max:
        return
    text, reading.marker = reading.marker + text, ""
    if reading.level is not None:
        reading.blocks.append(Block("heading", text, level=reading.level))
    elif reading.lists:
        reading.blocks.append(Block("list", text))
    else:
        reading.blocks.append(Block("paragraph", text))
