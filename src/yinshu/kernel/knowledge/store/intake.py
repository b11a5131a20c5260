"""Writing the knowledge room's tables when documents come in: collections, versions with clauses, batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, Collection, FreshVersion, Status
from yinshu.kernel.knowledge.store.clauses import find_collection, get_collection
from yinshu.kernel.knowledge.tables import clauses, collections, documents, links, versions


@dataclass(frozen=True)
class FileOrigin:
    """Where a version came from: the name it is known by, its content's hash and size, and how it was let in."""

    file_name: str
    sha256: str
    size_bytes: int
    status: Status
    bulk_loaded: bool
    created_by: str = ""


@dataclass(frozen=True)
class SavedVersion:
    """What storing did. `clause_ids` are in reading order; `superseded` is the version this one replaces."""

    version_id: str
    document_id: str
    ordinal: int
    clause_ids: tuple[int, ...]
    superseded: str | None
    reinstated: bool = False


def ensure_collection(connection: Connection, name: str, now: datetime) -> Collection:
    """The collection of this name, made if it is missing. Two callers at once get the same one."""
    found = find_collection(connection, name)
    if found is not None:
        return found
    row = {"id": new_id("col"), "name": name, "axes": {}, "created_at": now}
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(insert(collections).values(row))
    return get_collection(connection, name)


def lock_collection(connection: Connection, collection_id: str) -> None:
    """Let no other writer change this collection until the transaction ends (SQLite has one writer anyway)."""
    connection.execute(select(collections.c.id).where(collections.c.id == collection_id).with_for_update())


def settled_hashes(
    connection: Connection, collection_id: str, *, published: bool, file_name: str | None = None
) -> dict[str, str]:
    """File name to content hash of each document whose latest version needs nothing when the same content comes again.

    That is a published version, or, when nothing is to be published, any that is not archived. With a `file_name`,
    of that document only.
    """
    query = (
        select(documents.c.file_name, versions.c.content_sha256, versions.c.status)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(documents.c.collection_id == collection_id)
        .order_by(versions.c.ordinal)
    )
    if file_name is not None:
        query = query.where(documents.c.file_name == file_name)
    newest = {row.file_name: (row.content_sha256, row.status) for row in connection.execute(query)}
    return {
        name: sha256
        for name, (sha256, status) in newest.items()
        if status == "published" or (not published and status != "archived")
    }


def _save_document(
    connection: Connection, collection_id: str, origin: FileOrigin, fresh: FreshVersion, now: datetime
) -> str:
    """The document's id; what it is called changes with a published version only."""
    named = {"title": fresh.title, "number": fresh.number, "issuer": fresh.issuer, "kind": fresh.kind}
    same = (documents.c.collection_id == collection_id) & (documents.c.file_name == origin.file_name)
    document_id: str | None = connection.execute(select(documents.c.id).where(same)).scalar_one_or_none()
    if document_id is not None:
        if origin.status in SEARCHABLE_STATUSES:
            connection.execute(update(documents).where(same).values(named))
        return document_id
    document_id = new_id("doc")
    row = {"id": document_id, "collection_id": collection_id, "file_name": origin.file_name, "axes": {}, **named}
    connection.execute(insert(documents).values(**row, created_at=now))
    return document_id


def set_status(connection: Connection, version_id: str, status: Status) -> None:
    """Give a version and its clauses a status; what was decided about its publication or its end is taken back."""
    values = {"status": status, "publish_on": None, "archived_on": None}
    connection.execute(update(versions).where(versions.c.id == version_id).values(values))
    connection.execute(update(clauses).where(clauses.c.version_id == version_id).values(status=status))


def _find_version(connection: Connection, document_id: str, sha256: str) -> Row[Any, Any] | None:
    same = (versions.c.document_id == document_id) & (versions.c.content_sha256 == sha256)
    return connection.execute(select(versions).where(same)).one_or_none()


def supersede(connection: Connection, document_id: str, new_sha256: str, from_day: date) -> str | None:
    """Mark the published version of a document as superseded, in force until `from_day`; returns its id."""
    query = select(versions.c.id).where(
        versions.c.document_id == document_id,
        versions.c.status == "published",
        versions.c.content_sha256 != new_sha256,
    )
    version_id: str | None = connection.execute(query).scalar_one_or_none()
    if version_id is None:
        return None
    set_status(connection, version_id, "superseded")
    late = (clauses.c.effective_to.is_(None)) | (clauses.c.effective_to > from_day)
    connection.execute(update(clauses).where(clauses.c.version_id == version_id, late).values(effective_to=from_day))
    return version_id


