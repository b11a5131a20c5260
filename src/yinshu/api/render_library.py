"""Collections, documents, versions and texts as JSON for the portal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from yinshu.api.render import JsonObject, render_date
from yinshu.kernel.identity import LEVELS, Action, Grant
from yinshu.kernel.knowledge.life.pages import has_pages
from yinshu.kernel.knowledge.life.read import OpenedDocument, OpenedText
from yinshu.kernel.knowledge.life.records import (
    ListedDocument,
    ReadClause,
    Review,
    SeenLink,
    Shelf,
    StepTaken,
    VersionFile,
)
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES

Names = Mapping[str, str]
"""Id to the name of a person, a department or a post."""


def named(id_: str | None, names: Names) -> JsonObject | None:
    """{id, name} or null; somebody who is no longer known keeps the id as name."""
    return {"id": id_, "name": names.get(id_, id_)} if id_ else None


def render_shelf(shelf: Shelf, may: Sequence[Action], names: Names, vectors: int) -> JsonObject:
    """A collection; `vectors` counts the findable clauses that have theirs."""
    return {
        "id": shelf.id,
        "name": shelf.name,
        "kind": shelf.kind,
        "department": named(shelf.department_id, names),
        "owner": named(shelf.owner_id, names),
        "documents": shelf.documents,
        "clauses": shelf.clauses,
        "vectors": vectors,
        "may": list(may),
    }


def shown_status(version: VersionFile, review: Review | None) -> str:
    """The status as people see it: what has been approved and waits for its day is `approved`."""
    if version.info.status == "in_review" and review is not None and review.outcome == "approved":
        return "approved"
    return version.info.status


def render_listed(row: ListedDocument, names: Names) -> JsonObject:
    """One row of a collection's list."""
    version = row.version
    return {
        "id": version.document_id,
        "document_id": version.document_id,
        "version_id": version.version_id,
        "collection_id": version.collection_id,
        "title": version.title,
        "file": version.file_name,
        "number": version.number,
        "issuer": version.issuer,
        "kind": version.kind,
        "status": version.status,
        "pending": row.pending,
        "ordinal": version.ordinal,
        "issued_on": render_date(version.issued_on),
        "effective_from": render_date(version.effective_from),
        "effective_to": render_date(row.ended_on or version.effective_to),
        "level": LEVELS[row.level],
        "owner": named(row.owner_id, names),
        "review_on": render_date(row.review_on),
        "published_on": render_date(row.published_on),
        "changed_at": row.changed_at.isoformat(),
    }


def render_version_file(version: VersionFile, review: Review | None, names: Names, ended: date | None) -> JsonObject:
    """A version in the list of a document's versions. `ended`: from when none of its clauses is in force."""
    info = version.info
    return {
        "version_id": info.version_id,
        "document_id": info.document_id,
        "ordinal": info.ordinal,
        "status": shown_status(version, review),
        "file": info.file_name,
        "title": info.title,
        "number": info.number,
        "issuer": info.issuer,
        "kind": info.kind,
        "issued_on": render_date(info.issued_on),
        "effective_from": render_date(info.effective_from),
        "effective_to": render_date(ended or info.effective_to),
        "published_on": render_date(version.published_on) if info.status in SEARCHABLE_STATUSES else None,
        "publish_on": render_date(version.publish_on),
        "archived_on": render_date(version.archived_on),
        "created_at": version.created_at.isoformat(),
        "created_by": named(version.created_by, names),
        "media_type": version.media_type,
        "size_bytes": version.size_bytes,
        "pages": version.page_count if has_pages(version) else None,
        "from_ocr": version.from_ocr,
        "bulk_loaded": version.bulk_loaded,
        "warnings": list(version.warnings),
    }


def render_fields(version: VersionFile, places: Mapping[int, tuple[int, str, int | None]]) -> JsonObject:
    """The card: each value with the words it was read from and where they stand."""
    fields: JsonObject = {}
    for name, field in version.card.items():
        clause_id, article, page = places.get(-1 if field.clause_ordinal is None else field.clause_ordinal, (None,) * 3)
        fields[name] = {
            "value": field.value,
            "quote": field.quote,
            "mark": field.mark,
            "clause_id": clause_id,
            "article": article,
            "page": page,
        }
    return fields


