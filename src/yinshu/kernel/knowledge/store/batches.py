"""The rows that say which batch of files is under way, so that a batch cut short is finished after a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select, update

from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.knowledge.records import Hints
from yinshu.kernel.knowledge.tables import collections, ingest_batches, ingest_items, versions

Outcome = Literal["waiting", "new", "updated", "unchanged", "failed", "quarantined"]


@dataclass(frozen=True)
class BatchItem:
    """One file of a batch: a kept original that is to become a version, or one that was refused at the door."""

    file_name: str
    sha256: str = ""
    size_bytes: int = 0
    hints: Hints = field(default=Hints())
    outcome: Outcome = "waiting"
    error: str = ""


@dataclass(frozen=True)
class Batch:
    """Files on their way into one collection. `unchanged` counts those that were there already."""

    batch_id: str
    collection_id: str
    collection_name: str
    actor: str
    published: bool
    unchanged: int
    opened_at: datetime


@dataclass(frozen=True)
class BatchTally:
    """What became of a batch's files. `failed` holds (file name, Chinese message)."""

    files: int
    new: int
    updated: int
    unchanged: int
    waiting: int
    clauses: int
    failed: tuple[tuple[str, str], ...]


def _hints_row(hints: Hints) -> dict[str, str]:
    said: dict[str, Any] = {key: value for key, value in asdict(hints).items() if value}
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in said.items()}


def _hints(row: dict[str, Any]) -> Hints:
    days: dict[str, Any] = {key: date.fromisoformat(row[key]) for key in ("issued_on", "effective_from") if key in row}
    return Hints(**{**row, **days})


def open_batch(
    connection: Connection,
    collection_id: str,
    items: Sequence[BatchItem],
    *,
    actor: str,
    published: bool,
    unchanged: int,
    now: datetime,
) -> str:
    """Record a batch before its first file is read; returns its id."""
    batch_id = new_id("bat")
    row = {
        "id": batch_id,
        "collection_id": collection_id,
        "actor": actor,
        "state": "open",
        "published": published,
        "unchanged": unchanged,
        "opened_at": now,
    }
    connection.execute(insert(ingest_batches).values(row))
    rows = [
        {
            "batch_id": batch_id,
            "position": position,
            "file_name": item.file_name,
            "content_sha256": item.sha256,
            "size_bytes": item.size_bytes,
            "hints": _hints_row(item.hints),
            "outcome": item.outcome,
            "error": item.error,
        }
        for position, item in enumerate(items)
    ]
    if rows:
        connection.execute(insert(ingest_items), rows)
    return batch_id


def _batch(row: Any) -> Batch:
    return Batch(row.id, row.collection_id, row.name, row.actor, row.published, row.unchanged, row.opened_at)


_BATCHES = select(ingest_batches, collections.c.name).join(
    collections, collections.c.id == ingest_batches.c.collection_id
)


