"""Rights inside the index queries: documents and levels beside collections, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import Engine, insert

from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.knowledge.ports import ClauseIndex, IndexedText, TextQuery
from yinshu.kernel.knowledge.records import SearchScope
from yinshu.kernel.knowledge.store import get_clauses, set_level
from yinshu.kernel.knowledge.tables import clauses, collections, documents, versions
from yinshu.kernel.knowledge.wording import grams

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVERYTHING = SearchScope(("c1", "c2"), date(2026, 6, 1))
TEXT = "保管箱业务按年收取租金。"
LEVELS = {"d1": 0, "d2": 1, "d3": 2, "d4": 1}
HOMES = {"d1": "c1", "d2": "c1", "d3": "c1", "d4": "c2"}
CASES = [
    (EVERYTHING, ["d1", "d2", "d3", "d4"]),
    (replace(EVERYTHING, collection_ids=("c2",)), ["d4"]),
    (replace(EVERYTHING, level_max=1), ["d1", "d2", "d4"]),
    (replace(EVERYTHING, level_max=0), ["d1"]),
    (replace(EVERYTHING, level_max=-1), []),
    (replace(EVERYTHING, denied_document_ids=("d2", "d4")), ["d1", "d3"]),
    (replace(EVERYTHING, collection_ids=(), document_ids=("d3",)), ["d3"]),
    (replace(EVERYTHING, collection_ids=("c2",), document_ids=("d1", "d3"), level_max=1), ["d1", "d4"]),
    (replace(EVERYTHING, document_ids=("d1",), denied_document_ids=("d1",)), ["d2", "d3", "d4"]),
]


@pytest.fixture
def library(engine: Engine, index: ClauseIndex) -> ClauseIndex:
    """Four documents of the same words and vector; clause n belongs to document dn."""
    vector = np.asarray([1, 0, 0], np.float32)
    with writing(engine) as connection:
        rows = [{"id": one, "name": one, "axes": {}, "created_at": NOW} for one in ("c1", "c2")]
        connection.execute(insert(collections), rows)
        for number, (document, home) in enumerate(HOMES.items(), start=1):
            place = {"collection_id": home, "created_at": NOW}
            connection.execute(
                insert(documents).values(id=document, file_name=document, title="办法", level=LEVELS[document], **place)
            )
            connection.execute(
                insert(versions).values(
                    id=f"v{number}", document_id=document, ordinal=1, status="published", content_sha256="0",
                    media_type="text/plain", size_bytes=1, title="办法", **place,
                )
            )  # fmt: skip
            connection.execute(
                insert(clauses).values(
                    id=number, version_id=f"v{number}", document_id=document, collection_id=home, ordinal=0, path=[],
                    level=LEVELS[document], kind="article", text=TEXT, status="published", vector_key="k",
                )
            )  # fmt: skip
        index.add(connection, [IndexedText(number, "办法", "", TEXT) for number in range(1, 5)])
        index.put_vectors(connection, "test", [("k", vector)])
    return index


def seen(engine: Engine, index: ClauseIndex, scope: SearchScope) -> list[list[str]]:
    """What text, vectors, the second check and the frequency of a term let through."""
    query = TextQuery(tuple((term, 1.0) for term in grams("租金")))
    with reading(engine) as connection:
        by_text = sorted(one for one, _ in index.search_text(connection, query, scope, 10))
        vector = np.asarray([1, 0, 0], np.float32)
        by_vector = sorted(one for one, _ in index.search_vector(connection, "test", vector, scope, 10))
        checked = sorted(one.clause_id for one in get_clauses(connection, [1, 2, 3, 4], scope))
        counted = index.frequencies_within(connection, ["租金", "没有"], scope)
    assert counted == {"租金": len(by_text), "没有": 0}
    return [[f"d{number}" for number in found] for found in (by_text, by_vector, checked)]


@pytest.mark.parametrize(("scope", "expected"), CASES)
def test_the_index_shows_what_the_rights_allow(
    engine: Engine, library: ClauseIndex, scope: SearchScope, expected: list[str]
) -> None:
    assert seen(engine, library, scope) == [expected] * 3


def test_a_document_that_is_kept_higher_is_gone_at_once(engine: Engine, library: ClauseIndex) -> None:
    scope = replace(EVERYTHING, level_max=1)
    assert seen(engine, library, scope) == [["d1", "d2", "d4"]] * 3
    with writing(engine) as connection:
        set_level(connection, "d2", "secret")
    assert seen(engine, library, scope) == [["d1", "d4"]] * 3
