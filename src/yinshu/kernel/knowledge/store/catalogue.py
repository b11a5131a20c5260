"""The library as people see it: collections, lists of documents, versions and their texts, within their rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from yinshu.kernel.identity import Subject, readable
from yinshu.kernel.knowledge.life.records import (
    DocumentFacts,
    DocumentSort,
    ListedDocument,
    SeenLink,
    VersionFile,
)
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, Proposed, Status
from yinshu.kernel.knowledge.store.clauses import _VERSION_COLUMNS, _version, in_parts
from yinshu.kernel.knowledge.store.links import _link
from yinshu.kernel.knowledge.tables import clauses, documents, links, versions

UNDER_WAY: tuple[Status, ...] = ("draft", "in_review")
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
_STANDING = case(
    (versions.c.status == "published", 0),
    (versions.c.status == "in_review", 1),
    (versions.c.status == "draft", 2),
    (versions.c.status == "superseded", 3),
    else_=4,
)
"""Which version stands for its document: the published one, else the one under way, else the last that was."""


def aware(moment: datetime) -> datetime:
    """The moment with its zone, which SQLite does not keep: UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# ---- rights as conditions ----


def readable_documents(subject: Subject) -> ColumnElement[bool]:
    """The rows of `documents` that the subject may read."""
    return readable(subject, documents.c.collection_id, documents.c.id, documents.c.level)


def visible_versions(subject: Subject) -> ColumnElement[bool]:
    """The rows of `versions` (with their `documents`) that the subject may see.

    What was published is there for every reader; what is under way, or was a slip, only for those who work on it.
    """
    shown = or_(
        versions.c.status.in_(SEARCHABLE_STATUSES),
        and_(versions.c.status == "archived", versions.c.archived_on.is_not(None)),
    )
    working = [
        readable(subject, documents.c.collection_id, documents.c.id, documents.c.level, action=action)
        for action in ("ingest", "publish", "manage")
    ]
    return and_(readable_documents(subject), or_(shown, versions.c.created_by == subject.id, *working))


# ---- lists of documents ----


def _sorted_by(sort: DocumentSort) -> tuple[ColumnElement[Any], bool]:
    """The column to sort by and whether it descends."""
    if sort == "title":
        return versions.c.title, False
    if sort == "newest":
        return versions.c.created_at, True
    if sort == "effective":
        return func.coalesce(versions.c.effective_from, FIRST_DAY), True
    return func.coalesce(documents.c.review_on, LAST_DAY), False


def wanted_versions(subject: Subject, collection_id: str, status: Status | None, words: str) -> ColumnElement[bool]:
    """The versions of a collection that a list is made of: visible, of a status, with words in title or number."""
    wanted: list[ColumnElement[bool]] = [documents.c.collection_id == collection_id, visible_versions(subject)]
    if status is not None:
        wanted.append(versions.c.status == status)
    if words:
        fields = (versions.c.title, versions.c.number, documents.c.file_name)
        wanted.append(or_(*(field.icontains(words, autoescape=True) for field in fields)))
    return and_(*wanted)


def count_documents(connection: Connection, wanted: ColumnElement[bool]) -> int:
    """How many documents have a wanted version."""
    query = (
        select(func.count(versions.c.document_id.distinct()))
        .join(documents, documents.c.id == versions.c.document_id)
        .where(wanted)
    )
    return connection.execute(query).scalar_one()


