"""An answer shortened by a small model: exact sentences only, and only filling is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.gateway.ports import Message
from yinshu.kernel.knowledge.enough import says_enough
from yinshu.kernel.knowledge.manners import manner_for, manner_of
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Citation, StoredClause, VersionInfo
from yinshu.kernel.knowledge.shortened import numbers_of, schema_of, shorten
from yinshu.kernel.knowledge.worded import Worded

TODAY = date(2026, 11, 22)
QUESTION = "保险箱钥匙丢了几天内要报告？"
BESIDE = "保险箱库房应当保持整洁。"
NEEDED = "保险箱钥匙遗失的，应当在2日内报告。"
AFTER = "库房值班人员应当每日登记温度和湿度。"
LIST = "有下列情形之一的，应当更换保险箱门锁：\n（一）保险箱钥匙遗失的；\n（二）值班人员离职的。"


def clause(clause_id: int, text: str, ends: date | None = None) -> StoredClause:
    version = VersionInfo(f"ver_{clause_id}", f"doc_{clause_id}", "col_1", "保管箱办法", "a.txt")
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
        ends,
    )


def answer_of(*texts: str, filling: Sequence[str] = (BESIDE, AFTER)) -> tuple[Answer, dict[int, StoredClause]]:
    """The extractive answer over clauses of these words, and the clauses."""
    clauses = {number: clause(number, text) for number, text in enumerate(texts, 1)}
    sentences = tuple(AnswerSentence(text, (number,), verified=True) for number, text in enumerate(texts, 1))
    citations = tuple(
        Citation(number, "保管箱办法", "a.txt", f"ver_{number}", f"第{number}条", text, number)
        for number, text in enumerate(texts, 1)
    )
    return Answer("answered", "\n".join(texts), sentences, citations, confidence=0.9, filling=tuple(filling)), clauses


def shortened(
    said: str, answer: Answer, clauses: Mapping[int, StoredClause], question: str = QUESTION, heard: Any = None
) -> Worded:
    """What becomes of the answer when the model says this."""
    return shorten(question, answer, clauses, TODAY, lambda *_: said, heard)


def test_the_sentences_that_the_model_leaves_out_are_left_out() -> None:
    answer, clauses = answer_of(f"{BESIDE}{NEEDED}", AFTER)
    result = shortened('{"chosen":[2]}', answer, clauses)
    assert (result.composed_by, result.answer.answer) == ("model", NEEDED)
    assert result.answer.shortened
    assert result.answer.sentences == (AnswerSentence(NEEDED, (1,), verified=True),)
    assert [citation.n for citation in result.answer.citations] == [1]
    assert (result.said, [one.text for one in result.heard]) == ('{"chosen":[2]}', [NEEDED])


@pytest.mark.parametrize(
    "said",
    ["", "无法回答。", '{"chosen":[]}', '{"chosen":[9]}', '{"chosen":["a"]}', "[]", "null", '{"chosen":[1,2,3]}'],
)
def test_what_chooses_nothing_or_all_changes_nothing(said: str) -> None:
    answer, clauses = answer_of(f"{BESIDE}{NEEDED}", AFTER)
    result = shortened(said, answer, clauses)
    assert (result.composed_by, result.answer.shortened) == ("extractive", False)
    assert result.answer is answer


def test_what_the_reader_finds_likely_stays_whatever_the_model_says() -> None:
    answer, clauses = answer_of(f"{BESIDE}{NEEDED}", AFTER)
    assert shortened('{"chosen":[1]}', answer, clauses).answer.answer == f"{BESIDE}{NEEDED}"
    assert shortened('{"chosen":[3]}', answer, clauses).answer.answer == f"{NEEDED}\n{AFTER}"
    assert shortened('{"chosen":[1,3]}', answer, clauses).answer is answer


def test_where_nothing_is_filling_or_everything_the_model_is_not_asked() -> None:
    for filling in ((), (BESIDE, NEEDED)):
        answer, clauses = answer_of(f"{BESIDE}{NEEDED}", filling=filling)
        result = shortened('{"chosen":[2]}', answer, clauses)
        assert (result.answer, result.said) == (answer, "")


def test_an_item_keeps_the_sentence_that_governs_it_and_a_list_is_not_cut_short() -> None:
    lead, _, second = LIST.split("\n")
    answer, clauses = answer_of(f"{LIST}\n{AFTER}", filling=(lead, second, AFTER))
    assert shortened('{"chosen":[2]}', answer, clauses).answer.answer == LIST


def test_a_sentence_keeps_what_it_leans_on_and_what_limits_it() -> None:
    limits = "但当日找回的除外。"
    answer, clauses = answer_of(f"{NEEDED}{limits}{AFTER}", filling=(limits, AFTER))
    assert shortened('{"chosen":[1]}', answer, clauses).answer.answer == f"{NEEDED}{limits}"
    answer, clauses = answer_of(f"{NEEDED}{limits}{AFTER}", filling=(NEEDED, AFTER))
    assert shortened('{"chosen":[2]}', answer, clauses).answer.answer == f"{NEEDED}{limits}"


@pytest.mark.parametrize("limits", ["前款规定不适用于代管的钥匙。", "代管的钥匙不受前款期限限制。"])
def test_an_exception_that_may_limit_more_than_its_neighbour_stays(limits: str) -> None:
    answer, clauses = answer_of(f"{NEEDED}{BESIDE}{limits}", AFTER, filling=(BESIDE, limits, AFTER))
    assert shortened('{"chosen":[1]}', answer, clauses).answer.answer == f"{NEEDED}{BESIDE}{limits}"


@pytest.mark.parametrize(
    "stays", ["不能。", "当地规定更短的，从其规定。", "保险箱钥匙报失的登记表由几人签字由网点定。"]
)
def test_a_verdict_an_exception_and_the_words_of_the_question_are_no_filling(stays: str) -> None:
    first, last = (stays, NEEDED) if stays == "不能。" else (NEEDED, stays)
    answer, clauses = answer_of(f"{first}{last}{AFTER}", filling=(stays, AFTER))
    question = "保险箱钥匙丢了要几天内报告，登记表几人签字？"
    said = '{"chosen":[2]}' if stays == "不能。" else '{"chosen":[1]}'
    assert stays in shortened(said, answer, clauses, question).answer.answer


def test_a_verdict_stays_with_the_sentence_that_it_is_drawn_from() -> None:
    answer, clauses = answer_of("保险箱不得转租。", NEEDED, filling=(NEEDED,))
    first = replace(answer.sentences[0], text="不可以。保险箱不得转租。")
    answer = replace(answer, sentences=(first, answer.sentences[1]), answer=f"{first.text}\n{NEEDED}")
    question = "保险箱能不能转租"
    assert shortened('{"chosen":[1]}', answer, clauses, question).answer.answer == first.text
    other = replace(answer, filling=("保险箱不得转租。",))
    assert shortened('{"chosen":[2]}', other, clauses, question).answer is other


def test_the_note_on_a_rule_of_the_past_stays() -> None:
    answer, clauses = answer_of(f"{NEEDED}{BESIDE}")
    clauses = {1: clause(1, f"{NEEDED}{BESIDE}", ends=date(2022, 3, 1))}
    note = "（《保管箱办法》，2022年3月1日起已不再执行）"
    old = replace(answer.sentences[0], text=f"{NEEDED}{BESIDE}{note}")
    answer = replace(answer, sentences=(old,), answer=old.text)
    assert shortened('{"chosen":[1]}', answer, clauses).answer.answer == f"{NEEDED}{note}"


def test_words_that_do_not_stand_in_the_clause_are_not_taken_apart() -> None:
    answer, _ = answer_of(f"{BESIDE}{NEEDED}")
    assert shortened('{"chosen":[2]}', answer, {1: clause(1, BESIDE)}).answer is answer
    assert shortened('{"chosen":[2]}', answer, {}).answer is answer


def test_a_sum_a_refusal_and_a_single_sentence_are_not_asked_about() -> None:
    computed, clauses = answer_of("合计37亿元（500亿元×5%＋300亿元×4%＝37亿元）。", NEEDED, filling=(NEEDED,))
    single, _ = answer_of(NEEDED, filling=(NEEDED,))

    def speak(_messages: Sequence[Message], _hear: Callable[[str], None], _schema: object) -> str:
        raise AssertionError("nobody asks the model")

    for given in (computed, single, Answer("refused", "没有找到依据。", (), ())):
        assert shorten(QUESTION, given, clauses, TODAY, speak).answer is given


def test_sentences_are_heard_once_they_stand_and_only_then() -> None:
    answer, clauses = answer_of(f"{BESIDE}{NEEDED}", AFTER)
    heard: list[AnswerSentence] = []
    shortened('{"chosen":[1,2,3]}', answer, clauses, heard=heard.append)
    assert heard == []
    result = shortened('{"chosen":[2]}', answer, clauses, heard=heard.append)
    assert tuple(heard) == result.answer.sentences


def test_the_model_sees_numbered_sentences_as_data_and_may_answer_numbers_alone() -> None:
    answer, clauses = answer_of(f"{BESIDE}{NEEDED}", AFTER)
    asked: list[Any] = []

    def speak(messages: Sequence[Message], _hear: Callable[[str], None], schema: Mapping[str, Any] | None) -> str:
        asked.extend((messages, schema))
        raise DependencyDown("模型没有回应，请稍后再试。")

    with pytest.raises(DependencyDown):
        shorten(QUESTION, answer, clauses, TODAY, speak)
    messages, schema = asked
    assert messages[-1].evidence.splitlines()[1:] == [f"1. {BESIDE}", f"2. {NEEDED}", f"3. {AFTER}"]
    assert QUESTION in messages[-1].text
    assert NEEDED not in messages[0].text + messages[-1].text
    assert schema == schema_of(3)
    assert schema["properties"]["chosen"]["items"]["enum"] == [1, 2, 3]


@pytest.mark.parametrize(
    ("said", "places"),
    [('{"chosen":[2,1,2]}', {0, 1}), ("选 [1, 3]。", {0, 2}), ("第2句", set()), ('{"chosen":[0]}', set())],
)
def test_numbers_are_read_as_they_come(said: str, places: set[int]) -> None:
    assert numbers_of(said, 3) == places


def test_the_figures_of_a_sentence_near_the_question_stay() -> None:
    sentences = ("许可证有效期为3年。", "许可证有效期届满需要续展的，应当提前申请。")
    assert not says_enough("许可证管几年？", sentences, sentences[1])
    assert says_enough("许可证管几年？", sentences, sentences[0])


def test_small_models_choose_and_larger_ones_word() -> None:
    assert {manner_for(size).prompt.name for size in ("tiny", "small")} == {"choose_sentences"}
    assert {manner_for(size).prompt.name for size in ("medium", "large")} == {"word_answer"}
    for size in ("small", "large"):
        assert manner_of(manner_for(size).prompt.cited_as) == manner_for(size)
