"""The tokens that are kept with a clause's vector, under the same key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Row, select, text

from yinshu.kernel.base.database import Connection
from yinshu.kernel.gateway import TokenStates
from yinshu.kernel.knowledge.tables import clauses, passage_tokens

KEYS_PER_QUERY = 500


def put_tokens(connection: Connection, embedder: str, tokens: Sequence[tuple[str, TokenStates]]) -> None:
    """Store tokens under their keys; a key that is there already stays as it is."""
    rows = [
        {
            "key": key,
            "embedder": embedder,
            "states": np.ascontiguousarray(one.states, "i1").tobytes(),
            "scales": np.asarray(one.scales, "<f2").tobytes(),
            "ends": np.asarray(one.ends, "<u2").tobytes(),
        }
        for key, one in sorted(tokens, key=lambda pair: pair[0])
    ]
    if rows:
        statement = (
            "INSERT INTO passage_tokens (key, embedder, states, scales, ends) "
            "VALUES (:key, :embedder, :states, :scales, :ends) ON CONFLICT (key, embedder) DO NOTHING"
        )
        connection.execute(text(statement), rows)


def known_tokens(connection: Connection, embedder: str, keys: Sequence[str]) -> set[str]:
    """Those of the keys that have tokens of this embedder already."""
    known: set[str] = set()
    for start in range(0, len(keys), KEYS_PER_QUERY):
        query = select(passage_tokens.c.key).where(
            passage_tokens.c.embedder == embedder, passage_tokens.c.key.in_(keys[start : start + KEYS_PER_QUERY])
        )
        known.update(connection.execute(query).scalars())
    return known


def get_tokens(connection: Connection, embedder: str, clause_ids: Sequence[int]) -> dict[int, TokenStates]:
    """The tokens of each of the clauses; one whose text was not read yet is left out."""
    kept = passage_tokens.c
    query = (
        select(clauses.c.id, kept.states, kept.scales, kept.ends)
        .join(passage_tokens, (kept.key == clauses.c.vector_key) & (kept.embedder == embedder))
        .where(clauses.c.id.in_(clause_ids))
    )
    return {row.id: _tokens(row) for row in connection.execute(query)}


def _tokens(row: Row[Any, Any, Any, Any]) -> TokenStates:
    ends = np.frombuffer(row.ends, "<u2")
    states = np.frombuffer(row.states, "i1").reshape(len(ends), -1) if len(ends) else np.zeros((0, 0), np.int8)
    return TokenStates(states, np.frombuffer(row.scales, "<f2"), ends)
