"""Reading the knowledge room's tables: collections, documents, versions and clauses as frozen records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.documents.records import Box
from yinshu.kernel.knowledge.records import (
    SEARCHABLE_STATUSES,
    Collection,
    CollectionCounts,
    SearchScope,
    Status,
    StoredClause,
    VersionInfo,
)
from yinshu.kernel.knowledge.tables import clauses, collections, documents, versions

IDS_PER_QUERY = 500
"""Databases limit the parameters of one statement; longer lists are asked for in parts."""
NAMES_IN_MESSAGE = 10

_VERSION_COLUMNS = (
    versions.c.id.label("version_id"),
    versions.c.document_id,
    versions.c.collection_id,
    versions.c.title,
    documents.c.file_name,
    versions.c.number,
    versions.c.issuer,
    versions.c.kind,
    versions.c.status,
    versions.c.ordinal,
    versions.c.issued_on,
    versions.c.effective_from,
    versions.c.effective_to,
    versions.c.aliases,
    documents.c.level,
)


def in_parts(ids: Iterable[Any], size: int = IDS_PER_QUERY) -> Iterable[list[Any]]:
    """The ids in lists of at most `size`."""
    everything = list(ids)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def in_scope(scope: SearchScope) -> ColumnElement[bool]:
    """The scope as a condition on `clauses`: the asker's rights, findable status, and in force on the day."""
    conditions: list[ColumnElement[bool]] = [
        within_rights(scope, clauses.c.collection_id, clauses.c.document_id, clauses.c.level),
        clauses.c.status.in_(SEARCHABLE_STATUSES),
    ]
    if not scope.include_not_in_force:
        conditions.append(or_(clauses.c.effective_from.is_(None), clauses.c.effective_from <= scope.as_of))
        conditions.append(or_(clauses.c.effective_to.is_(None), clauses.c.effective_to > scope.as_of))
    return and_(*conditions)


def within_rights(
    scope: SearchScope,
    collection_id: ColumnElement[str],
    document_id: ColumnElement[str],
    level: ColumnElement[int],
) -> ColumnElement[bool]:
    """The rights of the scope, without its dates, as a condition on rows with these columns."""
    inside: ColumnElement[bool] = collection_id.in_(scope.collection_ids)
    if scope.document_ids:
        inside = or_(inside, document_id.in_(scope.document_ids))
    conditions = [inside, level <= scope.level_max]
    if scope.denied_document_ids:
        conditions.append(document_id.not_in(scope.denied_document_ids))
    return and_(*conditions)


# ---- collections ----


def _collection(row: Row[Any]) -> Collection:
    created_at = row.created_at if row.created_at.tzinfo else row.created_at.replace(tzinfo=UTC)
    return Collection(row.id, row.name, row.axes, created_at)


def list_collections(connection: Connection) -> list[Collection]:
    """Every collection, by name."""
    return [_collection(row) for row in connection.execute(select(collections).order_by(collections.c.name))]


def find_collection(connection: Connection, name: str) -> Collection | None:
    """The collection of this name, or None."""
    row = connection.execute(select(collections).where(collections.c.name == name)).one_or_none()
    return _collection(row) if row else None


def get_collection(connection: Connection, name: str) -> Collection:
    """The collection of this name; `NotFound` names those that exist."""
    found = find_collection(connection, name)
    if found is None:
        names = [item.name for item in list_collections(connection)][:NAMES_IN_MESSAGE]
        known = f"现有资料库：{'、'.join(names)}。" if names else "目前还没有任何资料库。"
        raise NotFound(f"没有名为“{name}”的资料库。{known}请核对名称，或先用 yinshu knowledge ingest 导入。")
    return found


