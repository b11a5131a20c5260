"""Correcting what was read: what is in force follows, with a second person where it counts already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.kernel.knowledge.life.conftest import CASH
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.base.errors import NotAllowed, NotFound
from yinshu.kernel.identity import Holder, Subject, add_grants
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life import collections, correct, impact, publish, read, review
from yinshu.kernel.knowledge.life.collections import NewCollection
from yinshu.kernel.knowledge.life.correct import LinkChange
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.life.errors import Conflict, SamePerson
from yinshu.kernel.knowledge.ports import ClauseIndex, TextQuery
from yinshu.kernel.knowledge.records import SearchScope
from yinshu.kernel.knowledge.store import catalogue
from yinshu.kernel.knowledge.store import correct as corrections

Put = Callable[..., str]
TODAY = date(2026, 11, 22)
ENDING = (
    "关于废止现金办法的通知\n第一条 自2026年6月1日起，《单位现金管理办法》废止。\n第二条 本通知自2026年6月1日起施行。\n"
)


def found(desk: Desk, index: ClauseIndex, collection_id: str, word: str, day: date = TODAY) -> list[str]:
    scope = SearchScope((collection_id,), day)
    with reading(desk.engine) as connection:
        hits = index.search_text(connection, TextQuery(((word, 1.0),)), scope, 50)
        return [one.text for one in store.get_clauses(connection, [hit for hit, _ in hits], scope)]


def link_of(desk: Desk, version_id: str) -> str:
    with reading(desk.engine) as connection:
        version = store.get_versions(connection, [version_id])[version_id]
        (link,) = store.list_links(connection, version.collection_id)
    return link.link_id


def go_live(desk: Desk, version_id: str, maker: Subject, checker: Subject) -> None:
    review.submit(desk, maker, version_id)
    review.approve(desk, checker, version_id, publish_now=True)


def test_a_link_that_is_refused_by_two_ends_nothing_any_more(
    desk: Desk, put: Put, index: ClauseIndex, collection_id: str, maker: Subject, checker: Subject
) -> None:
    put("现金.txt", CASH, published=True)
    notice = put("废止.txt", ENDING, published=True)
    assert found(desk, index, collection_id, "预约") == []
    (waiting,) = correct.correct_link(desk, maker, link_of(desk, notice), LinkChange(mark="rejected")).waiting
    assert found(desk, index, collection_id, "预约") == []
    with pytest.raises(SamePerson):
        correct.decide(desk, maker, waiting, accept=True)
    correct.decide(desk, checker, waiting, accept=True)
    assert len(found(desk, index, collection_id, "预约")) == 1
    with pytest.raises(Conflict):
        correct.decide(desk, checker, waiting, accept=True)


def test_a_link_that_is_confirmed_is_so_at_once(desk: Desk, put: Put, collection_id: str, maker: Subject) -> None:
    put("现金.txt", CASH, published=True)
    link_id = link_of(desk, put("废止.txt", ENDING, published=True))
    assert correct.correct_link(desk, maker, link_id, LinkChange()).done == [link_id]
    with reading(desk.engine) as connection:
        link = corrections.find_link(connection, link_id)
    assert link is not None
    assert link.proposal.mark == "confirmed"


def test_another_day_of_a_link_moves_the_end(
    desk: Desk, put: Put, index: ClauseIndex, collection_id: str, maker: Subject, checker: Subject
) -> None:
    put("现金.txt", CASH, published=True)
    link_id = link_of(desk, put("废止.txt", ENDING, published=True))
    change = LinkChange(effective_on=date(2027, 1, 1))
    (waiting,) = correct.correct_link(desk, maker, link_id, change).waiting
    correct.decide(desk, checker, waiting, accept=True)
    assert len(found(desk, index, collection_id, "预约")) == 1
    assert found(desk, index, collection_id, "预约", date(2027, 1, 1)) == []


def test_a_corrected_title_is_searched_at_once(
    desk: Desk, put: Put, index: ClauseIndex, collection_id: str, maker: Subject, checker: Subject
) -> None:
    version_id = put("现金.txt", CASH, published=True)
    assert found(desk, index, collection_id, "金库") == []
    (waiting,) = correct.correct_card(desk, maker, version_id, {"title": "金库管理办法"}).waiting
    correct.decide(desk, checker, waiting, accept=True)
    assert found(desk, index, collection_id, "金库")
    with reading(desk.engine) as connection:
        document = catalogue.find_document(
            connection, store.get_versions(connection, [version_id])[version_id].document_id
        )
    assert document is not None
    assert document.title == "金库管理办法"


def test_a_correction_of_what_has_changed_meanwhile_is_refused(
    desk: Desk, put: Put, maker: Subject, checker: Subject, person: Callable[..., Subject]
) -> None:
    version_id = put("现金.txt", CASH, published=True)
    (first,) = correct.correct_card(desk, maker, version_id, {"issuer": "运营部"}).waiting
    other = person("other", "read", "ingest")
    (second,) = correct.correct_card(desk, other, version_id, {"issuer": "财务部"}).waiting
    with pytest.raises(Conflict):
        correct.decide(desk, checker, first, accept=True)
    correct.decide(desk, checker, second, accept=True)
    with reading(desk.engine) as connection:
        assert corrections.field_value(connection, version_id, "issuer") == "财务部"


def test_nothing_is_changed_while_somebody_reviews_it(
    desk: Desk, put: Put, maker: Subject, checker: Subject, stranger: Subject, reader: Subject
) -> None:
    version_id = put("现金.txt", CASH)
    review.submit(desk, maker, version_id)
    with pytest.raises(Conflict):
        correct.correct_card(desk, maker, version_id, {"issuer": "运营部"})
    for nobody in (stranger, reader):
        with pytest.raises(NotFound):
            correct.correct_card(desk, nobody, version_id, {"issuer": "运营部"})


def test_whoever_corrected_a_draft_cannot_approve_it(
    desk: Desk, put: Put, maker: Subject, person: Callable[..., Subject]
) -> None:
    both = person("both", "read", "ingest", "publish")
    version_id = put("现金.txt", CASH)
    correct.correct_card(desk, both, version_id, {"effective_from": "2021-01-01"})
    review.submit(desk, maker, version_id)
    with pytest.raises(SamePerson):
        review.approve(desk, both, version_id)


def test_the_impact_names_who_may_read_and_who_asked(
    desk: Desk, put: Put, collection_id: str, maker: Subject, checker: Subject
) -> None:
    put("现金.txt", CASH, published=True)
    with writing(desk.engine) as connection:
        for name in ("asker", "silent"):
            add_grants(
                connection, "collection", collection_id, Holder("person", name), ["read"],
                granted_by="local", now=desk.clock.now(),
            )  # fmt: skip
    second = put("现金.txt", CASH.replace("十万元", "五万元"))
    compared = impact.compare(desk, checker, second)
    changed = next(row.old.clause_id for row in compared.rows if row.kind == "changed" and row.old)
    _answered(desk, changed)
    told = impact.assess(desk, checker, second)
    assert [(one.holder.id, one.asked) for one in told.reliant] == [("asker", 1), ("silent", 0)]
    assert told.clauses == [changed]


def _answered(desk: Desk, clause_id: int) -> None:
    from yinshu.kernel.knowledge.records import Answer, Citation

    answer = Answer("answered", "", (), (Citation(1, "", "", "", "", "", clause_id),))
    with writing(desk.engine) as connection:
        store.save_answer(
            connection, "run_1", answer, question="取现要预约吗", as_of=TODAY, subject="asker", now=desk.clock.now()
        )


def test_a_content_administrator_makes_collections_without_seeing_inside(desk: Desk, maker: Subject) -> None:
    admin = Subject("admin", "admin", roles=frozenset({"content_admin"}), clearance="secret")
    made = collections.create(desk, admin, NewCollection("运营制度", "enterprise", owner_id=maker.id))
    with pytest.raises(Conflict):
        collections.create(desk, admin, NewCollection("运营制度", "enterprise"))
    with pytest.raises(NotAllowed):
        collections.create(desk, maker, NewCollection("自建", "enterprise"))
    with pytest.raises(NotFound):
        read.list_documents(desk, admin, made.id)
    with pytest.raises(NotFound):
        publish.publish(desk, admin, "ver_none")
