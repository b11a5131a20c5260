"""Tables drawn with lines: ruling lines of a page become grids of cells, merged cells included."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from yinshu.kernel.documents.page.glyphs import Frame

Matrix = tuple[float, float, float, float, float, float]
Line = tuple[float, float, float]
"""Position across the line, start and end along it."""

_SNAP = 2.5
_REACH = 3.0
_LENGTH_MIN = 6.0
_STRAIGHT = 1.0
_SEGMENTS_MAX = 40_000
_LINES_MAX = 2_000
_CELLS_MAX = 20_000
_FORM_DEPTH_MAX = 6
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Grid:
    """A ruled table: sorted xs and ys of its lines, and for each unit cell [row][column] the id of its merged cell."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    groups: tuple[tuple[int, ...], ...]

    def cell_at(self, x: float, y: float) -> int | None:
        """The merged cell around a point, or None outside the table."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        row = min(bisect_right(self.ys, y) - 1, len(self.ys) - 2)
        column = min(bisect_right(self.xs, x) - 1, len(self.xs) - 2)
        return self.groups[row][column]


@dataclass
class _Lines:
    across: list[Line] = field(default_factory=list)
    down: list[Line] = field(default_factory=list)
    segments: int = 0
    paths: int = 0
    images: list[tuple[float, float, float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Drawn:
    """What a page draws besides text: grids, how many paths, and the places of its images in layout coordinates."""

    grids: tuple[Grid, ...]
    paths: int
    images: tuple[tuple[float, float, float, float], ...]


def read_drawn(page: pdfium.PdfPage, frame: Frame) -> Drawn:
    """Ruling lines and images of a page."""
    lines = _Lines()
    _walk(page.raw, pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject, _IDENTITY, frame, lines, 0)
    across, down = _snap(lines.across), _snap(lines.down)
    grids = tuple(_grids(across, down)) if len(across) + len(down) <= _LINES_MAX else ()
    return Drawn(grids, lines.paths, tuple(lines.images))


def _walk(parent: object, count: object, get: object, matrix: Matrix, frame: Frame, lines: _Lines, depth: int) -> None:
    """Collect lines and images under a page or a form, which may hold further forms."""
    for index in range(min(count(parent), _SEGMENTS_MAX)):  # type: ignore[operator]
        if lines.segments > _SEGMENTS_MAX:
            return
        item = get(parent, index)  # type: ignore[operator]
        kind = pdfium_c.FPDFPageObj_GetType(item)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            lines.paths += 1
            _add_path(item, _times(_matrix_of(item), matrix), frame, lines)
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            lines.images.append(_image_place(_times(_matrix_of(item), matrix), frame))
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH_MAX:
            _walk(item, pdfium_c.FPDFFormObj_CountObjects, pdfium_c.FPDFFormObj_GetObject,
                  _times(_matrix_of(item), matrix), frame, lines, depth + 1)  # fmt: skip


def _matrix_of(item: object) -> Matrix:
    found = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(item, found):
        return _IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _image_place(matrix: Matrix, frame: Frame) -> tuple[float, float, float, float]:
    """An image fills the unit square of its own matrix."""
    a, b, c, d, e, f = matrix
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return frame.rectangle(min(xs), min(ys), max(xs), max(ys))


def _add_path(item: object, matrix: Matrix, frame: Frame, lines: _Lines) -> None:
    for start, end in _segments(item, matrix, frame, lines):
        (ax, ay), (bx, by) = start, end
        if abs(ay - by) <= _STRAIGHT and abs(ax - bx) >= _LENGTH_MIN:
            lines.across.append(((ay + by) / 2, min(ax, bx), max(ax, bx)))
        elif abs(ax - bx) <= _STRAIGHT and abs(ay - by) >= _LENGTH_MIN:
            lines.down.append(((ax + bx) / 2, min(ay, by), max(ay, by)))


def _segments(
    item: object, matrix: Matrix, frame: Frame, lines: _Lines
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Straight segments of a path in layout coordinates."""
    x, y = ctypes.c_float(), ctypes.c_float()
    a, b, c, d, e, f = matrix
    start: tuple[float, float] | None = None
    here: tuple[float, float] | None = None
    for index in range(max(pdfium_c.FPDFPath_CountSegments(item), 0)):
        lines.segments += 1
        if lines.segments > _SEGMENTS_MAX:
            return
        segment = pdfium_c.FPDFPath_GetPathSegment(item, index)
        if not segment or not pdfium_c.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = frame.upright(*frame.place(a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium_c.FPDF_SEGMENT_LINETO and here is not None:
            yield here, point
        here = point
        if pdfium_c.FPDFPathSegment_GetClose(segment) and start is not None:
            yield here, start


def _snap(lines: Sequence[Line]) -> list[Line]:
    """Lines that lie almost on each other become one; pieces that touch are joined."""
    bundles: list[list[Line]] = []
    for line in sorted(lines):
        if bundles and line[0] - bundles[-1][-1][0] <= _SNAP and line[0] - bundles[-1][0][0] <= 2 * _SNAP:
            bundles[-1].append(line)
        else:
            bundles.append([line])
    snapped: list[Line] = []
    for bundle in bundles:
        position = sum(line[0] for line in bundle) / len(bundle)
        low, high = None, 0.0
        for _, start, end in sorted(bundle, key=lambda line: line[1]):
            if low is None:
                low, high = start, end
            elif start <= high + _REACH:
                high = max(high, end)
            else:
                snapped.append((position, low, high))
                low, high = start, end
        if low is not None:
            snapped.append((position, low, high))
    return snapped


def _grids(across: list[Line], down: list[Line]) -> Iterator[Grid]:
    """One grid for each set of lines that cross each other."""
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, (y, left, right) in enumerate(across):
        for j, (x, top, bottom) in enumerate(down):
            if left - _REACH <= x <= right + _REACH and top - _REACH <= y <= bottom + _REACH:
                parent[root(i)] = root(len(across) + j)
    members: dict[int, tuple[list[Line], list[Line]]] = {}
    for index in range(len(parent)):
        bucket = members.setdefault(root(index), ([], []))
        if index < len(across):
            bucket[0].append(across[index])
        else:
            bucket[1].append(down[index - len(across)])
    for horizontals, verticals in members.values():
        grid = _grid(horizontals, verticals)
        if grid is not None:
            yield grid


def _grid(across: list[Line], down: list[Line]) -> Grid | None:
    xs, ys = _positions(down), _positions(across)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns < 2 or rows * columns > _CELLS_MAX:
        return None
    groups = _groups(xs, ys, across, down)
    if len({group for line in groups for group in line}) < 2:
        return None
    return Grid(tuple(xs), tuple(ys), tuple(tuple(line) for line in groups))


def _groups(xs: list[float], ys: list[float], across: list[Line], down: list[Line]) -> list[list[int]]:
    """Ids of unit cells; cells with no line between them share one."""
    rows, columns = len(ys) - 1, len(xs) - 1
    homes = list(range(rows * columns))

    def home(cell: int) -> int:
        while homes[cell] != cell:
            homes[cell] = homes[homes[cell]]
            cell = homes[cell]
        return cell

    for cell in range(rows * columns):
        row, column = divmod(cell, columns)
        if column + 1 < columns and not _covers(down, xs[column + 1], (ys[row] + ys[row + 1]) / 2):
            homes[home(cell + 1)] = home(cell)
        if row + 1 < rows and not _covers(across, ys[row + 1], (xs[column] + xs[column + 1]) / 2):
            homes[home(cell + columns)] = home(cell)
    return [[home(row * columns + column) for column in range(columns)] for row in range(rows)]


def _positions(lines: list[Line]) -> list[float]:
    positions: list[float] = []
    for position, _, _ in sorted(lines):
        if not positions or position - positions[-1] > 2 * _SNAP:
            positions.append(position)
    return positions


def _covers(lines: list[Line], position: float, middle: float) -> bool:
    return any(abs(at - position) <= 2 * _SNAP and start <= middle <= end for at, start, end in lines)
