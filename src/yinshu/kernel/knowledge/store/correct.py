"""Writing corrections: what a version says of itself and of others, and corrections that wait for a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, bindparam, insert, or_, select, update

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.records import StoredLink
from yinshu.kernel.knowledge.store.catalogue import aware, visible_versions
from yinshu.kernel.knowledge.store.lifecycle import work_of
from yinshu.kernel.knowledge.store.links import _link
from yinshu.kernel.knowledge.tables import clauses, corrections, documents, links, versions

CorrectionKind = Literal["card", "link"]
DAYS = ("issued_on", "effective_from", "effective_to")
_NAMES = ("title", "number", "issuer", "kind")


@dataclass(frozen=True)
class Correction:
    """A change that somebody proposed: `target` is a field's name or a link's id; before and after are plain JSON."""

    id: str
    version_id: str
    document_id: str
    title: str
    kind: CorrectionKind
    target: str
    before: Any
    after: Any
    proposed_by: str
    proposed_at: datetime
    note: str
    outcome: str | None


def _correction(row: Row[Any]) -> Correction:
    return Correction(
        id=row.id,
        version_id=row.version_id,
        document_id=row.document_id,
        title=row.title,
        kind=row.kind,
        target=row.target,
        before=row.before,
        after=row.after,
        proposed_by=row.proposed_by,
        proposed_at=aware(row.proposed_at),
        note=row.note,
        outcome=row.outcome,
    )


_CORRECTIONS = (
    select(corrections, versions.c.document_id, versions.c.title)
    .join(versions, versions.c.id == corrections.c.version_id)
    .join(documents, documents.c.id == versions.c.document_id)
)


def propose(
    connection: Connection,
    version_id: str,
    kind: CorrectionKind,
    target: str,
    before: Any,
    after: Any,
    *,
    by: str,
    note: str,
    now: datetime,
) -> str:
    """Keep a change until a second person has decided; it takes the place of an open one of the same thing."""
    same = and_(
        corrections.c.version_id == version_id,
        corrections.c.kind == kind,
        corrections.c.target == target,
        corrections.c.outcome.is_(None),
    )
    closed = {"outcome": "withdrawn", "decided_by": by, "decided_at": now}
    connection.execute(update(corrections).where(same).values(closed))
    row = {"id": new_id("cor"), "version_id": version_id, "kind": kind, "target": target, "before": before}
    row |= {"after": after, "proposed_by": by, "proposed_at": now, "note": note, "comment": ""}
    connection.execute(insert(corrections).values(row))
    return str(row["id"])


def find_correction(connection: Connection, correction_id: str, subject: Subject) -> Correction | None:
    """The correction of this id, if the subject may see its version."""
    row = connection.execute(
        _CORRECTIONS.where(corrections.c.id == correction_id, visible_versions(subject))
    ).one_or_none()
    return _correction(row) if row else None


def waiting_corrections(connection: Connection, subject: Subject, limit: int) -> list[Correction]:
    """Corrections that wait, of documents that the subject may review or that they proposed, oldest first."""
    query = (
        _CORRECTIONS.where(
            corrections.c.outcome.is_(None), or_(work_of(subject), corrections.c.proposed_by == subject.id)
        )
        .order_by(corrections.c.proposed_at, corrections.c.id)
        .limit(limit)
    )
    return [_correction(row) for row in connection.execute(query)]


def decide_correction(
    connection: Connection, correction_id: str, outcome: str, by: str, comment: str, now: datetime
) -> bool:
    """Close a correction; False when somebody did already."""
    open_still = (corrections.c.id == correction_id) & corrections.c.outcome.is_(None)
    values = {"outcome": outcome, "decided_by": by, "decided_at": now, "comment": comment}
    return connection.execute(update(corrections).where(open_still).values(values)).rowcount == 1


# ---- what a version says of itself ----


def field_value(connection: Connection, version_id: str, name: str) -> str:
    """What counts for a version, as text; "" when unknown."""
    value = connection.execute(select(versions.c[name]).where(versions.c.id == version_id)).scalar_one()
    return value.isoformat() if isinstance(value, date) else str(value or "")


def read_field(name: str, value: str) -> str | date | None:
    """What a field of a version holds for the plain text of a change."""
    return (date.fromisoformat(value) if value else None) if name in DAYS else value


def write_field(connection: Connection, version_id: str, name: str, value: str) -> None:
    """Give a version a value (dates as YYYY-MM-DD, "" takes it away) and mark it in the card as confirmed."""
    assert name in DAYS or name in _NAMES, name
    card = dict(connection.execute(select(versions.c.card).where(versions.c.id == version_id)).scalar_one() or {})
    fields = dict(card.get("fields", {}))
    known = fields.get(name, {"quote": "", "clause_ordinal": None})
    if value:
        fields[name] = {**known, "value": value, "mark": "confirmed"}
    else:
        fields.pop(name, None)
    values = {name: read_field(name, value), "card": {**card, "fields": fields}}
    connection.execute(update(versions).where(versions.c.id == version_id).values(values))


def rename_document(connection: Connection, version_id: str) -> None:
    """Let a document be called what its published version calls itself."""
    row = connection.execute(select(versions).where(versions.c.id == version_id)).one()
    if row.status == "published":
        named = {name: getattr(row, name) for name in _NAMES}
        connection.execute(update(documents).where(documents.c.id == row.document_id).values(named))


def set_clause_dates(connection: Connection, version_id: str) -> None:
    """Give the clauses of a version that nobody can find yet the dates of the version."""
    row = connection.execute(select(versions).where(versions.c.id == version_id)).one()
    values = {"effective_from": row.effective_from, "effective_to": row.effective_to}
    connection.execute(update(clauses).where(clauses.c.version_id == version_id).values(values))


def set_vector_keys(connection: Connection, keys: dict[int, str]) -> None:
    """Write under which key the vector of each clause (by id) is kept."""
    if keys:
        statement = update(clauses).where(clauses.c.id == bindparam("clause")).values(vector_key=bindparam("key"))
        connection.execute(statement, [{"clause": clause_id, "key": key} for clause_id, key in keys.items()])


# ---- what a version says of others ----


def find_link(connection: Connection, link_id: str) -> StoredLink | None:
    """The link of this id, or None."""
    row = connection.execute(select(links).where(links.c.id == link_id)).one_or_none()
    return _link(row) if row else None


def read_link(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the parts of a link hold for the plain JSON of a change."""
    read = dict(values)
    if read.get("effective_on"):
        read["effective_on"] = date.fromisoformat(read["effective_on"])
    if "target_articles" in read:
        read["target_articles"] = tuple(read["target_articles"])
    return read


def write_link(connection: Connection, link_id: str, values: Mapping[str, Any]) -> None:
    """Change a link; days are YYYY-MM-DD."""
    connection.execute(update(links).where(links.c.id == link_id).values(read_link(values)))


# ---- what belongs to a document ----


def write_document(connection: Connection, document_id: str, values: dict[str, Any]) -> None:
    """Change a document's owner or day of review."""
    connection.execute(update(documents).where(documents.c.id == document_id).values(values))
