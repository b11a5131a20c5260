"""PDF: paragraphs and tables with page and place; pages that are only pictures go to OCR."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from yinshu.kernel.documents import errors
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.page.aligned import with_aligned_tables
from yinshu.kernel.documents.page.glyphs import Frame, Glyph, frame_of, read_glyphs, runs_of
from yinshu.kernel.documents.page.paragraphs import paragraphs
from yinshu.kernel.documents.page.rows import Page, Piece, glue, regions, rows_of
from yinshu.kernel.documents.page.rulings import Drawn, Grid, read_drawn
from yinshu.kernel.documents.page.running import without_running_lines
from yinshu.kernel.documents.page.scan import read_scan
from yinshu.kernel.documents.ports import Image, OcrEngine
from yinshu.kernel.documents.records import Block
from yinshu.kernel.documents.tables import table_block

OCR_DPI = 200
_SCAN_CHARS_MAX = 20
_SCAN_IMAGE_SHARE = 0.25
_OUTLINED_PATHS_MIN = 60
_BROKEN_CHARS_SHARE = 0.3
_TITLE_CHARS_MAX = 80
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\x00-\x1f]")


@dataclass
class PdfReading:
    """The outcome: blocks, pages, title, whether any page came by OCR, and warnings."""

    blocks: tuple[Block, ...] = ()
    page_count: int = 0
    title: str | None = None
    from_ocr: bool = False
    warnings: list[str] = field(default_factory=list)


def parse_pdf(
    data: bytes,
    name: str,
    limits: ParseLimits,
    ocr: OcrEngine | None,
    progress: Callable[[int, int], None] | None,
) -> PdfReading:
    """Read a PDF. Raises EncryptedFile, DamagedFile, FileTooLarge or OcrUnavailable."""
    with _opened(data, name) as document:
        count = len(document)
        if count == 0:
            raise errors.damaged(name, detail="no pages")
        if count > limits.pages_max:
            raise errors.FileTooLarge(
                name,
                f"共 {count} 页，超过单个文件 {limits.pages_max} 页的上限",
                f"请按章节拆分成每份不超过 {limits.pages_max} 页的文件后上传，或请管理员调高页数上限",
            )
        reading = PdfReading(page_count=count)
        pages, scans, broken = [], [], []
        for index in range(count):
            try:
                page, scanned = _read_page(document, index)
            except (pdfium.PdfiumError, ValueError) as error:
                broken.append(index + 1)
                page, scanned = Page(), False
                if count == 1:
                    raise errors.damaged(name, detail=repr(error)) from error
            pages.append(page)
            if scanned:
                scans.append(index)
            if progress is not None:
                progress(index + 1 - len(scans), count)
        if broken:
            reading.warnings.append(f"文件“{name}”第 {_numbers(broken)} 页已损坏，未能读取")
        _read_scans(document, name, limits, ocr, progress, pages, scans, reading)
    _compose(pages, reading)
    return reading


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise errors.encrypted(name) from error
        raise errors.damaged(name, detail=repr(error)) from error
    try:
        yield document
    finally:
        document.close()


def _read_page(document: pdfium.PdfDocument, index: int) -> tuple[Page, bool]:
    """A page in layout coordinates, and whether it must be read by OCR."""
    page = document[index]
    try:
        glyphs, frame = read_glyphs(page, frame_of(page))
        drawn = read_drawn(page, frame)
    finally:
        page.close()
    if _is_scan(glyphs, drawn, frame):
        return Page(), True
    pieces: list[Piece] = []
    for grid in drawn.grids:
        table, glyphs = _fill(grid, glyphs, frame, index + 1)
        if table is not None:
            pieces.append(table)
    pieces += runs_of(glyphs, frame, index + 1)
    return Page(tuple(pieces), frame.width if frame.turns % 2 else frame.height), False


def _is_scan(glyphs: list[Glyph], drawn: Drawn, frame: Frame) -> bool:
    """A picture of text, or text drawn as outlines, or text whose characters cannot be known."""
    pictured = sum(max(x1 - x0, 0) * max(y1 - y0, 0) for x0, y0, x1, y1 in drawn.images)
    share = pictured / (frame.width * frame.height)
    if len(glyphs) < _SCAN_CHARS_MAX:
        return share >= _SCAN_IMAGE_SHARE or drawn.paths >= _OUTLINED_PATHS_MIN
    unreadable = sum(1 for glyph in glyphs if _UNREADABLE.match(glyph.char))
    return unreadable > _BROKEN_CHARS_SHARE * len(glyphs)


def _fill(grid: Grid, glyphs: list[Glyph], frame: Frame, page: int) -> tuple[Piece | None, list[Glyph]]:
    """Put characters into a grid's cells; the table as a piece, and the characters outside it."""
    cells: dict[int, list[Glyph]] = {}
    outside: list[Glyph] = []
    for glyph in glyphs:
        cell = grid.cell_at((glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2)
        if cell is None:
            outside.append(glyph)
        else:
            cells.setdefault(cell, []).append(glyph)
    texts = {cell: _cell_text(inside, frame, page) for cell, inside in cells.items()}
    if len(texts) < 2:
        return None, glyphs
    rows = [[texts.get(group, "") for group in line] for line in grid.groups]
    x0, top, x1, bottom = grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]
    box = frame.box(x0, top, x1, bottom)
    block = table_block(rows, page=page, box=box)
    if block is None:
        return None, glyphs
    size = max(glyph.size for inside in cells.values() for glyph in inside)
    return Piece(block.text, x0, top, x1, bottom, size, page, box, block), outside


