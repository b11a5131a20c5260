"""What an index adapter and an embedding must supply to the knowledge room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from yinshu.kernel.knowledge.records import SearchScope

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class IndexedText:
    """The three searchable fields of a clause, as written (the adapter segments them)."""

    clause_id: int
    title: str
    path: str
    body: str


@dataclass(frozen=True)
class TextQuery:
    """Weighted terms, already normalised and segmented: (term, weight). Bigrams and words alike."""

    terms: tuple[tuple[str, float], ...]


class ClauseIndex(Protocol):
    """Full text and vectors in the same database, so that every call takes part in the caller's transaction."""

    def create(self, connection: Connection) -> None:
        """Make the index's own tables if they are missing."""

    def add(self, connection: Connection, texts: Sequence[IndexedText]) -> None:
        """Make clauses searchable by text."""

    def remove(self, connection: Connection, clause_ids: Sequence[int]) -> None:
        """Take clauses out of the text index."""

    def search_text(
        self, connection: Connection, query: TextQuery, scope: SearchScope, limit: int
    ) -> list[tuple[int, float]]:
        """Clause ids inside the scope, best first, with a score of at least 0. The scope is part of the query."""

    def put_vectors(self, connection: Connection, embedder: str, vectors: Sequence[tuple[str, Vector]]) -> None:
        """Store unit vectors under their keys; a key that is there already stays as it is."""

    def known_vectors(self, connection: Connection, embedder: str, keys: Sequence[str]) -> set[str]:
        """Those of the keys that have a vector of this embedder already."""

    def search_vector(
        self, connection: Connection, embedder: str, vector: Vector, scope: SearchScope, limit: int
    ) -> list[tuple[int, float]]:
        """Clause ids inside the scope by cosine, best first. The scope is part of the query."""

    def cosines(
        self, connection: Connection, embedder: str, vector: Vector, clause_ids: Sequence[int]
    ) -> dict[int, float]:
        """The cosine of each of the clauses; one without a vector is left out."""

    def document_frequencies(self, connection: Connection, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        """How many clauses the index holds, and in how many of them each term occurs (0 when in none)."""

    def frequencies_within(self, connection: Connection, terms: Sequence[str], scope: SearchScope) -> dict[str, int]:
        """In how many clauses inside the rights of the scope, whatever their dates, each of these rare terms occurs."""