def list_documents(
    connection: Connection,
    subject: Subject,
    wanted: ColumnElement[bool],
    *,
    sort: DocumentSort,
    limit: int,
    after: tuple[Any, str] | None = None,
) -> list[tuple[ListedDocument, Any]]:
    """A page of the documents with wanted versions, each with its value of the sort, for the next page's `after`."""
    place = func.row_number().over(partition_by=versions.c.document_id, order_by=(_STANDING, versions.c.ordinal.desc()))
    of_documents = (
        select(versions.c.id, place.label("place"))
        .join(documents, documents.c.id == versions.c.document_id)
        .where(wanted)
        .subquery()
    )
    column, descends = _sorted_by(sort)
    query = (
        _select_listed(column)
        .join(of_documents, and_(of_documents.c.id == versions.c.id, of_documents.c.place == 1))
        .order_by(column.desc() if descends else column.asc(), documents.c.id)
        .limit(limit)
    )
    if after is not None:
        beyond = column < after[0] if descends else column > after[0]
        query = query.where(or_(beyond, and_(column == after[0], documents.c.id > after[1])))
    rows = connection.execute(query).all()
    pending = _pending(connection, subject, [row.document_id for row in rows])
    ended = ended_days(connection, [row.version_id for row in rows])
    return [(replace(_listed(row, pending), ended_on=ended.get(row.version_id)), row.sort_value) for row in rows]


def ended_days(connection: Connection, version_ids: Sequence[str]) -> dict[str, date]:
    """Version to the first day on which none of its clauses is in force any more; one that goes on is left out."""
    found: dict[str, date] = {}
    last = func.max(clauses.c.effective_to)
    for part in in_parts(version_ids):
        query = (
            select(clauses.c.version_id, last.label("day"))
            .where(clauses.c.version_id.in_(part))
            .group_by(clauses.c.version_id)
            .having(func.count() == func.count(clauses.c.effective_to))
        )
        found.update((row.version_id, row.day) for row in connection.execute(query))
    return found


def _select_listed(column: ColumnElement[Any]) -> Select[Any]:
    return (
        select(
            *_VERSION_COLUMNS,
            versions.c.page_count,
            versions.c.published_on,
            documents.c.level,
            documents.c.owner_id,
            documents.c.review_on,
            versions.c.created_at,
            column.label("sort_value"),
        )
        .select_from(versions)
        .join(documents, documents.c.id == versions.c.document_id)
    )


def _listed(row: Row[Any], pending: dict[str, tuple[int, Status]]) -> ListedDocument:
    version = _version(row)
    newer = pending.get(version.document_id)
    return ListedDocument(
        version=version,
        level=row.level,
        owner_id=row.owner_id,
        review_on=row.review_on,
        changed_at=aware(row.created_at),
        page_count=row.page_count,
        published_on=row.published_on,
        pending=newer[1] if newer and newer[0] > version.ordinal else None,
    )


def _pending(connection: Connection, subject: Subject, document_ids: Sequence[str]) -> dict[str, tuple[int, Status]]:
    """Document to the ordinal and status of its newest version under way that the subject may see."""
    found: dict[str, tuple[int, Status]] = {}
    for part in in_parts(document_ids):
        query = (
            select(versions.c.document_id, versions.c.ordinal, versions.c.status)
            .join(documents, documents.c.id == versions.c.document_id)
            .where(versions.c.document_id.in_(part), versions.c.status.in_(UNDER_WAY), visible_versions(subject))
            .order_by(versions.c.ordinal)
        )
        found.update((row.document_id, (row.ordinal, row.status)) for row in connection.execute(query))
    return found


def overdue_documents(connection: Connection, subject: Subject, today: date, limit: int) -> list[ListedDocument]:
    """Published documents whose day of review has come, the longest overdue first."""
    query = (
        _select_listed(documents.c.review_on)
        .where(documents.c.review_on <= today, versions.c.status == "published", readable_documents(subject))
        .order_by(documents.c.review_on, documents.c.id)
        .limit(limit)
    )
    return [_listed(row, {}) for row in connection.execute(query)]


# ---- one document ----


def find_document(connection: Connection, document_id: str) -> DocumentFacts | None:
    """The document of this id, or None."""
    row = connection.execute(select(documents).where(documents.c.id == document_id)).one_or_none()
    if row is None:
        return None
    return DocumentFacts(
        document_id=row.id,
        collection_id=row.collection_id,
        file_name=row.file_name,
        title=row.title,
        level=row.level,
        owner_id=row.owner_id,
        review_on=row.review_on,
        created_at=aware(row.created_at),
    )


