"""Writing collections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from yinshu.kernel.knowledge.life.records import CollectionKind
from yinshu.kernel.knowledge.tables import collections


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
