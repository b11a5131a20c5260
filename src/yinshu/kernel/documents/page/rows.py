"""Pieces of text on a page become rows and columns in the order in which a person reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from yinshu.kernel.documents.records import Block, Box

_SAME_ROW_OVERLAP = 0.5
_GUTTER_EM = 1.6
_COLUMN_ROWS_MIN = 4
_COLUMN_WIDTH_MIN = 0.18
_COLUMN_FILL_MIN = 0.55
_REGION_DEPTH_MAX = 6
WIDE = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f\u2014\u2018-\u201d\u2026"
_WIDE_END = re.compile(f"[{WIDE}]$")
_WIDE_START = re.compile(f"^[{WIDE}]")


@dataclass(frozen=True)
class Piece:
    """A run of text, or a whole table, at its place.

    x0, top, x1, bottom are layout coordinates (points or pixels, y downwards, page upright and straight); `size` is
    the height of the letters in the same unit; `box` is the place on the page as displayed, as fractions.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    page: int
    box: Box
    table: Block | None = None

    @property
    def middle(self) -> float:
        """The height of the piece's centre line."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Page:
    """A page's pieces and the height of its layout coordinates."""

    pieces: tuple[Piece, ...] = ()
    height: float = 1.0


@dataclass(frozen=True)
class Row:
    """Pieces on one line, from left to right."""

    pieces: tuple[Piece, ...]

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return max(piece.x1 for piece in self.pieces)

    @property
    def top(self) -> float:
        return min(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        return max(piece.bottom for piece in self.pieces)

    @property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)

    @property
    def page(self) -> int:
        return self.pieces[0].page

    @property
    def table(self) -> Block | None:
        return self.pieces[0].table

    @property
    def text(self) -> str:
        """The line's text; a wide gap between pieces shows as a space."""
        return " ".join(piece.text for piece in self.pieces)


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def glue(left: str, right: str) -> str:
    """Join two lines of one paragraph: no space beside Chinese, one space between words, a hyphen undone."""
    if not left or not right:
        return left + right
    if _WIDE_END.search(left) or _WIDE_START.search(right):
        return left + right
    if re.search(r"[A-Za-z]-$", left) and right[0].islower():
        return left[:-1] + right
    if re.search(r"[\d.,%]$", left) and re.match(r"[\d.,%]", right):
        return left + right
    return f"{left} {right}"


def rows_of(pieces: Sequence[Piece]) -> list[Row]:
    """Group pieces by height into rows, from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda item: (item.middle, item.x0)):
        home = next((row for row in reversed(rows[-3:]) if _same_row(row, piece)), None)
        if home is None:
            rows.append([piece])
        else:
            home.append(piece)
    return [Row(tuple(sorted(row, key=lambda item: item.x0))) for row in rows]


def _same_row(row: list[Piece], piece: Piece) -> bool:
    if piece.table is not None or row[0].table is not None:
        return False
    top = median(item.top for item in row)
    bottom = median(item.bottom for item in row)
    overlap = min(bottom, piece.bottom) - max(top, piece.top)
    smaller = min(bottom - top, piece.bottom - piece.top)
    return (
        overlap > _SAME_ROW_OVERLAP * max(smaller, 1e-6) and max(bottom - top, piece.bottom - piece.top) < 3 * smaller
    )


def regions(pieces: Sequence[Piece], depth: int = 0) -> list[list[Row]]:
    """Columns in reading order, each a list of rows; a page without columns is one region."""
    rows = rows_of(pieces)
    if depth >= _REGION_DEPTH_MAX or len(rows) < _COLUMN_ROWS_MIN:
        return [rows] if rows else []
    gutter = _find_gutter(rows)
    if gutter is None:
        return [rows]
    found: list[list[Row]] = []
    for split, band in _bands(rows, gutter):
        members = [piece for row in band for piece in row.pieces]
        left = [piece for piece in members if (piece.x0 + piece.x1) / 2 < gutter]
        right = [piece for piece in members if (piece.x0 + piece.x1) / 2 >= gutter]
        if split and _is_column(left, band) and _is_column(right, band):
            found += regions(left, depth + 1) + regions(right, depth + 1)
        else:
            found.append(band)
    return found


def _find_gutter(rows: list[Row]) -> float | None:
    """The x that most rows leave free between two pieces, when enough do."""
    gaps = [
        (left.x1, right.x0)
        for row in rows
        for left, right in pairwise(row.pieces)
        if right.x0 - left.x1 > _GUTTER_EM * row.size
    ]
    if len(gaps) < _COLUMN_ROWS_MIN:
        return None
    best, votes = None, 0
    for low, high in gaps[:400]:
        middle = (low + high) / 2
        count = sum(1 for a, b in gaps if a <= middle <= b)
        if count > votes:
            best, votes = middle, count
    return best if votes >= _COLUMN_ROWS_MIN else None


def _bands(rows: list[Row], gutter: float) -> list[tuple[bool, list[Row]]]:
    """Runs of rows that leave the gutter free (True) and that cross it (False)."""
    bands: list[tuple[bool, list[Row]]] = []
    for row in rows:
        free = not any(piece.x0 < gutter < piece.x1 for piece in row.pieces)
        if bands and bands[-1][0] == free:
            bands[-1][1].append(row)
        else:
            bands.append((free, [row]))
    return bands


def _is_column(pieces: list[Piece], band: list[Row]) -> bool:
    """Prose fills its column; the cells of a table do not."""
    if len(pieces) < _COLUMN_ROWS_MIN:
        return False
    left, right = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    whole = max(row.x1 for row in band) - min(row.x0 for row in band)
    if right - left < _COLUMN_WIDTH_MIN * whole:
        return False
    filled = median((piece.x1 - piece.x0) / (right - left) for piece in pieces)
    letters = median(len(piece.text) for piece in pieces)
    return filled >= _COLUMN_FILL_MIN and letters >= 8
