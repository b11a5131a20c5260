"""Collections: who sees them, how much they hold, and writing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError

from yinshu.kernel.identity import Subject, readable
from yinshu.kernel.knowledge.life.records import CollectionKind, Shelf
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES
from yinshu.kernel.knowledge.store.catalogue import aware
from yinshu.kernel.knowledge.tables import clauses, collections, documents


def _shelf(row: Row[Any], document_count: int = 0, clause_count: int = 0) -> Shelf:
    return Shelf(
        id=row.id,
        name=row.title or row.name,
        kind=row.kind,
        department_id=row.department_id,
        owner_id=row.owner_id,
        created_at=aware(row.created_at),
        documents=document_count,
        clauses=clause_count,
    )


def find_shelf(connection: Connection, collection_id: str) -> Shelf | None:
    """The collection of this id, without counts, or None."""
    row = connection.execute(select(collections).where(collections.c.id == collection_id)).one_or_none()
    return _shelf(row) if row else None


def is_closed(connection: Connection, subject: Subject, collection_id: str) -> bool:
    """Whether a collection is somebody else's own, which nobody enters, whatever their rights."""
    query = select(collections.c.id).where(collections.c.id == collection_id, not_(open_to(subject)))
    return connection.execute(query).first() is not None


def open_to(subject: Subject) -> ColumnElement[bool]:
    """The rows of `collections` that are not somebody else's own."""
    return or_(collections.c.kind != "personal", collections.c.owner_id == subject.id)


def list_shelves(connection: Connection, condition: ColumnElement[bool]) -> list[Shelf]:
    """The collections that meet a condition, by name, with counts of documents and findable clauses."""
    rows = connection.execute(select(collections).where(condition).order_by(collections.c.name)).all()
    counted = select(documents.c.collection_id, func.count()).group_by(documents.c.collection_id)
    in_documents = {row[0]: row[1] for row in connection.execute(counted)}
    findable = (
        select(clauses.c.collection_id, func.count())
        .where(clauses.c.status.in_(SEARCHABLE_STATUSES))
        .group_by(clauses.c.collection_id)
    )
    in_clauses = {row[0]: row[1] for row in connection.execute(findable)}
    return [_shelf(row, in_documents.get(row.id, 0), in_clauses.get(row.id, 0)) for row in rows]


def list_names(connection: Connection, condition: ColumnElement[bool] | None = None) -> list[Shelf]:
    """The collections that meet a condition (all of them without one), by name, without counts."""
    query = select(collections).order_by(collections.c.name)
    rows = connection.execute(query if condition is None else query.where(condition))
    return [_shelf(row) for row in rows]


def shelves_of(subject: Subject, actions: Sequence[Any]) -> ColumnElement[bool]:
    """The collections on which the subject may do one of the actions, or that are their own."""
    own = and_(collections.c.kind == "personal", collections.c.owner_id == subject.id)
    return or_(own, *(readable(subject, collections.c.id, action=action) for action in actions))


def count_personal(connection: Connection, owner_id: str) -> int:
    """How many collections a person has for themselves."""
    own = (collections.c.kind == "personal") & (collections.c.owner_id == owner_id)
    return connection.execute(select(func.count()).select_from(collections).where(own)).scalar_one()


def add_collection(
    connection: Connection,
    collection_id: str,
    *,
    name: str,
    title: str,
    kind: CollectionKind,
    department_id: str | None,
    owner_id: str | None,
    now: datetime,
) -> bool:
    """Make a collection; False when another one has taken the name meanwhile."""
    row = {"id": collection_id, "name": name, "title": title, "kind": kind, "axes": {}, "created_at": now}
    try:
        with connection.begin_nested():
            connection.execute(insert(collections).values(**row, department_id=department_id, owner_id=owner_id))
    except IntegrityError:
        return False
    return True


def change_collection(connection: Connection, collection_id: str, values: dict[str, str]) -> bool:
    """Give a collection another name or owner; False when the name is taken."""
    try:
        with connection.begin_nested():
            connection.execute(update(collections).where(collections.c.id == collection_id).values(values))
    except IntegrityError:
        return False
    return True


def stored_name(connection: Connection, collection_id: str) -> str:
    """The name that the database knows a collection by."""
    return str(connection.execute(select(collections.c.name).where(collections.c.id == collection_id)).scalar_one())
