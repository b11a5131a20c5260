"""DOCX: paragraphs, headings, lists with their visible numbers, tables, text boxes and notes in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.office.numbering import Numbering, read_numbering
from yinshu.kernel.documents.office.package import OfficePackage, attribute, child, children, local
from yinshu.kernel.documents.records import Block
from yinshu.kernel.documents.tables import fill_spans, table_block
from yinshu.kernel.documents.text import clean

_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_DROPPED = frozenset(
    ("del", "moveFrom", "instrText", "delText", "delInstrText", "Fallback", "rPr", "pPr", "footnotePr", "annotationRef")
)
_PLAIN_LABEL = re.compile(r"[(（]?[0-9a-zA-Z\u2460-\u2473]")
_STYLE_CHAIN_MAX = 20
_LINE = "\x1e"
_INK = ("t", "br", "cr", "sym", "tab", "ptab", "noBreakHyphen", "softHyphen")


@dataclass(frozen=True)
class _Style:
    name: str = ""
    based_on: str | None = None
    level: int | None = None
    list_id: str | None = None
    list_level: int | None = None
    hidden: bool = False


@dataclass
class _Reading:
    limits: ParseLimits
    styles: dict[str, _Style]
    numbering: Numbering
    notes: dict[str, etree._Element]
    blocks: list[Block] = field(default_factory=list)
    title: str | None = None
    chars: int = 0

    def full(self) -> bool:
        return len(self.blocks) >= self.limits.blocks_max or self.chars >= self.limits.chars_max

    def append(self, block: Block) -> None:
        if not self.full():
            self.blocks.append(block)
            self.chars += len(block.text)


def parse_docx(data: bytes, name: str, limits: ParseLimits) -> tuple[tuple[Block, ...], str | None, tuple[str, ...]]:
    """Blocks, title (style Title, or the first level-1 heading) and warnings. Raises DamagedFile or DangerousFile."""
    package = OfficePackage(data, name)
    package.refuse_doctypes()
    main = package.main_part("word/document.xml")
    folder = main.rpartition("/")[0]
    prefix = f"{folder}/" if folder else ""
    root = package.xml(main)
    notes: dict[str, etree._Element] = {}
    for kind in ("footnote", "endnote"):
        part = package.xml_or_none(f"{prefix}{kind}s.xml")
        for note in children(part, kind) if part is not None else ():
            if attribute(note, "type") is None:
                notes[f"{kind}:{attribute(note, 'id')}"] = note
    reading = _Reading(
        limits,
        _read_styles(package.xml_or_none(f"{prefix}styles.xml")),
        read_numbering(package.xml_or_none(f"{prefix}numbering.xml")),
        notes,
    )
    body = child(root, "body")
    _read_flow(reading, body if body is not None else root)
    title = reading.title or next((item.text for item in reading.blocks if item.kind == "heading"), None)
    warnings = (f"文件“{name}”内容过多，超出上限的部分未读取",) if reading.full() else ()
    return tuple(reading.blocks), title, warnings


def _read_styles(root: etree._Element | None) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for item in children(root, "style") if root is not None else ():
        named, based, format_ = child(item, "name"), child(item, "basedOn"), child(item, "pPr")
        name = (attribute(named, "val") or "") if named is not None else ""
        heading = _HEADING_NAME.match(name)
        outline = child(format_, "outlineLvl") if format_ is not None else None
        level = int(heading.group(1)) if heading else _outline_level(outline)
        list_id, list_level = _list_of(format_)
        styles[attribute(item, "styleId") or ""] = _Style(
            name=name,
            based_on=attribute(based, "val") if based is not None else None,
            level=level,
            list_id=list_id,
            list_level=list_level,
            hidden=_vanishes(child(item, "rPr")),
        )
    return styles


def _outline_level(outline: etree._Element | None) -> int | None:
    value = (attribute(outline, "val") or "") if outline is not None else ""
    return int(value) + 1 if value.isdecimal() and len(value) == 1 and int(value) < 9 else None


def _list_of(format_: etree._Element | None) -> tuple[str | None, int | None]:
    numbers = child(format_, "numPr") if format_ is not None else None
    if numbers is None:
        return None, None
    list_id, level = child(numbers, "numId"), child(numbers, "ilvl")
    place = (attribute(level, "val") or "") if level is not None else ""
    return (
        attribute(list_id, "val") if list_id is not None else None,
        int(place) if place.isdecimal() and len(place) == 1 else None,
    )


def _vanishes(format_: etree._Element | None) -> bool:
    mark = child(format_, "vanish") if format_ is not None else None
    return mark is not None and attribute(mark, "val") not in ("0", "false", "off")


def _chain(styles: dict[str, _Style], style_id: str | None) -> Iterator[_Style]:
    for _ in range(_STYLE_CHAIN_MAX):
        style = styles.get(style_id or "")
        if style is None:
            return
        yield style
        style_id = style.based_on


def _read_flow(reading: _Reading, parent: etree._Element) -> None:
    """Paragraphs and tables of a body, a content control, a text box or a note, in order."""
    for item in parent:
        if reading.full():
            return
        match local(item):
            case "p":
                _read_paragraph(reading, item)
            case "tbl":
                _read_table(reading, item)
            case "sdt":
                content = child(item, "sdtContent")
                if content is not None:
                    _read_flow(reading, content)
            case "customXml" | "ins" | "moveTo" | "smartTag" | "AlternateContent" | "Choice":
                _read_flow(reading, item)


def _read_paragraph(reading: _Reading, paragraph: etree._Element) -> None:
    pieces: list[str] = []
    boxes: list[etree._Element] = []
    notes: list[str] = []
    _collect(paragraph, pieces, boxes, notes)
    lines = [line for line in (_tidy(part) for part in "".join(pieces).split(_LINE)) if line]
    format_ = child(paragraph, "pPr")
    mark = child(format_, "pStyle") if format_ is not None else None
    chain = list(_chain(reading.styles, attribute(mark, "val") if mark is not None else None))
    if any(style.hidden for style in chain[:1]):
        lines = []
    if lines:
        label, listed = _label(reading, format_, chain)
        lines[0] = label + lines[0]
        level = _level(format_, chain)
        if reading.title is None and chain and chain[0].name.lower() in ("title", "标题"):
            reading.title, level = " ".join(lines), 1
        if level is not None:
            reading.append(Block("heading", " ".join(lines), level=level))
        else:
            for line in lines:
                reading.append(Block("list" if listed else "paragraph", line))
    for box in boxes:
        _read_flow(reading, box)
    for key in notes:
        note = reading.notes.pop(key, None)
        if note is not None:
            _read_flow(reading, note)


def _label(reading: _Reading, format_: etree._Element | None, chain: list[_Style]) -> tuple[str, bool]:
    """The visible number of a paragraph, and whether it is a list item."""
    list_id, place = _list_of(format_)
    for style in chain:
        list_id = style.list_id if list_id is None else list_id
        place = style.list_level if place is None else place
    if list_id is None or list_id == "0":
        return "", False
    label, bullet = reading.numbering.label(list_id, place or 0)
    return label, bullet or bool(_PLAIN_LABEL.match(label))


def _level(format_: etree._Element | None, chain: list[_Style]) -> int | None:
    outline = child(format_, "outlineLvl") if format_ is not None else None
    if outline is not None:
        return _outline_level(outline)
    return next((style.level for style in chain if style.level is not None), None)


def _collect(parent: etree._Element, pieces: list[str], boxes: list[etree._Element], notes: list[str]) -> None:
    """Visible text under an element; text boxes and note references are handed out, not mixed in."""
    for item in parent:
        name = local(item)
        if name in _DROPPED:
            continue
        if name in _INK:
            pieces.append(_ink(item, name))
        elif name in ("footnoteReference", "endnoteReference"):
            notes.append(f"{name.removesuffix('Reference')}:{attribute(item, 'id')}")
        elif name == "txbxContent":
            boxes.append(item)
        elif name != "r" or not _vanishes(child(item, "rPr")):
            _collect(item, pieces, boxes, notes)


def _ink(item: etree._Element, name: str) -> str:
    """What one element of a run prints."""
    if name == "t":
        return item.text or ""
    if name in ("br", "cr"):
        return _LINE if attribute(item, "type") != "page" else ""
    if name == "sym":
        return _symbol(item)
    return {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}.get(name, "")


def _symbol(item: etree._Element) -> str:
    """A character by its code; symbol fonts' private codes are left out, save the usual check boxes."""
    code = attribute(item, "char") or ""
    number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
    if 0xF000 <= number <= 0xF0FF:
        return {0xA8: "□", 0x6F: "□", 0xFE: "☑", 0x52: "☑", 0xFC: "√"}.get(number - 0xF000, "")
    return chr(number) if 0x20 <= number < 0xD800 else ""


