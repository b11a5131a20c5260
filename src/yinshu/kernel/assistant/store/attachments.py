"""Rows of files dropped into a conversation, with the clauses read from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from yinshu.kernel.assistant.records import Attachment
from yinshu.kernel.assistant.store.conversations import aware
from yinshu.kernel.assistant.tables import attachments

_CARD = tuple(column for column in attachments.c if column.name not in ("content", "clauses"))


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        id=row.id,
        conversation_id=row.conversation_id,
        name=row.name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        clauses=row.clause_count,
        added_at=aware(row.added_at),
        warnings=tuple(row.warnings),
    )


def add_attachment(
    connection: Connection, added: Attachment, content: bytes, clauses: Sequence[dict[str, Any]]
) -> None:
    """Keep a file and its clauses (plain JSON)."""
    row = {
        "id": added.id,
        "conversation_id": added.conversation_id,
        "name": added.name,
        "media_type": added.media_type,
        "size_bytes": added.size_bytes,
        "sha256": added.sha256,
        "content": content,
        "clauses": list(clauses),
        "clause_count": added.clauses,
        "warnings": list(added.warnings),
        "added_at": added.added_at,
    }
    connection.execute(insert(attachments).values(row))


def count_attachments(connection: Connection, conversation_id: str) -> tuple[int, int]:
    """How many files a conversation has, and how many clauses they have together."""
    counted = select(func.count(), func.coalesce(func.sum(attachments.c.clause_count), 0))
    row = connection.execute(counted.where(attachments.c.conversation_id == conversation_id)).one()
    return int(row[0]), int(row[1])


def list_attachments(connection: Connection, conversation_id: str) -> list[Attachment]:
    """The files of a conversation, oldest first."""
    query = select(*_CARD).where(attachments.c.conversation_id == conversation_id).order_by(attachments.c.id)
    return [_attachment(row) for row in connection.execute(query)]


def get_attachments(connection: Connection, conversation_id: str, ids: Sequence[str]) -> list[Attachment]:
    """Those of the files that belong to this conversation."""
    query = select(*_CARD).where(attachments.c.conversation_id == conversation_id, attachments.c.id.in_(ids))
    return [_attachment(row) for row in connection.execute(query.order_by(attachments.c.id))]


def attached_clauses(connection: Connection, conversation_id: str, ids: Sequence[str]) -> dict[str, list[Any]]:
    """The clauses of the files as plain JSON, by file."""
    own = (attachments.c.conversation_id == conversation_id) & attachments.c.id.in_(ids)
    query = select(attachments.c.id, attachments.c.clauses).where(own)
    return {row.id: row.clauses for row in connection.execute(query)}


def attachment_content(connection: Connection, conversation_id: str, attachment_id: str) -> bytes | None:
    """The file as it was uploaded."""
    own = (attachments.c.conversation_id == conversation_id) & (attachments.c.id == attachment_id)
    found: bytes | None = connection.execute(select(attachments.c.content).where(own)).scalar_one_or_none()
    return found


def remove_attachment(connection: Connection, conversation_id: str, attachment_id: str) -> bool:
    """Take a file away; false when there is none."""
    own = (attachments.c.conversation_id == conversation_id) & (attachments.c.id == attachment_id)
    return connection.execute(delete(attachments).where(own)).rowcount > 0
