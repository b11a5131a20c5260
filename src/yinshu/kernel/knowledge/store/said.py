"""What was asked and what people said of the answers: for the gaps of the library and the reach of a change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.knowledge.store.catalogue import aware
from yinshu.kernel.knowledge.tables import answers, feedback

ANSWERS_READ_MAX = 5_000


@dataclass(frozen=True)
class AskedBefore:
    """A question that was asked, with what its answer rested on."""

    run_id: str
    subject: str
    question: str
    asked_at: datetime
    status: str
    collections: tuple[str, ...]
    clause_ids: tuple[int, ...]
    nearest_clause_ids: tuple[int, ...]
    refusal: str | None


@dataclass(frozen=True)
class Said:
    """What a person said of an answer."""

    feedback_id: str
    run_id: str
    person_id: str
    verdict: str
    comment: str
    at: datetime
    settled_by: str | None


def _asked(row: Row[Any]) -> AskedBefore:
    record: dict[str, Any] = row.record or {}
    return AskedBefore(
        run_id=row.run_id,
        subject=row.subject,
        question=row.question,
        asked_at=aware(row.asked_at),
        status=row.status,
        collections=tuple(record.get("collections", ())),
        clause_ids=tuple(int(one["clause_id"]) for one in record.get("citations", ())),
        nearest_clause_ids=tuple(int(one["clause_id"]) for one in record.get("nearest", ())),
        refusal=record.get("refusal"),
    )


def asked_since(
    connection: Connection, since: datetime, statuses: Sequence[str], limit: int = ANSWERS_READ_MAX
) -> list[AskedBefore]:
    """The latest questions of these statuses, newest first."""
    query = (
        select(answers)
        .where(answers.c.asked_at >= since, answers.c.status.in_(statuses))
        .order_by(answers.c.asked_at.desc(), answers.c.run_id)
        .limit(limit)
    )
    return [_asked(row) for row in connection.execute(query)]


def answers_citing(connection: Connection, clause_ids: set[int], since: datetime) -> list[tuple[AskedBefore, int]]:
    """The latest answers that cite one of the clauses, newest first, each with the first such clause."""
    found: list[tuple[AskedBefore, int]] = []
    for one in asked_since(connection, since, ("answered",)):
        cited = next((clause_id for clause_id in one.clause_ids if clause_id in clause_ids), None)
        if cited is not None:
            found.append((one, cited))
    return found


def find_asked(connection: Connection, run_ids: Iterable[str]) -> dict[str, AskedBefore]:
    """The questions of these runs, by run."""
    query = select(answers).where(answers.c.run_id.in_(list(run_ids)))
    return {row.run_id: _asked(row) for row in connection.execute(query)}


# ---- feedback ----


def keep_feedback(
    connection: Connection, run_id: str, person_id: str, verdict: str, comment: str, now: datetime
) -> None:
    """What a person says of an answer, in the place of what they said before."""
    values = {"verdict": verdict, "comment": comment, "at": now, "settled_by": None, "settled_at": None}
    row = {"id": new_id("fbk"), "run_id": run_id, "person_id": person_id, **values}
    try:
        with connection.begin_nested():
            connection.execute(insert(feedback).values(row))
    except IntegrityError:
        same = (feedback.c.run_id == run_id) & (feedback.c.person_id == person_id)
        connection.execute(update(feedback).where(same).values(values))


def open_feedback(connection: Connection, verdicts: Sequence[str], limit: int) -> list[Said]:
    """Complaints that nobody has settled, newest first."""
    return _feedback(connection, and_(feedback.c.verdict.in_(verdicts), feedback.c.settled_at.is_(None)), limit)


def _feedback(connection: Connection, condition: ColumnElement[bool], limit: int) -> list[Said]:
    query = select(feedback).where(condition).order_by(feedback.c.at.desc(), feedback.c.id).limit(limit)
    return [
        Said(row.id, row.run_id, row.person_id, row.verdict, row.comment, aware(row.at), row.settled_by)
        for row in connection.execute(query)
    ]


def settle_feedback(connection: Connection, feedback_id: str, by: str, now: datetime) -> bool:
    """Mark a complaint as dealt with; False when it was already."""
    open_still = (feedback.c.id == feedback_id) & feedback.c.settled_at.is_(None)
    values = {"settled_by": by, "settled_at": now}
    return connection.execute(update(feedback).where(open_still).values(values)).rowcount == 1
