"""An answer worded by a model: only what the verifier accepts is shown, and never less than answers the question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.gateway.ports import Message
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Citation, StoredClause, VersionInfo
from yinshu.kernel.knowledge.worded import SentenceCutter, Worded, word

TODAY = date(2026, 11, 22)
QUESTION = "单位卡能不能支取现金？"
FIRST = "单位人民币卡账户的资金一律从其基本存款账户转账存入，不得交存现金。单位卡一律不得支取现金。"
SECOND = "单位信用卡可办理商品交易和劳务供应款项的结算，单笔金额不得超过5万元。"


def clause(clause_id: int, text: str) -> StoredClause:
    version = VersionInfo(f"ver_{clause_id}", f"doc_{clause_id}", "col_1", "银行卡业务管理办法", "a.txt")
    return StoredClause(
        clause_id,
        version,
        clause_id,
        (),
        f"第{clause_id}条",
        "article",
        text,
        "",
        "",
        1,
        1,
        None,
        date(2020, 1, 1),
        None,
    )


CLAUSES = {1: clause(1, FIRST), 2: clause(2, SECOND)}


def answer(*texts: str) -> Answer:
    """The extractive answer over the clauses."""
    sentences = tuple(AnswerSentence(text, (number,), verified=True) for number, text in enumerate(texts, 1))
    citations = tuple(
        Citation(number, "银行卡业务管理办法", "a.txt", f"ver_{number}", f"第{number}条", text, number)
        for number, text in enumerate(texts, 1)
    )
    return Answer("answered", "\n".join(texts), sentences, citations, confidence=0.9)


def worded(said: str, extract: Answer | None = None, question: str = QUESTION, pieces: int = 3) -> Worded:
    """What becomes of the model's words, which come in small pieces."""

    def speak(_messages: Sequence[Message], hear: Callable[[str], None], _schema: object) -> str:
        for at in range(0, len(said), pieces):
            hear(said[at : at + pieces])
        return said

    return word(question, extract or answer(FIRST), CLAUSES, TODAY, speak)


def test_a_sentence_that_holds_takes_the_place_of_the_extract() -> None:
    result = worded("单位卡一律不得支取现金。[1]")
    assert result.composed_by == "model"
    assert result.answer.sentences == (AnswerSentence("单位卡一律不得支取现金。", (1,), True),)
    assert result.answer.answer == "单位卡一律不得支取现金。"


@pytest.mark.parametrize(
    "said",
    [
        "单位卡可以支取现金。[1]",
        "单位卡每日可支取现金1万元。[1]",
        "根据规定，单位卡支取现金须经主管批准。[1]",
        "自2019年起单位卡不得支取现金。[1]",
        "无法回答。",
        "",
        "作为人工智能助手，我认为最好咨询柜台。",
        "单位卡一律不得支取现金",
    ],
)
def test_what_does_not_hold_or_is_cut_short_is_not_shown(said: str) -> None:
    result = worded(said)
    assert result.composed_by == "extractive"
    assert result.answer == answer(FIRST)


def test_one_wrong_sentence_brings_the_extract_of_its_source_back() -> None:
    result = worded("单位卡一律不得支取现金。[1]单位卡每日可支取现金1万元。[1]")
    assert result.answer == answer(FIRST)
    assert (result.proposed, result.kept) == (2, 1)


def test_a_contradiction_is_a_case() -> None:
    [case] = worded("单位卡可以支取现金。[1]").contradictions
    assert case.clause_id == 1
    assert {kind for kind, _ in case.faults} & {"negation", "modal"}


def test_a_true_sentence_that_does_not_answer_does_not_replace_one_that_does() -> None:
    result = worded("单位人民币卡账户的资金一律从其基本存款账户转账存入，不得交存现金。[1]")
    assert result.answer == answer(FIRST)


def test_a_sentence_goes_to_the_source_that_carries_it() -> None:
    extract = answer(FIRST, SECOND)
    result = worded(
        "单位信用卡可办理商品交易和劳务供应款项的结算，单笔金额不得超过5万元。[1]",
        extract,
        "单位卡结算单笔金额不得超过多少？",
    )
    assert AnswerSentence(SECOND, (2,), True) in result.answer.sentences
    assert all(sentence.verified for sentence in result.answer.sentences)


def test_a_sum_and_a_refusal_are_not_reworded() -> None:
    computed = answer("合计37亿元（500亿元×5%＋300亿元×4%＝37亿元）。")
    refused = Answer("refused", "没有找到依据。", (), ())

    def speak(_messages: Sequence[Message], _hear: Callable[[str], None], _schema: object) -> str:
        raise AssertionError("nobody asks the model")

    for given in (computed, refused):
        assert word(QUESTION, given, CLAUSES, TODAY, speak).answer is given


def test_the_failure_of_the_model_is_the_callers_to_handle() -> None:
    def speak(_messages: Sequence[Message], _hear: Callable[[str], None], _schema: object) -> str:
        raise DependencyDown("模型没有回应，请稍后再试。")

    with pytest.raises(DependencyDown):
        word(QUESTION, answer(FIRST), CLAUSES, TODAY, speak)


def test_sentences_are_heard_as_soon_as_they_are_verified() -> None:
    order: list[str] = []

    def speak(_messages: Sequence[Message], hear: Callable[[str], None], _schema: object) -> str:
        for piece in ("单位卡一律不得支取", "现金。[", "1]", "单位卡可以支取现金。[1]"):
            order.append(piece)
            hear(piece)
        return ""

    word(QUESTION, answer(FIRST), CLAUSES, TODAY, speak, lambda sentence: order.append(sentence.text))
    assert order.index("单位卡一律不得支取现金。") == len(order) - 1
    assert order.count("单位卡可以支取现金。") == 0


def test_clauses_are_data_and_the_question_is_not() -> None:
    asked: list[Message] = []

    def speak(messages: Sequence[Message], _hear: Callable[[str], None], _schema: object) -> str:
        asked.extend(messages)
        return ""

    word(QUESTION, answer(FIRST), CLAUSES, TODAY, speak)
    assert FIRST in asked[-1].evidence
    assert QUESTION in asked[-1].text
    assert FIRST not in asked[0].text + asked[-1].text


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_a_stream_is_cut_the_same_however_it_comes(size: int) -> None:
    text = "（一）主要股东信誉良好；\n（二）资本不少于5000万元。[1][2] 第二句！【3】第三句\n尾巴[编号1]"
    cutter, cut = SentenceCutter(), []
    for at in range(0, len(text), size):
        cut += cutter.feed(text[at : at + size])
    cut += cutter.finish()
    assert cut == [
        "（一）主要股东信誉良好；\n（二）资本不少于5000万元。[1][2]",
        "第二句！【3】",
        "第三句",
        "尾巴[编号1]",
    ]


def test_everything_the_model_said_is_kept_with_the_verdicts_on_it() -> None:
    said = "单位卡一律不得支取现金。[1]单位信用卡单笔金额不得超过50万元。[2]"
    result = worded(said, answer(FIRST, SECOND))
    assert result.said == said
    good, bad = result.heard
    assert (good.source, good.faults) == (1, ())
    assert bad.source is None
    assert "number" in {kind for kind, _ in bad.faults}
