"""An exact vector scan in memory that follows the database change by change."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray

from yinshu.kernel.knowledge.ports import Vector
from yinshu.kernel.knowledge.records import LEVEL_MAX, SEARCHABLE_STATUSES, SearchScope

BLOCK_ROWS = 32_768
"""Vectors are kept in blocks, so that growing never copies them (50 MB a block at 384 dimensions)."""
FIRST_SLOTS = 4_096
FIRST_DAY = 0
LAST_DAY = date.max.toordinal() + 1
NO_VECTOR = -1


@dataclass(frozen=True)
class ScopeRow:
    """What the cache knows of a clause. Days as ISO text or None, as SQLite keeps them."""

    clause_id: int
    collection_id: str
    status: str
    effective_from: str | None
    effective_to: str | None
    vector_key: str
    document_id: str = ""
    level: int = 0


@dataclass
class _Slots:
    """One row per clause, in parallel arrays."""

    ids: NDArray[np.int64]
    vector_rows: NDArray[np.int32]
    collections: NDArray[np.int32]
    findable: NDArray[np.bool_]
    first_days: NDArray[np.int32]
    end_days: NDArray[np.int32]
    documents: NDArray[np.int32]
    levels: NDArray[np.int8]

    @staticmethod
    def empty(size: int) -> _Slots:
        return _Slots(
            np.full(size, -1, np.int64),
            np.full(size, NO_VECTOR, np.int32),
            np.full(size, -1, np.int32),
            np.zeros(size, np.bool_),
            np.zeros(size, np.int32),
            np.zeros(size, np.int32),
            np.full(size, -1, np.int32),
            np.zeros(size, np.int8),
        )

    def grown(self, size: int) -> _Slots:
        larger = _Slots.empty(size)
        for column in fields(self):
            getattr(larger, column.name)[: len(self.ids)] = getattr(self, column.name)
        return larger


class VectorCache:
    """Vectors of one embedder and the scope of every clause.

    One thread updates at a time; readers take no lock. A reader may see a change a moment early, which is why hits
    are always checked against the database afterwards.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.seen_change = -1
        self.update_lock = threading.Lock()
        self._blocks: list[Vector] = []
        self._vector_count = 0
        self._row_of_key: dict[str, int] = {}
        self._slot_of: dict[int, int] = {}
        self._free: list[int] = []
        self._slot_count = 0
        self._slots = _Slots.empty(FIRST_SLOTS)
        self._collection_codes: dict[str, int] = {}
        self._document_codes: dict[str, int] = {}

    def lacks(self, keys: Iterable[str]) -> list[str]:
        """Those of the keys whose vector is not held yet."""
        return [key for key in dict.fromkeys(keys) if key not in self._row_of_key]

    def hold_vectors(self, found: Iterable[tuple[str, bytes]]) -> None:
        """Take in vectors (little-endian 32-bit floats) under their keys."""
        for key, raw in found:
            if key in self._row_of_key:
                continue
            row = self._vector_count
            if row == len(self._blocks) * BLOCK_ROWS:
                self._blocks.append(np.zeros((BLOCK_ROWS, self.dimension), np.float32))
            self._blocks[row // BLOCK_ROWS][row % BLOCK_ROWS] = np.frombuffer(raw, dtype="<f4")
            self._row_of_key[key] = row
            self._vector_count = row + 1

    def hold_clauses(self, rows: Iterable[ScopeRow]) -> None:
        """Take in or renew the scope of clauses; their vectors, as far as they exist, must be held already."""
        for row in rows:
            slot = self._slot_for(row.clause_id)
            slots = self._slots
            slots.vector_rows[slot] = self._row_of_key.get(row.vector_key, NO_VECTOR)
            slots.collections[slot] = self._collection_codes.setdefault(row.collection_id, len(self._collection_codes))
            slots.documents[slot] = self._document_codes.setdefault(row.document_id, len(self._document_codes))
            slots.levels[slot] = row.level
            slots.first_days[slot] = _day(row.effective_from, FIRST_DAY)
            slots.end_days[slot] = _day(row.effective_to, LAST_DAY)
            slots.findable[slot] = row.status in SEARCHABLE_STATUSES
            slots.ids[slot] = row.clause_id

    def drop_clauses(self, clause_ids: Iterable[int]) -> None:
        """Forget clauses that are no longer in the database."""
        for clause_id in clause_ids:
            slot = self._slot_of.pop(clause_id, None)
            if slot is not None:
                self._slots.findable[slot] = False
                self._slots.vector_rows[slot] = NO_VECTOR
                self._free.append(slot)

    def best(self, vector: Vector, scope: SearchScope, limit: int) -> list[tuple[int, float]]:
        """The `limit` clauses in the scope with the highest cosine, best first."""
        count, slots = self._slot_count, self._slots
        cosines = self._cosines_of_slots(vector, slots.vector_rows[:count])
        allowed = self._allowed(slots, count, scope)
        allowed &= slots.vector_rows[:count] != NO_VECTOR
        places = np.flatnonzero(allowed)
        if len(places) > limit:
            places = places[np.argpartition(-cosines[places], limit - 1)[:limit]]
        ordered = places[np.lexsort((slots.ids[places], -cosines[places]))]
        return [(int(slots.ids[place]), float(cosines[place])) for place in ordered]

    def cosines(self, vector: Vector, clause_ids: Sequence[int]) -> dict[int, float]:
        """The cosine of each clause that has a vector."""
        found: dict[int, float] = {}
        for clause_id in clause_ids:
            slot = self._slot_of.get(clause_id)
            row = NO_VECTOR if slot is None else int(self._slots.vector_rows[slot])
            if row != NO_VECTOR:
                found[clause_id] = float(self._blocks[row // BLOCK_ROWS][row % BLOCK_ROWS] @ vector)
        return found

    def _slot_for(self, clause_id: int) -> int:
        slot = self._slot_of.get(clause_id)
        if slot is None:
            slot = self._free.pop() if self._free else self._slot_count
            if slot == len(self._slots.ids):
                self._slots = self._slots.grown(2 * slot)
            self._slot_of[clause_id] = slot
            self._slot_count = max(self._slot_count, slot + 1)
        return slot

    def _cosines_of_slots(self, vector: Vector, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        count = self._vector_count
        by_row = np.empty(count + 1, np.float32)
        for number, block in enumerate(self._blocks[: -(-count // BLOCK_ROWS)]):
            start = number * BLOCK_ROWS
            filled = min(BLOCK_ROWS, count - start)
            np.dot(block[:filled], vector, out=by_row[start : start + filled])
        by_row[count] = -1.0
        return by_row[np.minimum(rows, count)]

    def _allowed(self, slots: _Slots, count: int, scope: SearchScope) -> NDArray[np.bool_]:
        allowed = slots.findable[:count] & self._within_rights(slots, count, scope)
        if not scope.include_not_in_force:
            day = scope.as_of.toordinal()
            allowed &= (slots.first_days[:count] <= day) & (slots.end_days[:count] > day)
        for clause_id in scope.hidden_clause_ids:
            slot = self._slot_of.get(clause_id)
            if slot is not None and slot < count:
                allowed[slot] = False
        return allowed

    def _within_rights(self, slots: _Slots, count: int, scope: SearchScope) -> NDArray[np.bool_]:
        within = np.isin(slots.collections[:count], _codes(self._collection_codes, scope.collection_ids))
        if scope.document_ids:
            within |= np.isin(slots.documents[:count], _codes(self._document_codes, scope.document_ids))
        if scope.denied_document_ids:
            within &= ~np.isin(slots.documents[:count], _codes(self._document_codes, scope.denied_document_ids))
        if scope.level_max < LEVEL_MAX:
            within &= slots.levels[:count] <= scope.level_max
        return within


def _codes(known: Mapping[str, int], ids: Sequence[str]) -> list[int]:
    return [known[one] for one in ids if one in known]


def _day(text: str | None, default: int) -> int:
    return date.fromisoformat(text).toordinal() if text else default
