"""Cutting a table into groups of rows that can be read and searched on their own."""

from __future__ import annotations

from dataclasses import dataclass

ROWS_LENGTH_MAX = 420
ROWS_MAX = 20

Row = tuple[str, ...]


@dataclass(frozen=True)
class RowGroup:
    """Some rows of a table: `text` reads 列名：值；列名：值 a row a line, `rows` repeats the header row first."""

    text: str
    lead: str
    rows: tuple[Row, ...]


def split_table(rows: tuple[Row, ...], *, header: bool) -> tuple[str, list[RowGroup]]:
    """Return the table's own caption (a merged first row, or "") and its row groups.

    A row whose filled cells are all equal is a merged caption when it stands first, otherwise a band that is repeated
    in front of the rows under it. The header row, when there is one, names each value.
    """
    cleaned = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
    cleaned = [row for row in cleaned if any(row)]
    caption: list[str] = []
    while len(cleaned) > 1 and _merged(cleaned[0]):
        caption.append(_merged(cleaned[0]))
        cleaned = cleaned[1:]
    head: Row = ()
    if header and len(cleaned) > 1:
        head, cleaned = cleaned[0], cleaned[1:]
    return "　".join(caption), list(_groups(head, cleaned))


def _merged(row: Row) -> str:
    """Return the single value of a row that says only one thing across several columns, otherwise ""."""
    filled = {cell for cell in row if cell}
    return filled.pop() if len(row) > 1 and len(filled) == 1 else ""


def _groups(head: Row, rows: list[Row]) -> list[RowGroup]:
    lead = " | ".join(head)
    groups: list[RowGroup] = []
    texts: list[str] = []
    members: list[Row] = []
    band = ""
    for row in rows:
        if head and _merged(row) and row[0]:
            if texts:
                groups.append(_group(texts, lead, head, members))
                texts, members = [], []
            band = _merged(row)
            texts, members = [band], [row]
            continue
        text = _row_text(head, row)
        if texts and (sum(map(len, texts)) + len(text) > ROWS_LENGTH_MAX or len(members) >= ROWS_MAX):
            groups.append(_group(texts, lead, head, members))
            texts, members = ([band], []) if band else ([], [])
        texts.append(text)
        members.append(row)
    if texts:
        groups.append(_group(texts, lead, head, members))
    return groups


def _group(texts: list[str], lead: str, head: Row, members: list[Row]) -> RowGroup:
    return RowGroup("\n".join(texts), lead, ((head, *members) if head else tuple(members)))


def _row_text(head: Row, row: Row) -> str:
    if not head:
        return " | ".join(cell for cell in row if cell)
    pairs: list[str] = []
    previous = ""
    for place, cell in enumerate(row):
        name = head[place] if place < len(head) else ""
        if not cell or (cell == previous and not name):
            continue
        pairs.append(f"{name}：{cell}" if name and name != cell else cell)
        previous = cell
    return "；".join(pairs)
