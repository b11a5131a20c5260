"""Submissions, decisions and steps of versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.knowledge.life.records import Review, ReviewOutcome, Step, StepTaken
from yinshu.kernel.knowledge.store.catalogue import aware
from yinshu.kernel.knowledge.store.clauses import in_parts
from yinshu.kernel.knowledge.tables import reviews, version_steps


def _review(row: Row[Any]) -> Review:
    return Review(
        id=row.id,
        version_id=row.version_id,
        submitted_by=row.submitted_by,
        submitted_at=aware(row.submitted_at),
        note=row.note,
        outcome=row.outcome,
        decided_by=row.decided_by,
        decided_at=aware(row.decided_at) if row.decided_at else None,
        comment=row.comment,
    )


def latest_reviews(connection: Connection, version_ids: Iterable[str]) -> dict[str, Review]:
    """Version id to its latest submission."""
    found: dict[str, Review] = {}
    for part in in_parts(dict.fromkeys(version_ids)):
        query = select(reviews).where(reviews.c.version_id.in_(part)).order_by(reviews.c.submitted_at, reviews.c.id)
        found.update((row.version_id, _review(row)) for row in connection.execute(query))
    return found


def open_review(connection: Connection, version_id: str, by: str, note: str, now: datetime) -> str:
    """Record a submission; the database refuses a second open one of the same version.

    One that a trusted load or an archival left open is closed first: its version is a draft now.
    """
    left = (reviews.c.version_id == version_id) & reviews.c.outcome.is_(None)
    closed = {"outcome": "withdrawn", "decided_by": by, "decided_at": now}
    connection.execute(update(reviews).where(left).values(closed))
    review_id = new_id("rev")
    row = {"id": review_id, "version_id": version_id, "submitted_by": by, "submitted_at": now, "note": note}
    connection.execute(insert(reviews).values(**row, comment=""))
    return review_id


def decide(
    connection: Connection, review_id: str, outcome: ReviewOutcome, by: str, comment: str, now: datetime
) -> bool:
    """Close an open submission; False when somebody closed it already."""
    still_open = (reviews.c.id == review_id) & reviews.c.outcome.is_(None)
    values = {"outcome": outcome, "decided_by": by, "decided_at": now, "comment": comment}
    return connection.execute(update(reviews).where(still_open).values(values)).rowcount == 1


def take_step(
    connection: Connection,
    version_id: str,
    step: Step,
    by: str,
    now: datetime,
    *,
    comment: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Write down what happened to a version."""
    row = {"id": new_id("stp"), "version_id": version_id, "step": step, "actor": by, "at": now, "comment": comment}
    connection.execute(insert(version_steps).values(**row, detail=detail or {}))


def list_steps(connection: Connection, version_id: str) -> list[StepTaken]:
    """What happened to a version, in order."""
    query = (
        select(version_steps)
        .where(version_steps.c.version_id == version_id)
        .order_by(version_steps.c.at, version_steps.c.id)
    )
    return [StepTaken(row.step, row.actor, aware(row.at), row.comment, row.detail) for row in connection.execute(query)]


def makers(connection: Connection, version_id: str) -> set[str]:
    """Everybody who had a hand in a version: made, changed or submitted it."""
    query = select(version_steps.c.actor).where(
        version_steps.c.version_id == version_id, version_steps.c.step.in_(("created", "corrected", "submitted"))
    )
    return set(connection.execute(query).scalars())
