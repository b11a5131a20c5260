"""What server processes on one database counted for holders with a quota: each writes its own and adds the others'."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from yinshu.kernel.gateway.tables import quota_counts

Holder = tuple[str, str]
Counts = Mapping[Holder, tuple[int, int]]
"""Requests this minute and streams now, by holder (kind, id)."""


def publish_counts(connection: Connection, process: str, minute: int, counts: Counts, now: datetime) -> None:
    """Replace what this process told of itself."""
    connection.execute(delete(quota_counts).where(quota_counts.c.process == process))
    rows = [
        {
            "process": process,
            "holder_kind": kind,
            "holder_id": holder,
            "minute": minute,
            "requests": requests,
            "streams": streams,
            "seen_at": now,
        }
        for (kind, holder), (requests, streams) in counts.items()
    ]
    if rows:
        connection.execute(insert(quota_counts), rows)


def counts_of_others(
    connection: Connection, process: str, minute: int, alive_since: datetime
) -> dict[Holder, tuple[int, int]]:
    """The sums over every other process heard of since; one that died is forgotten with its streams."""
    query = select(quota_counts).where(quota_counts.c.process != process, quota_counts.c.seen_at >= alive_since)
    sums: dict[Holder, tuple[int, int]] = {}
    for row in connection.execute(query):
        requests, streams = sums.get((row.holder_kind, row.holder_id), (0, 0))
        counted = row.requests if row.minute == minute else 0
        sums[row.holder_kind, row.holder_id] = requests + counted, streams + row.streams
    return sums


def forget_counts(connection: Connection, before: datetime) -> None:
    """Remove what processes told that have long been silent."""
    connection.execute(delete(quota_counts).where(quota_counts.c.seen_at < before))
