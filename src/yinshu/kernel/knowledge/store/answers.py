"""What was asked and answered, as it was, so that a run can be shown again and replayed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, AnswerStatus, Citation
from yinshu.kernel.knowledge.tables import answers


@dataclass(frozen=True)
class AnsweredRun:
    """A question with its answer; `record` is the `Answer` and whatever else was kept of the run, as plain JSON."""

    run_id: str
    asked_at: datetime
    subject: str
    question: str
    as_of: date
    status: AnswerStatus
    confidence: float
    record: dict[str, Any]


def plain(answer: Answer) -> dict[str, Any]:
    """An answer as plain JSON; dates become YYYY-MM-DD. What is filling is known while it is composed, and not kept."""
    flat: dict[str, Any] = json.loads(json.dumps(asdict(answer), ensure_ascii=False, default=_iso))
    del flat["filling"]
    return flat


def restored(flat: dict[str, Any]) -> Answer:
    """The answer that `plain` flattened; what else was kept beside it is ignored."""
    said = {field.name: flat[field.name] for field in fields(Answer) if field.name in flat}
    for name in ("citations", "nearest"):
        said[name] = tuple(_citation(one) for one in said.get(name, ()))
    sentences = said.get("sentences", ())
    said["sentences"] = tuple(
        AnswerSentence(one["text"], tuple(one["citations"]), one["verified"]) for one in sentences
    )
    said["clarify"] = tuple(said.get("clarify", ()))
    return Answer(**said)


def _citation(flat: dict[str, Any]) -> Citation:
    said = {field.name: flat[field.name] for field in fields(Citation) if field.name in flat}
    for name in ("effective_from", "effective_to"):
        said[name] = date.fromisoformat(said[name]) if said.get(name) else None
    said["bbox"] = tuple(said["bbox"]) if said.get("bbox") else None
    return Citation(**said)


def _iso(value: object) -> str:
    assert isinstance(value, date), f"{type(value).__name__} is not part of an answer"
    return value.isoformat()


def save_answer(
    connection: Connection,
    run_id: str,
    answer: Answer,
    *,
    question: str,
    as_of: date,
    subject: str,
    now: datetime,
    extra: dict[str, Any] | None = None,
) -> None:
    """Keep one answered question; `extra` is plain JSON that is merged into the record."""
    row = {
        "run_id": run_id,
        "asked_at": now,
        "subject": subject,
        "question": question,
        "as_of": as_of,
        "status": answer.status,
        "confidence": answer.confidence,
        "record": {**plain(answer), **(extra or {})},
    }
    connection.execute(insert(answers).values(row))


def get_answer(connection: Connection, run_id: str) -> AnsweredRun:
    """The answered question of this id; `NotFound` when there is none."""
    row = connection.execute(select(answers).where(answers.c.run_id == run_id)).one_or_none()
    if row is None:
        raise NotFound(f"没有编号为 {run_id} 的问答记录。请核对编号。")
    asked_at = row.asked_at if row.asked_at.tzinfo else row.asked_at.replace(tzinfo=UTC)
    return AnsweredRun(
        row.run_id, asked_at, row.subject, row.question, row.as_of, row.status, row.confidence, row.record
    )
