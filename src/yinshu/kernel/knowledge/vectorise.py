"""Gives every clause that can be found its vector, in chunks that may be repeated without harm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yinshu.kernel.base.database import Engine, reading, writing
from yinshu.kernel.base.jobs import STEP_ITEMS
from yinshu.kernel.gateway import Embedder, TokenStates, Vectors, embed, gives_tokens
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.ports import ClauseIndex
from yinshu.kernel.knowledge.wording import embedding_text

BATCH_CLAUSES = 16


@dataclass(frozen=True)
class VectorCount:
    """How many clauses have a vector, of those that can be found."""

    done: int
    total: int


@dataclass(frozen=True)
class VectorChunk:
    """About `STEP_ITEMS` clauses without a vector: among the ids `first_id` to `last_id`."""

    first_id: int
    last_id: int
    clauses: int


@dataclass(frozen=True)
class _IndexCache:
    """The vectors in the index, as the gateway's cache: every batch in a transaction of its own."""

    engine: Engine
    index: ClauseIndex

    with_tokens: bool

    def known(self, embedder: str, keys: Sequence[str]) -> set[str]:
        with reading(self.engine) as connection:
            known = self.index.known_vectors(connection, embedder, keys)
            return store.known_tokens(connection, embedder, list(known)) if self.with_tokens else known

    def keep(
        self,
        embedder: str,
        vectors: Sequence[tuple[str, Vectors]],
        tokens: Sequence[tuple[str, TokenStates]],
    ) -> None:
        with writing(self.engine) as connection:
            store.put_tokens(connection, embedder, tokens)
            self.index.put_vectors(connection, embedder, vectors)


@dataclass(frozen=True)
class Vectoriser:
    """Computes the vectors that are missing. What is missing is read from the database, so nothing can be forgotten."""

    engine: Engine
    index: ClauseIndex
    embedder: Embedder
    batch_clauses: int = BATCH_CLAUSES

    @property
    def _cache(self) -> _IndexCache:
        return _IndexCache(self.engine, self.index, gives_tokens(self.embedder))

    def count(self, collection_id: str) -> VectorCount:
        """How far the vectors of a collection are."""
        with reading(self.engine) as connection:
            keys = store.vector_keys(connection, collection_id=collection_id)
        known = self._cache.known(self.embedder.name, list(set(keys.values())))
        return VectorCount(sum(key in known for key in keys.values()), len(keys))

    def plan(self, chunk_clauses: int = STEP_ITEMS) -> list[VectorChunk]:
        """The clauses without a vector, in chunks; of clauses with the same text the first counts."""
        with reading(self.engine) as connection:
            first = _first_of_each(store.vector_keys(connection))
        known = self._cache.known(self.embedder.name, list(first))
        missing = [clause_id for key, clause_id in first.items() if key not in known]
        parts = [missing[start : start + chunk_clauses] for start in range(0, len(missing), chunk_clauses)]
        return [VectorChunk(part[0], part[-1], len(part)) for part in parts]

    def fill(self, chunk: VectorChunk, progress: Callable[[int], None] | None = None) -> int:
        """Compute the vectors that are missing in a chunk; returns how many were computed.

        `progress` is called with the number of clauses of the chunk that are done, after every batch.
        """
        with reading(self.engine) as connection:
            first = _first_of_each(store.vector_keys(connection, first_id=chunk.first_id, last_id=chunk.last_id))
        known = self._cache.known(self.embedder.name, list(first))
        with reading(self.engine) as connection:
            missing = {clause_id: key for key, clause_id in first.items() if key not in known}
            texts = {
                missing[one.clause_id]: embedding_text(one.version.title, one.path, one.text, one.lead)
                for one in store.get_clauses(connection, list(missing))
            }
        already = max(0, chunk.clauses - len(texts))
        return embed(
            self.embedder,
            texts,
            self._cache,
            batch_texts=self.batch_clauses,
            progress=None if progress is None else lambda done: progress(already + done),
        )

    def fill_all(self) -> int:
        """Compute every missing vector; returns how many."""
        return sum(self.fill(chunk) for chunk in self.plan())


def _first_of_each(keys: Mapping[int, str]) -> dict[str, int]:
    """Key to the first clause that has it."""
    first: dict[str, int] = {}
    for clause_id, key in keys.items():
        first.setdefault(key, clause_id)
    return first
