"""What every index must do, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, delete, insert, update

from yinshu.adapters.indexes.postgres_index import PostgresIndex
from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.knowledge.ports import IndexedText, TextQuery
from yinshu.kernel.knowledge.records import SearchScope
from yinshu.kernel.knowledge.tables import clauses, collections, documents, versions
from yinshu.kernel.knowledge.wording import grams

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SCOPE = SearchScope(("c1",), date(2026, 6, 1))
EMBEDDER = "test-3"
AXES = np.eye(3, dtype=np.float32)
TEXTS = {
    1: "存款人撤销银行结算账户，应当提出销户申请。",
    2: "保管箱业务按年收取租金，租金不予退还。",
    3: "银行应当在5个工作日内办理销户手续。",
}
Index = SqliteIndex | PostgresIndex


@pytest.fixture
def index(engine: Engine) -> Index:
    made: Index = SqliteIndex() if engine.dialect.name == "sqlite" else PostgresIndex()
    with writing(engine) as connection:
        made.create(connection)
        connection.execute(
            insert(collections), [{"id": c, "name": c, "axes": {}, "created_at": NOW} for c in ("c1", "c2")]
        )
        for collection_id in ("c1", "c2"):
            connection.execute(
                insert(documents).values(
                    id=f"d-{collection_id}",
                    collection_id=collection_id,
                    file_name="a.txt",
                    title="账户管理办法",
                    created_at=NOW,
                )
            )
            connection.execute(
                insert(versions).values(
                    id=f"v-{collection_id}", document_id=f"d-{collection_id}", collection_id=collection_id, ordinal=1,
                    status="published", content_sha256="0", media_type="text/plain", size_bytes=1, title="账户管理办法",
                    created_at=NOW,
                )
            )  # fmt: skip
        _put(connection, made, TEXTS)
    return made


def _put(
    connection: Connection, index: Index, texts: dict[int, str], collection_id: str = "c1", **columns: object
) -> None:
    for clause_id, body in texts.items():
        connection.execute(
            insert(clauses).values(
                id=clause_id, version_id=f"v-{collection_id}", collection_id=collection_id, ordinal=clause_id, path=[],
                kind="article", text=body, vector_key=f"k{clause_id}", **{"status": "published", **columns},
            )
        )  # fmt: skip
    index.add(connection, [IndexedText(one, "账户管理办法", "第一章 总则", body) for one, body in texts.items()])


def _query(question: str) -> TextQuery:
    return TextQuery(tuple(dict.fromkeys((term, 1.0) for term in grams(question))))


def _found(engine: Engine, index: Index, question: str, scope: SearchScope = SCOPE) -> list[int]:
    with reading(engine) as connection:
        return [one for one, _ in index.search_text(connection, _query(question), scope, 10)]


def _nearest(engine: Engine, index: Index, axis: int, scope: SearchScope = SCOPE) -> list[tuple[int, float]]:
    with reading(engine) as connection:
        return index.search_vector(connection, EMBEDDER, AXES[axis], scope, 10)


def _put_vectors(engine: Engine, index: Index, keys: Sequence[str]) -> None:
    with writing(engine) as connection:
        index.put_vectors(connection, EMBEDDER, [(key, AXES[i % 3]) for i, key in enumerate(keys)])


def test_the_clause_with_the_rarer_words_comes_first(engine: Engine, index: Index) -> None:
    assert _found(engine, index, "保管箱租金")[0] == 2


def test_scores_fall_and_are_not_negative(engine: Engine, index: Index) -> None:
    with reading(engine) as connection:
        scores = [score for _, score in index.search_text(connection, _query("销户申请"), SCOPE, 10)]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= 0


def test_numbers_match_however_they_are_written(engine: Engine, index: Index) -> None:
    assert _found(engine, index, "五个工作日")[0] == 3


def test_words_of_the_title_count(engine: Engine, index: Index) -> None:
    assert set(_found(engine, index, "管理办法")) == {1, 2, 3}


def test_unknown_words_find_nothing(engine: Engine, index: Index) -> None:
    assert _found(engine, index, "锟斤拷") == []


def test_a_word_with_quotes_is_only_a_word(engine: Engine, index: Index) -> None:
    with reading(engine) as connection:
        assert index.search_text(connection, TextQuery((("o'br\"ien", 1.0),)), SCOPE, 10) == []


def test_removed_clauses_are_not_found_and_no_longer_counted(engine: Engine, index: Index) -> None:
    with writing(engine) as connection:
        index.remove(connection, [2])
    assert _found(engine, index, "保管箱租金") == []
    with reading(engine) as connection:
        assert index.document_frequencies(connection, ["租金"])[1] == {"租金": 0}


def test_frequencies_count_clauses(engine: Engine, index: Index) -> None:
    with reading(engine) as connection:
        count, frequencies = index.document_frequencies(connection, ["销户", "租金", "没有"])
    assert count == 3
    assert frequencies == {"销户": 2, "租金": 1, "没有": 0}


def test_other_collections_stay_out(engine: Engine, index: Index) -> None:
    with writing(engine) as connection:
        _put(connection, index, {9: "保管箱租金另行约定。"}, "c2")
    assert _found(engine, index, "保管箱租金") == [2]
    assert _found(engine, index, "保管箱租金", SearchScope(("c2",), SCOPE.as_of)) == [9]


def test_hidden_clauses_stay_out(engine: Engine, index: Index) -> None:
    _put_vectors(engine, index, ["k1", "k2", "k3"])
    hiding = SearchScope(("c1",), SCOPE.as_of, hidden_clause_ids=frozenset({2}))
    assert _found(engine, index, "保管箱租金", hiding) == []
    assert 2 not in dict(_nearest(engine, index, 1, hiding))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"status": "draft"}, False),
        ({"status": "superseded"}, True),
        ({"effective_from": date(2026, 6, 2)}, False),
        ({"effective_from": date(2026, 6, 1)}, True),
        ({"effective_to": date(2026, 6, 1)}, False),
        ({"effective_to": date(2026, 6, 2)}, True),
    ],
)
def test_status_and_dates_are_part_of_both_searches(
    engine: Engine, index: Index, columns: dict[str, object], expected: bool
) -> None:
    _put_vectors(engine, index, ["k1", "k2", "k3"])
    assert 2 in dict(_nearest(engine, index, 1))
    with writing(engine) as connection:
        connection.execute(update(clauses).where(clauses.c.id == 2).values(**columns))
    assert (2 in _found(engine, index, "保管箱租金")) is expected
    assert (2 in dict(_nearest(engine, index, 1))) is expected


def test_what_is_not_in_force_is_found_when_asked_for(engine: Engine, index: Index) -> None:
    with writing(engine) as connection:
        connection.execute(update(clauses).where(clauses.c.id == 2).values(effective_to=date(2020, 1, 1)))
    old = SearchScope(("c1",), SCOPE.as_of, include_not_in_force=True)
    assert _found(engine, index, "保管箱租金") == []
    assert _found(engine, index, "保管箱租金", old) == [2]


def test_the_nearest_vector_comes_first_with_its_cosine(engine: Engine, index: Index) -> None:
    _put_vectors(engine, index, ["k1", "k2", "k3"])
    best = _nearest(engine, index, 1)[0]
    assert best[0] == 2
    assert best[1] == pytest.approx(1.0, abs=1e-6)
    with reading(engine) as connection:
        assert index.cosines(connection, EMBEDDER, AXES[1], [2, 3, 77]) == pytest.approx({2: 1.0, 3: 0.0})


def test_clauses_without_a_vector_are_left_out_until_it_comes(engine: Engine, index: Index) -> None:
    _put_vectors(engine, index, ["k1"])
    assert [one for one, _ in _nearest(engine, index, 0)] == [1]
    _put_vectors(engine, index, ["k1", "k2"])
    assert {one for one, _ in _nearest(engine, index, 0)} == {1, 2}


def test_a_vector_that_is_there_stays_as_it_is(engine: Engine, index: Index) -> None:
    _put_vectors(engine, index, ["k1"])
    with writing(engine) as connection:
        index.put_vectors(connection, EMBEDDER, [("k1", AXES[2])])
    assert _nearest(engine, index, 0)[0] == (1, pytest.approx(1.0))


def test_known_vectors_are_told_by_embedder(engine: Engine, index: Index) -> None:
    _put_vectors(engine, index, ["k1"])
    with reading(engine) as connection:
        assert index.known_vectors(connection, EMBEDDER, ["k1", "k2"]) == {"k1"}
        assert index.known_vectors(connection, "another", ["k1"]) == set()


def test_a_deleted_clause_is_not_near_anything(engine: Engine, index: Index) -> None:
    _put_vectors(engine, index, ["k1", "k2", "k3"])
    assert 3 in dict(_nearest(engine, index, 2))
    with writing(engine) as connection:
        index.remove(connection, [3])
        connection.execute(delete(clauses).where(clauses.c.id == 3))
    assert 3 not in dict(_nearest(engine, index, 2))
    with writing(engine) as connection:
        _put(connection, index, {4: "新的条款。"})
        index.put_vectors(connection, EMBEDDER, [("k4", AXES[0])])
    assert {1, 4} <= set(dict(_nearest(engine, index, 0)))


def test_what_was_rolled_back_leaves_no_trace(engine: Engine, index: Index) -> None:
    _put_vectors(engine, index, ["k1", "k2", "k3"])
    _nearest(engine, index, 0)
    with pytest.raises(RuntimeError), writing(engine) as connection:
        connection.execute(update(clauses).values(status="archived"))
        index.remove(connection, [1, 2, 3])
        assert index.search_vector(connection, EMBEDDER, AXES[0], SCOPE, 10) == []
        raise RuntimeError
    assert len(_nearest(engine, index, 0)) == 3
    assert _found(engine, index, "保管箱租金") == [2]


def test_creating_twice_changes_nothing(engine: Engine, index: Index) -> None:
    with writing(engine) as connection:
        index.create(connection)
    assert _found(engine, index, "保管箱租金") == [2]
