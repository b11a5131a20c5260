"""Links between documents, and the dates of clauses that follow from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, or_, select, update

from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, LinkProposal, StoredLink
from yinshu.kernel.knowledge.store.clauses import has_counted, in_parts
from yinshu.kernel.knowledge.tables import clauses, links, versions

_DATED_BY = (
    "id", "status", "ordinal", "archived_on", "published_on", "title", "number", "issued_on", "effective_from",
    "effective_to",
)  # fmt: skip
_LINKED_BY = ("id", "mark", "relation", "effective_on", "target_title", "target_number", "target_articles")


@dataclass(frozen=True)
class Period:
    """From when until when a clause counts: `end` is the first day no longer; None where there is no bound.

    `changed_on` is the day from which a part of its words is out of date.
    """

    first: date | None = None
    end: date | None = None
    changed_on: date | None = None


@dataclass(frozen=True)
class DatedClause:
    """What the time line needs to know of a clause."""

    clause_id: int
    version_id: str
    ordinal: int
    path: tuple[str, ...]
    article: str
    text: str
    period: Period


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


def list_links(connection: Connection, collection_id: str, also: str = "") -> list[StoredLink]:
    """The links that the versions of a collection state which count or did, but for those that a person refused."""
    query = (
        select(links)
        .join(versions, versions.c.id == links.c.from_version_id)
        .where(versions.c.collection_id == collection_id, or_(has_counted(), versions.c.id == also))
        .where(links.c.mark != "rejected")
        .order_by(links.c.id)
    )
    return [_link(row) for row in connection.execute(query)]


def amending_clauses(connection: Connection, document_ids: Iterable[str]) -> list[tuple[str, tuple[str, ...], int]]:
    """What changes articles of these documents: (document changed, articles named, id of the changing clause)."""
    query = (
        select(links.c.to_document_id, links.c.target_articles, clauses.c.id)
        .join(
            clauses, (clauses.c.version_id == links.c.from_version_id) & (clauses.c.ordinal == links.c.clause_ordinal)
        )
        .where(links.c.to_document_id.in_(list(document_ids)), links.c.relation == "amends")
        .order_by(clauses.c.id)
    )
    return [(row[0], tuple(row[1]), row[2]) for row in connection.execute(query)]


def set_link_targets(connection: Connection, targets: Mapping[str, str | None]) -> None:
    """Write which document each link (by id) means; None while the library holds no such document."""
    if targets:
        statement = update(links).where(links.c.id == bindparam("link")).values(to_document_id=bindparam("target"))
        connection.execute(statement, [{"link": link, "target": target} for link, target in targets.items()])


def clause_heads(connection: Connection, collection_id: str, also: str = "") -> dict[str, list[str]]:
    """By version, what the paths of its findable clauses begin with; those of the version `also` too."""
    head = clauses.c.path[0].as_string()
    query = select(clauses.c.version_id, head).where(_dated(collection_id, also)).distinct()
    heads: dict[str, list[str]] = {}
    for version_id, title in connection.execute(query):
        heads.setdefault(version_id, []).extend([title] if title else [])
    return heads


def dated_clauses(
    connection: Connection, collection_id: str, version_ids: Iterable[str], also: str = "", *, texts: bool = False
) -> list[DatedClause]:
    """The findable clauses of some versions of a collection, those of the version `also` too if it is one of them.

    By version and ordinal. Without `texts` their words are left empty.
    """
    wanted = ("id", "version_id", "ordinal", "path", "article", "effective_from", "effective_to", "changed_on")
    columns = [*(clauses.c[name] for name in wanted), *([clauses.c.text] if texts else [])]
    found: list[DatedClause] = []
    for part in in_parts(sorted(version_ids)):
        query = (
            select(*columns)
            .where(_dated(collection_id, also), clauses.c.version_id.in_(part))
            .order_by(clauses.c.version_id, clauses.c.ordinal)
        )
        found.extend(
            DatedClause(
                row.id,
                row.version_id,
                row.ordinal,
                tuple(row.path),
                row.article,
                row.text if texts else "",
                Period(row.effective_from, row.effective_to, row.changed_on),
            )
            for row in connection.execute(query)
        )
    return found


def _dated(collection_id: str, also: str) -> ColumnElement[bool]:
    """The rows of `clauses` that have dates: those that can be found, and those of a version that soon can be."""
    return and_(
        clauses.c.collection_id == collection_id,
        or_(clauses.c.status.in_(SEARCHABLE_STATUSES), clauses.c.version_id == also),
    )


def set_clause_periods(connection: Connection, periods: Mapping[int, Period]) -> None:
    """Write from when until when clauses (by id) are in force."""
    rows = [
        {"clause": clause_id, "first": one.first, "end": one.end, "changed": one.changed_on}
        for clause_id, one in periods.items()
    ]
    if rows:
        statement = (
            update(clauses)
            .where(clauses.c.id == bindparam("clause"))
            .values(effective_from=bindparam("first"), effective_to=bindparam("end"), changed_on=bindparam("changed"))
        )
        connection.execute(statement, rows)


def fingerprint(connection: Connection, collection_id: str) -> str:
    """Changes whenever a version of the collection comes or goes, or anything that dates rest on changes."""
    of_versions = (
        select(*(versions.c[name] for name in _DATED_BY))
        .where(versions.c.collection_id == collection_id)
        .order_by(versions.c.id)
    )
    of_links = (
        select(*(links.c[name] for name in _LINKED_BY))
        .join(versions, versions.c.id == links.c.from_version_id)
        .where(versions.c.collection_id == collection_id)
        .order_by(links.c.id)
    )
    digest = hashlib.sha256()
    for query in (of_versions, of_links):
        for row in connection.execute(query):
            digest.update(f"{tuple(row)}\n".encode())
    return digest.hexdigest()


def publication_days(connection: Connection, collection_id: str) -> dict[str, date | None]:
    """The day each version that counts or did of a collection was published here, by version id."""
    query = select(versions.c.id, versions.c.published_on).where(
        versions.c.collection_id == collection_id, has_counted()
    )
    return {row.id: row.published_on for row in connection.execute(query)}


def archival_days(connection: Connection, collection_id: str) -> dict[str, date]:
    """The first day on which each archived version of a collection no longer counts, by version id."""
    query = select(versions.c.id, versions.c.archived_on).where(
        versions.c.collection_id == collection_id,
        versions.c.status == "archived",
        versions.c.archived_on.is_not(None),
    )
    return {row.id: row.archived_on for row in connection.execute(query)}
