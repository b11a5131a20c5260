"""Rows of rights to read a conversation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select

from yinshu.kernel.assistant.records import Share
from yinshu.kernel.assistant.store.conversations import aware
from yinshu.kernel.assistant.tables import conversation_shares
from yinshu.kernel.identity import Holder, Subject, held_by


def _share(row: Row[Any]) -> Share:
    holder = Holder(row.holder_kind, row.holder_id)
    return Share(row.id, row.conversation_id, holder, row.shared_by, aware(row.shared_at))


def list_shares(connection: Connection, conversation_id: str) -> list[Share]:
    """To whom a conversation is shared, oldest first."""
    query = (
        select(conversation_shares)
        .where(conversation_shares.c.conversation_id == conversation_id)
        .order_by(conversation_shares.c.id)
    )
    return [_share(row) for row in connection.execute(query)]


def add_share(connection: Connection, share: Share) -> None:
    """Give a holder the right; the caller has looked whether it is there already."""
    row = {
        "id": share.id,
        "conversation_id": share.conversation_id,
        "holder_kind": share.holder.kind,
        "holder_id": share.holder.id,
        "shared_by": share.shared_by,
        "shared_at": share.shared_at,
    }
    connection.execute(insert(conversation_shares).values(row))


def remove_share(connection: Connection, conversation_id: str, holder: Holder) -> bool:
    """Take the right back; false when the holder had none."""
    own = (
        (conversation_shares.c.conversation_id == conversation_id)
        & (conversation_shares.c.holder_kind == holder.kind)
        & (conversation_shares.c.holder_id == holder.id)
    )
    return connection.execute(delete(conversation_shares).where(own)).rowcount > 0


def shared_with(connection: Connection, conversation_id: str, subject: Subject) -> bool:
    """Whether the subject may read the conversation by a share, as they stand today."""
    found = exists().where(
        conversation_shares.c.conversation_id == conversation_id,
        held_by(subject, conversation_shares.c.holder_kind, conversation_shares.c.holder_id),
    )
    return bool(connection.execute(select(found)).scalar_one())
