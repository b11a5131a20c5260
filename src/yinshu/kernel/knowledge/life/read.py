"""Reading the library under the caller's rights: collections, documents, texts, page images, originals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.database import Connection, reading, writing
from yinshu.kernel.identity import Action, Grant, Resource, Subject, grants_on, may, require
from yinshu.kernel.knowledge.life.desk import (
    Desk,
    allowed_actions,
    of_collection,
    of_document,
    open_collection,
    open_document,
    open_version,
)
from yinshu.kernel.knowledge.life.errors import no_document, no_version
from yinshu.kernel.knowledge.life.records import (
    DocumentFacts,
    DocumentSort,
    ListedDocument,
    OutlineEntry,
    ReadClause,
    SeenLink,
    Shelf,
    VersionFile,
)
from yinshu.kernel.knowledge.records import Status
from yinshu.kernel.knowledge.store import catalogue, shelves, texts

PAGE_ROWS_MAX = 200


@dataclass(frozen=True)
class ListedPage:
    """Documents, how many there are in all, and where the next page begins, None at the end."""

    items: list[ListedDocument]
    next_after: tuple[Any, str] | None
    total: int


@dataclass(frozen=True)
class OpenedDocument:
    """A document with its versions (newest first), the version that stands for it, its links and rights."""

    facts: DocumentFacts
    collection: Shelf
    versions: list[VersionFile]
    current: VersionFile
    places: dict[int, tuple[int, str, int | None]]
    links: list[SeenLink]
    may: list[Action]
    grants: list[Grant]
    ended: Mapping[str, date]
    """Version to the first day on which none of its clauses is in force any more."""


@dataclass(frozen=True)
class OpenedText:
    """A version's whole text, its outline and its document."""

    facts: DocumentFacts
    version: VersionFile
    clauses: list[ReadClause]
    outline: list[OutlineEntry]


def open_shelves(desk: Desk, subject: Subject) -> list[tuple[Shelf, list[Action]]]:
    """The collections that the subject may see, each with what they may do there."""
    with reading(desk.engine) as connection:
        found = shelves.list_shelves(connection, shelves.shelves_of(subject, ("read", "ask", "publish", "manage")))
    return [
        (one, allowed_actions(subject, of_collection(one)))
        for one in found
        if one.kind != "personal" or one.owner_id == subject.id
    ]


def administered(desk: Desk, subject: Subject) -> list[Shelf]:
    """Every shared collection, for content administrators who open them to others without seeing inside.

    Raises NotAllowed for everybody else.
    """
    require(subject, "administer", Resource("collection"))
    with reading(desk.engine) as connection:
        return [one for one in shelves.list_names(connection) if one.kind != "personal"]


def list_documents(
    desk: Desk,
    subject: Subject,
    collection_id: str,
    *,
    status: Status | None = None,
    words: str = "",
    sort: DocumentSort = "title",
    limit: int = 50,
    after: tuple[Any, str] | None = None,
) -> ListedPage:
    """A page of the documents of a collection that the subject may read.

    Raises NotFound for a collection that is not there or hidden.
    """
    limit = min(limit, PAGE_ROWS_MAX)
    with reading(desk.engine) as connection:
        open_collection(connection, subject, collection_id)
        wanted = catalogue.wanted_versions(subject, collection_id, status, words)
        rows = catalogue.list_documents(connection, subject, wanted, sort=sort, limit=limit + 1, after=after)
        total = catalogue.count_documents(connection, wanted)
    items = [row for row, _ in rows[:limit]]
    more = len(rows) > limit
    return ListedPage(items, (rows[limit - 1][1], items[-1].version.document_id) if more else None, total)


