"""Links between documents, and the dates of clauses that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, LinkProposal, StoredLink
from yinshu.kernel.knowledge.tables import clauses, links, versions

Period = tuple[date | None, date | None]
"""First day in force and first day no longer in force; None where there is no bound."""


@dataclass(frozen=True)
class DatedClause:
    """What the time line needs to know of a clause."""

    clause_id: int
    version_id: str
    ordinal: int
    path: tuple[str, ...]
    article: str
    effective_from: date | None
    effective_to: date | None


def _link(row: Row[Any, Any]) -> StoredLink:
    proposal = LinkProposal(
        relation=row.relation,
        target_title=row.target_title,
        target_number=row.target_number,
        quote=row.quote,
        clause_ordinal=row.clause_ordinal,
        target_articles=tuple(row.target_articles),
        target_issued_on=row.target_issued_on,
        partial=row.partial,
        effective_on=row.effective_on,
        mark=row.mark,
    )
    return StoredLink(row.id, row.from_version_id, row.to_document_id, proposal)


def list_links(connection: Connection, collection_id: str) -> list[StoredLink]:
    """The links that the findable versions of a collection state, in the order of their making."""
    query = (
        select(links)
        .join(versions, versions.c.id == links.c.from_version_id)
        .where(versions.c.collection_id == collection_id, versions.c.status.in_(SEARCHABLE_STATUSES))
        .order_by(links.c.id)
    )
    return [_link(row) for row in connection.execute(query)]


def set_link_targets(connection: Connection, targets: Mapping[str, str | None]) -> None:
    """Write which document each link (by id) means; None while the library holds no such document."""
    if targets:
        statement = update(links).where(links.c.id == bindparam("link")).values(to_document_id=bindparam("target"))
        connection.execute(statement, [{"link": link, "target": target} for link, target in targets.items()])


def dated_clauses(connection: Connection, collection_id: str) -> list[DatedClause]:
    """The findable clauses of a collection with their dates, by version and ordinal."""
    query = (
        select(
            clauses.c.id,
            clauses.c.version_id,
            clauses.c.ordinal,
            clauses.c.path,
            clauses.c.article,
            clauses.c.effective_from,
            clauses.c.effective_to,
        )
        .where(clauses.c.collection_id == collection_id, clauses.c.status.in_(SEARCHABLE_STATUSES))
        .order_by(clauses.c.version_id, clauses.c.ordinal)
    )
    return [
        DatedClause(
            row.id, row.version_id, row.ordinal, tuple(row.path), row.article, row.effective_from, row.effective_to
        )
        for row in connection.execute(query)
    ]


def set_clause_periods(connection: Connection, periods: Iterable[tuple[int, Period]]) -> None:
    """Write from when until when clauses (by id) are in force."""
    rows = [{"clause": clause_id, "first": first, "end": end} for clause_id, (first, end) in periods]
    if rows:
        statement = (
            update(clauses)
            .where(clauses.c.id == bindparam("clause"))
            .values(effective_from=bindparam("first"), effective_to=bindparam("end"))
        )
        connection.execute(statement, rows)


def publication_days(connection: Connection, collection_id: str) -> dict[str, date | None]:
    """The day each findable version of a collection was published here, by version id."""
    query = select(versions.c.id, versions.c.published_on).where(
        versions.c.collection_id == collection_id, versions.c.status.in_(SEARCHABLE_STATUSES)
    )
    return {row.id: row.published_on for row in connection.execute(query)}
