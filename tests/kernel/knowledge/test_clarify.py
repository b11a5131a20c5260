"""A question that fits several matters is asked back, with choices that each have an answer; others never are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from yinshu.kernel.knowledge.clarify import CHOICES_MAX, Tried, choices, may_mean_several
from yinshu.kernel.knowledge.question import analyse
from yinshu.kernel.knowledge.records import Hit, StoredClause, VersionInfo

QUESTIONS = Path(__file__).resolve().parents[3] / "bench" / "questions"


def hit(number: int, title: str, text: str, kind: str = "article") -> Hit:
    """A clause of a document of its own."""
    version = VersionInfo(f"ver_{number}", f"doc_{number}", "col", title, f"{number}.docx")
    clause = StoredClause(
        number,
        version,
        0,
        (),
        f"第{number}条",
        kind,
        text,
        "",
        "",
        0,
        None,
        None,
        date(2020, 1, 1),
        None,  # type: ignore[arg-type]
    )
    return Hit(clause, 0.8)


CARD = hit(1, "单位结算卡业务管理办法", "第八条 转账汇款单笔限额50万元，日累计限额100万元。")
ACCOUNT = hit(2, "个人账户分类管理实施细则", "第八条　Ⅱ类户的限额如下：日累计限额1万元。")
DRAWER = hit(3, "柜面业务操作手册", "普通柜员尾箱现金限额为20万元。")
SAME = hit(4, "票据业务操作规程", "普通柜员尾箱现金限额为20万元。")
SILENT = hit(5, "反假货币操作规程", "收缴假币应当双人办理。")


def answering(*known: Hit) -> Callable[[str], Tried]:
    """A library that answers a trial question from the clause whose document it names."""

    def attempt(question: str) -> Tried:
        first = next((one for one in known if one.clause.version.title[:2] in question), None)
        return Tried(first is not None, first)

    return attempt


@pytest.mark.parametrize(
    "question", ["限额是多少", "限额是多少？", "手续费多少", "谁审批？", "请问需要哪些材料呢", "保存期限是多久"]
)
def test_a_question_that_could_be_asked_of_any_matter_may_mean_several(question: str) -> None:
    assert may_mean_several(analyse(question), refused=False)


@pytest.mark.parametrize(
    "question",
    [
        "三类户余额上限是多少？",
        "单位结算卡限额是多少",
        "《单位结算卡办法》的限额是多少",
        "单笔30万元要谁授权",
        "手续费多少，期限多长？",
        "限额是50万对吧",
        "食堂几点开饭",
        "逾期交货违约金怎么算？",
    ],
)
def test_a_question_that_names_its_matter_does_not(question: str) -> None:
    assert not may_mean_several(analyse(question), refused=False)


def test_a_refused_question_is_looked_at_only_when_it_is_short_of_words() -> None:
    assert may_mean_several(analyse("挂失手续费多少"), refused=True)
    assert not may_mean_several(analyse("挂失手续费多少"), refused=False)
    assert not may_mean_several(analyse("数字人民币钱包的分级限额是多少"), refused=True)


def test_no_question_of_the_benches_is_taken_for_a_vague_one() -> None:
    texts = [file.read_text("utf-8") for file in QUESTIONS.glob("*.jsonl")]
    asked = [json.loads(line)["question"] for text in texts for line in text.splitlines()]
    assert len(asked) > 1_000
    assert [one for one in asked if may_mean_several(analyse(one), refused=False)] == []


def test_choices_are_questions_of_one_matter_each() -> None:
    offered = choices(analyse("限额是多少？"), [CARD, ACCOUNT, DRAWER], answering(CARD, ACCOUNT, DRAWER))
    assert [one.hit.clause.clause_id for one in offered] == [1, 2, 3]
    for one in offered:
        assert one.question.endswith("限额是多少？")
        assert not may_mean_several(analyse(one.question), refused=False)
    assert "单位结算卡" in offered[0].question
    assert "Ⅱ类户" in offered[1].question
    assert "尾箱" in offered[2].question


def test_a_choice_that_would_not_be_answered_is_not_offered() -> None:
    offered = choices(analyse("限额是多少"), [CARD, ACCOUNT, DRAWER], answering(CARD, DRAWER))
    assert [one.hit.clause.clause_id for one in offered] == [1, 3]


def test_one_choice_is_none() -> None:
    assert choices(analyse("限额是多少"), [CARD, SILENT], answering(CARD, SILENT)) == ()


def test_matters_whose_answers_are_alike_need_no_choice() -> None:
    assert choices(analyse("限额是多少"), [DRAWER, SAME], answering(DRAWER, SAME)) == ()


def test_a_sentence_without_the_figure_asked_for_is_no_choice() -> None:
    vague = hit(6, "收费管理办法", "限额由总行核定。")
    assert choices(analyse("限额是多少"), [CARD, vague], answering(CARD, vague)) == ()


def test_choices_hold_the_words_that_the_question_has_of_its_own() -> None:
    lost = hit(7, "存单管理办法", "存单挂失手续费每笔10元。")
    card = hit(8, "借记卡章程", "借记卡挂失手续费每张5元。")
    other = hit(9, "汇款办法", "汇款手续费每笔2元。")
    offered = choices(analyse("挂失手续费多少"), [other, lost, card], answering(lost, card, other))
    assert [one.hit.clause.clause_id for one in offered] == [7, 8]
    assert all(one.question.count("挂失") == 1 for one in offered)


def test_rows_of_a_table_are_matters_of_their_own() -> None:
    text = "编号：J01；项目：支票手续费；收费标准：1元/笔\n编号：J02；项目：本票手续费（个人）；收费标准：3元/笔"
    table = hit(1, "服务收费标准表（2025年版）", text, kind="table")
    elsewhere = hit(2, "票据业务操作规程", "承兑手续费按照票面金额的0.05%收取。")
    offered = choices(analyse("手续费多少"), [table, elsewhere], answering(table, elsewhere))
    assert [one.question for one in offered] == ["服务收费的支票手续费多少？", "票据的承兑手续费多少？"]


def test_there_are_never_more_choices_than_a_person_reads() -> None:
    many = [hit(n, f"{n}号办法", f"业务{n}甲限额为{n}万元。") for n in range(10, 30)]
    offered = choices(
        analyse("限额是多少"),
        many,
        lambda text: Tried(True, next(one for one in many if one.clause.version.title[:2] in text)),
    )
    assert 2 <= len(offered) <= CHOICES_MAX


def test_of_the_shared_answerable_questions_none_is_asked_back(shared: Path) -> None:
    lines = (shared / "bench" / "qa" / "pbc_dev.jsonl").read_text("utf-8").splitlines()
    assert [line for line in lines if may_mean_several(analyse(json.loads(line)["question"]), refused=True)] == []


def test_an_uploaded_file_in_front_is_what_was_meant() -> None:
    upload = replace(CARD, clause=replace(CARD.clause, clause_id=-1))
    assert choices(analyse("限额是多少"), [upload, CARD, ACCOUNT, DRAWER], answering(CARD, ACCOUNT, DRAWER)) == ()
