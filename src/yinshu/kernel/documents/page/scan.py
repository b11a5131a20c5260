"""A picture of a page becomes pieces of text: turned upright, straightened, and placed on the picture as it was."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from statistics import median

import numpy as np

from yinshu.kernel.documents.page.rows import WIDE, Page, Piece
from yinshu.kernel.documents.ports import Image, OcrEngine, OcrLine

CONFIDENCE_MIN = 0.5
_SURE = 0.88
_TALL = 1.6
_TALL_SHARE = 0.6
_LEGIBLE_LINES_MIN = 2
_SKEW_MIN_DEGREES = 0.3
_SKEW_MAX_DEGREES = 20.0
_GLYPH_SHARE = 0.82
"""Detected boxes stand off the letters; the letters' own height is about this share of the box."""
_BETWEEN_WIDE = re.compile(f"(?<=[{WIDE}]) +(?=[{WIDE}])")


def read_scan(image: Image, engine: OcrEngine, page: int) -> Page:
    """A page image's text, in straight upright coordinates (pixels), with boxes on the image as given."""
    turns, lines = _read_upright(image, engine)
    height, width = image.shape[:2]
    sure = [line for line in lines if line.confidence >= CONFIDENCE_MIN and line.text.strip()]
    angle = _skew(sure)
    centre = (height / 2, width / 2) if turns % 2 else (width / 2, height / 2)
    pieces = tuple(_piece(line, turns, angle, centre, (width, height), page) for line in sure)
    return Page(pieces, 2 * centre[1])


def _read_upright(image: Image, engine: OcrEngine) -> tuple[int, Sequence[OcrLine]]:
    """Lines of the image turned by quarter turns (clockwise, 0 to 3) until it reads well."""
    lines = engine.read(image)
    lying = _lies_on_its_side(lines)
    if not lying and (_legibility(lines) >= _SURE or not lines):
        return 0, lines
    tried: list[tuple[float, int, Sequence[OcrLine]]] = []
    if not lying:
        tried.append((_legibility(lines), 0, lines))
    for turns in (1, 3) if lying else (2,):
        turned = engine.read(np.ascontiguousarray(np.rot90(image, -turns)))
        if _legibility(turned) >= _SURE and not _lies_on_its_side(turned):
            return turns, turned
        tried.append((_legibility(turned), turns, turned))
    _, turns, best = max(tried, key=lambda item: item[0])
    return turns, best


def _lies_on_its_side(lines: Sequence[OcrLine]) -> bool:
    """Most of the text runs up or down the image."""
    letters = sum(len(line.text) for line in lines if max(_sides(line)) > _TALL * min(_sides(line)))
    tall = sum(len(line.text) for line in lines if _sides(line)[1] > _TALL * _sides(line)[0])
    return letters > 0 and tall > _TALL_SHARE * letters


def _sides(line: OcrLine) -> tuple[float, float]:
    """Width and height of the upright box around a line."""
    xs, ys = [x for x, _ in line.polygon], [y for _, y in line.polygon]
    return max(max(xs) - min(xs), 1.0), max(max(ys) - min(ys), 1.0)


def _legibility(lines: Sequence[OcrLine]) -> float:
    """Mean confidence by letter; a page of fewer than two lines is judged as it is."""
    letters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / letters if letters else 0.0


def _skew(lines: Sequence[OcrLine]) -> float:
    """The usual slope of long lines in radians, 0 when it is too small to matter."""
    slopes = []
    for line in lines:
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.polygon
        width, height = math.hypot(bx - ax, by - ay), math.hypot(dx - ax, dy - ay)
        if width > 5 * height:
            slopes.append(math.atan2((by - ay) + (cy - dy), (bx - ax) + (cx - dx)))
    angle = median(slopes) if slopes else 0.0
    return angle if math.radians(_SKEW_MIN_DEGREES) <= abs(angle) <= math.radians(_SKEW_MAX_DEGREES) else 0.0


def _piece(
    line: OcrLine, turns: int, angle: float, centre: tuple[float, float], size: tuple[int, int], page: int
) -> Piece:
    cos, sin = math.cos(-angle), math.sin(-angle)
    straight = [
        (
            centre[0] + (x - centre[0]) * cos - (y - centre[1]) * sin,
            centre[1] + (x - centre[0]) * sin + (y - centre[1]) * cos,
        )
        for x, y in line.polygon
    ]
    x0, x1 = (straight[0][0] + straight[3][0]) / 2, (straight[1][0] + straight[2][0]) / 2
    top, bottom = (straight[0][1] + straight[1][1]) / 2, (straight[2][1] + straight[3][1]) / 2
    x0, x1, top, bottom = min(x0, x1), max(x0, x1), min(top, bottom), max(top, bottom)
    width, height = size
    shown = [_unturned(x, y, turns, width, height) for x, y in line.polygon]
    xs = [min(max(x / width, 0.0), 1.0) for x, _ in shown]
    ys = [min(max(y / height, 0.0), 1.0) for _, y in shown]
    box = (round(min(xs), 4), round(min(ys), 4), round(max(xs), 4), round(max(ys), 4))
    text = _BETWEEN_WIDE.sub("", line.text.strip())
    return Piece(text, x0, top, x1, bottom, (bottom - top) * _GLYPH_SHARE, page, box)


def _unturned(x: float, y: float, turns: int, width: int, height: int) -> tuple[float, float]:
    """A point of the turned image on the image as given."""
    if turns == 1:
        return y, height - x
    if turns == 2:
        return width - x, height - y
    if turns == 3:
        return width - y, x
    return x, y
