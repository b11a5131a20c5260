"""Characters of a PDF page with their place, by PDFium, joined into runs."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from yinshu.kernel.documents.page.rows import WIDE, Piece

_GAP_EM = 1.1
_SPACE_EM = 0.22
_WIDE_SPACE_EM = 0.7
_LETTER_SPACED_SHARE = 0.3
"""Text with more spaces than this is spaced out letter by letter, and its spaces mean nothing."""
_ANGLE_TOLERANCE = 0.09
_QUARTER = 1.5707963
_BETWEEN_WIDE = re.compile(f"(?<=[{WIDE}]) +(?=[{WIDE}])")
_WIDE_SPACE_BY_LATIN = re.compile("(?<=[!-~])\u3000|\u3000(?=[!-~])")
_DEVICE_SCALE = 100
_CHARS_PER_PAGE_MAX = 100_000


Space = Literal["", "supposed", "written"]


@dataclass(frozen=True)
class Glyph:
    """A character in upright layout coordinates (points, y downwards).

    `space` tells what stands before it: nothing, a space that PDFium supposes from the distance, or a written one.
    """

    char: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    space: Space


@dataclass(frozen=True)
class Frame:
    """How a page's own coordinates map to what is displayed, and how the text on it is turned (quarter turns)."""

    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float]
    turns: int = 0

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Page coordinates to display coordinates in points, y downwards."""
        a, b, c, d, e, f = self.matrix
        return a * x + c * y + e, b * x + d * y + f

    def upright(self, x: float, y: float) -> tuple[float, float]:
        """Display coordinates to layout coordinates, in which the text runs from left to right."""
        if self.turns == 1:
            return y, self.width - x
        if self.turns == 2:
            return self.width - x, self.height - y
        if self.turns == 3:
            return self.height - y, x
        return x, y

    def rectangle(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """A rectangle of the page in layout coordinates: x0, top, x1, bottom."""
        ax, ay = self.upright(*self.place(left, bottom))
        bx, by = self.upright(*self.place(right, top))
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def box(self, x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
        """A rectangle in layout coordinates as fractions of the page as displayed."""
        corners = [self._displayed(x0, top), self._displayed(x1, bottom)]
        xs = sorted(min(max(x / self.width, 0.0), 1.0) for x, _ in corners)
        ys = sorted(min(max(y / self.height, 0.0), 1.0) for _, y in corners)
        return round(xs[0], 4), round(ys[0], 4), round(xs[1], 4), round(ys[1], 4)

    def _displayed(self, x: float, y: float) -> tuple[float, float]:
        if self.turns == 1:
            return self.width - y, x
        if self.turns == 2:
            return self.width - x, self.height - y
        if self.turns == 3:
            return y, self.height - x
        return x, y


def frame_of(page: pdfium.PdfPage) -> Frame:
    """Width, height and mapping of a page, with its own rotation and crop applied."""
    width, height = page.get_size()
    width, height = max(width, 1.0), max(height, 1.0)
    across, down = int(width * _DEVICE_SCALE), int(height * _DEVICE_SCALE)

    def device(x: float, y: float) -> tuple[float, float]:
        left, top = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(page, 0, 0, across, down, 0, x, y, left, top)
        return left.value / _DEVICE_SCALE, top.value / _DEVICE_SCALE

    ox, oy = device(0, 0)
    ax, ay = device(100, 0)
    bx, by = device(0, 100)
    return Frame(width, height, ((ax - ox) / 100, (ay - oy) / 100, (bx - ox) / 100, (by - oy) / 100, ox, oy))


def read_glyphs(page: pdfium.PdfPage, frame: Frame) -> tuple[list[Glyph], Frame]:
    """Characters in the order of the content stream, and the frame turned so that most of them stand upright.

    Slanted text (watermarks) and characters off the page are left out.
    """
    textpage = page.get_textpage()
    try:
        raw = _raw_glyphs(textpage.raw, frame)
    finally:
        textpage.close()
    if not raw:
        return [], frame
    counts = [sum(1 for item in raw if item[5] == turns) for turns in range(4)]
    turns = counts.index(max(counts))
    turned = Frame(frame.width, frame.height, frame.matrix, turns)
    glyphs = []
    for char, left, bottom, right, top, turned_by, space in raw:
        if turned_by != turns:
            continue
        x0, y0, x1, y1 = turned.rectangle(left, bottom, right, top)
        glyphs.append(Glyph(char, x0, y0, x1, y1, y1 - y0, space))
    return glyphs, turned


def _raw_glyphs(textpage: object, frame: Frame) -> list[tuple[str, float, float, float, float, int, Space]]:
    base = _rotation(frame)
    box = pdfium_c.FS_RECTF()
    raw: list[tuple[str, float, float, float, float, int, Space]] = []
    space: Space = ""
    seen: set[tuple[str, int, int]] = set()
    for index in range(min(pdfium_c.FPDFText_CountChars(textpage), _CHARS_PER_PAGE_MAX)):
        code = pdfium_c.FPDFText_GetUnicode(textpage, index)
        if code <= 0x20 or code in (0x3000, 0xA0, 0xFEFF, 0xFFFE, 0xFFFF, 0x00AD):
            if code != 0xAD and space != "written":
                space = "supposed" if pdfium_c.FPDFText_IsGenerated(textpage, index) == 1 else "written"
            continue
        if 0xD800 <= code < 0xE000 or not pdfium_c.FPDFText_GetLooseCharBox(textpage, index, box):
            continue
        turns = _quarter_turns(pdfium_c.FPDFText_GetCharAngle(textpage, index))
        key = (chr(code), round(box.left), round(box.bottom))
        if turns is None or key in seen:
            continue
        seen.add(key)
        raw.append((chr(code), box.left, box.bottom, box.right, box.top, (base + turns) % 4, space))
        space = ""
    return raw


def _rotation(frame: Frame) -> int:
    """Quarter turns clockwise that the page's own /Rotate adds to its text."""
    a, b, _, _, _, _ = frame.matrix
    if abs(a) >= abs(b):
        return 0 if a >= 0 else 2
    return 1 if b > 0 else 3


