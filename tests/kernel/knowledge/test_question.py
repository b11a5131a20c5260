"""Questions are taken apart by what they ask for."""

from __future__ import annotations

import pytest

from yinshu.kernel.knowledge.question import analyse, answer_kinds


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("挂失后几天能补卡", "duration"),
        ("这笔费用要交多少钱", "amount"),
        ("补打回单手续费多少", "amount"),
        ("当天累计汇出多少要复核", "amount"),
        ("贷款比例最高到几成", "ratio"),
        ("仓单的折算率上限是多少", "ratio"),
        ("柜员一天能冲正几次", "count"),
        ("没登记会怎么罚", "penalty"),
        ("未成年人能不能开户", "verdict"),
        ("开户要带哪些证件", "list"),
        ("这事找谁审批", "who"),
        ("材料交到哪里", "where"),
        ("长款怎么处理", "manner"),
        ("印章是什么颜色", "size"),
        ("报告最迟哪天交", "date"),
    ],
)
def test_the_words_of_a_question_tell_the_kind_of_its_answer(words: str, kind: str) -> None:
    assert kind in answer_kinds(words)


@pytest.mark.parametrize(
    ("words", "kind"), [("材料要交多少份", "amount"), ("汇款单保存多少年", "amount"), ("怎样提高点钞效率", "ratio")]
)
def test_words_of_another_kind_do_not_mislead(words: str, kind: str) -> None:
    assert kind not in answer_kinds(words)


def test_two_things_asked_are_two_parts() -> None:
    asked = analyse("保险箱钥匙丢了几天内要报告？没报会怎么罚？")
    assert [part.kinds[0] for part in asked.parts] == ["duration", "penalty"]


def test_what_is_only_stated_stays_with_the_part_it_explains() -> None:
    asked = analyse("客户的卡丢了，人又在国外，能不能让家属代办挂失？")
    assert len(asked.parts) == 1
    assert "人又在国外" in asked.parts[0].text


def test_an_echo_such_as_right_asks_nothing_of_its_own() -> None:
    asked = analyse("回单只能本人来取，对吧？")
    assert len(asked.parts) == 1
    assert asked.checks_premise


def test_documents_and_years_named_in_a_question_are_found() -> None:
    asked = analyse("按2019年77号文和《出纳制度》，2018年以前的老规定还算数吗")
    assert asked.numbers == (("2019", "77"),)
    assert asked.titles == ("出纳制度",)
    assert asked.years == ("2019", "2018")
    assert asked.names_old_rule


@pytest.mark.parametrize("text", ["", "？？？", "。", "a" * 500, "《》（）〔〕"])
def test_no_text_breaks_the_analysis(text: str) -> None:
    assert len(analyse(text).parts) == 1