def count_collection(connection: Connection, collection_id: str, scope: SearchScope) -> CollectionCounts:
    """How many documents, versions and findable clauses of a collection lie within the rights of the scope."""
    of_document = within_rights(scope, documents.c.collection_id, documents.c.id, documents.c.level)
    seen = select(documents.c.id).where(documents.c.collection_id == collection_id, of_document)
    counts = [
        connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()
        for table, condition in (
            (documents, documents.c.id.in_(seen)),
            (versions, and_(versions.c.collection_id == collection_id, versions.c.document_id.in_(seen))),
            (
                clauses,
                and_(
                    clauses.c.collection_id == collection_id,
                    clauses.c.status.in_(SEARCHABLE_STATUSES),
                    within_rights(scope, clauses.c.collection_id, clauses.c.document_id, clauses.c.level),
                ),
            ),
        )
    ]
    return CollectionCounts(*counts)


# ---- versions ----


def _version(row: Row[Any]) -> VersionInfo:
    return VersionInfo(
        version_id=row.version_id,
        document_id=row.document_id,
        collection_id=row.collection_id,
        title=row.title,
        file_name=row.file_name,
        number=row.number,
        issuer=row.issuer,
        kind=row.kind,
        status=row.status,
        ordinal=row.ordinal,
        issued_on=row.issued_on,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        aliases=tuple(row.aliases),
        level=row.level,
    )


def _select_versions() -> Select[Any]:
    return select(*_VERSION_COLUMNS).join(documents, documents.c.id == versions.c.document_id)


def has_counted() -> ColumnElement[bool]:
    """The rows of `versions` that count or did: published, superseded, or archived after they had been in force."""
    ended = and_(versions.c.status == "archived", versions.c.archived_on.is_not(None))
    return or_(versions.c.status.in_(SEARCHABLE_STATUSES), ended)


def list_versions(
    connection: Connection, collection_id: str, *, statuses: Sequence[Status] = SEARCHABLE_STATUSES
) -> list[VersionInfo]:
    """The versions of a collection in these statuses, by file name and ordinal."""
    return _listed_versions(connection, collection_id, versions.c.status.in_(statuses))


def list_counted_versions(connection: Connection, collection_id: str, also: str = "") -> list[VersionInfo]:
    """The versions of a collection that count or did, by file name and ordinal: the history that dates rest on.

    `also` is a version that is about to count.
    """
    return _listed_versions(connection, collection_id, or_(has_counted(), versions.c.id == also))


def _listed_versions(connection: Connection, collection_id: str, condition: ColumnElement[bool]) -> list[VersionInfo]:
    query = (
        _select_versions()
        .where(versions.c.collection_id == collection_id, condition)
        .order_by(documents.c.file_name, versions.c.ordinal)
    )
    return [_version(row) for row in connection.execute(query)]


def versions_state(connection: Connection, collection_ids: Sequence[str]) -> tuple[tuple[object, ...], ...]:
    """A value that differs once versions of the collections came, went or changed their status."""
    query = (
        select(versions.c.collection_id, versions.c.status, func.count(), func.max(versions.c.created_at))
        .where(versions.c.collection_id.in_(collection_ids))
        .group_by(versions.c.collection_id, versions.c.status)
        .order_by(versions.c.collection_id, versions.c.status)
    )
    return tuple(tuple(row) for row in connection.execute(query))


def get_versions(connection: Connection, version_ids: Iterable[str]) -> dict[str, VersionInfo]:
    """The versions of these ids, by id; unknown ids are left out."""
    found: dict[str, VersionInfo] = {}
    for part in in_parts(dict.fromkeys(version_ids)):
        for row in connection.execute(_select_versions().where(versions.c.id.in_(part))):
            found[row.version_id] = _version(row)
    return found


# ---- clauses ----

_CLAUSE_COLUMNS = tuple(
    column for column in clauses.c if column.name not in ("rows", "vector_key", "document_id", "level")
)


def _box(value: list[float] | None) -> Box | None:
    return (value[0], value[1], value[2], value[3]) if value else None


