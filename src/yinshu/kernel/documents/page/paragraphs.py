"""Rows become paragraphs: lines are joined across columns and pages where the sentence goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from yinshu.kernel.documents.page.rows import Row, glue, union
from yinshu.kernel.documents.records import Block

_NUMERALS = "一二三四五六七八九十百千零〇两\\d"
_ENUMERATOR = re.compile(
    rf"(?:第[{_NUMERALS}]{{1,8}}[编章节条款项]|[（(][{_NUMERALS}]{{1,4}}[)）]|[一二三四五六七八九十]{{1,3}}[、．.]"
    r"|\d{1,2}[、．]|\d{1,2}(?:\.\d{1,2}){0,3}[. ](?!\d)|[\u2460-\u2473]|附件\d*[:：]|[·•●■◆▪➢])"
)
_SENTENCE_END = re.compile(r"[。！？；：:;!?]['\"”’）)]*$")
_FULL_EM = 1.7
_INDENT_EM = 1.2
_CENTRE_EM = 1.5
_CENTRE_INDENT_EM = 3.0
_SIZE_CHANGE = 0.15
_UNSURE_SIZE_CHANGE = 0.35
_FEW_CHARS = 4
_FAR_INDENT_SHARE = 0.35
_TITLE_SIZE = 1.1
_GAP_PITCH = 1.45


@dataclass(frozen=True)
class _Margins:
    left: float
    right: float
    pitch: float
    size: float


@dataclass
class _Open:
    """A paragraph under way."""

    rows: list[Row] = field(default_factory=list)
    margins: list[_Margins] = field(default_factory=list)
    text: str = ""


def paragraphs(regions: Sequence[Sequence[Row]]) -> list[Block]:
    """Blocks from regions in reading order, of one page or of many; page and box are those of a block's first page."""
    blocks: list[Block] = []
    opened = _Open()
    body = _body_margins(regions)
    for region in regions:
        margins = _margins(region, body)
        previous: Row | None = None
        for row in region:
            if row.table is not None:
                opened = _close(opened, blocks)
                _add_table(blocks, row)
            else:
                if opened.rows and _breaks(opened, row, margins, previous):
                    opened = _close(opened, blocks)
                opened.text = glue(opened.text, row.text)
                opened.rows.append(row)
                opened.margins.append(margins)
            previous = row
    _close(opened, blocks)
    return blocks


def _close(opened: _Open, blocks: list[Block]) -> _Open:
    if opened.text.strip():
        page = opened.rows[0].page
        box = union([piece.box for row in opened.rows if row.page == page for piece in row.pieces])
        blocks.append(Block("paragraph", opened.text.strip(), page=page, box=box))
    return _Open()


def _add_table(blocks: list[Block], row: Row) -> None:
    """Append a table; one that goes on from the page before is joined to it, its repeated header left out."""
    table = row.table
    if table is None:
        return
    last = blocks[-1] if blocks else None
    if (
        last is None or last.kind != "table" or table.kind != "table" or last.page is None or table.page is None
        or table.page <= last.page or len(last.rows[0]) != len(table.rows[0])
    ):  # fmt: skip
        blocks.append(table)
        return
    fresh = table.rows[1:] if table.rows[0] == last.rows[0] else table.rows
    rows = last.rows + fresh
    text = "\n".join(" | ".join(cells) for cells in rows)
    blocks[-1] = Block("table", text, page=last.page, box=last.box, rows=rows, header=last.header)


def _body_margins(regions: Sequence[Sequence[Row]]) -> _Margins:
    rows = [row for region in regions for row in region if row.table is None]
    if not rows:
        return _Margins(0, 0, 0, 0)
    size = median(row.size for row in rows)
    long = [row for row in rows if row.x1 - row.x0 > 12 * size] or rows
    return _Margins(_low(row.x0 for row in long), -_low(-row.x1 for row in long), _pitch(rows), size)