def _tidy(text: str) -> str:
    return re.sub(r"[ \t\u00a0]*\t[ \t\u00a0]*", " ", clean(text).replace("\n", "")).strip()


def _read_table(reading: _Reading, table: etree._Element) -> None:
    """A table as a block; a frame of one cell is read as what it frames."""
    lines = [row for row in _unwrapped(table) if local(row) == "tr"]
    cells = [[cell for cell in _unwrapped(row) if local(cell) == "tc"] for row in lines]
    if sum(map(len, cells)) == 1:
        _read_flow(reading, next(cell for row in cells for cell in row))
        return
    above: dict[int, str] = {}
    rows = [_row(reading, row, above) for row in cells[: reading.limits.rows_max]]
    marked = [child(line, "trPr", "tblHeader") is not None for line in lines]
    block = table_block(fill_spans(rows, reading.limits.cells_max), header=True if any(marked) else None)
    if block is not None:
        reading.append(block)


def _row(reading: _Reading, cells: list[etree._Element], above: dict[int, str]) -> list[tuple[str, int, int]]:
    """Cells with their spans; one merged with the cell above takes its text."""
    row: list[tuple[str, int, int]] = []
    column = 0
    for cell in cells:
        format_ = child(cell, "tcPr")
        span = child(format_, "gridSpan") if format_ is not None else None
        merge = child(format_, "vMerge") if format_ is not None else None
        across_text = (attribute(span, "val") or "1") if span is not None else "1"
        across = int(across_text) if across_text.isdecimal() and len(across_text) < 4 else 1
        if merge is not None and attribute(merge, "val") != "restart":
            text = above.get(column, "")
        else:
            text = _cell_text(reading, cell)
            above[column] = text
        row.append((text, 1, across))
        column += max(across, 1)
    return row


def _unwrapped(parent: etree._Element) -> Iterator[etree._Element]:
    for item in parent:
        if local(item) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _unwrapped(item)
        else:
            yield item


def _cell_text(reading: _Reading, cell: etree._Element) -> str:
    """A cell's paragraphs and nested tables as lines."""
    inner = _Reading(reading.limits, reading.styles, reading.numbering, reading.notes)
    _read_flow(inner, cell)
    reading.chars += inner.chars
    return "\n".join(block.text for block in inner.blocks)