def _clause(row: Row[Any], version: VersionInfo) -> StoredClause:
    return StoredClause(
        clause_id=row.id,
        version=version,
        ordinal=row.ordinal,
        path=tuple(row.path),
        article=row.article,
        kind=row.kind,
        text=row.text,
        lead=row.lead,
        heading=row.heading,
        group=row.group_no,
        page=row.page,
        box=_box(row.box),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        changed_on=row.changed_on,
    )


def _with_versions(connection: Connection, rows: Sequence[Row[Any]]) -> list[StoredClause]:
    by_id = get_versions(connection, (row.version_id for row in rows))
    return [_clause(row, by_id[row.version_id]) for row in rows]


def get_clauses(
    connection: Connection, clause_ids: Sequence[int], scope: SearchScope | None = None
) -> list[StoredClause]:
    """The clauses of these ids in the order asked for; unknown ids are left out.

    With a `scope`, hits of an index are checked a second time against the database: what is not in the scope, or
    hidden by it, is left out.
    """
    rows: dict[int, Row[Any]] = {}
    wanted = [one for one in clause_ids if scope is None or one not in scope.hidden_clause_ids]
    for part in in_parts(wanted):
        query = select(*_CLAUSE_COLUMNS).where(clauses.c.id.in_(part))
        if scope is not None:
            # As a plain condition SQLite would walk the index of the scope, all clauses of it, instead of the ids.
            query = query.where(case((in_scope(scope), 1), else_=0) == 1)
        rows.update((row.id, row) for row in connection.execute(query))
    return _with_versions(connection, [rows[one] for one in dict.fromkeys(wanted) if one in rows])


def list_clauses(connection: Connection, version_id: str) -> list[StoredClause]:
    """Every clause of a version in reading order."""
    query = select(*_CLAUSE_COLUMNS).where(clauses.c.version_id == version_id).order_by(clauses.c.ordinal)
    return _with_versions(connection, connection.execute(query).all())


def group_of(connection: Connection, clause: StoredClause) -> list[StoredClause]:
    """All parts of the article this clause belongs to, in reading order, the clause itself among them."""
    return neighbours(connection, clause, before=0, after=0)


def neighbours(connection: Connection, clause: StoredClause, *, before: int = 1, after: int = 1) -> list[StoredClause]:
    """The clause's article with `before` clauses in front of the clause and `after` behind it, in reading order."""
    nearby = clauses.c.ordinal.between(clause.ordinal - before, clause.ordinal + after)
    same_article = clauses.c.group_no == clause.group
    query = (
        select(*_CLAUSE_COLUMNS)
        .where(clauses.c.version_id == clause.version.version_id, or_(nearby, same_article))
        .order_by(clauses.c.ordinal)
    )
    return [_clause(row, clause.version) for row in connection.execute(query)]


def clause_ids_of_files(connection: Connection, collection_id: str, file_names: Iterable[str]) -> set[int]:
    """Ids of every clause of the named files, for hiding them on purpose (leave-one-out)."""
    found: set[int] = set()
    for part in in_parts(dict.fromkeys(file_names)):
        query = (
            select(clauses.c.id)
            .join(versions, versions.c.id == clauses.c.version_id)
            .join(documents, documents.c.id == versions.c.document_id)
            .where(documents.c.collection_id == collection_id, documents.c.file_name.in_(part))
        )
        found.update(connection.execute(query).scalars())
    return found


def vector_keys(
    connection: Connection, *, collection_id: str | None = None, first_id: int | None = None, last_id: int | None = None
) -> dict[int, str]:
    """Vector key by clause id, in order of ids, of the clauses that can be found; all of them, or within bounds."""
    query = (
        select(clauses.c.id, clauses.c.vector_key)
        .where(clauses.c.status.in_(SEARCHABLE_STATUSES))
        .order_by(clauses.c.id)
    )
    if collection_id is not None:
        query = query.where(clauses.c.collection_id == collection_id)
    if first_id is not None:
        query = query.where(clauses.c.id >= first_id)
    if last_id is not None:
        query = query.where(clauses.c.id <= last_id)
    return {row.id: row.vector_key for row in connection.execute(query)}
