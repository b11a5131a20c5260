"""Questions that people answered by hand, and the clauses that they rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, update

from yinshu.kernel.base.clock import BANK_ZONE
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity import Subject, readable
from yinshu.kernel.knowledge.store.catalogue import aware
from yinshu.kernel.knowledge.store.clauses import in_parts
from yinshu.kernel.knowledge.tables import clauses, documents, faq_clauses, faqs


@dataclass(frozen=True)
class StoredFaq:
    """A question with its answer and the ids of the clauses it cites, in the order of citation."""

    faq_id: str
    collection_id: str
    question: str
    answer: str
    pinned: bool
    owner_id: str
    expires_on: date | None
    stale_since: datetime | None
    stale_reason: str
    created_by: str
    changed_at: datetime
    clause_ids: tuple[int, ...]


@dataclass(frozen=True)
class Reason:
    """Why an answer must be looked at again; with a day, only if it was saved before that day."""

    words: str
    day: date | None = None


def visible_faqs(subject: Subject) -> ColumnElement[bool]:
    """The rows of `faqs` whose collection the subject may ask, and whose every clause they may read."""
    hidden = (
        select(faq_clauses.c.faq_id)
        .join(clauses, clauses.c.id == faq_clauses.c.clause_id)
        .join(documents, documents.c.id == clauses.c.document_id)
        .where(~readable(subject, documents.c.collection_id, documents.c.id, documents.c.level))
    )
    return and_(readable(subject, faqs.c.collection_id, action="ask"), faqs.c.id.not_in(hidden))


def _clause_ids(connection: Connection, faq_ids: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for part in in_parts(faq_ids):
        query = (
            select(faq_clauses.c.faq_id, faq_clauses.c.clause_id)
            .where(faq_clauses.c.faq_id.in_(part))
            .order_by(faq_clauses.c.faq_id, faq_clauses.c.position)
        )
        for row in connection.execute(query):
            found[row.faq_id].append(row.clause_id)
    return found


def _stored(rows: Sequence[Row[Any]], cited: dict[str, list[int]]) -> list[StoredFaq]:
    return [
        StoredFaq(
            faq_id=row.id,
            collection_id=row.collection_id,
            question=row.question,
            answer=row.answer,
            pinned=row.pinned,
            owner_id=row.owner_id,
            expires_on=row.expires_on,
            stale_since=aware(row.stale_since) if row.stale_since else None,
            stale_reason=row.stale_reason,
            created_by=row.created_by,
            changed_at=aware(row.changed_at),
            clause_ids=tuple(cited.get(row.id, ())),
        )
        for row in rows
    ]


def list_faqs(
    connection: Connection,
    condition: ColumnElement[bool],
    *,
    collection_id: str = "",
    words: str = "",
    limit: int,
) -> list[StoredFaq]:
    """The questions that meet a condition, pinned ones first, then the latest."""
    query = select(faqs).where(condition)
    if collection_id:
        query = query.where(faqs.c.collection_id == collection_id)
    if words:
        said = (faqs.c.question, faqs.c.answer)
        query = query.where(or_(*(field.icontains(words, autoescape=True) for field in said)))
    rows = connection.execute(query.order_by(faqs.c.pinned.desc(), faqs.c.changed_at.desc(), faqs.c.id).limit(limit))
    found = rows.all()
    return _stored(found, _clause_ids(connection, [row.id for row in found]))


def find_faq(connection: Connection, faq_id: str, condition: ColumnElement[bool]) -> StoredFaq | None:
    """The question of this id, if it meets the condition."""
    rows = connection.execute(select(faqs).where(faqs.c.id == faq_id, condition)).all()
    return next(iter(_stored(rows, _clause_ids(connection, [row.id for row in rows]))), None)


def pinned_faqs(connection: Connection, collection_ids: Iterable[str], today: date, limit: int) -> list[StoredFaq]:
    """The pinned questions of collections that still stand: neither expired nor resting on words that changed."""
    return list_faqs(
        connection,
        and_(
            faqs.c.collection_id.in_(list(collection_ids)),
            faqs.c.pinned,
            faqs.c.stale_since.is_(None),
            or_(faqs.c.expires_on.is_(None), faqs.c.expires_on >= today),
        ),
        limit=limit,
    )


def citing(connection: Connection, subject: Subject, clause_ids: Sequence[int]) -> list[tuple[StoredFaq, int]]:
    """The visible questions that cite one of the clauses, each with the first such clause."""
    found: dict[str, int] = {}
    for part in in_parts(clause_ids):
        query = (
            select(faq_clauses.c.faq_id, faq_clauses.c.clause_id)
            .join(faqs, faqs.c.id == faq_clauses.c.faq_id)
            .where(faq_clauses.c.clause_id.in_(part), visible_faqs(subject))
            .order_by(faq_clauses.c.faq_id, faq_clauses.c.position)
        )
        for row in connection.execute(query):
            found.setdefault(row.faq_id, row.clause_id)
    stored = {
        one.faq_id: one
        for part in in_parts(found)
        for one in list_faqs(connection, faqs.c.id.in_(part), limit=len(part))
    }
    return [(stored[faq_id], clause_id) for faq_id, clause_id in found.items()]


def of_document(connection: Connection, subject: Subject, document_id: str, limit: int) -> list[StoredFaq]:
    """The visible questions that cite a document."""
    cites = (
        select(faq_clauses.c.faq_id)
        .join(clauses, clauses.c.id == faq_clauses.c.clause_id)
        .where(clauses.c.document_id == document_id)
    )
    return list_faqs(connection, and_(visible_faqs(subject), faqs.c.id.in_(cites)), limit=limit)


def save_faq(connection: Connection, faq_id: str | None, values: dict[str, Any], clause_ids: Sequence[int]) -> str:
    """Store a new question, or new words of one that is there; its clauses are those of the citation."""
    if faq_id is None:
        faq_id = new_id("faq")
        connection.execute(insert(faqs).values(id=faq_id, **values))
    else:
        connection.execute(update(faqs).where(faqs.c.id == faq_id).values(values))
        connection.execute(delete(faq_clauses).where(faq_clauses.c.faq_id == faq_id))
    rows = [
        {"faq_id": faq_id, "clause_id": clause_id, "position": position}
        for position, clause_id in enumerate(dict.fromkeys(clause_ids))
    ]
    connection.execute(insert(faq_clauses), rows)
    return faq_id


def remove_faq(connection: Connection, faq_id: str) -> None:
    """Take a question away."""
    connection.execute(delete(faq_clauses).where(faq_clauses.c.faq_id == faq_id))
    connection.execute(delete(faqs).where(faqs.c.id == faq_id))


def mark_stale(connection: Connection, reasons: Mapping[int, Reason], now: datetime) -> int:
    """Flag the questions that cite one of the clauses, each with the clause's reason; returns how many are new."""
    by_faq: dict[str, str] = {}
    for part in in_parts(reasons):
        query = (
            select(faq_clauses.c.faq_id, faq_clauses.c.clause_id, faqs.c.changed_at)
            .join(faqs, faqs.c.id == faq_clauses.c.faq_id)
            .where(faq_clauses.c.clause_id.in_(part), faqs.c.stale_since.is_(None))
            .order_by(faq_clauses.c.faq_id, faq_clauses.c.position)
        )
        for row in connection.execute(query):
            reason = reasons[row.clause_id]
            saved_on = aware(row.changed_at).astimezone(BANK_ZONE).date()
            if reason.day is None or saved_on < reason.day:
                by_faq.setdefault(row.faq_id, reason.words)
    for faq_id, words in by_faq.items():
        values = {"stale_since": now, "stale_reason": words}
        connection.execute(update(faqs).where(faqs.c.id == faq_id).values(values))
    return len(by_faq)


