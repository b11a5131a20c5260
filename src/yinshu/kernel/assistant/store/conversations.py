"""Rows of conversations: who owns them, what they are called, in which order they are listed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    and_,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from yinshu.kernel.assistant.records import Conversation, ConversationPage
from yinshu.kernel.assistant.tables import attachments, conversation_shares, conversations, turns
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.identity import Subject, held_by

CURSOR_SEPARATOR = "~"
LIKE_ESCAPE = "\\"


def aware(moment: datetime) -> datetime:
    """SQLite forgets the zone; everything is kept in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _count(table: Any) -> ScalarSelect[int]:
    rows = select(func.count()).select_from(table).where(table.c.conversation_id == conversations.c.id)
    return rows.correlate(conversations).scalar_subquery()


_COLUMNS = (
    *conversations.c,
    _count(turns).label("turn_count"),
    _count(conversation_shares).label("share_count"),
)


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        row.id, row.owner, row.title, aware(row.created_at), aware(row.updated_at), row.turn_count, row.share_count
    )


def insert_conversation(connection: Connection, made: Conversation) -> None:
    """Keep a new conversation."""
    row = {
        "id": made.id,
        "owner": made.owner,
        "title": made.title,
        "created_at": made.created_at,
        "updated_at": made.updated_at,
    }
    connection.execute(insert(conversations).values(row))


def get_conversation(connection: Connection, conversation_id: str, *, lock: bool = False) -> Conversation | None:
    """The conversation of this id. With `lock`, other writers of it wait until the caller commits."""
    if lock:
        held = select(conversations.c.id).where(conversations.c.id == conversation_id).with_for_update()
        connection.execute(held).one_or_none()
    row = connection.execute(select(*_COLUMNS).where(conversations.c.id == conversation_id)).one_or_none()
    return _conversation(row) if row else None


def rename_conversation(connection: Connection, conversation_id: str, title: str) -> None:
    """Give it another title."""
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(title=title))


def touch_conversation(connection: Connection, conversation_id: str, now: datetime) -> None:
    """Something happened in it."""
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(updated_at=now))


def delete_conversation(connection: Connection, conversation_id: str) -> None:
    """Take it away with its turns, shares and attachments."""
    for table in (turns, conversation_shares, attachments):
        connection.execute(delete(table).where(table.c.conversation_id == conversation_id))
    connection.execute(delete(conversations).where(conversations.c.id == conversation_id))


def shared_to(subject: Subject) -> ColumnElement[bool]:
    """The conversations that are shared with the subject by any of the rights they hold today."""
    held = held_by(subject, conversation_shares.c.holder_kind, conversation_shares.c.holder_id)
    return conversations.c.id.in_(select(conversation_shares.c.conversation_id).where(held))


def list_conversations(
    connection: Connection, subject: Subject, *, shared: bool, limit: int, after: str | None = None
) -> ConversationPage:
    """One page, latest first: the subject's own, or those that others share with them.

    Raises BadArgument for a cursor that we did not give.
    """
    own = conversations.c.owner == subject.id
    query = select(*_COLUMNS).where(and_(shared_to(subject), not_(own)) if shared else own)
    if after:
        moment, last_id = _read_cursor(after)
        older = conversations.c.updated_at < moment
        query = query.where(or_(older, and_(conversations.c.updated_at == moment, conversations.c.id < last_id)))
    query = query.order_by(conversations.c.updated_at.desc(), conversations.c.id.desc()).limit(limit + 1)
    found = [_conversation(row) for row in connection.execute(query)]
    items = tuple(found[:limit])
    more = len(found) > limit
    return ConversationPage(
        items, f"{items[-1].updated_at.isoformat()}{CURSOR_SEPARATOR}{items[-1].id}" if more else None
    )


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    moment, _, last_id = cursor.partition(CURSOR_SEPARATOR)
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), last_id
    except ValueError:
        raise BadArgument("翻页位置不对，请从第一页重新打开列表。") from None


def find_conversations(connection: Connection, subject: Subject, words: str, limit: int) -> list[Conversation]:
    """Conversations the subject may read whose title or one of whose questions holds the words, latest first."""
    pattern = f"%{_escaped(words)}%"
    asked = select(turns.c.conversation_id).where(turns.c.question.ilike(pattern, escape=LIKE_ESCAPE))
    readable = or_(conversations.c.owner == subject.id, shared_to(subject))
    query = (
        select(*_COLUMNS)
        .where(
            readable,
            or_(conversations.c.title.ilike(pattern, escape=LIKE_ESCAPE), conversations.c.id.in_(asked)),
        )
        .order_by(conversations.c.updated_at.desc())
        .limit(limit)
    )
    return [_conversation(row) for row in connection.execute(query)]


def _escaped(words: str) -> str:
    for sign in (LIKE_ESCAPE, "%", "_"):
        words = words.replace(sign, LIKE_ESCAPE + sign)
    return words
