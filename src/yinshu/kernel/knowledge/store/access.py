"""What one person may read now, and what they said: the rule of identity as a condition of the query."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from yinshu.kernel.identity import Subject, readable
from yinshu.kernel.knowledge.store.clauses import in_parts
from yinshu.kernel.knowledge.tables import documents, feedback, versions


def readable_versions(connection: Connection, subject: Subject, version_ids: Iterable[str]) -> set[str]:
    """Those of the versions that exist and that the subject may read."""
    found: set[str] = set()
    allowed = readable(subject, documents.c.collection_id, documents.c.id, documents.c.level)
    for part in in_parts(dict.fromkeys(version_ids)):
        query = (
            select(versions.c.id)
            .join(documents, documents.c.id == versions.c.document_id)
            .where(versions.c.id.in_(part), allowed)
        )
        found.update(connection.execute(query).scalars())
    return found


def feedback_of(connection: Connection, person_id: str, run_ids: Iterable[str]) -> dict[str, str]:
    """What a person said of these runs (right, wrong, outdated), by run."""
    found: dict[str, str] = {}
    for part in in_parts(dict.fromkeys(run_ids)):
        query = select(feedback.c.run_id, feedback.c.verdict).where(
            feedback.c.person_id == person_id, feedback.c.run_id.in_(part)
        )
        found.update((row.run_id, row.verdict) for row in connection.execute(query))
    return found