def cited_collections(connection: Connection) -> list[str]:
    """The collections that hold a clause which a question rests on."""
    query = select(clauses.c.collection_id).join(faq_clauses, faq_clauses.c.clause_id == clauses.c.id).distinct()
    return list(connection.execute(query).scalars())


def cited_clauses(connection: Connection, collection_id: str) -> list[int]:
    """Every clause of a collection that a question rests on."""
    query = (
        select(faq_clauses.c.clause_id)
        .join(clauses, clauses.c.id == faq_clauses.c.clause_id)
        .join(faqs, faqs.c.id == faq_clauses.c.faq_id)
        .where(clauses.c.collection_id == collection_id, faqs.c.stale_since.is_(None))
        .distinct()
    )
    return list(connection.execute(query).scalars())


def follow(connection: Connection, old_clause_id: int, new_clause_id: int) -> None:
    """Let every question that cites a clause cite another one of the same words."""
    already = select(faq_clauses.c.faq_id).where(faq_clauses.c.clause_id == new_clause_id)
    cites_old = faq_clauses.c.clause_id == old_clause_id
    connection.execute(delete(faq_clauses).where(cites_old, faq_clauses.c.faq_id.in_(already)))
    connection.execute(update(faq_clauses).where(cites_old).values(clause_id=new_clause_id))