def open_for_reading(desk: Desk, subject: Subject, document_id: str, version_id: str = "") -> OpenedDocument:
    """A document with everything that its page shows, as its standing version or the named one has it.

    Raises NotFound when it is not there or hidden.
    """
    with reading(desk.engine) as connection:
        facts = open_document(connection, subject, document_id)
        shelf = shelves.find_shelf(connection, facts.collection_id)
        assert shelf is not None, "a document lies in a collection"
        versions = catalogue.visible_files(connection, subject, document_id)
        if not versions:
            raise no_document(document_id)
        named = next((one for one in versions if one.info.version_id == version_id), None)
        if version_id and named is None:
            raise no_version(version_id)
        current = named or standing(versions)
        ordinals = [one.clause_ordinal for one in current.card.values() if one.clause_ordinal is not None]
        return OpenedDocument(
            facts=facts,
            collection=shelf,
            versions=versions,
            current=current,
            places=texts.clause_places(connection, current.info.version_id, ordinals),
            links=catalogue.links_of(connection, subject, document_id),
            may=allowed_actions(subject, of_document(facts)),
            grants=_grants_seen(connection, subject, facts),
            ended=catalogue.ended_days(connection, [one.info.version_id for one in versions]),
        )


def standing(versions: Sequence[VersionFile]) -> VersionFile:
    """The version that stands for its document: the published one, else the newest."""
    return next((one for one in versions if one.info.status == "published"), versions[0])


def _grants_seen(connection: Connection, subject: Subject, facts: DocumentFacts) -> list[Grant]:
    """Who may see the document: shown to those who manage it."""
    if not may(subject, "manage", of_document(facts)).allowed:
        return []
    return [
        *grants_on(connection, "document", facts.document_id),
        *grants_on(connection, "collection", facts.collection_id),
    ]


def open_text(desk: Desk, subject: Subject, document_id: str, version_id: str) -> OpenedText:
    """A version's text. Raises NotFound when it is not there, hidden, or of another document."""
    with reading(desk.engine) as connection:
        facts, version = _version_of(connection, subject, document_id, version_id)
        clauses = texts.read_text(connection, version_id)
    return OpenedText(facts, version, clauses, outline(clauses))


def _version_of(
    connection: Connection, subject: Subject, document_id: str, version_id: str
) -> tuple[DocumentFacts, VersionFile]:
    facts, version = open_version(connection, subject, version_id)
    if facts.document_id != document_id:
        raise no_version(version_id)
    return facts, version


def outline(clauses: Sequence[ReadClause]) -> list[OutlineEntry]:
    """Chapters and articles in reading order, each once, with the clause they begin at."""
    entries: list[OutlineEntry] = []
    seen: set[tuple[str, ...]] = set()
    for clause in clauses:
        for depth in range(1, len(clause.path) + 1):
            path = clause.path[:depth]
            if path not in seen:
                seen.add(path)
                entries.append(OutlineEntry(path, path[-1], depth, clause.clause_id))
        own = (*clause.path, clause.article)
        if clause.article and own not in seen:
            seen.add(own)
            label = f"{clause.article} {clause.heading}".strip()
            entries.append(OutlineEntry(own, label, len(own), clause.clause_id))
    return entries


def page_image(desk: Desk, subject: Subject, document_id: str, version_id: str, page: int) -> bytes:
    """A page of the original as PNG. Raises NotFound when it is hidden or there is no such page."""
    with reading(desk.engine) as connection:
        _, version = _version_of(connection, subject, document_id, version_id)
    return desk.pages.png(version, page)


def original(desk: Desk, subject: Subject, document_id: str, version_id: str) -> tuple[VersionFile, bytes]:
    """The original file, its giving out noted in the ledger. Raises NotFound when it is hidden or lost."""
    with reading(desk.engine) as connection:
        _, version = _version_of(connection, subject, document_id, version_id)
    content = desk.originals.read(version.content_sha256)
    with writing(desk.engine) as connection:
        append(
            connection,
            desk.clock,
            actor=subject.id,
            action="knowledge.downloaded",
            subject=version_id,
            payload={"document": document_id, "sha256": version.content_sha256},
        )
    return version, content