def _margins(region: Sequence[Row], body: _Margins) -> _Margins:
    """The edges of the text column a region stands in; a region of few lines takes those of the whole text."""
    rows = [row for row in region if row.table is None]
    if not rows:
        return body
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    size = median(row.size for row in rows)
    inside = left >= body.left - size and right <= body.right + size
    if inside and (len(rows) < 6 or right - left > 0.8 * (body.right - body.left)):
        return _Margins(body.left, body.right, _pitch(rows) or body.pitch, body.size)
    return _Margins(_low(row.x0 for row in rows), right, _pitch(rows) or body.pitch, body.size)


def _low(values: object) -> float:
    """A low value that enough rows share: the 5th percentile, so that one stray mark does not move the margin."""
    ordered = sorted(values)  # type: ignore[call-overload]
    return float(ordered[len(ordered) // 20])


def _pitch(rows: Sequence[Row]) -> float:
    steps = [
        below.bottom - above.bottom
        for above, below in pairwise(rows)
        if above.page == below.page and 0 < below.bottom - above.bottom < 4 * above.size
    ]
    return median(steps) if steps else 0.0


def _breaks(opened: _Open, row: Row, margins: _Margins, previous: Row | None) -> bool:
    """Whether `row` opens a new paragraph after the rows of `opened`."""
    last, last_margins = opened.rows[-1], opened.margins[-1]
    size = max(row.size, 1e-6)
    if abs(last.size - row.size) > _SIZE_CHANGE * max(last.size, row.size) and not _same_line_height(last, row):
        return True
    if _centred(last, last_margins) or _centred(row, margins):
        return not _title_goes_on(last, last_margins, row, margins)
    if previous is not None and _far(previous, row, margins):
        return True
    if last.x1 < last_margins.right - _FULL_EM * size:
        return True
    ended = bool(_SENTENCE_END.search(opened.text))
    if ended and _ENUMERATOR.match(row.text):
        return True
    indent = row.x0 - margins.left
    if indent > _FAR_INDENT_SHARE * (margins.right - margins.left):
        return True
    if indent < _INDENT_EM * size:
        return ended and previous is None and last.x0 - last_margins.left < _INDENT_EM * size and len(opened.rows) == 1
    hanging = abs(indent - (last.x0 - last_margins.left)) < 0.6 * size
    return not hanging or (ended and len(opened.rows) == 1)


def _same_line_height(last: Row, row: Row) -> bool:
    """A line of Latin letters or of a few characters may look a little smaller or larger than its neighbours."""
    unsure = any(text.isascii() or len(text) <= _FEW_CHARS for text in (last.text, row.text))
    return unsure and abs(last.size - row.size) < _UNSURE_SIZE_CHANGE * max(last.size, row.size)


def _far(previous: Row, row: Row, margins: _Margins) -> bool:
    step = row.bottom - previous.bottom
    return margins.pitch > 0 and step > _GAP_PITCH * margins.pitch


def _centred(row: Row, margins: _Margins) -> bool:
    left, right = row.x0 - margins.left, margins.right - row.x1
    return left > _CENTRE_INDENT_EM * row.size and abs(left - right) < _CENTRE_EM * row.size


def _title_goes_on(last: Row, last_margins: _Margins, row: Row, margins: _Margins) -> bool:
    """Two centred lines of one size close together are one title."""
    both = _centred(row, margins) and (
        _centred(last, last_margins) or last.x1 - last.x0 > 0.7 * (last_margins.right - last_margins.left)
    )
    alike = abs(last.size - row.size) < 0.05 * max(last.size, row.size)
    near = 0 < row.top - last.bottom < 0.9 * row.size and row.page == last.page
    plain = not _ENUMERATOR.match(row.text) and not _ENUMERATOR.match(last.text)
    large = last.size > _TITLE_SIZE * margins.size and last.x1 - last.x0 > 10 * last.size
    return both and alike and near and plain and large