def get_batch(connection: Connection, batch_id: str) -> Batch:
    """The batch of this id; `NotFound` when there is none."""
    row = connection.execute(_BATCHES.where(ingest_batches.c.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound("没有这个导入批次。请重新导入文件。", detail=batch_id)
    return _batch(row)


def open_batches(connection: Connection) -> list[Batch]:
    """The batches that were not finished, oldest first."""
    query = _BATCHES.where(ingest_batches.c.state == "open").order_by(ingest_batches.c.id)
    return [_batch(row) for row in connection.execute(query)]


def count_items(connection: Connection, batch_id: str) -> int:
    """How many files a batch has."""
    query = select(func.count()).select_from(ingest_items).where(ingest_items.c.batch_id == batch_id)
    return connection.execute(query).scalar_one()


def waiting_items(connection: Connection, batch_id: str, start: int, stop: int) -> list[tuple[int, BatchItem]]:
    """The files at positions `start` to `stop` (not included) that are still to be read, with their positions."""
    query = (
        select(ingest_items)
        .where(
            ingest_items.c.batch_id == batch_id,
            ingest_items.c.position >= start,
            ingest_items.c.position < stop,
            ingest_items.c.outcome == "waiting",
        )
        .order_by(ingest_items.c.position)
    )
    return [
        (row.position, BatchItem(row.file_name, row.content_sha256, row.size_bytes, _hints(row.hints)))
        for row in connection.execute(query)
    ]


def is_waiting(connection: Connection, batch_id: str, position: int) -> bool:
    """Whether a file is still to be read; another worker may have been faster."""
    query = select(ingest_items.c.outcome).where(
        ingest_items.c.batch_id == batch_id, ingest_items.c.position == position
    )
    outcome: str = connection.execute(query).scalar_one()
    return outcome == "waiting"


def set_outcome(
    connection: Connection,
    batch_id: str,
    position: int,
    outcome: Outcome,
    *,
    version_id: str | None = None,
    clauses: int = 0,
    error: str = "",
) -> None:
    """Say what became of one file, in the transaction that made it so."""
    same = (ingest_items.c.batch_id == batch_id) & (ingest_items.c.position == position)
    values = {"outcome": outcome, "version_id": version_id, "clauses": clauses, "error": error}
    connection.execute(update(ingest_items).where(same).values(values))


def tally(connection: Connection, batch: Batch) -> BatchTally:
    """What became of the batch's files so far."""
    grouped = (
        select(ingest_items.c.outcome, func.count(), func.sum(ingest_items.c.clauses))
        .where(ingest_items.c.batch_id == batch.batch_id)
        .group_by(ingest_items.c.outcome)
    )
    counts: dict[str, int] = {}
    clauses = 0
    for outcome, count, added in connection.execute(grouped):
        counts[outcome] = count
        clauses += added
    failed = (
        select(ingest_items.c.file_name, ingest_items.c.error)
        .where(ingest_items.c.batch_id == batch.batch_id, ingest_items.c.outcome.in_(("failed", "quarantined")))
        .order_by(ingest_items.c.position)
    )
    return BatchTally(
        files=sum(counts.values()) + batch.unchanged,
        new=counts.get("new", 0),
        updated=counts.get("updated", 0),
        unchanged=counts.get("unchanged", 0) + batch.unchanged,
        waiting=counts.get("waiting", 0),
        clauses=clauses,
        failed=tuple((row.file_name, row.error) for row in connection.execute(failed)),
    )


@dataclass(frozen=True)
class ItemReport:
    """What became of one file of a batch."""

    file_name: str
    outcome: Outcome
    error: str
    version_id: str | None
    document_id: str | None


def report_items(connection: Connection, batch_id: str, limit: int) -> list[ItemReport]:
    """What became of each file of a batch, in the order in which they came."""
    query = (
        select(ingest_items, versions.c.document_id)
        .join(versions, versions.c.id == ingest_items.c.version_id, isouter=True)
        .where(ingest_items.c.batch_id == batch_id)
        .order_by(ingest_items.c.position)
        .limit(limit)
    )
    return [
        ItemReport(row.file_name, row.outcome, row.error, row.version_id, row.document_id)
        for row in connection.execute(query)
    ]


def is_kept(connection: Connection, sha256: str) -> bool:
    """Whether a version, or a file that is still to be read, rests on this content."""
    of_version = select(versions.c.id).where(versions.c.content_sha256 == sha256).limit(1)
    waiting = (
        select(ingest_items.c.batch_id)
        .where(ingest_items.c.content_sha256 == sha256, ingest_items.c.outcome == "waiting")
        .limit(1)
    )
    return any(connection.execute(query).first() is not None for query in (of_version, waiting))


def close_batch(connection: Connection, batch_id: str, now: datetime) -> bool:
    """Mark a batch as finished; False when it was finished already."""
    still_open = (ingest_batches.c.id == batch_id) & (ingest_batches.c.state == "open")
    done = {"state": "done", "closed_at": now}
    return connection.execute(update(ingest_batches).where(still_open).values(done)).rowcount > 0
