"""From a question to clauses: words and vectors together, inside the scope, checked against the database."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import Engine, insert, update

from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.kernel.base.database import metadata, open_engine, reading, writing
from yinshu.kernel.knowledge.features import FEATURES
from yinshu.kernel.knowledge.glossary import Glossary
from yinshu.kernel.knowledge.ports import IndexedText
from yinshu.kernel.knowledge.records import Hit, SearchScope, Synonym
from yinshu.kernel.knowledge.retrieve import retrieve, term_weights
from yinshu.kernel.knowledge.tables import clauses, collections, documents, versions
from yinshu.kernel.knowledge.wording import grams

TODAY = date(2026, 6, 1)
SCOPE = SearchScope(("c",), TODAY)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LIBRARY = (
    ("v1", "金库管理办法", "第一条 为规范金库管理，制定本办法。"),
    ("v1", "金库管理办法", "第二条 开启金库应当双人会同，钥匙分管。"),
    ("v1", "金库管理办法", "第三条 尾箱交接应当在30分钟内完成，并登记交接簿。"),
    ("v2", "保管箱业务规程", "第五条 保管箱租金按年收取，逾期九十日不缴的，可以公证开箱。"),
    ("v2", "保管箱业务规程", "第六条 客户遗失钥匙的，应当支付换锁费用二百元。"),
    ("v3", "保管箱业务规程（2009年版）", "第四条 客户遗失钥匙的，应当支付换锁费用五十元。"),
)


class WordEmbedder:
    """Vectors of hashed terms: near means sharing words, without any model."""

    name = "words-64"
    dimension = 64

    def embed_query(self, text: str) -> np.ndarray:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for term in grams(text):
            vector[hashlib.sha256(term.encode()).digest()[0] % self.dimension] += 1.0
        return vector / np.linalg.norm(vector)

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self.embed_query(text) for text in texts])


@dataclass(frozen=True)
class Library:
    engine: Engine
    index: SqliteIndex

    def ask(
        self, question: str, scope: SearchScope = SCOPE, glossary: Glossary | None = None, limit: int = 10
    ) -> list[Hit]:
        with reading(self.engine) as connection:
            return retrieve(connection, self.index, WordEmbedder(), glossary or Glossary([]), question, scope, limit)


@pytest.fixture
def library(sqlite_url: str) -> Library:
    engine, index, embedder = open_engine(sqlite_url), SqliteIndex(), WordEmbedder()
    metadata.create_all(engine)
    with writing(engine) as connection:
        index.create(connection)
        connection.execute(insert(collections).values(id="c", name="c", axes={}, created_at=NOW))
        for version_id, title in {one[0]: one[1] for one in LIBRARY}.items():
            connection.execute(
                insert(documents).values(
                    id=version_id, collection_id="c", file_name=f"{version_id}.txt", title=title, created_at=NOW
                )
            )
            connection.execute(
                insert(versions).values(
                    id=version_id, document_id=version_id, collection_id="c", ordinal=1, status="published",
                    content_sha256="0", media_type="text/plain", size_bytes=1, title=title, created_at=NOW,
                )
            )  # fmt: skip
        for number, (version_id, title, text) in enumerate(LIBRARY, start=1):
            connection.execute(
                insert(clauses).values(
                    id=number, version_id=version_id, collection_id="c", ordinal=number, path=[], kind="article",
                    article=text.split()[0], text=text, status="published", vector_key=str(number),
                    effective_to=date(2015, 1, 1) if version_id == "v3" else None,
                )
            )  # fmt: skip
            index.add(connection, [IndexedText(number, title, text.split()[0], text)])
            index.put_vectors(connection, embedder.name, [(str(number), embedder.embed_query(text))])
    yield Library(engine, index)
    engine.dispose()


def test_the_clause_that_answers_comes_first(library: Library) -> None:
    assert library.ask("尾箱交接要在多少分钟内完成？")[0].clause.clause_id == 3


def test_hits_fall_in_score_and_carry_every_feature(library: Library) -> None:
    hits = library.ask("保管箱租金怎么收取？")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert set(FEATURES) | {"relevance"} <= set(hits[0].features)
    assert hits[0].features["relevance"] == hits[0].score


def test_the_limit_holds(library: Library) -> None:
    assert len(library.ask("保管箱钥匙", limit=2)) == 2


def test_the_library_s_word_is_found_by_what_people_say(library: Library) -> None:
    spoken = Glossary([Synonym("不交钱", "逾期不缴", "bank")])
    assert library.ask("老不交钱会怎样？", glossary=spoken)[0].clause.clause_id == 4


def test_what_is_not_in_force_is_left_out_unless_the_past_is_asked_for(library: Library) -> None:
    assert 6 not in [hit.clause.clause_id for hit in library.ask("遗失钥匙付多少换锁费用？")]
    assert 6 in [hit.clause.clause_id for hit in library.ask("以前遗失钥匙付多少换锁费用？")]
    then = SearchScope(("c",), date(2014, 1, 1))
    assert 6 in [hit.clause.clause_id for hit in library.ask("遗失钥匙付多少换锁费用？", then)]


def test_both_halves_of_a_question_are_served(library: Library) -> None:
    found = [hit.clause.clause_id for hit in library.ask("开启金库要几个人？保管箱租金多久收一次？")[:4]]
    assert {2, 4} <= set(found)


def test_the_same_words_in_two_documents_are_shown_once(library: Library) -> None:
    with writing(library.engine) as connection:
        connection.execute(update(clauses).where(clauses.c.id == 6).values(text=LIBRARY[4][2], effective_to=None))
    hits = [hit for hit in library.ask("遗失钥匙付多少换锁费用？") if hit.clause.clause_id in (5, 6)]
    assert len(hits) == 1
    assert {hits[0].clause.clause_id, *hits[0].alternatives} == {5, 6}


@pytest.mark.parametrize(("numbered", "shown"), [("v2", 5), ("v3", 6)])
def test_of_two_copies_the_one_with_a_number_is_shown(library: Library, numbered: str, shown: int) -> None:
    copied = LIBRARY[4][2].replace("，", ",").replace("第六条 ", "第四条　")
    with writing(library.engine) as connection:
        connection.execute(update(clauses).where(clauses.c.id == 6).values(text=copied, effective_to=None))
        connection.execute(update(versions).where(versions.c.id == numbered).values(number="银发〔2009〕8号"))
    assert [hit.clause.clause_id for hit in library.ask("遗失钥匙付多少换锁费用？") if hit.clause.clause_id > 4] == [
        shown
    ]


def test_another_number_makes_other_words(library: Library) -> None:
    with writing(library.engine) as connection:
        changed = LIBRARY[4][2].replace("二百元", "2.5元")
        connection.execute(update(clauses).where(clauses.c.id == 5).values(text=changed))
        changed = changed.replace("2.5元", "25元")
        connection.execute(update(clauses).where(clauses.c.id == 6).values(text=changed, effective_to=None))
    assert len([hit for hit in library.ask("遗失钥匙付多少换锁费用？") if hit.clause.clause_id in (5, 6)]) == 2


def test_a_revoked_clause_is_gone_at_once(library: Library) -> None:
    assert library.ask("尾箱交接")[0].clause.clause_id == 3
    with writing(library.engine) as connection:
        connection.execute(update(clauses).where(clauses.c.id == 3).values(status="archived"))
    assert 3 not in [hit.clause.clause_id for hit in library.ask("尾箱交接")]


class Planted(SqliteIndex):
    """An index that lost its mind: it finds every clause there is, whatever the scope."""

    everything = tuple(range(1, 20))

    def search_text(self, *_: object) -> list[tuple[int, float]]:
        return [(one, 9.0) for one in self.everything]

    def search_vector(self, *_: object) -> list[tuple[int, float]]:
        return [(one, 0.99) for one in self.everything]


def test_what_a_stray_index_finds_outside_the_scope_never_comes_out(library: Library) -> None:
    with writing(library.engine) as connection:
        connection.execute(insert(collections).values(id="other", name="other", axes={}, created_at=NOW))
        changes = {
            1: {"collection_id": "other"},
            2: {"status": "draft"},
            3: {"effective_from": date(2026, 6, 2)},
            4: {"effective_to": TODAY},
        }
        for clause_id, values in changes.items():
            connection.execute(update(clauses).where(clauses.c.id == clause_id).values(**values))
    stray = Library(library.engine, Planted())

    def found(scope: SearchScope) -> set[int]:
        return {hit.clause.clause_id for hit in stray.ask("遗失钥匙付多少换锁费用？", scope, limit=100)}

    assert found(SCOPE) == {5}
    assert found(replace(SCOPE, hidden_clause_ids=frozenset({5}))) == set()
    assert found(replace(SCOPE, include_not_in_force=True)) == {3, 4, 5, 6}
    assert found(replace(SCOPE, collection_ids=("other",))) == {1}
    assert found(replace(SCOPE, collection_ids=())) == set()


def test_an_empty_scope_gives_no_hits(library: Library) -> None:
    assert library.ask("尾箱交接", SearchScope((), TODAY)) == []


def test_rarer_terms_weigh_more_and_synonyms_are_among_them(library: Library) -> None:
    glossary = Glossary([Synonym("锁匙", "钥匙", "bank")])
    with reading(library.engine) as connection:
        weights = term_weights(connection, library.index, glossary, "保管箱的租金和锁匙")
    assert weights["租金"] > weights["保管"]
    assert weights["钥匙"] > 0
