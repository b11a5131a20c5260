"""Running heads, running feet and page numbers: found by their repetition, taken out of the text."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from yinshu.kernel.documents.page.rows import Page, Row, rows_of

_HEAD_ZONE = 0.12
_FOOT_ZONE = 0.88
_ROWS_DEEP = 3
_SHARE = 0.3
_HEIGHT_TOLERANCE = 0.02
_CHARS_MAX = 60
_APART_EM = 0.35
_SMALLER = 0.92
_SHORT = 0.6
_OPENS_TEXT = re.compile(r"第[#\d一二三四五六七八九十百千零〇]+[编章节条]|[（(][#一二三四五六七八九十]+[)）]|附件")
_DASH = r"[-—–－―·•\s~～]*"
_DECORATED_NUMBER = re.compile(
    rf"(?:[-—–－―·•]{_DASH}\d{{1,4}}{_DASH}[-—–－―·•]|{_DASH}第\s*\d{{1,4}}\s*页(?:[,，/\s]*共\s*\d{{1,4}}\s*页)?{_DASH}"
    r"|(?:page\s*)?\d{1,4}\s*(?:/|／|of)\s*\d{1,4}|page\s*\d{1,4})",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"[0-9]{1,4}")


def without_running_lines(pages: Sequence[Page]) -> list[Page]:
    """The pages without running heads, feet and page numbers."""
    edges = [_edges(page) for page in pages]
    keys = Counter(key for page in edges for key in {edge.key for edge in page})
    wanted = max(2, math.ceil(_SHARE * len(pages)))
    offsets = Counter(
        int(edge.row.text.strip()) - edge.row.page
        for page in edges
        for edge in page
        if _BARE_NUMBER.fullmatch(edge.row.text.strip())
    )
    cleaned = []
    for page, found in zip(pages, edges, strict=True):
        gone = {id(piece) for row in _running(found, keys, wanted, offsets) for piece in row.pieces}
        cleaned.append(Page(tuple(piece for piece in page.pieces if id(piece) not in gone), page.height))
    return cleaned


@dataclass(frozen=True)
class _Edge:
    """A row near a page's edge; `key` is what it has in common with the like rows of other pages.

    `apart` tells that it is set off from the text: by a gap, smaller letters, or by being short.
    """

    row: Row
    key: tuple[str, str, int]
    apart: bool


def _edges(page: Page) -> list[_Edge]:
    """The outermost rows of a page that stand in its head or foot zone, from the edge inwards."""
    rows = rows_of(page.pieces)
    heads = [row for row in rows[:_ROWS_DEEP] if row.bottom <= _HEAD_ZONE * page.height]
    feet = [row for row in rows[::-1][:_ROWS_DEEP] if row.top >= _FOOT_ZONE * page.height]
    return _edges_of_zone("head", heads, rows, page) + _edges_of_zone("foot", feet, rows[::-1], page)


def _edges_of_zone(zone: str, edges: list[Row], rows: list[Row], page: Page) -> list[_Edge]:
    """`rows` are all rows of the page counted from the edge."""
    if not edges:
        return []
    texts = [row for row in rows if row.table is None]
    spaces = sorted(_space(outer, inner) for outer, inner in pairwise(texts))
    size = sorted(row.size for row in rows)[len(rows) // 2]
    wide = (spaces[len(spaces) // 2] if len(spaces) >= _ROWS_DEEP else 0.0) + _APART_EM * size
    width = max(row.x1 - row.x0 for row in rows)
    neighbours = enumerate(pairwise(rows[: len(edges) + 1]))
    last_gap = max((place for place, (outer, inner) in neighbours if _space(outer, inner) > wide), default=-1)
    return [
        _Edge(
            row,
            _key(row, zone, page.height),
            place <= last_gap or row.size < _SMALLER * size or row.x1 - row.x0 < _SHORT * width,
        )
        for place, row in enumerate(edges)
        if row.table is None
    ]


def _space(outer: Row, inner: Row) -> float:
    """The empty height between two rows, whichever is above."""
    return max(inner.top - outer.bottom, outer.top - inner.bottom, 0.0)


def _key(row: Row, zone: str, height: float) -> tuple[str, str, int]:
    text = re.sub(r"\d+|[〇零一二三四五六七八九十百]+(?=页)", "#", re.sub(r"\s", "", row.text))
    return zone, text, round(row.top / height / _HEIGHT_TOLERANCE)


def _running(edges: list[_Edge], keys: Counter[tuple[str, str, int]], wanted: int, offsets: Counter[int]) -> list[Row]:
    """Rows to remove, from the edge inwards; the first row of the text itself ends the search."""
    gone: list[Row] = []
    for zone in ("head", "foot"):
        for edge in edges:
            if edge.key[0] != zone:
                continue
            if not (_is_page_number(edge.row, offsets) or _repeats(edge, keys, wanted)):
                break
            gone.append(edge.row)
    return gone


def _repeats(edge: _Edge, keys: Counter[tuple[str, str, int]], wanted: int) -> bool:
    zone, text, place = edge.key
    if not edge.apart or len(text) > _CHARS_MAX or _OPENS_TEXT.match(text):
        return False
    return sum(keys[(zone, text, near)] for near in (place - 1, place, place + 1)) >= wanted


def _is_page_number(row: Row, offsets: Counter[int]) -> bool:
    text = row.text.strip()
    if _DECORATED_NUMBER.fullmatch(text):
        return True
    if _BARE_NUMBER.fullmatch(text):
        return offsets[int(text) - row.page] >= 2
    return False
