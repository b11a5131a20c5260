"""What is said of collections, documents and versions outside of search, as frozen types."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from yinshu.kernel.documents.records import Box
from yinshu.kernel.knowledge.records import Proposed, Relation, Status, StoredLink, VersionInfo

CollectionKind = Literal["enterprise", "department", "personal"]
DocumentSort = Literal["title", "newest", "effective", "review"]
Step = Literal[
    "created", "submitted", "withdrawn", "returned", "approved", "scheduled", "published", "archived", "corrected"
]
ReviewOutcome = Literal["approved", "returned", "withdrawn"]


@dataclass(frozen=True)
class Shelf:
    """A collection as the library shows it. `name` is what people call it; `clauses` counts those that can be found."""

    id: str
    name: str
    kind: CollectionKind
    department_id: str | None
    owner_id: str | None
    created_at: datetime
    documents: int = 0
    clauses: int = 0


@dataclass(frozen=True)
class ListedDocument:
    """One row of a collection's list: a document by the version that stands for it, and what else is under way.

    `pending` is the status of a newer version that is not published yet. `ended_on`: the first day on which no clause
    of the version is in force any more, whatever ended it; None while one is.
    """

    version: VersionInfo
    level: int
    owner_id: str | None
    review_on: date | None
    changed_at: datetime
    page_count: int
    published_on: date | None = None
    pending: Status | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class DocumentFacts:
    """What belongs to a document whatever its version."""

    document_id: str
    collection_id: str
    file_name: str
    title: str
    level: int
    owner_id: str | None
    review_on: date | None
    created_at: datetime


@dataclass(frozen=True)
class VersionFile:
    """A version with what the reader, the review and the download need beside `VersionInfo`."""

    info: VersionInfo
    content_sha256: str
    media_type: str
    size_bytes: int
    page_count: int
    from_ocr: bool
    warnings: tuple[str, ...]
    bulk_loaded: bool
    created_at: datetime
    created_by: str
    published_on: date | None
    publish_on: date | None
    archived_on: date | None
    card: dict[str, Proposed] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadClause:
    """A clause as the reader shows it, with the cells of a table."""

    clause_id: int
    ordinal: int
    path: tuple[str, ...]
    article: str
    heading: str
    kind: str
    lead: str
    text: str
    page: int | None
    box: Box | None
    rows: tuple[tuple[str, ...], ...]
    effective_from: date | None
    effective_to: date | None
    changed_on: date | None


@dataclass(frozen=True)
class OutlineEntry:
    """A chapter or an article of the outline, with the clause it begins at."""

    path: tuple[str, ...]
    label: str
    depth: int
    clause_id: int


@dataclass(frozen=True)
class SeenLink:
    """A link of or to a document with the names of both ends and the clause it was read from."""

    link: StoredLink
    from_document_id: str
    from_title: str
    to_title: str | None
    clause_id: int | None
    article: str
    page: int | None

    @property
    def relation(self) -> Relation:
        """supersedes, amends or repeals."""
        return self.link.proposal.relation


@dataclass(frozen=True)
class Review:
    """One submission and what became of it; `outcome` is None while it waits."""

    id: str
    version_id: str
    submitted_by: str
    submitted_at: datetime
    note: str
    outcome: ReviewOutcome | None
    decided_by: str | None
    decided_at: datetime | None
    comment: str


@dataclass(frozen=True)
class StepTaken:
    """Something that happened to a version."""

    step: Step
    actor: str
    at: datetime
    comment: str
    detail: dict[str, Any]