def _cell_text(glyphs: list[Glyph], frame: Frame, page: int) -> str:
    text = ""
    for row in rows_of(runs_of(glyphs, frame, page)):
        text = glue(text, row.text)
    return text


def _read_scans(
    document: pdfium.PdfDocument, name: str, limits: ParseLimits, ocr: OcrEngine | None,
    progress: Callable[[int, int], None] | None, pages: list[Page], scans: list[int], reading: PdfReading,
) -> None:  # fmt: skip
    """Read the pages that are pictures, in place."""
    if not scans:
        return
    if ocr is None:
        if len(scans) == len(pages):
            raise errors.OcrUnavailable(
                name,
                "是扫描件，没有可直接读取的文字，而文字识别（OCR）未启用",
                "请启用 OCR 后重试，或上传带文字层的 PDF",
            )
        reading.warnings.append(
            f"文件“{name}”第 {_numbers([index + 1 for index in scans])} 页是扫描图，文字识别（OCR）未启用，未能读取"
        )
        return
    if len(scans) > limits.ocr_pages_max:
        raise errors.FileTooLarge(
            name,
            f"有 {len(scans)} 页扫描图，超过单个文件识别 {limits.ocr_pages_max} 页的上限",
            "请拆分成几个文件后上传，或请管理员调高上限",
        )
    reading.from_ocr = True
    done = len(pages) - len(scans)
    for index in scans:
        image = render(document, index, limits)
        pages[index] = read_scan(image, ocr, index + 1)
        done += 1
        if progress is not None:
            progress(done, len(pages))


def render(document: pdfium.PdfDocument, index: int, limits: ParseLimits, dpi: int = OCR_DPI) -> Image:
    """A page as a picture, at a lower resolution when it would be too large."""
    page = document[index]
    try:
        width, height = page.get_size()
        scale = dpi / 72
        pixels_max = min(limits.image_pixels_max, 16_000_000)
        scale = min(scale, (pixels_max / max(width * height, 1.0)) ** 0.5)
        bitmap = page.render(scale=scale, rev_byteorder=True, draw_annots=True)
        array = np.array(bitmap.to_numpy()[..., :3], dtype=np.uint8) if bitmap.n_channels >= 3 else np.repeat(
            np.asarray(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width, 1), 3, axis=2)  # fmt: skip
        bitmap.close()
        return array
    finally:
        page.close()


def _compose(pages: list[Page], reading: PdfReading) -> None:
    cleaned = without_running_lines(pages)
    flow = []
    for page in cleaned:
        flow += [with_aligned_tables(region) for region in regions(page.pieces)]
    reading.blocks = tuple(paragraphs(flow))
    reading.title = _title(cleaned)


def _title(pages: list[Page]) -> str | None:
    """The largest line in the upper half of the first page with text, when it stands out."""
    page = next((page for page in pages if any(piece.table is None for piece in page.pieces)), None)
    if page is None:
        return None
    lines = [piece for piece in page.pieces if piece.table is None]
    sizes = sorted(piece.size for piece in lines)
    upper = [piece for piece in lines if piece.top < 0.5 * page.height]
    best = max(upper, key=lambda piece: piece.size, default=None)
    if best is None or best.size < 1.15 * sizes[len(sizes) // 2]:
        return None
    text = ""
    for row in rows_of([piece for piece in upper if piece.size > 0.95 * best.size]):
        text = glue(text, row.text)
    return text if len(text) <= _TITLE_CHARS_MAX else None


def _numbers(pages: list[int]) -> str:
    shown = "、".join(str(page) for page in pages[:10])
    return shown + (f" 等 {len(pages)}" if len(pages) > 10 else "")
