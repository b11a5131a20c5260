"""Running heads, running feet and page numbers: found by their repetition, taken out of the text."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from yinshu.kernel.documents.page.rows import Piece, Row, rows_of

_HEAD_ZONE = 0.12
_FOOT_ZONE = 0.88
_ROWS_DEEP = 3
_SHARE = 0.3
_HEIGHT_TOLERANCE = 0.02
_CHARS_MAX = 60
_OPENS_TEXT = re.compile(r"第[#\d一二三四五六七八九十百千零〇]+[编章节条]|[（(][#一二三四五六七八九十]+[)）]|附件")
_DASH = r"[-—–－―·•\s~～]*"
_DECORATED_NUMBER = re.compile(
    rf"(?:[-—–－―·•]{_DASH}\d{{1,4}}{_DASH}[-—–－―·•]|{_DASH}第\s*\d{{1,4}}\s*页(?:[,，/\s]*共\s*\d{{1,4}}\s*页)?{_DASH}"
    r"|(?:page\s*)?\d{1,4}\s*(?:/|／|of)\s*\d{1,4}|page\s*\d{1,4})",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\d{1,4}|[ivxl]{1,7}", re.IGNORECASE)


def without_running_lines(pages: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """The pages' pieces without running heads, feet and page numbers."""
    edges = [_edges(page) for page in pages]
    keys = Counter(key for page in edges for key in {_key(row, zone) for row, zone in page})
    wanted = max(2, math.ceil(_SHARE * len(pages)))
    offsets = Counter(
        int(row.text.strip()) - row.page for page in edges for row, _ in page if row.text.strip().isdecimal()
    )
    cleaned = []
    for page, rows in zip(pages, edges, strict=True):
        gone = {id(piece) for row in _running(rows, keys, wanted, offsets) for piece in row.pieces}
        cleaned.append([piece for piece in page if id(piece) not in gone])
    return cleaned


def _edges(page: Sequence[Piece]) -> list[tuple[Row, str]]:
    """The outermost rows of a page that stand in its head or foot zone."""
    rows = rows_of(page)
    heads = [row for row in rows[:_ROWS_DEEP] if max(piece.box[3] for piece in row.pieces) <= _HEAD_ZONE]
    feet = [row for row in rows[::-1][:_ROWS_DEEP] if min(piece.box[1] for piece in row.pieces) >= _FOOT_ZONE]
    return [(row, "head") for row in heads if row.table is None] + [(row, "foot") for row in feet if row.table is None]


def _key(row: Row, zone: str) -> tuple[str, str, int]:
    text = re.sub(r"\d+|[〇零一二三四五六七八九十百]+(?=页)", "#", re.sub(r"\s", "", row.text))
    return zone, text, round(row.pieces[0].box[1] / _HEIGHT_TOLERANCE)


def _running(
    rows: list[tuple[Row, str]], keys: Counter[tuple[str, str, int]], wanted: int, offsets: Counter[int]
) -> list[Row]:
    """Rows to remove, from the edge inwards; the first row of the text itself ends the search."""
    gone: list[Row] = []
    for zone in ("head", "foot"):
        for row, place in rows:
            if place != zone:
                continue
            if not (_is_page_number(row, offsets) or _repeats(row, zone, keys, wanted)):
                break
            gone.append(row)
    return gone


def _repeats(row: Row, zone: str, keys: Counter[tuple[str, str, int]], wanted: int) -> bool:
    zone, text, place = _key(row, zone)
    if len(text) > _CHARS_MAX or _OPENS_TEXT.match(text):
        return False
    return sum(keys[(zone, text, near)] for near in (place - 1, place, place + 1)) >= wanted


def _is_page_number(row: Row, offsets: Counter[int]) -> bool:
    text = row.text.strip()
    if _DECORATED_NUMBER.fullmatch(text):
        return True
    if text.isdecimal() and _BARE_NUMBER.fullmatch(text):
        return offsets[int(text) - row.page] >= 2
    return False
