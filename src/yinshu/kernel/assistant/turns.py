"""The life of a turn: recorded before it is answered, ended once, taken up again when it was cut short."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from yinshu.kernel.assistant import store
from yinshu.kernel.assistant.errors import ConversationFull, StillAnswering
from yinshu.kernel.assistant.follow import understand
from yinshu.kernel.assistant.records import Begun, Ended, Turn, TurnRequest, TurnState
from yinshu.kernel.assistant.screen import without_forbidden
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection
from yinshu.kernel.base.errors import BadArgument, NotFound
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.knowledge.answer import checked_question

NEW_TITLE = "新对话"
TITLE_CHARS = 40
TITLE_CHARS_MAX = 200
TURNS_MAX = 500
KEY_CHARS_MAX = 80
REMEMBERED_TURNS = 6
"""How far back a follow-up question may reach."""
STOPPED = "已停止作答。可以再问一次。"


def checked_title(title: str) -> str:
    """The title on one line. Raises BadArgument when it is too long."""
    plain = " ".join(title.split())
    if len(plain) > TITLE_CHARS_MAX:
        raise BadArgument(f"对话的名称请不超过 {TITLE_CHARS_MAX} 个字。")
    return plain


def begin(connection: Connection, clock: Clock, claim: timedelta, conversation_id: str, request: TurnRequest) -> Begun:
    """Record the question in the caller's transaction, who holds the conversation's lock."""
    question = without_forbidden(checked_question(request.question))
    if len(request.key) > KEY_CHARS_MAX:
        raise BadArgument(f"请求编号请不超过 {KEY_CHARS_MAX} 个字符。")
    now = clock.now()
    if request.key:
        earlier = store.find_by_key(connection, conversation_id, request.key, now)
        if earlier is not None:
            return _again(connection, clock, claim, earlier)
    ordinal = store.next_ordinal(connection, conversation_id)
    if ordinal > TURNS_MAX:
        raise ConversationFull(f"这个对话已有 {TURNS_MAX} 个问题，请新建对话继续。")
    before = store.list_turns(connection, conversation_id, now, limit=REMEMBERED_TURNS)
    files = _files(connection, conversation_id, request.attachment_ids)
    understood = understand(question, before, clock.today(), as_written=request.as_written)
    turn = Turn(
        id=new_id("trn"),
        conversation_id=conversation_id,
        ordinal=ordinal,
        state="asking",
        question=question,
        understood_as=understood.text,
        as_of=request.as_of or understood.as_of or clock.today(),
        collection_ids=request.collection_ids,
        composer=request.composer,
        attachment_ids=files,
        asked_at=now,
        carried_versions=understood.carried_versions,
    )
    store.insert_turn(connection, turn, request.key, now + claim)
    store.touch_conversation(connection, conversation_id, now)
    if ordinal == 1:
        _name(connection, conversation_id, question)
    return Begun(turn, fresh=True)


def _files(connection: Connection, conversation_id: str, wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    """The files that are evidence for a question: all of the conversation unless some were chosen."""
    if wanted is None:
        return tuple(one.id for one in store.list_attachments(connection, conversation_id))
    known = store.get_attachments(connection, conversation_id, wanted)
    if len(known) < len(set(wanted)):
        raise NotFound("有一个附件不在这个对话里，请重新上传。")
    return tuple(one.id for one in known)


def _name(connection: Connection, conversation_id: str, question: str) -> None:
    """A conversation that nobody named is called by its first question."""
    found = store.get_conversation(connection, conversation_id)
    if found is not None and found.title == NEW_TITLE:
        plain = " ".join(question.split())
        store.rename_conversation(
            connection, conversation_id, plain if len(plain) <= TITLE_CHARS else f"{plain[:TITLE_CHARS]}…"
        )


def _again(connection: Connection, clock: Clock, claim: timedelta, earlier: Turn) -> Begun:
    if earlier.state == "answered":
        return Begun(earlier, fresh=False)
    now = clock.now()
    if not store.reclaim_turn(connection, earlier.id, now, now + claim):
        raise StillAnswering
    return Begun(replace(earlier, state="asking", error="", asked_at=now), fresh=True)


def reask(connection: Connection, clock: Clock, claim: timedelta, conversation_id: str, turn_id: str) -> Begun:
    """Take up a turn that has no answer; one that has is given as it is."""
    turn = store.get_turn(connection, conversation_id, turn_id, clock.now())
    if turn is None:
        raise NotFound("对话里没有这个问题，请刷新后再试。")
    return _again(connection, clock, claim, turn)


def end(connection: Connection, clock: Clock, turn: Turn, ended: Ended) -> None:
    """Write what became of a turn."""
    state: TurnState = "answered" if ended.answer is not None else "stopped" if ended.stopped else "failed"
    error = ended.error or (STOPPED if ended.stopped else "")
    store.end_turn(connection, turn.id, state, replace(ended, error=error))
    store.touch_conversation(connection, turn.conversation_id, clock.now())