_FILE_COLUMNS = (
    "content_sha256",
    "media_type",
    "size_bytes",
    "page_count",
    "from_ocr",
    "warnings",
    "bulk_loaded",
    "created_by",
    "published_on",
    "publish_on",
    "archived_on",
)


def _select_files() -> Select[Any]:
    return select(
        *_VERSION_COLUMNS,
        *(versions.c[name] for name in _FILE_COLUMNS),
        versions.c.created_at,
        versions.c.card,
    ).join(documents, documents.c.id == versions.c.document_id)


def _file(row: Row[Any]) -> VersionFile:
    fields: dict[str, Any] = (row.card or {}).get("fields", {})
    own: dict[str, Any] = {name: getattr(row, name) for name in _FILE_COLUMNS}
    own["warnings"] = tuple(row.warnings)
    return VersionFile(
        info=_version(row),
        created_at=aware(row.created_at),
        card={name: Proposed(**value) for name, value in fields.items()},
        **own,
    )


def find_version_file(connection: Connection, version_id: str) -> VersionFile | None:
    """The version of this id, or None."""
    row = connection.execute(_select_files().where(versions.c.id == version_id)).one_or_none()
    return _file(row) if row else None


def visible_files(connection: Connection, subject: Subject, document_id: str) -> list[VersionFile]:
    """The versions of a document that the subject may see, newest first."""
    query = (
        _select_files()
        .where(versions.c.document_id == document_id, visible_versions(subject))
        .order_by(versions.c.ordinal.desc())
    )
    return [_file(row) for row in connection.execute(query)]


def files_named(connection: Connection, subject: Subject, file_name: str) -> list[VersionFile]:
    """Every version of the files of this name that the subject may see."""
    query = _select_files().where(documents.c.file_name == file_name, visible_versions(subject))
    return [_file(row) for row in connection.execute(query.order_by(versions.c.document_id, versions.c.ordinal))]


def published_version(connection: Connection, document_id: str) -> str | None:
    """The id of a document's published version, or None."""
    query = select(versions.c.id).where(versions.c.document_id == document_id, versions.c.status == "published")
    return connection.execute(query).scalar_one_or_none()


def is_visible(connection: Connection, subject: Subject, version_id: str) -> bool:
    """Whether there is such a version and the subject may see it."""
    query = (
        select(versions.c.id)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(versions.c.id == version_id, visible_versions(subject))
    )
    return connection.execute(query).one_or_none() is not None


def links_of(connection: Connection, subject: Subject, document_id: str) -> list[SeenLink]:
    """What a document's visible versions say of others, and what others that the subject may see say of it.

    A target that the subject may not read is as if the library did not hold it.
    """
    target = documents.alias("target")
    query = (
        select(
            links,
            versions.c.document_id.label("from_document_id"),
            versions.c.title.label("from_title"),
            target.c.id.label("seen_document_id"),
            target.c.title.label("to_title"),
            clauses.c.id.label("clause_id"),
            clauses.c.article,
            clauses.c.page,
        )
        .join(versions, versions.c.id == links.c.from_version_id)
        .join(documents, documents.c.id == versions.c.document_id)
        .join(
            target,
            and_(
                target.c.id == links.c.to_document_id,
                readable(subject, target.c.collection_id, target.c.id, target.c.level),
            ),
            isouter=True,
        )
        .join(
            clauses,
            and_(clauses.c.version_id == versions.c.id, clauses.c.ordinal == links.c.clause_ordinal),
            isouter=True,
        )
        .where(or_(versions.c.document_id == document_id, links.c.to_document_id == document_id))
        .where(visible_versions(subject))
        .order_by(versions.c.ordinal.desc(), links.c.clause_ordinal, links.c.id)
    )
    return [
        SeenLink(
            replace(_link(row), to_document_id=row.seen_document_id),
            row.from_document_id,
            row.from_title,
            row.to_title,
            row.clause_id,
            row.article,
            row.page,
        )
        for row in connection.execute(query)
    ]
