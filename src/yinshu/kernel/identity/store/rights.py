"""The permission decision as a condition on rows, and the grants that it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, false, insert, or_, select, true

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity.permission import reach, sees_everything
from yinshu.kernel.identity.records import HOLDER_KINDS, Action, Grant, GrantedAction, Holder, ResourceKind, Subject
from yinshu.kernel.identity.tables import grants


def readable(
    subject: Subject,
    collection_id: ColumnElement[str],
    document_id: ColumnElement[str] | None = None,
    level: ColumnElement[int] | None = None,
    *,
    action: Action = "read",
) -> ColumnElement[bool]:
    """The rows that `may(subject, action, ...)` allows.

    With the column of collection ids alone, the rows are collections. Rows of documents (or of what belongs to
    documents) give their columns of document ids and of levels (0 public to 3 secret) too.
    """
    within = reach(subject, action)
    if within.everything:
        return true()
    if document_id is None or level is None:
        visible = sorted(within.collection_ids - within.denied_collection_ids)
        return collection_id.in_(visible) if visible else false()
    allowed = or_(
        collection_id.in_(sorted(within.collection_ids)) if within.collection_ids else false(),
        document_id.in_(sorted(within.document_ids)) if within.document_ids else false(),
    )
    conditions: list[ColumnElement[bool]] = [allowed, level <= within.level_max]
    if within.denied_collection_ids:
        conditions.append(collection_id.not_in(sorted(within.denied_collection_ids)))
    if within.denied_document_ids:
        conditions.append(document_id.not_in(sorted(within.denied_document_ids)))
    return and_(*conditions)


def held_by(subject: Subject, holder_kind: ColumnElement[str], holder_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The rows whose holder (two columns: department, post, role or person, and its id) takes in the subject."""
    if sees_everything(subject):
        return true()
    by_kind: dict[str, list[str]] = {}
    for holder in subject.holders:
        by_kind.setdefault(holder.kind, []).append(holder.id)
    return or_(*(and_(holder_kind == kind, holder_id.in_(sorted(ids))) for kind, ids in sorted(by_kind.items())))


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        row.id, row.resource_kind, row.resource_id, Holder(row.holder_kind, row.holder_id), row.action, row.effect
    )


# Made once: this is asked at the beginning of every request.
_HELD = select(
    grants.c.id,
    grants.c.resource_kind,
    grants.c.resource_id,
    grants.c.holder_kind,
    grants.c.holder_id,
    grants.c.action,
    grants.c.effect,
).where(
    or_(
        *(
            and_(grants.c.holder_kind == kind, grants.c.holder_id.in_(bindparam(kind, expanding=True)))
            for kind in HOLDER_KINDS
        )
    )
)


def grants_held(connection: Connection, subject: Subject) -> tuple[Grant, ...]:
    """Every grant that concerns the subject, in no order."""
    ids: dict[str, list[str]] = {kind: [] for kind in HOLDER_KINDS}
    for holder in subject.holders:
        ids[holder.kind].append(holder.id)
    return tuple(
        Grant(grant_id, kind, resource_id, Holder(holder_kind, holder_id), action, effect)
        for grant_id, kind, resource_id, holder_kind, holder_id, action, effect in connection.execute(_HELD, ids)
    )


def grants_on(connection: Connection, kind: ResourceKind, resource_id: str) -> list[Grant]:
    """Every grant on one collection or document, oldest first."""
    query = (
        select(grants)
        .where(grants.c.resource_kind == kind, grants.c.resource_id == resource_id)
        .order_by(grants.c.created_at, grants.c.id)
    )
    return [_grant(row) for row in connection.execute(query)]


def find_grant(connection: Connection, grant_id: str) -> Grant | None:
    """The grant of this id, or None."""
    row = connection.execute(select(grants).where(grants.c.id == grant_id)).one_or_none()
    return _grant(row) if row else None


def add_grants(
    connection: Connection,
    kind: ResourceKind,
    resource_id: str,
    holder: Holder,
    actions: Iterable[GrantedAction],
    *,
    effect: str = "allow",
    granted_by: str,
    now: datetime,
) -> list[Grant]:
    """Give a holder rights on a resource; those that are there already stay as they are."""
    given: list[Grant] = []
    for action in actions:
        same = and_(
            grants.c.resource_kind == kind,
            grants.c.resource_id == resource_id,
            grants.c.holder_kind == holder.kind,
            grants.c.holder_id == holder.id,
            grants.c.action == action,
            grants.c.effect == effect,
        )
        known = connection.execute(select(grants).where(same)).one_or_none()
        if known is None:
            row = {"id": new_id("grt"), "resource_kind": kind, "resource_id": resource_id, "holder_kind": holder.kind}
            row |= {"holder_id": holder.id, "action": action, "effect": effect, "granted_by": granted_by}
            connection.execute(insert(grants).values(**row, created_at=now))
            known = connection.execute(select(grants).where(same)).one()
        given.append(_grant(known))
    return given


def remove_grant(connection: Connection, grant_id: str) -> bool:
    """Take a grant back; whether it was there."""
    return connection.execute(delete(grants).where(grants.c.id == grant_id)).rowcount > 0


def forget_resource(connection: Connection, kind: ResourceKind, resource_id: str) -> None:
    """Take back every grant on a resource that is no more."""
    connection.execute(delete(grants).where(grants.c.resource_kind == kind, grants.c.resource_id == resource_id))


def move_grants(
    connection: Connection,
    from_person: str,
    to_person: str,
    *,
    except_collections: Collection[str] = (),
    now: datetime,
) -> int:
    """Give one person's own rights to another person (a leaver's work is handed over); how many there were.

    Rights on `except_collections` are not given on; they stay with the one who left.
    """
    own = and_(grants.c.holder_kind == "person", grants.c.holder_id == from_person)
    own = and_(own, grants.c.effect == "allow", grants.c.resource_id.not_in(sorted(except_collections)))
    moved = [_grant(row) for row in connection.execute(select(grants).where(own))]
    for one in moved:
        add_grants(
            connection,
            one.resource_kind,
            one.resource_id,
            Holder("person", to_person),
            [one.action],
            granted_by=from_person,
            now=now,
        )
    connection.execute(delete(grants).where(own))
    return len(moved)