def _clause_rows(
    place: Mapping[str, Any], status: Status, fresh: FreshVersion, vector_keys: Sequence[str]
) -> list[dict[str, Any]]:
    """`place` are the columns that say where the clauses belong: version, document, collection and level."""
    return [
        {
            **place,
            "ordinal": clause.ordinal,
            "path": list(clause.path),
            "article": clause.article,
            "kind": clause.kind,
            "text": clause.text,
            "lead": clause.lead,
            "heading": clause.heading,
            "group_no": clause.group,
            "page": clause.page,
            "box": list(clause.box) if clause.box else None,
            "rows": [list(row) for row in clause.rows] or None,
            "status": status,
            "effective_from": fresh.effective_from,
            "effective_to": fresh.effective_to,
            "vector_key": key,
        }
        for clause, key in zip(fresh.clauses, vector_keys, strict=True)
    ]


def _link_rows(version_id: str, fresh: FreshVersion) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id("lnk"),
            "from_version_id": version_id,
            "to_document_id": None,
            "relation": link.relation,
            "target_title": link.target_title,
            "target_number": link.target_number,
            "target_articles": list(link.target_articles),
            "target_issued_on": link.target_issued_on,
            "partial": link.partial,
            "effective_on": link.effective_on,
            "quote": link.quote,
            "clause_ordinal": link.clause_ordinal,
            "mark": link.mark,
        }
        for link in fresh.links
    ]


def _version_row(
    version_id: str, document_id: str, collection_id: str, ordinal: int, origin: FileOrigin, fresh: FreshVersion
) -> dict[str, Any]:
    return {
        "id": version_id,
        "document_id": document_id,
        "collection_id": collection_id,
        "ordinal": ordinal,
        "status": origin.status,
        "content_sha256": origin.sha256,
        "media_type": fresh.parsed.media_type,
        "size_bytes": origin.size_bytes,
        "page_count": fresh.parsed.page_count,
        "title": fresh.title,
        "number": fresh.number,
        "issuer": fresh.issuer,
        "kind": fresh.kind,
        "from_ocr": fresh.parsed.from_ocr,
        "issued_on": fresh.issued_on,
        "effective_from": fresh.effective_from,
        "effective_to": fresh.effective_to,
        "card": asdict(fresh.card),
        "aliases": list(fresh.aliases),
        "warnings": list(fresh.parsed.warnings),
        "bulk_loaded": origin.bulk_loaded,
        "created_by": origin.created_by,
    }


def _clause_ids(connection: Connection, version_id: str) -> tuple[int, ...]:
    query = select(clauses.c.id).where(clauses.c.version_id == version_id).order_by(clauses.c.ordinal)
    return tuple(connection.execute(query).scalars())


def save_version(
    connection: Connection,
    collection_id: str,
    origin: FileOrigin,
    fresh: FreshVersion,
    vector_keys: Sequence[str],
    *,
    now: datetime,
    today: date,
) -> SavedVersion:
    """Store a version with its clauses and links; the document's published version is superseded by a published one.

    `vector_keys` are one per clause. A content that the document had before is reinstated instead of stored twice.
    The old version counts until the new one takes effect, or until `today` when the new one does not say when.
    """
    document_id = _save_document(connection, collection_id, origin, fresh, now)
    superseded = None
    if origin.status in SEARCHABLE_STATUSES:
        superseded = supersede(connection, document_id, origin.sha256, fresh.effective_from or fresh.issued_on or today)
    last = select(func.coalesce(func.max(versions.c.ordinal), 0)).where(versions.c.document_id == document_id)
    ordinal = connection.execute(last).scalar_one() + 1
    known = _find_version(connection, document_id, origin.sha256)
    if known is not None:
        if known.ordinal < ordinal - 1:
            renewed = {"ordinal": ordinal, "published_on": today}
            connection.execute(update(versions).where(versions.c.id == known.id).values(renewed))
        set_status(connection, known.id, origin.status)
        own = {"effective_from": known.effective_from, "effective_to": known.effective_to}
        connection.execute(update(clauses).where(clauses.c.version_id == known.id).values(own))
        clause_ids = _clause_ids(connection, known.id)
        return SavedVersion(known.id, document_id, ordinal, clause_ids, superseded, reinstated=True)
    version_id = new_id("ver")
    row = _version_row(version_id, document_id, collection_id, ordinal, origin, fresh)
    connection.execute(insert(versions).values(**row, created_at=now, published_on=today))
    if fresh.clauses:
        level = connection.execute(select(documents.c.level).where(documents.c.id == document_id)).scalar_one()
        place = {"version_id": version_id, "document_id": document_id, "collection_id": collection_id, "level": level}
        connection.execute(insert(clauses), _clause_rows(place, origin.status, fresh, vector_keys))
    if fresh.links:
        connection.execute(insert(links), _link_rows(version_id, fresh))
    return SavedVersion(version_id, document_id, ordinal, _clause_ids(connection, version_id), superseded)
