"""Making and changing collections, and what belongs to a document whatever its version, over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from yinshu.api.auth import Caller, Wired
from yinshu.api.platform import Platform
from yinshu.api.render_library import named, render_shelf
from yinshu.api.requests_library import CollectionChange, CollectionRequest, DocumentChange
from yinshu.kernel.base.database import reading
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.life import collections, owners
from yinshu.kernel.knowledge.life.collections import NewCollection
from yinshu.kernel.knowledge.life.desk import allowed_actions, of_collection
from yinshu.kernel.knowledge.life.records import Shelf
from yinshu.kernel.knowledge.store import names

router = APIRouter(prefix="/api/knowledge", tags=["shelves"])


@router.post("/collections", status_code=201)
def create_collection(platform: Wired, caller: Caller, given: CollectionRequest) -> dict[str, Any]:
    """Make a collection; one's own, or as a content administrator one for a department or the bank."""
    wanted = NewCollection(given.name, given.kind, given.department_id or None, given.owner_id or None)
    made = collections.create(platform.desk, caller, wanted)
    return _rendered(platform, caller, made, own=made.owner_id == caller.id)


@router.patch("/collections/{collection_id}")
def change_collection(platform: Wired, caller: Caller, collection_id: str, given: CollectionChange) -> dict[str, Any]:
    """Rename a collection or give it to another owner."""
    changed = collections.change(platform.desk, caller, collection_id, name=given.name, owner_id=given.owner_id or None)
    return _rendered(platform, caller, changed, own=False)


def _rendered(platform: Platform, caller: Subject, shelf: Shelf, *, own: bool) -> dict[str, Any]:
    """The collection; the rights that its maker just got are not in the caller's hands before the next request."""
    may = allowed_actions(caller, of_collection(shelf))
    if own:
        may = list(dict.fromkeys([*may, *collections.owner_actions(shelf.kind)]))
    with reading(platform.desk.engine) as connection:
        known = names.names_of(connection, [shelf.owner_id, shelf.department_id])
    return render_shelf(shelf, may, known, 0)


@router.patch("/documents/{document_id}")
def change_document(platform: Wired, caller: Caller, document_id: str, given: DocumentChange) -> dict[str, Any]:
    """Name who answers for a document and by when somebody must look at it again."""
    facts = owners.change(
        platform.desk,
        caller,
        document_id,
        owner_id=given.owner_id,
        review_on=given.review_on,
        clear_review=given.clear_review,
    )
    with reading(platform.desk.engine) as connection:
        known = names.names_of(connection, [facts.owner_id])
    return {
        "id": facts.document_id,
        "owner": named(facts.owner_id, known),
        "review_on": facts.review_on.isoformat() if facts.review_on else None,
    }
