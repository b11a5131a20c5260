"""Follow-up questions are completed from the conversation, and questions that stand on their own are left alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yinshu.kernel.assistant.follow import understand
from yinshu.kernel.assistant.moment import named_moment
from yinshu.kernel.assistant.records import Turn
from yinshu.kernel.knowledge.records import Answer, Citation

TODAY = date(2026, 11, 22)
CASES = [
    json.loads(line)
    for file in sorted((Path(__file__).resolve().parents[3] / "bench" / "dialogues").glob("*.jsonl"))
    for line in file.read_text("utf-8").splitlines()
]
TOUCHED_SHARE_MIN = 0.9
SOURCE = Citation(1, "关于印发《单位卡办法》的通知", "a.docx", "ver_1", "第三条", "x", 1, document_id="doc_1")
UPLOADED = Citation(1, "我的合同", "b.docx", "att_1", "第三条", "x", -1, document_id="att_1")


def turns(*questions: str, source: Citation | None = None) -> list[Turn]:
    """What was asked before; each turn understood from those before it, each citing `source`."""
    made: list[Turn] = []
    answer = Answer("answered", "x", (), (source,)) if source else None
    for number, question in enumerate(questions, 1):
        text = understand(question, made, TODAY).text
        at = datetime(2026, 11, 22, tzinfo=UTC)
        made.append(Turn(f"t{number}", "c", number, "answered", question, text, TODAY, (), "", (), at, answer=answer))
    return made


def before(case: dict[str, Any]) -> list[Turn]:
    cited = case.get("cited")
    source = Citation(1, cited["document"], "a", "ver_1", cited["article"], "x", 1) if cited else None
    return turns(*case["before"], source=source)


@pytest.mark.parametrize("case", [case for case in CASES if case.get("untouched")], ids=lambda case: case["id"])
def test_a_question_that_stands_alone_is_left_alone(case: dict[str, Any]) -> None:
    understood = understand(case["question"], before(case), TODAY)
    assert (understood.text, understood.as_of, understood.carried_versions) == (case["question"], None, ())


def test_follow_ups_are_completed_with_the_words_they_lack() -> None:
    touched = [case for case in CASES if not case.get("untouched")]
    wrong = []
    for case in touched:
        understood = understand(case["question"], before(case), TODAY)
        day = understood.as_of.isoformat() if understood.as_of else None
        missing = [word for word in case["has"] if word not in understood.text]
        kept = [word for word in case["not"] if word in understood.text]
        if missing or kept or day != case.get("as_of"):
            wrong.append((case["id"], understood.text, missing, kept, day))
    assert len(wrong) <= (1 - TOUCHED_SHARE_MIN) * len(touched), wrong


def test_there_are_enough_cases_and_half_must_stay_untouched() -> None:
    untouched = sum(bool(case.get("untouched")) for case in CASES)
    assert len(CASES) >= 60
    assert 0.4 <= untouched / len(CASES) <= 0.6


@pytest.mark.parametrize("question", ["单位的呢？", "需要几天？", "它能透支吗？", "2017年呢？", "这个办法谁发布的？"])
def test_the_first_question_is_never_completed(question: str) -> None:
    assert understand(question, [], TODAY).text == question


@pytest.mark.parametrize("question", ["单位的呢？", "需要几天？", "2017年呢？"])
def test_what_is_to_be_asked_as_written_is(question: str) -> None:
    understood = understand(question, turns("个人跨行转账手续费多少？"), TODAY, as_written=True)
    assert (understood.text, understood.as_of) == (question, None)


def test_a_follow_up_of_a_follow_up_leans_on_what_that_one_meant() -> None:
    assert understand("企业网银呢？", turns("个人柜台跨行转账手续费多少？", "单位的呢？"), TODAY).text == (
        "企业网银跨行转账手续费多少？"
    )


def test_a_document_that_is_pointed_at_is_named_and_remembered_as_carried() -> None:
    understood = understand("这个办法什么时候施行？", turns("单位卡能取现吗？", source=SOURCE), TODAY)
    assert understood.text == "《单位卡办法》什么时候施行？"
    assert understood.carried_versions == ("ver_1",)


def test_an_article_that_is_pointed_at_is_named() -> None:
    assert "第三条" in understand("这一条怎么说的？", turns("单位卡能取现吗？", source=SOURCE), TODAY).text


def test_an_uploaded_file_is_never_named_as_a_document_of_the_library() -> None:
    understood = understand("这个办法什么时候施行？", turns("单位卡能取现吗？", source=UPLOADED), TODAY)
    assert "我的合同" not in understood.text
    assert understood.carried_versions == ()


def test_a_pronoun_with_its_own_antecedent_does_not_point_back() -> None:
    question = "客户拒绝出示身份证件，这种情况能开户吗？"
    assert understand(question, turns("单位卡能取现吗？"), TODAY).text == question


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2015年呢", date(2015, 12, 31)),
        ("and in 2015?", date(2015, 12, 31)),
        ("2024年2月呢？", date(2024, 2, 29)),
        ("那2021年5月3日的时候呢", date(2021, 5, 3)),
        ("去年呢", date(2025, 12, 31)),
        ("今年呢", TODAY),
        ("现在呢？", TODAY),
        ("三年前呢", date(2023, 11, 30)),
    ],
)
def test_a_time_alone_sets_the_day_whose_law_counts(words: str, day: date) -> None:
    moment = named_moment(words, TODAY)
    assert moment is not None
    assert moment.as_of == day


@pytest.mark.parametrize("words", ["2015年发布的办法有哪些", "2024年2月31日呢", "单位卡呢", "", "今年的绩效基数是多少"])
def test_words_that_say_more_than_a_time_set_no_day(words: str) -> None:
    assert named_moment(words, TODAY) is None


CHOICES = ("单位结算卡的转账限额是多少？", "个人账户的Ⅱ类户限额是多少？", "柜面的尾箱现金限额是多少？")


def asked_back() -> list[Turn]:
    """A vague question that was asked back, each choice from a document of its own."""
    near = tuple(replace(SOURCE, n=n, version=f"ver_{n}") for n in range(1, 4))
    answer = Answer("clarify", "请选择", (), (), clarify=CHOICES, nearest=near)
    return [replace(turns("限额是多少")[0], answer=answer)]


@pytest.mark.parametrize(
    ("words", "number"),
    [("第二个", 1), ("2", 1), ("选第三项", 2), ("单位结算卡", 0), ("尾箱的", 2), ("Ⅱ类户呢？", 1)],
)
def test_a_choice_may_be_made_in_words(words: str, number: int) -> None:
    understood = understand(words, asked_back(), TODAY)
    assert (understood.text, understood.carried_versions) == (CHOICES[number], (f"ver_{number + 1}",))


@pytest.mark.parametrize("words", ["第四个", "限额是多少", "口头挂失能管几天？"])
def test_words_that_fit_no_choice_or_several_choose_none(words: str) -> None:
    assert understand(words, asked_back(), TODAY).text not in CHOICES


def test_what_was_carried_once_stays_carried() -> None:
    first = turns("单位卡能取现吗？", source=SOURCE)
    second = understand("这个办法什么时候施行？", first, TODAY)
    carried = replace(first[0], understood_as=second.text, carried_versions=second.carried_versions, answer=None)
    third = understand("谁审批？", [*first, carried], TODAY)
    assert "单位卡办法" in third.text
    assert third.carried_versions == ("ver_1",)


PIECES = (
    "它", "此类客户", "这些人", "他们", "上述", "刚才说的", "那", "这个", "该", "这一条", "本办法", "呢", "？", "的", "如果", "第二次",
    "60万", "2017年", "2024年2月30日", "去年", "以前", "单位", "二类户", "A级", "手续费", "限额", "多少", "几天", "能", "要", "谁审批",
    "口头挂失", "，", "还有吗", "三", "选第二个", "(", "\\", "what about", " ", "💰",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.lists(st.sampled_from(PIECES), max_size=6))
def test_no_words_make_it_stumble_or_grow_without_bound(words: list[str], earlier: list[str]) -> None:
    said = "".join(earlier).strip() or "单位卡能取现吗？"
    understood = understand("".join(words), turns(said, source=SOURCE), TODAY)
    assert understood.text
    assert len(understood.text) <= len("".join(words)) + len(said) + 60
