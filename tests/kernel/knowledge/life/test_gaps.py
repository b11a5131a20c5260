"""The gaps of the library: questions in clusters, clauses that contradict each other, reviews that are overdue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.kernel.knowledge.life.conftest import CASH
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life import gaps
from yinshu.kernel.knowledge.life.conflicts import find_contradictions
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.life.gaps import clustered
from yinshu.kernel.knowledge.records import Answer, StoredClause, VersionInfo
from yinshu.kernel.knowledge.store.said import AskedBefore
from yinshu.kernel.knowledge.tables import documents

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
Put = Callable[..., str]


def asked(number: int, question: str) -> AskedBefore:
    return AskedBefore(f"run_{number}", "p", question, NOW - timedelta(hours=number), "refused", ("col",), (), (), None)


def stated(document: int, text: str, kind: str = "article") -> StoredClause:
    version = VersionInfo(f"ver_{document}", f"doc_{document}", "col", f"现金预约办法{document}", f"{document}.txt")
    return StoredClause(
        document,
        version,
        0,
        (),
        "第一条",
        kind,
        text,
        "",
        "",
        0,
        None,
        None,
        None,
        None,  # type: ignore[arg-type]
    )


def test_questions_for_one_thing_are_one_cluster_whatever_their_order() -> None:
    questions = [
        asked(0, "数字人民币钱包怎么开立？"), asked(1, "年会抽奖怎么参加"), asked(2, "怎么开立数字人民币钱包"),
        asked(3, "数字人民币钱包如何开立呢"),
    ]  # fmt: skip
    first, second = clustered(questions)
    assert (first.count, first.example) == (3, "数字人民币钱包怎么开立？")
    assert (second.count, second.example) == (1, "年会抽奖怎么参加")
    assert clustered(questions) == clustered(list(questions))


RULE = "单位支取现金超过十万元的，应当至少提前一个工作日预约。"


@pytest.mark.parametrize(
    ("other", "differing"),
    [
        ("单位支取现金超过五万元的，应当至少提前一个工作日预约。", [("十万元", "五万元")]),
        ("单位支取现金超过10万元的，应至少提前3个工作日预约。", [("一个工作日", "3个工作日")]),
        ("第七条 单位支取现金超过10万元的，必须至少提前一日预约。", [("一个工作日", "一日")]),
    ],
)
def test_the_same_rule_with_another_figure_contradicts(other: str, differing: list[tuple[str, str]]) -> None:
    (found,) = find_contradictions([stated(1, RULE), stated(2, other)])
    assert list(found.differing) == differing
    assert {found.first.clause.clause_id, found.second.clause.clause_id} == {1, 2}


LONG = "对公账户自开户之日起六个月内没有发生收付业务的，营业网点应当暂停该账户的非柜面业务，并书面通知存款人办理重新核实手续。"


@pytest.mark.parametrize(
    ("other", "differing"),
    [
        (LONG.replace("六个月", "一年"), [("六个月", "一年")]),
        (LONG.replace("六个月", "180日"), []),
        (LONG.replace("营业网点应当", "营业网点可以"), [("应当", "可以")]),
        (LONG.replace("应当暂停", "不得暂停"), [("应当", "不得")]),
        (LONG.replace("六个月", "一年").replace("办理重新核实", "及时办理重新核实"), [("六个月", "一年")]),
        (LONG.replace("六个月", "一年").replace("营业网点", "开户的营业网点"), [("六个月", "一年")]),
        (LONG.replace("六个月", "一年").replace("对公账户", "个人账户"), []),
        (LONG.replace("六个月", "一年").replace("没有发生", "没有发生大额"), []),
        (LONG.replace("六个月", "一年").replace("非柜面", "境外"), []),
        (LONG.replace("六个月内", "六个月后"), []),
    ],
)
def test_duties_and_figures_of_one_subject_and_action_contradict(other: str, differing: list[tuple[str, str]]) -> None:
    found = find_contradictions([stated(1, LONG), stated(2, other)])
    assert [list(one.differing) for one in found] == ([differing] if differing else [])


@pytest.mark.parametrize(
    "other",
    [
        "单位支取现金超过10万元的，应当至少提前1个工作日预约。",
        "个人支取现金超过五万元的，应当至少提前一个工作日预约。",
        "单位支取现金不超过五万元的，应当至少提前一个工作日预约。",
        "单位支取现金超过五万元的，可以不预约。",
    ],
)
def test_other_words_or_the_same_figures_do_not(other: str) -> None:
    assert find_contradictions([stated(1, RULE), stated(2, other)]) == []


PENALTY = "没有违法所得或者违法所得不足五十万元的，处五十万元以上二百万元以下罚款。"
SHORT = "中国人民银行自受理申请之日起20日内作出是否批准的决定。"


@pytest.mark.parametrize(
    ("one", "other", "titles", "found"),
    [
        (PENALTY, PENALTY.replace("五十", "一百"), ("商业银行法", "证券投资基金法"), 0),
        (SHORT, SHORT.replace("20日", "三个月"), ("征信机构管理办法", "金融控股公司监督管理办法"), 0),
        (SHORT, SHORT.replace("20日", "三个月"), ("征信机构管理办法", "征信机构备案指引"), 1),
        (
            "（一）境内成员企业上年度营业收入合计不低于10亿元；",
            "（二）境内成员企业上年度营业收入合计不低于50亿元；",
            ("跨国企业集团资金池通知", "跨国企业集团资金池新规"),
            1,
        ),
    ],
)
def test_a_sentence_without_a_subject_takes_that_of_its_document(
    one: str, other: str, titles: tuple[str, str], found: int
) -> None:
    pair = [stated(number, body) for number, body in ((1, one), (2, other))]
    named = [
        replace(clause, version=replace(clause.version, title=title))
        for clause, title in zip(pair, titles, strict=True)
    ]
    assert len(find_contradictions(named)) == found


def test_one_document_and_tables_do_not_contradict() -> None:
    other = RULE.replace("十万", "五万")
    assert find_contradictions([stated(1, RULE), stated(1, other)]) == []
    assert find_contradictions([stated(1, RULE, "table"), stated(2, other, "table")]) == []


def test_gaps_are_shown_to_those_who_can_close_them(
    desk: Desk, put: Put, collection_id: str, maker: Subject, reader: Subject, stranger: Subject
) -> None:
    put("现金.txt", CASH, published=True)
    put("现金细则.txt", CASH.replace("单位现金管理办法", "现金实施细则").replace("十万元", "二十万元"), published=True)
    refused = Answer("refused", "没有找到依据", (), (), refusal="outside_library")
    with writing(desk.engine) as connection:
        for number, place in enumerate((collection_id, "col_elsewhere")):
            store.save_answer(
                connection, f"run_{number}", refused, question=f"数字人民币{number}怎么开", as_of=date(2026, 11, 22),
                subject="somebody", now=desk.clock.now(), extra={"collections": [place]},
            )  # fmt: skip
        connection.execute(
            update(documents).where(documents.c.file_name == "现金.txt").values(review_on=date(2026, 11, 1))
        )
    found = gaps.find_gaps(desk, maker)
    assert [one.example for one in found.unanswered] == ["数字人民币0怎么开"]
    assert [one.differing for one in found.contradictions] == [(("十万元", "二十万元"),)]
    assert [one.version.file_name for one in found.overdue] == ["现金.txt"]
    for other in (reader, stranger):
        nothing = gaps.find_gaps(desk, other)
        assert (nothing.unanswered, nothing.contradictions, nothing.overdue) == ([], [], [])
    with reading(desk.engine):
        assert gaps.find_gaps(desk, maker).contradictions == found.contradictions
