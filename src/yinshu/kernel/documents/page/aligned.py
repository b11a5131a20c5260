"""Tables without lines: rows whose pieces stand under each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from yinshu.kernel.documents.page.rows import Piece, Row, union
from yinshu.kernel.documents.tables import table_block

_ROWS_MIN = 3
_COLUMNS_MIN = 2
_COLUMNS_MAX = 30
_ALIGN_EM = 1.2
_GAP_EM = 1.3
_CELL_CHARS_MAX = 40


def with_aligned_tables(rows: Sequence[Row]) -> list[Row]:
    """Rows in order; runs of at least three rows in aligned columns are replaced by one table row."""
    found: list[Row] = []
    run: list[Row] = []
    for row in rows:
        if run and not _goes_on(run, row):
            found += _close(run)
            run = []
        if _is_candidate(row):
            run.append(row)
        else:
            found.append(row)
    return found + _close(run)


def _is_candidate(row: Row) -> bool:
    if row.table is not None or not _COLUMNS_MIN <= len(row.pieces) <= _COLUMNS_MAX:
        return False
    apart = all(right.x0 - left.x1 >= _GAP_EM * row.size for left, right in pairwise(row.pieces))
    return apart and all(len(piece.text) <= _CELL_CHARS_MAX for piece in row.pieces)


def _goes_on(run: Sequence[Row], row: Row) -> bool:
    """A row belongs to the run when it is a candidate of the same columns at the usual distance."""
    if not _is_candidate(row) or row.page != run[-1].page:
        return False
    if row.top - run[-1].bottom > 2.5 * max(row.size, run[-1].size):
        return False
    widest = max(run, key=lambda item: len(item.pieces))
    return len(row.pieces) == len(widest.pieces) and all(
        _aligned(above, below, row.size) for above, below in zip(widest.pieces, row.pieces, strict=True)
    )


def _aligned(above: Piece, below: Piece, size: float) -> bool:
    """Same left edge, same right edge, or same centre."""
    tolerance = _ALIGN_EM * size
    return (
        abs(above.x0 - below.x0) <= tolerance
        or abs(above.x1 - below.x1) <= tolerance
        or abs((above.x0 + above.x1) - (below.x0 + below.x1)) / 2 <= tolerance
    )


def _close(run: list[Row]) -> list[Row]:
    if len(run) < _ROWS_MIN:
        return run
    first = run[0]
    box = union([piece.box for row in run for piece in row.pieces])
    block = table_block([[piece.text for piece in row.pieces] for row in run], page=first.page, box=box)
    if block is None or block.kind != "table":
        return run
    whole = Piece(
        "", min(row.x0 for row in run), first.top, max(row.x1 for row in run), run[-1].bottom, first.size, first.page,
        box, block,
    )  # fmt: skip
    return [Row((whole,))]
