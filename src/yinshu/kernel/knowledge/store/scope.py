"""The asker's rights as a search scope, compiled once for a request."""

from __future__ import annotations

from collections.abc import Collection as Ids
from datetime import date

from sqlalchemy import Connection, or_, select, update

from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.identity import LEVELS, Action, Clearance, Resource, Subject, rank, reach, readable
from yinshu.kernel.identity.granting import Grantable
from yinshu.kernel.identity.records import ResourceKind
from yinshu.kernel.knowledge.records import SearchScope
from yinshu.kernel.knowledge.store.clauses import NAMES_IN_MESSAGE
from yinshu.kernel.knowledge.tables import clauses, collections, documents, faqs

PERSONAL = "personal"


def search_scope(
    connection: Connection,
    subject: Subject,
    as_of: date,
    *,
    collection: str = "",
    collection_ids: Ids[str] = (),
    action: Action = "ask",
) -> SearchScope:
    """What the subject may search: everything within reach, or of that only one named collection or some by id.

    Raises NotFound, which names the collections within reach, when none of these has the name.
    """
    within = reach(subject, action)
    own = or_(collections.c.kind != PERSONAL, collections.c.owner_id == subject.id)
    known = {row.id: row.name for row in connection.execute(select(collections.c.id, collections.c.name).where(own))}
    allowed = set(known) if within.everything else (within.collection_ids - within.denied_collection_ids) & set(known)
    single = {
        row.id: row.collection_id
        for row in connection.execute(
            select(documents.c.id, documents.c.collection_id).where(
                documents.c.id.in_(sorted(within.document_ids - within.denied_document_ids)),
                documents.c.collection_id.not_in(sorted(allowed | within.denied_collection_ids)),
                documents.c.level <= within.level_max,
            )
        )
    }
    chosen = _chosen({one: known[one] for one in allowed | set(single.values())}, collection, collection_ids)
    return SearchScope(
        tuple(sorted(allowed & chosen)),
        as_of,
        document_ids=tuple(sorted(one for one, place in single.items() if place in chosen)),
        partial_collection_ids=tuple(sorted(set(single.values()) & chosen)),
        denied_document_ids=tuple(sorted(within.denied_document_ids)),
        level_max=within.level_max,
        limited=not within.everything,
    )


def _chosen(visible: dict[str, str], name: str, ids: Ids[str]) -> set[str]:
    """The ids of the collections that were asked for, of those that are visible."""
    wanted = set(visible) & set(ids) if ids else set(visible)
    if not name:
        return wanted
    named = {one for one in wanted if visible[one] == name}
    if not named:
        names = "、".join(sorted(visible.values())[:NAMES_IN_MESSAGE])
        known = f"您可以使用的资料库：{names}。" if names else "您目前没有可以使用的资料库。"
        raise NotFound(f"没有名为“{name}”的资料库。{known}请核对名称，或向管理员申请。")
    return named


def readable_collections(connection: Connection, subject: Subject, *, action: Action = "read") -> set[str]:
    """Collections of which the subject may read something, be it a single document."""
    of_documents = select(documents.c.collection_id).where(
        readable(subject, documents.c.collection_id, documents.c.id, documents.c.level, action=action)
    )
    wholly = readable(subject, collections.c.id, action=action)
    query = select(collections.c.id).where(or_(wholly, collections.c.id.in_(of_documents)))
    return set(connection.execute(query).scalars())


def grantable(connection: Connection, kind: ResourceKind, resource_id: str) -> Grantable | None:
    """A collection or document as those who give rights on it need it; None when there is none."""
    if kind == "collection":
        of_collection = select(collections.c.kind).where(collections.c.id == resource_id)
        found = connection.execute(of_collection).scalar_one_or_none()
        return Grantable(kind, Resource(kind, resource_id), found == PERSONAL) if found is not None else None
    query = (
        select(documents.c.collection_id, documents.c.level, collections.c.kind)
        .join(collections, collections.c.id == documents.c.collection_id)
        .where(documents.c.id == resource_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Grantable(kind, Resource(kind, resource_id, row.collection_id, LEVELS[row.level]), row.kind == PERSONAL)


def find_document(connection: Connection, collection_id: str, file_name: str) -> str | None:
    """The id of the document of this file name in a collection, or None."""
    same = documents.c.collection_id == collection_id, documents.c.file_name == file_name
    found: str | None = connection.execute(select(documents.c.id).where(*same)).scalar_one_or_none()
    return found


def hand_over(connection: Connection, from_person: str, to_person: str) -> frozenset[str]:
    """Let somebody answer for everything that a leaver answered for; the ids of personal collections, which stay."""
    personal = select(collections.c.id).where(collections.c.kind == PERSONAL, collections.c.owner_id == from_person)
    closed = frozenset(connection.execute(personal).scalars())
    owned = collections.c.owner_id == from_person, collections.c.kind != PERSONAL
    connection.execute(update(collections).where(*owned).values(owner_id=to_person))
    for table in (documents, faqs):
        mine = table.c.owner_id == from_person, table.c.collection_id.not_in(sorted(closed))
        connection.execute(update(table).where(*mine).values(owner_id=to_person))
    return closed


def set_level(connection: Connection, document_id: str, level: Clearance) -> None:
    """Keep a document, and the copy of its level in its clauses, at this level."""
    value = rank(level)
    connection.execute(update(documents).where(documents.c.id == document_id).values(level=value))
    connection.execute(update(clauses).where(clauses.c.document_id == document_id).values(level=value))