def _quarter_turns(angle: float) -> int | None:
    """A text's own angle (radians, counter-clockwise) as clockwise quarter turns, or None when it is slanted."""
    quarters = -angle / _QUARTER
    whole = round(quarters)
    return whole % 4 if abs(quarters - whole) < _ANGLE_TOLERANCE else None


def runs_of(glyphs: list[Glyph], frame: Frame, page: int) -> list[Piece]:
    """Join neighbouring characters on one base line into runs of text."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and _follows(runs[-1][-1], glyph):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return _merge([_piece(run, frame, page) for run in runs], frame)


def _follows(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.size, glyph.size, 1e-6)
    overlap = min(last.bottom, glyph.bottom) - max(last.top, glyph.top)
    gap = glyph.x0 - last.x1
    return (
        overlap > 0.5 * min(last.size, glyph.size) and -0.6 * size < gap < _GAP_EM * size and glyph.x0 > last.x0 - 0.1
    )


def _piece(run: list[Glyph], frame: Frame, page: int) -> Piece:
    gaps = sorted(glyph.x0 - last.x1 for last, glyph in pairwise(run))
    spread = max(gaps[len(gaps) // 2], 0.0) if gaps else 0.0
    written = sum(1 for glyph in run[1:] if glyph.space == "written")
    spaced = written > _LETTER_SPACED_SHARE * len(run) + 1
    letters = [run[0].char]
    for last, glyph in pairwise(run):
        gap = glyph.x0 - last.x1 - spread
        if gap > _WIDE_SPACE_EM * glyph.size or (glyph.space == "written" and not spaced):
            letters.append("\u3000")
        elif (glyph.space and gap > -0.1 * glyph.size) or gap > _SPACE_EM * glyph.size:
            letters.append(" ")
        letters.append(glyph.char)
    text = _tidy_spaces("".join(letters))
    x0, x1 = min(glyph.x0 for glyph in run), max(glyph.x1 for glyph in run)
    top, bottom = min(glyph.top for glyph in run), max(glyph.bottom for glyph in run)
    sizes = sorted(glyph.size for glyph in run)
    return Piece(text, x0, top, x1, bottom, sizes[len(sizes) // 2], page, frame.box(x0, top, x1, bottom))


def _tidy_spaces(text: str) -> str:
    """Between Chinese characters only written spaces and gaps as wide as a character stay; next to Latin, one blank."""
    return _BETWEEN_WIDE.sub("", _WIDE_SPACE_BY_LATIN.sub(" ", text))


def _merge(pieces: list[Piece], frame: Frame) -> list[Piece]:
    """Join runs that touch on one line though the file wrote them apart."""
    merged: list[Piece] = []
    for piece in sorted(pieces, key=lambda item: (round(item.middle / max(item.size, 1.0) * 2), item.x0)):
        last = merged[-1] if merged else None
        if last is not None and _touch(last, piece):
            gap = piece.x0 - last.x1
            space = " " if gap > _SPACE_EM * piece.size else ""
            text = _tidy_spaces(last.text + space + piece.text)
            x0, top = min(last.x0, piece.x0), min(last.top, piece.top)
            x1, bottom = max(last.x1, piece.x1), max(last.bottom, piece.bottom)
            size = last.size if len(last.text) >= len(piece.text) else piece.size
            merged[-1] = Piece(text, x0, top, x1, bottom, size, piece.page, frame.box(x0, top, x1, bottom))
        else:
            merged.append(piece)
    return merged


def _touch(last: Piece, piece: Piece) -> bool:
    overlap = min(last.bottom, piece.bottom) - max(last.top, piece.top)
    gap = piece.x0 - last.x1
    size = max(last.size, piece.size, 1e-6)
    return overlap > 0.6 * min(last.size, piece.size) and -0.5 * size < gap < _GAP_EM * size
