"""Cells become a table block: rectangular, without empty rows and columns, with its header recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yinshu.kernel.documents.records import Block, Box

CELL_SEPARATOR = " | "
_NUMBER = re.compile(r"[-+]?[¥￥$]?\d[\d,，.]*\s*[%％‰]?(?:元|万元|亿元|个|笔|户|天|日|次)?")
_SPAN_MAX = 1000

Rows = tuple[tuple[str, ...], ...]


def tidy(rows: Sequence[Sequence[str]]) -> Rows:
    """Cells stripped, rows padded to one width, rows and columns without any text dropped."""
    kept = [[_tidy_cell(cell) for cell in row] for row in rows]
    kept = [row for row in kept if any(row)]
    width = max((len(row) for row in kept), default=0)
    for row in kept:
        row.extend([""] * (width - len(row)))
    columns = [index for index in range(width) if any(row[index] for row in kept)]
    return tuple(tuple(row[index] for index in columns) for row in kept)


def _tidy_cell(cell: str) -> str:
    return " ".join(part.strip() for part in cell.replace("\u00a0", " ").splitlines() if part.strip())


def looks_like_header(rows: Rows) -> bool:
    """The first row names columns: at least two different labels, none of them a number, and rows below it."""
    if len(rows) < 2:
        return False
    labels = [cell for cell in rows[0] if cell]
    if len(set(labels)) < 2 and len(rows[0]) > 1:
        return False
    return not any(_NUMBER.fullmatch(label) for label in labels)


def table_block(
    rows: Sequence[Sequence[str]],
    *,
    header: bool | None = None,
    page: int | None = None,
    box: Box | None = None,
    sheet: str | None = None,
) -> Block | None:
    """A table, or a paragraph when only one cell holds text, or None when none does. `header` None means: look."""
    cells = tidy(rows)
    if not cells:
        return None
    text = "\n".join(CELL_SEPARATOR.join(row) for row in cells)
    if len(cells) == 1 and len(cells[0]) == 1:
        return Block("paragraph", text, page=page, box=box, sheet=sheet)
    known = looks_like_header(cells) if header is None else header
    return Block("table", text, page=page, box=box, rows=cells, header=known, sheet=sheet)


def fill_spans(rows: Sequence[Sequence[tuple[str, int, int]]], cells_max: int) -> list[list[str]]:
    """Lay out cells given as (text, row span, column span); a merged cell's text stands in each place it covers."""
    grid: list[dict[int, str]] = [{} for _ in rows]
    used = 0
    for index, row in enumerate(rows):
        column = 0
        for text, row_span, column_span in row:
            while column in grid[index]:
                column += 1
            down = min(max(row_span, 1), len(rows) - index, _SPAN_MAX)
            across = min(max(column_span, 1), _SPAN_MAX)
            used += down * across
            if used > cells_max:
                return [[line.get(place, "") for place in range(max(line, default=-1) + 1)] for line in grid]
            for below in range(down):
                for place in range(column, column + across):
                    grid[index + below].setdefault(place, text)
            column += across
    return [[line.get(place, "") for place in range(max(line, default=-1) + 1)] for line in grid]
