"""Rows of turns: recorded before they are answered, claimed while they are answered, ended once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from yinshu.kernel.assistant.records import Ended, Turn, TurnState
from yinshu.kernel.assistant.store.conversations import aware
from yinshu.kernel.assistant.tables import turns
from yinshu.kernel.knowledge.store import answer_of, plain_answer

COMPOSER_CHARS_MAX = 40


def _turn(row: Row[Any], now: datetime) -> Turn:
    lost = row.state == "asking" and aware(row.claimed_until) < now
    return Turn(
        id=row.id,
        conversation_id=row.conversation_id,
        ordinal=row.ordinal,
        state="interrupted" if lost else row.state,
        question=row.question,
        understood_as=row.understood_as,
        as_of=row.as_of,
        collection_ids=tuple(row.collection_ids),
        composer=row.composer,
        attachment_ids=tuple(row.attachment_ids),
        asked_at=aware(row.asked_at),
        carried_versions=tuple(row.carried_versions),
        run_id=row.run_id,
        answer=answer_of(row.answer) if row.answer is not None else None,
        latency_ms=row.latency_ms,
        error=row.error,
    )


def next_ordinal(connection: Connection, conversation_id: str) -> int:
    """The number of the next turn, from 1; the caller holds the conversation's lock."""
    highest = select(func.max(turns.c.ordinal)).where(turns.c.conversation_id == conversation_id)
    return (connection.execute(highest).scalar_one() or 0) + 1


def insert_turn(connection: Connection, turn: Turn, key: str, claimed_until: datetime) -> None:
    """Record a question before anybody answers it."""
    row = {
        "id": turn.id,
        "conversation_id": turn.conversation_id,
        "ordinal": turn.ordinal,
        "request_key": key or turn.id,
        "state": turn.state,
        "question": turn.question,
        "understood_as": turn.understood_as,
        "carried_versions": list(turn.carried_versions),
        "as_of": turn.as_of,
        "collection_ids": list(turn.collection_ids),
        "composer": turn.composer,
        "attachment_ids": list(turn.attachment_ids),
        "asked_at": turn.asked_at,
        "claimed_until": claimed_until,
        "run_id": None,
        "answer": None,
        "latency_ms": {},
        "error": "",
    }
    connection.execute(insert(turns).values(row))


def reclaim_turn(connection: Connection, turn_id: str, now: datetime, claimed_until: datetime) -> bool:
    """Take over a turn that has no answer; false when somebody is answering it, or it is answered."""
    free = (turns.c.state.in_(("failed", "stopped", "interrupted"))) | (
        (turns.c.state == "asking") & (turns.c.claimed_until < now)
    )
    claim = (
        update(turns)
        .where(turns.c.id == turn_id, free)
        .values(state="asking", error="", asked_at=now, claimed_until=claimed_until)
    )
    return connection.execute(claim).rowcount == 1


def end_turn(connection: Connection, turn_id: str, state: TurnState, ended: Ended) -> None:
    """Write what became of a turn; one that is answered already stays as it is."""
    values: dict[str, Any] = {
        "state": state,
        "answer": plain_answer(ended.answer) if ended.answer is not None else None,
        "run_id": ended.run_id,
        "latency_ms": ended.latency_ms or {},
        "error": ended.error,
    }
    if ended.composed_by:
        values["composer"] = ended.composed_by[:COMPOSER_CHARS_MAX]
    connection.execute(update(turns).where(turns.c.id == turn_id, turns.c.state != "answered").values(values))


def interrupt_asking(connection: Connection) -> int:
    """Mark every turn that is under way as cut short: for a start after which nobody else can be answering."""
    cut = update(turns).where(turns.c.state == "asking").values(state="interrupted")
    return connection.execute(cut).rowcount


def get_turn(connection: Connection, conversation_id: str, turn_id: str, now: datetime) -> Turn | None:
    """One turn of a conversation."""
    query = select(turns).where(turns.c.conversation_id == conversation_id, turns.c.id == turn_id)
    row = connection.execute(query).one_or_none()
    return _turn(row, now) if row else None


def find_by_key(connection: Connection, conversation_id: str, key: str, now: datetime) -> Turn | None:
    """The turn that an earlier request with this key made."""
    query = select(turns).where(turns.c.conversation_id == conversation_id, turns.c.request_key == key)
    row = connection.execute(query).one_or_none()
    return _turn(row, now) if row else None


def list_turns(
    connection: Connection, conversation_id: str, now: datetime, *, limit: int, before: int | None = None
) -> list[Turn]:
    """The latest turns, or those before an ordinal, in the order in which they were asked."""
    query = select(turns).where(turns.c.conversation_id == conversation_id)
    if before is not None:
        query = query.where(turns.c.ordinal < before)
    rows = connection.execute(query.order_by(turns.c.ordinal.desc()).limit(limit)).all()
    return [_turn(row, now) for row in reversed(rows)]
