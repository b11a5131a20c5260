"""Conversations are kept for their owner and those they are shared with, and show no one what they may not read."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.kernel.assistant.people import OPEN, SECRET, SECRET_WORDS, both_answer, make_assistant, make_library, person
from yinshu.kernel.assistant import Assistant, Ended, TurnRequest
from yinshu.kernel.assistant.errors import NoConversation, NotYours, StillAnswering
from yinshu.kernel.audit.store import read_entries
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import BadArgument, NotAllowed, NotFound
from yinshu.kernel.identity import Holder
from yinshu.kernel.knowledge.records import Answer

QUESTION = "单位卡能不能支取现金"
OWNER = person("per_owner", OPEN, SECRET)


@pytest.fixture
def assistant(engine: Engine, clock: Clock) -> Assistant:
    make_library(engine)
    return make_assistant(engine, clock)


def answered(assistant: Assistant, question: str = QUESTION, answer: Answer | None = None) -> str:
    """A conversation of the owner with one answered turn; its id."""
    made = assistant.create(OWNER)
    begun = assistant.begin(OWNER, made.id, TurnRequest(question))
    assistant.end(OWNER, begun.turn, Ended(answer or both_answer(), "run_1", {"evidence": 3.0}))
    return made.id


def test_a_turn_comes_back_exactly_as_it_was_answered(assistant: Assistant) -> None:
    turn = assistant.open(OWNER, answered(assistant)).turns[0]
    assert turn.state == "answered"
    assert turn.answer == both_answer()
    assert (turn.run_id, turn.latency_ms, turn.withheld) == ("run_1", {"evidence": 3.0}, 0)


def test_a_conversation_is_called_by_its_first_question_until_somebody_names_it(assistant: Assistant) -> None:
    conversation_id = answered(assistant)
    assert assistant.open(OWNER, conversation_id).conversation.title == QUESTION
    assistant.rename(OWNER, conversation_id, " 单位卡 \n 现金 ")
    assistant.begin(OWNER, conversation_id, TurnRequest("对公账户年检什么时候做"))
    assert assistant.open(OWNER, conversation_id).conversation.title == "单位卡 现金"


def test_the_list_is_paged_latest_first_and_holds_only_ones_own(engine: Engine) -> None:
    moments = iter(range(1000))
    moving = Clock(now=lambda: Clock().now() + timedelta(seconds=next(moments)))
    make_library(engine)
    assistant = make_assistant(engine, moving)
    made = [assistant.create(OWNER, f"对话{n}").id for n in range(5)]
    assistant.create(person("per_other"), "别人的")
    first = assistant.page(OWNER, limit=2)
    second = assistant.page(OWNER, limit=2, after=first.next)
    third = assistant.page(OWNER, limit=2, after=second.next)
    assert [one.id for page in (first, second, third) for one in page.items] == made[::-1]
    assert third.next is None
    with pytest.raises(BadArgument):
        assistant.page(OWNER, after="乱写")


@pytest.mark.parametrize("act", ["open", "rename", "delete", "begin", "shares", "reask"])
def test_a_strangers_conversation_does_not_exist(assistant: Assistant, act: str) -> None:
    conversation_id = answered(assistant)
    stranger = person("per_stranger", OPEN, SECRET, department="dep_other", post="pst_other")
    acts = {
        "open": lambda one: assistant.open(stranger, one),
        "rename": lambda one: assistant.rename(stranger, one, "我的"),
        "delete": lambda one: assistant.delete(stranger, one),
        "begin": lambda one: assistant.begin(stranger, one, TurnRequest(QUESTION)),
        "shares": lambda one: assistant.shares(stranger, one),
        "reask": lambda one: assistant.reask(stranger, one, "trn_x"),
    }
    with pytest.raises(NoConversation) as hidden:
        acts[act](conversation_id)
    with pytest.raises(NoConversation) as missing:
        acts[act]("cnv_none")
    assert hidden.value.message == missing.value.message


@pytest.mark.parametrize(
    "holder", [Holder("person", "per_reader"), Holder("department", "dep_top"), Holder("post", "pst_teller")]
)
def test_who_holds_a_share_reads_until_it_is_taken_back_and_only_reads(assistant: Assistant, holder: Holder) -> None:
    conversation_id = answered(assistant)
    reader = person("per_reader", OPEN, SECRET)
    assistant.share(OWNER, conversation_id, holder)
    assert assistant.share(OWNER, conversation_id, holder).id == assistant.shares(OWNER, conversation_id)[0].id
    assert not assistant.open(reader, conversation_id).mine
    assert [one.id for one in assistant.page(reader, shared=True).items] == [conversation_id]
    assert assistant.page(reader).items == ()
    for act in (
        lambda: assistant.begin(reader, conversation_id, TurnRequest(QUESTION)),
        lambda: assistant.delete(reader, conversation_id),
        lambda: assistant.shares(reader, conversation_id),
    ):
        with pytest.raises(NotYours):
            act()
    assistant.unshare(OWNER, conversation_id, holder)
    with pytest.raises(NoConversation):
        assistant.open(reader, conversation_id)
    assert assistant.page(reader, shared=True).items == ()
    with pytest.raises(NotFound):
        assistant.unshare(OWNER, conversation_id, holder)


def test_what_a_reader_may_not_read_now_is_withheld_with_its_name(assistant: Assistant) -> None:
    conversation_id = answered(assistant)
    assistant.share(OWNER, conversation_id, Holder("department", "dep_ops"))
    turn = assistant.open(person("per_reader", OPEN), conversation_id).turns[0]
    assert turn.withheld == 1
    assert SECRET_WORDS not in json.dumps(asdict(turn), ensure_ascii=False, default=str)
    assert turn.answer is not None
    assert [one.verified for one in turn.answer.sentences] == [True, False]
    assert "无权查看" in turn.answer.sentences[1].text
    assert turn.answer.citations[0].quote == "单位卡不得支取现金"
    assert "ver_" + SECRET not in json.dumps(asdict(turn.answer), default=str)


def test_the_owner_who_lost_the_right_no_longer_sees_it_and_sees_it_again_with_the_right(
    assistant: Assistant,
) -> None:
    conversation_id = answered(assistant)
    assert assistant.open(person("per_owner", OPEN), conversation_id).turns[0].withheld == 1
    assert assistant.open(person("per_owner"), conversation_id).turns[0].withheld == 2
    assert assistant.open(OWNER, conversation_id).turns[0].withheld == 0


def test_near_clauses_and_choices_of_what_may_not_be_read_are_left_out(assistant: Assistant) -> None:
    near = both_answer().citations
    clarify = Answer("clarify", "请选择", (), (), clarify=("单位卡？", SECRET_WORDS), nearest=near)
    conversation_id = answered(assistant, answer=clarify)
    turn = assistant.open(person("per_owner", OPEN), conversation_id).turns[0]
    assert turn.answer is not None
    assert turn.answer.clarify == ()
    assert SECRET_WORDS not in json.dumps(asdict(turn), ensure_ascii=False, default=str)


def test_the_same_key_is_the_same_turn_and_answered_once(assistant: Assistant) -> None:
    made = assistant.create(OWNER)
    first = assistant.begin(OWNER, made.id, TurnRequest(QUESTION, key="k1"))
    with pytest.raises(StillAnswering):
        assistant.begin(OWNER, made.id, TurnRequest(QUESTION, key="k1"))
    assistant.end(OWNER, first.turn, Ended(both_answer(), "run_1", {}))
    again = assistant.begin(OWNER, made.id, TurnRequest(QUESTION, key="k1"))
    assert (again.fresh, again.turn.id, again.turn.run_id) == (False, first.turn.id, "run_1")
    assert len(assistant.open(OWNER, made.id).turns) == 1


def test_a_turn_cut_short_is_shown_as_interrupted_and_can_be_asked_again(engine: Engine, clock: Clock) -> None:
    make_library(engine)
    before = make_assistant(engine, clock)
    made = before.create(OWNER)
    turn = before.begin(OWNER, made.id, TurnRequest(QUESTION, key="k1")).turn
    assert before.open(OWNER, made.id).turns[0].state == "asking"
    after = make_assistant(engine, Clock(now=lambda: clock.now() + timedelta(seconds=60)))
    assert after.open(OWNER, made.id).turns[0].state == "interrupted"
    assert after.reask(OWNER, made.id, turn.id).fresh
    with pytest.raises(StillAnswering):
        after.reask(OWNER, made.id, turn.id)
    after.end(OWNER, turn, Ended(both_answer(), "run_2", {}))
    assert [one.run_id for one in after.open(OWNER, made.id).turns] == ["run_2"]
    assert not after.reask(OWNER, made.id, turn.id).fresh


def test_the_only_process_marks_what_it_finds_unanswered_at_its_start(assistant: Assistant) -> None:
    made = assistant.create(OWNER)
    assistant.begin(OWNER, made.id, TurnRequest(QUESTION))
    assert assistant.interrupt_all() == 1
    assert assistant.open(OWNER, made.id).turns[0].state == "interrupted"


def test_a_late_failure_does_not_undo_an_answer(assistant: Assistant) -> None:
    made = assistant.create(OWNER)
    turn = assistant.begin(OWNER, made.id, TurnRequest(QUESTION)).turn
    assistant.end(OWNER, turn, Ended(both_answer(), "run_1", {}))
    assistant.end(OWNER, turn, Ended(error="太慢"))
    assert assistant.open(OWNER, made.id).turns[0].state == "answered"


def test_deleting_takes_everything_away_but_the_ledgers_record(assistant: Assistant, engine: Engine) -> None:
    conversation_id = answered(assistant)
    assistant.share(OWNER, conversation_id, Holder("person", "per_reader"))
    assistant.delete(OWNER, conversation_id)
    for reader in (OWNER, person("per_reader", OPEN)):
        with pytest.raises(NoConversation):
            assistant.open(reader, conversation_id)
    with reading(engine) as connection:
        entries = [(one.action, one.subject) for one in read_entries(connection)]
        words = json.dumps([one.payload for one in read_entries(connection)], ensure_ascii=False)
    assert ("conversation.shared", conversation_id) in entries
    assert entries[-1] == ("conversation.deleted", conversation_id)
    assert QUESTION not in words


def test_an_answer_to_a_conversation_deleted_meanwhile_says_so(assistant: Assistant) -> None:
    made = assistant.create(OWNER)
    turn = assistant.begin(OWNER, made.id, TurnRequest(QUESTION)).turn
    assistant.delete(OWNER, made.id)
    with pytest.raises(NotFound):
        assistant.end(OWNER, turn, Ended(both_answer(), "run_1", {}))


def test_conversations_are_found_by_title_and_question_under_rights(assistant: Assistant) -> None:
    conversation_id = answered(assistant)
    stranger = person("per_stranger", OPEN, department="dep_other", post="pst_other")
    assert [one.id for one in assistant.find(OWNER, "支取现金", 5)] == [conversation_id]
    assert assistant.find(OWNER, "100%", 5) == []
    assert assistant.find(stranger, "支取现金", 5) == []
    assistant.share(OWNER, conversation_id, Holder("person", "per_stranger"))
    assert [one.id for one in assistant.find(stranger, "支取现金", 5)] == [conversation_id]


def test_a_key_does_only_what_it_is_for(assistant: Assistant) -> None:
    conversation_id = answered(assistant)
    asking, reading_only = (replace(OWNER, scopes=frozenset(one)) for one in (("ask", "read"), ("read",)))
    assert assistant.begin(asking, conversation_id, TurnRequest(QUESTION)).fresh
    assert assistant.open(reading_only, conversation_id).turns
    for act in (
        lambda: assistant.begin(reading_only, conversation_id, TurnRequest(QUESTION)),
        lambda: assistant.create(reading_only),
        lambda: assistant.delete(asking, conversation_id),
        lambda: assistant.share(asking, conversation_id, Holder("person", "per_x")),
        lambda: assistant.page(replace(OWNER, scopes=frozenset({"ask"}))),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_turn_taken_up_again_shows_no_more_than_reading_it(assistant: Assistant) -> None:
    conversation_id = answered(assistant)
    poorer = person("per_owner", OPEN)
    turn_id = assistant.open(poorer, conversation_id).turns[0].id
    again = assistant.reask(poorer, conversation_id, turn_id)
    assert not again.fresh
    assert SECRET_WORDS not in json.dumps(asdict(again.turn), ensure_ascii=False, default=str)


def test_words_carried_from_a_document_are_withheld_with_it(assistant: Assistant) -> None:
    made = assistant.create(OWNER)
    first = assistant.begin(OWNER, made.id, TurnRequest("收购计划有哪些要求"))
    secret = both_answer().citations[1:]
    assistant.end(OWNER, first.turn, Ended(Answer("answered", "x", (), secret), "run_1", {}))
    assistant.begin(OWNER, made.id, TurnRequest("这个办法什么时候施行？"))
    assert SECRET_WORDS in assistant.open(OWNER, made.id).turns[1].understood_as
    poorer = assistant.open(person("per_owner", OPEN), made.id).turns[1]
    assert poorer.understood_as == "这个办法什么时候施行？"


def test_who_worded_an_answer_is_kept(assistant: Assistant) -> None:
    made = assistant.create(OWNER)
    turn = assistant.begin(OWNER, made.id, TurnRequest(QUESTION, composer="model")).turn
    assert assistant.end(OWNER, turn, Ended(both_answer(), "run_1", composed_by="extractive")).composer == "extractive"


def test_questions_at_the_same_moment_get_numbers_of_their_own(assistant: Assistant) -> None:
    made = assistant.create(OWNER)
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda n: assistant.begin(OWNER, made.id, TurnRequest(f"{QUESTION}{n}")), range(8))
    assert sorted(one.turn.ordinal for one in asked) == list(range(1, 9))


def test_of_retries_at_the_same_moment_one_is_answered(assistant: Assistant) -> None:
    made = assistant.create(OWNER)

    def begin(_: int) -> bool:
        try:
            return assistant.begin(OWNER, made.id, TurnRequest(QUESTION, key="k1")).fresh
        except StillAnswering:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(begin, range(8))) == 1
    assert len(assistant.open(OWNER, made.id).turns) == 1
