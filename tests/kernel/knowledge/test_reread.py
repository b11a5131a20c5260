"""The second look changes the order by what was read, and nothing where nothing can be read."""

from __future__ import annotations

import json

import pytest

from yinshu.kernel.knowledge.rank import parse_model
from yinshu.kernel.knowledge.records import Hit, StoredClause, VersionInfo
from yinshu.kernel.knowledge.reread import reordered, unit_spans
from yinshu.kernel.knowledge.wording import embedding_text

BLEND = parse_model(
    json.dumps({"features": ["reader", "rank_score"], "weights": [2.0, 1.0], "trees": [], "slope": 1.0, "offset": 0.0})
)


def clause(number: int, text: str = "客户应当出示身份证件。", lead: str = "") -> StoredClause:
    version = VersionInfo("v", "d", "c", "示范银行柜面业务操作规程", "a.docx")
    return StoredClause(
        number, version, number, ("第二章 柜面业务",), "第九条", "article", text, lead, "", 0, None, None, None, None
    )


def hit(number: int, rank_score: float, reader: float | None) -> Hit:
    features = {"rank_score": rank_score, **({} if reader is None else {"reader": reader})}
    return Hit(clause(number), 0.5, features)


def test_reader_and_ranking_order_together_and_the_rest_follows() -> None:
    hits = [hit(1, 3.0, -1.0), hit(2, 2.0, 1.0), hit(3, 1.0, 0.0), hit(4, 9.0, None)]
    ordered = reordered(hits, BLEND)
    assert [one.clause.clause_id for one in ordered] == [2, 1, 3, 4]
    assert ordered[0].score == pytest.approx(0.982, abs=1e-3)
    assert ordered[0].features["relevance"] == ordered[0].score


def test_hits_that_were_not_read_keep_their_order_and_score() -> None:
    hits = [hit(1, 3.0, None), hit(2, 9.0, None)]
    assert reordered(hits, BLEND) == hits


@pytest.mark.parametrize("lead", ["", "有下列情形之一的："])
def test_units_are_found_in_the_text_that_was_read(lead: str) -> None:
    one = clause(1, "（一）客户应当出示身份证件。（二）代理人应当出示双方证件。", lead)
    embedded = embedding_text(one.version.title, one.path, one.text, one.lead)
    spans = unit_spans(one)
    assert "".join(embedded[begin:end] for begin, end in spans) == one.text
    assert len(spans) == 2
