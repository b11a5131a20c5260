"""What a parsed file is made of: blocks with their place, and the clauses cut from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "table", "list"]
ClauseKind = Literal["article", "section", "preamble", "table", "qa", "signoff"]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions (0 to 1) of the page's width and height, origin top left."""


@dataclass(frozen=True)
class Block:
    """A piece of a document as its author laid it out, in reading order.

    `text` is the block's text (a table's rows as lines, cells parted by " | "). `page` is 1-based for paged
    formats and images, otherwise None. `level` is 1 to 9 for headings known from the format itself.
    `rows` holds a table's cells; its first row is the header when `header` is true. `sheet` names an XLSX sheet
    or a slide title.
    """

    kind: BlockKind
    text: str
    page: int | None = None
    box: Box | None = None
    level: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    header: bool = True
    sheet: str | None = None


@dataclass(frozen=True)
class ParsedDocument:
    """A file's whole content. `page_count` is 1 for formats without pages."""

    media_type: str
    blocks: tuple[Block, ...]
    page_count: int = 1
    from_ocr: bool = False
    title_hint: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """The unit of retrieval and citation: an article with its paragraphs and items, or a part of a long one.

    `ordinal` counts from 0 in reading order. `path` goes from the document's own inner title (an annexed rule or
    attachment, when there is one) through 编 章 节 down to, but without, the clause's own `article`, e.g.
    ("第三章 银行结算账户的使用",). `article` is what a person would cite: "第三十四条", "三（二）", "附件1 第二条",
    "施行日期", or "" for a preamble. `text` is the exact text. `lead` is the sentence of a parent that governs this
    part when a long article was split ("金融机构应当报告下列大额交易："), otherwise "". `heading` is the clause's own
    caption when it has one. `group` numbers the article the clause belongs to, so that parts of one split article
    share a group.
    """

    ordinal: int
    path: tuple[str, ...]
    article: str
    kind: ClauseKind
    text: str
    lead: str = ""
    heading: str = ""
    group: int = 0
    page: int | None = None
    box: Box | None = None
    rows: tuple[tuple[str, ...], ...] = field(default=())
