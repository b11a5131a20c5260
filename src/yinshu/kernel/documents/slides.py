"""PPTX: the slides' text from top to bottom, tables, charts' figures and speaker's notes; a slide is a page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from yinshu.kernel.documents import errors
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.office.package import OfficePackage
from yinshu.kernel.documents.records import Block, BlockKind, Box
from yinshu.kernel.documents.tables import table_block
from yinshu.kernel.documents.text import clean

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide

_GROUP_DEPTH_MAX = 20
_SHAPES_MAX = 20_000
_ROW_SHARE = 0.04
"""Shapes whose tops differ by less than this share of the slide's height stand in one row."""
_FOOTER_KINDS = ("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER")
_TITLE_KINDS = ("TITLE", "CENTER_TITLE", "VERTICAL_TITLE")


@dataclass
class SlidesReading:
    """Blocks, number of slides, title and warnings of a deck."""

    blocks: list[Block] = field(default_factory=list)
    page_count: int = 0
    title: str | None = None
    warnings: list[str] = field(default_factory=list)


def parse_pptx(data: bytes, name: str, limits: ParseLimits) -> SlidesReading:
    """Read a deck. Raises DamagedFile, DangerousFile or FileTooLarge."""
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    OfficePackage(data, name).refuse_doctypes()
    reading = SlidesReading()
    try:
        deck = Presentation(io.BytesIO(data))
        slides = list(deck.slides)
    except (PythonPptxError, KeyError, etree.LxmlError, zipfile.BadZipFile) as error:
        raise errors.damaged(name, detail=repr(error)) from error
    if len(slides) > limits.pages_max:
        raise errors.FileTooLarge(
            name, f"共 {len(slides)} 页，超过 {limits.pages_max} 页的上限", "请拆分成几个文件后上传"
        )
    reading.page_count = max(len(slides), 1)
    for number, slide in enumerate(slides, start=1):
        if slide.element.get("show") == "0":
            reading.warnings.append(f"第 {number} 张幻灯片是隐藏的，其内容也已读取")
        _read_slide(reading, deck, slide, number)
    return reading


def _read_slide(reading: SlidesReading, deck: Deck, slide: Slide, number: int) -> None:
    width, height = float(deck.slide_width or 1), float(deck.slide_height or 1)
    shapes = sorted(_flat(list(slide.shapes)), key=lambda shape: _place(shape, height))
    heading = next((shape for shape in shapes if _kind(shape) in _TITLE_KINDS and shape.has_text_frame), None)
    title = _one_line(heading) if heading is not None else ""
    if title:
        reading.title = reading.title or title
        reading.blocks.append(
            Block("heading", title, page=number, box=_box(heading, width, height), level=1, sheet=title)
        )
    for shape in shapes:
        if shape is not heading and _kind(shape) not in _FOOTER_KINDS:
            _read_shape(reading, shape, number, _box(shape, width, height), title or None)
    if slide.has_notes_slide:
        frame = slide.notes_slide.notes_text_frame
        for paragraph in frame.paragraphs if frame is not None else ():
            text = clean(paragraph.text).strip()
            if text:
                reading.blocks.append(Block("paragraph", f"备注：{text}", page=number, sheet=title or None))


def _flat(shapes: list[BaseShape], depth: int = 0) -> Iterator[BaseShape]:
    """Shapes with those inside groups."""
    for shape in shapes[:_SHAPES_MAX]:
        inner = getattr(shape, "shapes", None)
        if inner is not None and depth < _GROUP_DEPTH_MAX:
            yield from _flat(list(inner), depth + 1)
        else:
            yield shape


def _place(shape: BaseShape, height: float) -> tuple[int, int]:
    return int((shape.top or 0) / (height * _ROW_SHARE)), shape.left or 0


def _kind(shape: BaseShape) -> str:
    """The placeholder's kind by name; "" for other shapes and for kinds the deck does not say."""
    return getattr(shape.placeholder_format.type, "name", "") if shape.is_placeholder else ""


def _box(shape: BaseShape | None, width: float, height: float) -> Box | None:
    sides: list[float | None] = [getattr(shape, side, None) for side in ("left", "top", "width", "height")]
    left, top, across, down = sides
    if left is None or top is None or across is None or down is None:
        return None
    edges = (left / width, top / height, (left + across) / width, (top + down) / height)
    x0, y0, x1, y1 = (round(min(max(edge, 0.0), 1.0), 4) for edge in edges)
    return x0, y0, x1, y1


def _one_line(shape: BaseShape) -> str:
    text: str = shape.text_frame.text  # type: ignore[attr-defined]
    return " ".join(clean(text.replace("\x0b", " ")).split())


def _read_shape(reading: SlidesReading, shape: BaseShape, page: int, box: Box | None, title: str | None) -> None:
    if getattr(shape, "has_table", False):
        _add_table(reading, _table_rows(shape), page, box, title)
    elif getattr(shape, "has_chart", False):
        _add_table(reading, _chart_rows(shape), page, box, title)
    elif shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:  # type: ignore[attr-defined]
            kind: BlockKind = "list" if paragraph.level else "paragraph"
            for line in str(clean(paragraph.text.replace("\x0b", "\n"))).splitlines():
                if line.strip():
                    reading.blocks.append(Block(kind, line.strip(), page=page, box=box, sheet=title))


def _add_table(reading: SlidesReading, rows: list[list[str]], page: int, box: Box | None, title: str | None) -> None:
    block = table_block(rows, page=page, box=box, sheet=title)
    if block is not None:
        reading.blocks.append(block)


def _table_rows(shape: BaseShape) -> list[list[str]]:
    """A table's cells, those merged across columns filled."""
    table = shape.table  # type: ignore[attr-defined]
    rows = [[clean(cell.text) for cell in row.cells] for row in table.rows]
    for line, row in zip(rows, table.rows, strict=True):
        for place, cell in enumerate(row.cells):
            if cell.is_merge_origin:
                line[place : place + cell.span_width] = [line[place]] * cell.span_width
    return rows


def _chart_rows(shape: BaseShape) -> list[list[str]]:
    """A chart's figures: one row for each category, one column for each series."""
    try:
        plot = shape.chart.plots[0]  # type: ignore[attr-defined]
        series = list(plot.series)
        head = ["", *(str(item.name) for item in series)]
        columns = [list(item.values) for item in series]
        return [head] + [
            [str(name), *("" if place >= len(values) or values[place] is None else f"{values[place]:g}"
                          for values in columns)]
            for place, name in enumerate(plot.categories)
        ]  # fmt: skip
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return []
