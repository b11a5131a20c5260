"""A pinned question answers when it is plainly asked again, and never otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.desks import make_desk
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading
from yinshu.kernel.identity import local_operator
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.glossary import Glossary
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.life import faq
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.life.faq import Draft
from yinshu.kernel.knowledge.pinned import PinnedAnswers
from yinshu.kernel.knowledge.ports import ClauseIndex
from yinshu.kernel.knowledge.records import Answer, SearchScope, Synonym
from yinshu.kernel.knowledge.store import texts

RULE = (
    "单位卡管理办法\n第一条 单位卡不得支取现金。\n第二条 单位卡每日转账限额为五十万元。\n"
    "第三条 本办法自2020年1月1日起施行。\n"
)
Find = Callable[..., Answer | None]


@pytest.fixture
def desk(engine: Engine, index: ClauseIndex, clock: Clock, ingester: Ingester, tmp_path: Path) -> Desk:
    file = tmp_path / "单位卡.txt"
    file.write_text(RULE, "utf-8")
    ingester.ingest([file], "制度", published=True, actor="local")
    return make_desk(engine, index, clock, tmp_path)


@pytest.fixture
def collection_id(desk: Desk) -> str:
    with reading(desk.engine) as connection:
        return store.get_collection(connection, "制度").id


@pytest.fixture
def find(desk: Desk, collection_id: str) -> Find:
    """Looks a question up by the law of a day, within a scope."""
    words = Glossary([Synonym("公务卡", "单位卡", "bank")])
    pinned = PinnedAnswers(desk.index, lambda _connection: words, desk.clock)

    def look(question: str, day: date = date(2026, 11, 22), level_max: int = 3) -> Answer | None:
        scope = replace(SearchScope((collection_id,), day), level_max=level_max)
        with reading(desk.engine) as connection:
            found = pinned.find(connection, question, scope)
        return found[0] if found else None

    return look


def pin(desk: Desk, collection_id: str, question: str, answer: str, article: str, **more: object) -> None:
    with reading(desk.engine) as connection:
        (version,) = store.list_versions(connection, collection_id)
        clause = next(one for one in texts.read_text(connection, version.version_id) if one.article == article)
    draft = Draft(collection_id, question, answer, (clause.clause_id,), pinned=True)
    faq.save(desk, local_operator(), replace(draft, **more))  # type: ignore[arg-type]


@pytest.fixture
def pinned(desk: Desk, collection_id: str) -> None:
    pin(desk, collection_id, "单位卡每天转账限额是多少", "单位卡每日转账限额为五十万元。", "第二条")
    pin(desk, collection_id, "单位卡能支取现金吗\n用单位卡能取现吗", "单位卡不得支取现金。", "第一条")


@pytest.mark.usefixtures("pinned")
@pytest.mark.parametrize(
    "question",
    ["单位卡能支取现金吗", "请问单位卡可不可以支取现金？", "用单位卡能取现吗？", "公务卡能支取现金吗"],
)
def test_the_same_question_in_other_words_is_answered_from_its_clauses(find: Find, question: str) -> None:
    answer = find(question)
    assert answer is not None
    assert answer.answer == "单位卡不得支取现金。"
    assert answer.faq_question == "单位卡能支取现金吗"
    assert [one.article for one in answer.citations] == ["第一条"]
    assert all(one.verified and one.citations == (1,) for one in answer.sentences)


@pytest.mark.usefixtures("pinned")
@pytest.mark.parametrize(
    "question",
    [
        "个人卡能支取现金吗", "单位卡能存入现金吗", "单位卡支取现金要哪些材料", "单位卡每年转账限额是多少",
        "单位卡每天转账笔数是多少", "单位卡怎么申请", "单位卡能支取现金10万元吗", "现金",
    ],
)  # fmt: skip
def test_a_question_about_something_else_is_left_alone(find: Find, question: str) -> None:
    assert find(question) is None


@pytest.mark.usefixtures("pinned")
def test_rights_and_dates_of_the_clauses_count(find: Find) -> None:
    assert find("单位卡能支取现金吗", level_max=0) is None
    assert find("单位卡能支取现金吗", day=date(2019, 12, 31)) is None


def test_an_expired_or_stale_question_is_not_given(desk: Desk, collection_id: str, find: Find) -> None:
    pin(desk, collection_id, "单位卡能支取现金吗", "单位卡不得支取现金。", "第一条", expires_on=date(2026, 11, 21))
    assert find("单位卡能支取现金吗") is None


def test_a_stale_question_is_not_given_until_it_is_saved_again(
    desk: Desk, collection_id: str, find: Find, ingester: Ingester, tmp_path: Path
) -> None:
    pin(desk, collection_id, "单位卡能支取现金吗", "单位卡不得支取现金。", "第一条")
    assert find("单位卡能支取现金吗") is not None
    file = tmp_path / "单位卡.txt"
    file.write_text(RULE.replace("五十万元", "六十万元"), "utf-8")
    ingester.ingest([file], "制度", published=True, actor="local")
    followed = find("单位卡能支取现金吗")
    assert followed is not None, "the clause stands word for word in the new version"
    file.write_text(RULE.replace("不得支取现金", "经批准可以支取现金"), "utf-8")
    ingester.ingest([file], "制度", published=True, actor="local")
    assert find("单位卡能支取现金吗") is None
    (shown,) = faq.listed(desk, local_operator())
    assert "第一条" in shown.faq.stale_reason
