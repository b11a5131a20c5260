"""The store hands out what was put in, in the order asked for, and says what to do about what is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, metadata, open_engine, reading, writing
from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Citation, SearchScope, Synonym

ANSWER = Answer(
    "answered",
    "保存30天。",
    (AnswerSentence("保存30天。", (1,), True),),
    (Citation(1, "办法", "rule.txt", "ver_1", "第二条", "保存30天", 7, effective_from=date(2020, 1, 1)),),
    confidence=0.9,
)


@pytest.fixture
def library(ingester: Ingester, tmp_path: Path) -> Ingester:
    body = "\n".join(
        ["示范办法", *(f"第{one}条 第{one}项。" for one in "一二三四五六七八九"), "第十条 本办法自2020年1月1日起施行。"]
    )
    (tmp_path / "rule.txt").write_text(body, "utf-8")
    ingester.ingest([tmp_path / "rule.txt"], "制度", published=True, actor="local")
    return ingester


def test_clauses_come_in_the_order_asked_for_and_unknown_ones_are_left_out(engine: Engine, library: Ingester) -> None:
    with reading(engine) as connection:
        ids = list(store.vector_keys(connection))
        asked = [ids[3], 999_999, ids[0], ids[3]]
        assert [one.clause_id for one in store.get_clauses(connection, asked)] == [ids[3], ids[0]]


def test_more_ids_than_one_statement_holds_are_no_matter(engine: Engine, library: Ingester) -> None:
    with reading(engine) as connection:
        ids = list(store.vector_keys(connection))
        asked = [*range(100_000, 102_000), *ids]
        assert [one.clause_id for one in store.get_clauses(connection, asked)] == ids


def test_a_hit_outside_the_scope_is_dropped_by_the_second_check(engine: Engine, library: Ingester) -> None:
    with reading(engine) as connection:
        ids = list(store.vector_keys(connection))
        collection_id = store.get_collection(connection, "制度").id

        def seen(scope: SearchScope) -> int:
            return len(store.get_clauses(connection, ids, scope))

        today = date(2026, 11, 22)
        assert seen(SearchScope((collection_id,), today)) == len(ids)
        assert seen(SearchScope(("col_other",), today)) == 0
        assert seen(SearchScope((collection_id,), date(2019, 12, 31))) == 0
        assert seen(SearchScope((collection_id,), date(2019, 12, 31), include_not_in_force=True)) == len(ids)
        hidden = SearchScope((collection_id,), today, hidden_clause_ids=frozenset(ids[:2]))
        assert seen(hidden) == len(ids) - 2


def test_hits_are_checked_one_by_one_however_large_the_scope(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    metadata.create_all(engine)
    scope = SearchScope(("col_one", "col_two"), date(2026, 11, 22))
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: seen.append(str(told[2])))
    with reading(engine) as connection:
        store.get_clauses(connection, [1, 2], scope)
        statement = next(one for one in seen if "FROM clauses" in one)
        parameters = (1,) * statement.count("?")
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    engine.dispose()
    assert plan[0] == "SEARCH clauses USING INTEGER PRIMARY KEY (rowid=?)"


def test_an_unknown_collection_is_answered_with_the_known_names(engine: Engine, library: Ingester) -> None:
    with reading(engine) as connection, pytest.raises(NotFound, match="制度"):
        store.get_collection(connection, "没有")


def test_clauses_of_a_file_can_be_named_for_hiding(engine: Engine, library: Ingester) -> None:
    with reading(engine) as connection:
        collection_id = store.get_collection(connection, "制度").id
        assert store.clause_ids_of_files(connection, collection_id, ["rule.txt"]) == set(store.vector_keys(connection))
        assert store.clause_ids_of_files(connection, collection_id, ["other.txt"]) == set()


def test_counts_tell_what_a_collection_holds(engine: Engine, library: Ingester) -> None:
    with reading(engine) as connection:
        collection_id = store.get_collection(connection, "制度").id
        counts = store.count_collection(connection, collection_id, SearchScope((collection_id,), date(2026, 11, 22)))
        assert (counts.documents, counts.versions) == (1, 1)
        assert counts.clauses == len(store.vector_keys(connection))


def test_a_synonym_is_kept_once_and_can_be_taken_out(engine: Engine) -> None:
    pair = Synonym("基本户", "基本存款账户", "bank")
    with writing(engine) as connection:
        assert store.add_synonyms(connection, [pair, pair]) == 1
        assert store.add_synonyms(connection, [pair]) == 0
        assert store.list_synonyms(connection) == [pair]
        assert store.remove_synonym(connection, "基本户", "基本存款账户")
        assert not store.remove_synonym(connection, "基本户", "基本存款账户")


def test_the_state_of_the_glossary_tells_of_every_change(engine: Engine) -> None:
    states = []
    changes: tuple[Callable[[Connection], object], ...] = (
        lambda connection: store.add_synonyms(connection, [Synonym("甲", "乙", "bank"), Synonym("丙", "丁", "bank")]),
        lambda connection: store.remove_synonym(connection, "甲", "乙"),
        lambda connection: store.add_synonyms(connection, [Synonym("戊", "己", "bank")]),
    )
    for change in changes:
        with reading(engine) as connection:
            states.append(store.synonyms_state(connection))
        with writing(engine) as connection:
            change(connection)
    with reading(engine) as connection:
        states.append(store.synonyms_state(connection))
        assert store.synonyms_state(connection) == states[-1]
    assert len(set(states)) == len(states)


def test_an_answered_run_is_kept_as_it_was(engine: Engine, clock: Clock) -> None:
    with writing(engine) as connection:
        store.save_answer(
            connection,
            "run_1",
            ANSWER,
            question="保存多久",
            as_of=date(2026, 11, 22),
            subject="local",
            now=clock.now(),
            extra={"latency_ms": 12},
        )
    with reading(engine) as connection:
        kept = store.get_answer(connection, "run_1")
        with pytest.raises(NotFound):
            store.get_answer(connection, "run_2")
    assert (kept.question, kept.as_of, kept.status, kept.asked_at) == (
        "保存多久",
        date(2026, 11, 22),
        "answered",
        clock.now(),
    )
    assert kept.record["citations"][0]["effective_from"] == "2020-01-01"
    assert kept.record["latency_ms"] == 12
