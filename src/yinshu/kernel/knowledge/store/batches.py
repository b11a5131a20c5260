"""The rows that say which batch of files is under way, so that a batch cut short is finished after a restart."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.knowledge.reading import Hints
from yinshu.kernel.knowledge.tables import collections, ingest_batches


@dataclass(frozen=True)
class BatchItem:
    """One kept original that is to become a version."""

    file_name: str
    sha256: str
    size_bytes: int
    hints: Hints = field(default=Hints())


@dataclass(frozen=True)
class Batch:
    """A batch of kept originals on their way into one collection."""

    batch_id: str
    collection_id: str
    collection_name: str
    actor: str
    published: bool
    items: tuple[BatchItem, ...]


def _item_row(item: BatchItem) -> dict[str, Any]:
    row = asdict(item)
    row["hints"] = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in row["hints"].items() if value
    }
    return row


def _item(row: dict[str, Any]) -> BatchItem:
    hints = dict(row["hints"])
    for key in ("issued_on", "effective_from"):
        if key in hints:
            hints[key] = date.fromisoformat(hints[key])
    return BatchItem(row["file_name"], row["sha256"], row["size_bytes"], Hints(**hints))


def open_batch(
    connection: Connection,
    collection_id: str,
    items: tuple[BatchItem, ...],
    *,
    actor: str,
    published: bool,
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
        "items": [_item_row(item) for item in items],
        "opened_at": now,
    }
    connection.execute(insert(ingest_batches).values(row))
    return batch_id


def open_batches(connection: Connection) -> list[Batch]:
    """The batches that were not finished, oldest first."""
    query = (
        select(ingest_batches, collections.c.name)
        .join(collections, collections.c.id == ingest_batches.c.collection_id)
        .where(ingest_batches.c.state == "open")
        .order_by(ingest_batches.c.id)
    )
    return [
        Batch(row.id, row.collection_id, row.name, row.actor, row.published, tuple(_item(one) for one in row.items))
        for row in connection.execute(query)
    ]


def close_batch(connection: Connection, batch_id: str, report: dict[str, Any], now: datetime) -> bool:
    """Mark a batch as finished, with its report; False when it was finished already."""
    still_open = (ingest_batches.c.id == batch_id) & (ingest_batches.c.state == "open")
    done = {"state": "done", "report": report, "closed_at": now}
    return connection.execute(update(ingest_batches).where(still_open).values(done)).rowcount > 0
