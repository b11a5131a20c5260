"""Writing what publication and archival change: versions, their clauses and what their document is called."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select, update

from yinshu.kernel.identity import Subject, readable
from yinshu.kernel.knowledge.life.records import VersionFile
from yinshu.kernel.knowledge.store.catalogue import _file, _select_files, visible_versions
from yinshu.kernel.knowledge.store.intake import set_status
from yinshu.kernel.knowledge.tables import clauses, documents, reviews, version_steps, versions


def newer_published(connection: Connection, document_id: str, ordinal: int) -> bool:
    """Whether a later version of the document is published already."""
    query = select(versions.c.id).where(
        versions.c.document_id == document_id, versions.c.status == "published", versions.c.ordinal > ordinal
    )
    return connection.execute(query.limit(1)).one_or_none() is not None


def mark_published(connection: Connection, file: VersionFile, today: date | None) -> None:
    """Make a version the published one; its document is called what the version calls itself.

    Without a day it is the published one again, since the day on which it first was.
    """
    info = file.info
    set_status(connection, info.version_id, "published")
    if today is not None:
        connection.execute(update(versions).where(versions.c.id == info.version_id).values(published_on=today))
    named = {"title": info.title, "number": info.number, "issuer": info.issuer, "kind": info.kind}
    connection.execute(update(documents).where(documents.c.id == info.document_id).values(named))


def plan_publication(connection: Connection, version_id: str, day: date | None) -> None:
    """Say on which day an approved version is published; None takes the plan back."""
    connection.execute(update(versions).where(versions.c.id == version_id).values(publish_on=day))


def mark_archived(connection: Connection, version_id: str, ended_on: date | None) -> None:
    """Archive a version: with a day it counted until then and is found for earlier days; without, it never counted."""
    set_status(connection, version_id, "archived")
    connection.execute(update(versions).where(versions.c.id == version_id).values(archived_on=ended_on))
    if ended_on is not None:
        still_found = update(clauses).where(clauses.c.version_id == version_id).values(status="superseded")
        connection.execute(still_found)


def predecessor(connection: Connection, document_id: str, ordinal: int) -> str | None:
    """The version that the one of this ordinal replaced, if it is still there to come back."""
    query = (
        select(versions.c.id)
        .where(versions.c.document_id == document_id, versions.c.status == "superseded", versions.c.ordinal < ordinal)
        .order_by(versions.c.ordinal.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def planner(connection: Connection, version_id: str) -> str:
    """Who planned the publication of a version last."""
    query = (
        select(version_steps.c.actor)
        .where(version_steps.c.version_id == version_id, version_steps.c.step == "scheduled")
        .order_by(version_steps.c.at.desc(), version_steps.c.id.desc())
        .limit(1)
    )
    return str(connection.execute(query).scalar_one())


def due_versions(connection: Connection, today: date) -> list[str]:
    """The approved versions whose day of publication has come, in the order of their days."""
    query = (
        select(versions.c.id)
        .where(versions.c.status == "in_review", versions.c.publish_on <= today)
        .order_by(versions.c.publish_on, versions.c.id)
    )
    return list(connection.execute(query).scalars())


def waiting_versions(connection: Connection, subject: Subject, limit: int) -> list[VersionFile]:
    """The versions in review that the subject may see, the longest waiting first."""
    query = (
        _select_files()
        .join(reviews, reviews.c.version_id == versions.c.id)
        .where(versions.c.status == "in_review", _of_last_review(), visible_versions(subject))
        .order_by(reviews.c.submitted_at, versions.c.id)
        .limit(limit)
    )
    return [_file(row) for row in connection.execute(query)]


def _of_last_review() -> ColumnElement[bool]:
    """The row of `reviews` is the last submission of its version."""
    later = reviews.alias("later")
    newest = select(func.max(later.c.submitted_at)).where(later.c.version_id == reviews.c.version_id)
    return reviews.c.submitted_at == newest.scalar_subquery()


def work_of(subject: Subject) -> ColumnElement[bool]:
    """The rows of `documents` that the subject may review."""
    return readable(subject, documents.c.collection_id, documents.c.id, documents.c.level, action="publish")
