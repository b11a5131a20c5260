"""What every step in the life of a document needs, and the doors that check rights before anything is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine
from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.identity import LEVELS, Action, Resource, Subject, may, require
from yinshu.kernel.knowledge.life import errors
from yinshu.kernel.knowledge.life.conflicts import Remembered
from yinshu.kernel.knowledge.life.pages import PageImages
from yinshu.kernel.knowledge.life.records import DocumentFacts, Shelf, VersionFile
from yinshu.kernel.knowledge.originals import Originals
from yinshu.kernel.knowledge.ports import ClauseIndex
from yinshu.kernel.knowledge.store import catalogue, shelves

WORKING_ACTIONS: tuple[Action, ...] = ("ingest", "publish", "manage")
CONTENT_ACTIONS: tuple[Action, ...] = ("read", "ask", "ingest", "publish", "manage")


def _nothing() -> None:
    """For desks without background work."""


def _all(_collection_id: str, clauses: int) -> int:
    """For desks that do not count."""
    return clauses


@dataclass(frozen=True)
class Upload:
    """Files of this machine that somebody wants in a collection (by the name the database knows it by)."""

    paths: tuple[Path, ...]
    collection_name: str
    published: bool
    actor: str


@dataclass(frozen=True)
class TakenIn:
    """Where to follow an upload: the batch tells of each file, the job of the whole."""

    batch_id: str
    job_id: str


def _no_intake(upload: Upload) -> TakenIn:
    """For desks that only read."""
    raise DependencyDown("这里不能接收上传。请在服务运行时重试。", detail=upload.collection_name)


@dataclass(frozen=True)
class Desk:
    """Made once by the composition root. `take_in` keeps uploaded files and queues their reading.

    `vectors_wanted` is called after a commit that made clauses findable. `count_vectors` tells, for a collection and
    its number of findable clauses, how many of these have their vector.
    """

    engine: Engine
    index: ClauseIndex
    clock: Clock
    originals: Originals
    pages: PageImages
    vectors_wanted: Callable[[], None] = _nothing
    count_vectors: Callable[[str, int], int] = _all
    take_in: Callable[[Upload], TakenIn] = _no_intake
    contradictions: Remembered = field(default_factory=Remembered)


def of_collection(shelf: Shelf) -> Resource:
    """A collection as identity knows it."""
    return Resource("collection", shelf.id)


def of_document(document: DocumentFacts) -> Resource:
    """A document as identity knows it."""
    return Resource("document", document.document_id, document.collection_id, LEVELS[document.level])


def allowed_actions(subject: Subject, resource: Resource) -> list[Action]:
    """What the subject may do with a collection or a document."""
    return [action for action in CONTENT_ACTIONS if may(subject, action, resource).allowed]


def works_on(subject: Subject, document: DocumentFacts) -> bool:
    """Whether the subject does more with a document than read it."""
    return any(may(subject, action, of_document(document)).allowed for action in WORKING_ACTIONS)


def open_collection(connection: Connection, subject: Subject, collection_id: str, action: Action = "read") -> Shelf:
    """The collection, if the subject may do this with it.

    Raises NotFound when there is none or the subject may not know of it, NotAllowed when only the action is lacking.
    """
    shelf = shelves.find_shelf(connection, collection_id)
    if shelf is None or (shelf.kind == "personal" and shelf.owner_id != subject.id):
        raise errors.no_collection(collection_id)
    resource = of_collection(shelf)
    if not allowed_actions(subject, resource):
        raise errors.no_collection(collection_id)
    require(subject, action, resource)
    return shelf


def open_document(connection: Connection, subject: Subject, document_id: str, action: Action = "read") -> DocumentFacts:
    """The document, if the subject may do this with it; raises as `open_collection` does."""
    document = catalogue.find_document(connection, document_id)
    if document is None or not may(subject, "read", of_document(document)).allowed:
        raise errors.no_document(document_id)
    if shelves.is_closed(connection, subject, document.collection_id):
        raise errors.no_document(document_id)
    require(subject, action, of_document(document))
    return document


def open_version(
    connection: Connection, subject: Subject, version_id: str, action: Action = "read"
) -> tuple[DocumentFacts, VersionFile]:
    """The version with its document, if the subject may do this with it; raises as `open_collection` does."""
    file = catalogue.find_version_file(connection, version_id)
    if file is None or not catalogue.is_visible(connection, subject, version_id):
        raise errors.no_version(version_id)
    return open_document(connection, subject, file.info.document_id, action), file
