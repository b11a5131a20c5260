"""The clauses of versions as they are read, compared and counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, func, or_, select

from yinshu.kernel.knowledge.life.records import ReadClause
from yinshu.kernel.knowledge.records import StoredClause
from yinshu.kernel.knowledge.store.clauses import _box, get_clauses, in_parts
from yinshu.kernel.knowledge.tables import clauses


def read_text(connection: Connection, version_id: str) -> list[ReadClause]:
    """Every clause of a version in reading order, with the cells of tables."""
    query = select(clauses).where(clauses.c.version_id == version_id).order_by(clauses.c.ordinal)
    return [
        ReadClause(
            clause_id=row.id,
            ordinal=row.ordinal,
            path=tuple(row.path),
            article=row.article,
            heading=row.heading,
            kind=row.kind,
            lead=row.lead,
            text=row.text,
            page=row.page,
            box=_box(row.box),
            rows=tuple(tuple(cells) for cells in row.rows or ()),
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            changed_on=row.changed_on,
        )
        for row in connection.execute(query)
    ]


def count_published(connection: Connection, collection_ids: Sequence[str]) -> int:
    """How many published clauses collections hold."""
    query = (
        select(func.count())
        .select_from(clauses)
        .where(clauses.c.collection_id.in_(collection_ids), clauses.c.status == "published")
    )
    return connection.execute(query).scalar_one()


def clauses_in_force(
    connection: Connection, collection_ids: Sequence[str], day: date, limit: int
) -> list[StoredClause]:
    """The published clauses of collections that count on a day, by id."""
    query = (
        select(clauses.c.id)
        .where(
            clauses.c.collection_id.in_(collection_ids),
            clauses.c.status == "published",
            or_(clauses.c.effective_from.is_(None), clauses.c.effective_from <= day),
            or_(clauses.c.effective_to.is_(None), clauses.c.effective_to > day),
        )
        .order_by(clauses.c.id)
        .limit(limit)
    )
    return get_clauses(connection, list(connection.execute(query).scalars()))


def clause_places(
    connection: Connection, version_id: str, ordinals: Iterable[int]
) -> dict[int, tuple[int, str, int | None]]:
    """Ordinal of a clause to its id, article and page."""
    found: dict[int, tuple[int, str, int | None]] = {}
    for part in in_parts(sorted(set(ordinals))):
        query = select(clauses.c.ordinal, clauses.c.id, clauses.c.article, clauses.c.page).where(
            clauses.c.version_id == version_id, clauses.c.ordinal.in_(part)
        )
        found.update((row.ordinal, (row.id, row.article, row.page)) for row in connection.execute(query))
    return found