def render_seen_link(link: SeenLink, document_id: str) -> JsonObject:
    """What one document says of another, seen from `document_id`; `title` is that of the other end."""
    proposal = link.link.proposal
    outward = link.from_document_id == document_id
    return {
        "id": link.link.link_id,
        "relation": proposal.relation,
        "direction": "out" if outward else "in",
        "title": (link.to_title or proposal.target_title) if outward else link.from_title,
        "number": proposal.target_number if outward else "",
        "articles": list(proposal.target_articles),
        "document_id": link.link.to_document_id if outward else link.from_document_id,
        "from_version_id": link.link.from_version_id,
        "effective_on": render_date(proposal.effective_on),
        "partial": proposal.partial,
        "quote": proposal.quote,
        "mark": proposal.mark,
        "clause_id": link.clause_id,
        "article": link.article,
        "page": link.page,
    }


def render_grant(grant: Grant, names: Names) -> JsonObject:
    """Who may do what."""
    holder = {"kind": grant.holder.kind, "id": grant.holder.id, "name": names.get(grant.holder.id, grant.holder.id)}
    return {
        "holder": holder,
        "action": grant.action,
        "effect": grant.effect,
        "resource_kind": grant.resource_kind,
    }


def render_document(
    opened: OpenedDocument, reviews: Mapping[str, Review], names: Names, faq: Iterable[JsonObject]
) -> JsonObject:
    """A document's page but for its text. `reviews` are the latest of each version."""
    facts, current = opened.facts, opened.current
    return {
        "id": facts.document_id,
        "document_id": facts.document_id,
        "version_id": current.info.version_id,
        "collection": {"id": opened.collection.id, "name": opened.collection.name, "kind": opened.collection.kind},
        "title": current.info.title,
        "file": facts.file_name,
        "status": shown_status(current, reviews.get(current.info.version_id)),
        "level": LEVELS[facts.level],
        "fields": render_fields(current, opened.places),
        "aliases": list(current.info.aliases),
        "versions": [
            render_version_file(one, reviews.get(one.info.version_id), names, opened.ended.get(one.info.version_id))
            for one in opened.versions
        ],
        "links": [render_seen_link(link, facts.document_id) for link in opened.links],
        "who_may_see": [render_grant(grant, names) for grant in opened.grants],
        "review_on": render_date(facts.review_on),
        "owner": named(facts.owner_id, names),
        "faq": list(faq),
        "may": list(opened.may),
    }


def render_text(opened: OpenedText) -> JsonObject:
    """A version's whole text with its outline."""
    version = opened.version
    return {
        "document_id": opened.facts.document_id,
        "version_id": version.info.version_id,
        "title": version.info.title,
        "pages": version.page_count if has_pages(version) else None,
        "outline": [
            {"path": list(one.path), "label": one.label, "depth": one.depth, "clause_id": one.clause_id}
            for one in opened.outline
        ],
        "clauses": [render_read_clause(clause) for clause in opened.clauses],
    }


def render_read_clause(clause: ReadClause) -> JsonObject:
    """A clause with its place; `box` is left, top, right, bottom as shares of the page."""
    rendered: JsonObject = {
        "clause_id": clause.clause_id,
        "ordinal": clause.ordinal,
        "path": list(clause.path),
        "article": clause.article,
        "heading": clause.heading,
        "kind": clause.kind,
        "lead": clause.lead,
        "text": clause.text,
        "page": clause.page,
        "box": list(clause.box) if clause.box else None,
        "effective_from": render_date(clause.effective_from),
        "effective_to": render_date(clause.effective_to),
        "changed_on": render_date(clause.changed_on),
    }
    if clause.rows:
        rendered["rows"] = [list(row) for row in clause.rows]
    return rendered


def render_step(step: StepTaken, names: Names) -> JsonObject:
    """One thing that happened to a version."""
    return {
        "step": step.step,
        "actor": named(step.actor, names),
        "at": step.at.isoformat(),
        "comment": step.comment,
        "detail": step.detail,
    }


def in_pages(items: list[Any], next_after: str | None, render: Callable[[Any], JsonObject]) -> JsonObject:
    """A page of a long list and the token of the next one."""
    return {"items": [render(item) for item in items], "next": next_after}
