"""Clauses of an uploaded file are found beside the library's, in its own ranking, and never without a word in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from tests.conftest import TODAY, TinyEmbedder
from yinshu.kernel.base.database import reading
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.attached import VectorMemory, attached_hits, joined, stored
from yinshu.kernel.knowledge.glossary import Glossary
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.ports import ClauseIndex
from yinshu.kernel.knowledge.question import analyse
from yinshu.kernel.knowledge.reading import file_reader
from yinshu.kernel.knowledge.records import Hints, Hit, SearchScope, StoredClause
from yinshu.kernel.knowledge.retrieve import retrieve, wanted_of

CONTRACT = (
    "设备采购合同\n第一条 甲方应当在验收合格后15个工作日内支付货款。\n"
    "第二条 乙方逾期交货的，每日按照合同总价的0.05%支付违约金。\n第三条 质保期为24个月。\n"
)


class CountingEmbedder(TinyEmbedder):
    """Counts the texts it embeds."""

    def __init__(self) -> None:
        self.passages = 0

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.passages += len(texts)
        return super().embed_passages(texts)


@pytest.fixture
def contract() -> list[StoredClause]:
    fresh = file_reader()(CONTRACT.encode(), "合同.txt", Hints(title="合同.txt"), lambda _done, _pages: None)
    return stored("att_1", "合同.txt", -1, fresh.clauses)


@pytest.fixture
def scope(engine: Engine, ingester: Ingester, tmp_path: Path) -> SearchScope:
    """A library of one rule, which speaks of a default of its own."""
    (tmp_path / "办法.txt").write_text("贷款管理办法\n第一条 借款人提前还款的，按照本金的1%支付违约金。\n", "utf-8")
    ingester.ingest([tmp_path / "办法.txt"], "制度", published=True, actor="t")
    with reading(engine) as connection:
        return SearchScope((store.get_collection(connection, "制度").id,), TODAY)


def found(engine: Engine, index: ClauseIndex, scope: SearchScope, clauses: list[StoredClause], text: str) -> list[Hit]:
    with reading(engine) as connection:
        wanted = wanted_of(connection, index, Glossary([]), analyse(text))
        return attached_hits(connection, wanted, clauses, VectorMemory(TinyEmbedder()), scope)


def test_the_clause_that_answers_comes_first(
    engine: Engine, index: ClauseIndex, scope: SearchScope, contract: list[StoredClause]
) -> None:
    hits = found(engine, index, scope, contract, "逾期交货违约金怎么算？")
    assert hits[0].clause.article == "第二条"
    assert hits[0].clause.attached
    assert 0 <= hits[0].score <= 1


def test_a_file_without_a_word_of_the_question_gives_nothing(
    engine: Engine, index: ClauseIndex, scope: SearchScope, contract: list[StoredClause]
) -> None:
    assert found(engine, index, scope, contract, "口令多久更换？") == []
    assert found(engine, index, scope, [], "逾期交货违约金怎么算？") == []


def test_both_kinds_of_evidence_stand_in_one_order(
    engine: Engine, index: ClauseIndex, scope: SearchScope, contract: list[StoredClause]
) -> None:
    with reading(engine) as connection:
        library = retrieve(connection, index, TinyEmbedder(), Glossary([]), "违约金怎么算", scope)
    own = found(engine, index, scope, contract, "违约金怎么算")
    both = joined(library, own, 3)
    assert [hit.score for hit in both] == sorted((hit.score for hit in both), reverse=True)
    assert {hit.clause.attached for hit in both} == {True, False}
    assert all(not hit.clause.attached for hit in library)
    assert len(joined(library, own, 1)) == 1


def test_a_clause_is_embedded_once(contract: list[StoredClause]) -> None:
    embedder = CountingEmbedder()
    memory = VectorMemory(embedder)
    first = memory.cosines("违约金", contract)
    assert memory.cosines("违约金", contract) == first
    assert embedder.passages == len(contract) == len(first)
