"""Lays a claim along a statement of a source, in order and in runs, and tells what was added and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yinshu.kernel.evidence.tokens import Token

RUN_COST = 1.3
MAX_CELLS = 400_000
_WEIGHT = {"char": 1.0, "quantity": 2.5, "modal": 2.0, "bound": 1.6, "comma": 0.1}


@dataclass(frozen=True)
class Alignment:
    """`partner[i]` is the index in the source of claim token i, or None. Partners ascend."""

    partner: tuple[int | None, ...]
    score: float


def align(claim: Sequence[Token], source: Sequence[Token]) -> Alignment:
    """The best order-preserving alignment where every new run costs RUN_COST, so that stray characters do not count."""
    if not claim or not source or len(claim) * len(source) > MAX_CELLS:
        return Alignment((None,) * len(claim), 0.0)
    run = _contiguous(claim, source)
    if run is not None:
        return Alignment(tuple(range(run, run + len(claim))), sum(_WEIGHT[token.kind] for token in claim))
    return _with_opening(claim, source, _sweep(claim, source))


def _contiguous(claim: Sequence[Token], source: Sequence[Token]) -> int | None:
    keys = [token.key for token in source]
    wanted = [token.key for token in claim]
    first = wanted[0]
    for start in range(len(keys) - len(wanted) + 1):
        if keys[start] == first and keys[start : start + len(wanted)] == wanted:
            return start
    return None


def _with_opening(claim: Sequence[Token], source: Sequence[Token], found: Alignment) -> Alignment:
    """Match a lone first word to the opening of a part of the source: 对履行 against 对依法履行."""
    following = next((place for place in found.partner[1:2] if place is not None), None)
    if found.partner[0] is not None or following is None:
        return found
    for place in range(following - 1, -1, -1):
        opens = place == 0 or source[place - 1].kind == "comma" or source[place - 1].key.startswith("ordinal:")
        if opens:
            same = source[place].key == claim[0].key
            return Alignment((place, *found.partner[1:]), found.score) if same else found
    return found


def _sweep(claim: Sequence[Token], source: Sequence[Token]) -> Alignment:
    width = len(source)
    places: dict[str, list[int]] = {}
    for index, token in enumerate(source):
        places.setdefault(token.key, []).append(index + 1)
    best_rows: list[list[float]] = [[0.0] * (width + 1)]
    ending_before: dict[int, float] = {}
    endings: list[dict[int, float]] = []
    for token in claim:
        weight = _WEIGHT[token.kind]
        above = best_rows[-1]
        ending: dict[int, float] = {}
        for column in places.get(token.key, ()):
            opened = above[column - 1] - RUN_COST
            continued = ending_before.get(column - 1, opened)
            ending[column] = weight + max(opened, continued)
        row = above
        if ending:
            row = [0.0] * (width + 1)
            best = 0.0
            for column in range(1, width + 1):
                best = max(best, above[column])
                matched = ending.get(column)
                if matched is not None and matched > best:
                    best = matched
                row[column] = best
        best_rows.append(row)
        endings.append(ending)
        ending_before = ending
    return _trace(claim, best_rows, endings)


def _trace(claim: Sequence[Token], rows: list[list[float]], endings: list[dict[int, float]]) -> Alignment:
    partner: list[int | None] = [None] * len(claim)
    row, column = len(claim), len(rows[0]) - 1
    score = rows[row][column]
    while row > 0 and column > 0 and rows[row][column] > 0:
        value = rows[row][column]
        if rows[row - 1][column] == value:
            row -= 1
        elif rows[row][column - 1] == value:
            column -= 1
        else:
            row, column = _follow_run(partner, rows, endings, row, column)
    return Alignment(tuple(partner), score)


def _follow_run(
    partner: list[int | None],
    rows: list[list[float]],
    endings: list[dict[int, float]],
    row: int,
    column: int,
) -> tuple[int, int]:
    while True:
        partner[row - 1] = column - 1
        before = endings[row - 2].get(column - 1) if row >= 2 else None
        row, column = row - 1, column - 1
        if before is None or before < rows[row][column] - RUN_COST:
            return row, column
