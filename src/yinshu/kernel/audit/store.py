"""The ledger's table: append in the caller's transaction, read, and check the chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import JSON, Column, Connection, Integer, String, Table, insert, select, text, update

from yinshu.kernel.audit.records import GENESIS_HASH, ChainReport, Json, LedgerEntry
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import metadata

# The time is kept as the text that was hashed, because databases round and shift times.
ledger = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("actor", String(80), nullable=False, index=True),
    Column("action", String(80), nullable=False, index=True),
    Column("subject", String(200), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# One row: the end of the chain. Updating it first is what queues concurrent writers on PostgreSQL.
ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

HEAD_ID = 1
READ_BATCH_ROWS = 1_000


def entry_hash(prev_hash: str, seq: int, at: str, actor: str, action: str, subject: str, payload: object) -> str:
    """SHA-256 (hex) that ties an entry to the one before it."""
    body = json.dumps(
        [seq, at, actor, action, subject, payload], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(f"{prev_hash}\n{body}".encode()).hexdigest()


def append(
    connection: Connection, clock: Clock, *, actor: str, action: str, subject: str, payload: dict[str, Json]
) -> LedgerEntry:
    """Add one entry in the caller's transaction: it is there exactly when the effect it tells of is there.

    The payload must be plain JSON (finite numbers). Until the caller commits, other writers of the ledger wait, so
    append late in a transaction.
    """
    seq, prev_hash = _take_head(connection)
    seq += 1
    at = clock.now().astimezone(UTC).isoformat(timespec="microseconds")
    kept = json.loads(json.dumps(payload, ensure_ascii=False, allow_nan=False))
    digest = entry_hash(prev_hash, seq, at, actor, action, subject, kept)
    row = {"seq": seq, "at": at, "actor": actor, "action": action, "subject": subject, "payload": kept}
    connection.execute(insert(ledger).values(**row, prev_hash=prev_hash, hash=digest))
    connection.execute(update(ledger_head).where(ledger_head.c.id == HEAD_ID).values(seq=seq, hash=digest))
    return LedgerEntry(seq, datetime.fromisoformat(at), actor, action, subject, kept, prev_hash, digest)


def _take_head(connection: Connection) -> tuple[int, str]:
    """Lock the end of the chain for this transaction and read it; the first call makes it."""
    head = select(ledger_head.c.seq, ledger_head.c.hash).where(ledger_head.c.id == HEAD_ID).with_for_update()
    row = connection.execute(head).one_or_none()
    if row is None:
        connection.execute(
            text("INSERT INTO ledger_head (id, seq, hash) VALUES (:id, 0, :hash) ON CONFLICT (id) DO NOTHING"),
            {"id": HEAD_ID, "hash": GENESIS_HASH},
        )
        row = connection.execute(head).one()
    return row.seq, row.hash


def read_entries(connection: Connection, *, after_seq: int = 0, limit: int = READ_BATCH_ROWS) -> list[LedgerEntry]:
    """Entries in order, at most `limit`, beginning after `after_seq`."""
    query = select(ledger).where(ledger.c.seq > after_seq).order_by(ledger.c.seq).limit(limit)
    return [
        LedgerEntry(
            row.seq,
            datetime.fromisoformat(row.at),
            row.actor,
            row.action,
            row.subject,
            row.payload,
            row.prev_hash,
            row.hash,
        )
        for row in connection.execute(query)
    ]


def _all_entries(connection: Connection) -> Iterator[LedgerEntry]:
    after_seq = 0
    while batch := read_entries(connection, after_seq=after_seq):
        yield from batch
        after_seq = batch[-1].seq


def verify_chain(connection: Connection) -> ChainReport:
    """Read the whole ledger and recompute every hash; a changed, missing or truncated entry is named by its seq."""
    count, head_hash = 0, GENESIS_HASH
    for entry in _all_entries(connection):
        at = entry.at.isoformat(timespec="microseconds")
        expected = entry_hash(head_hash, count + 1, at, entry.actor, entry.action, entry.subject, entry.payload)
        if entry.seq != count + 1 or entry.prev_hash != head_hash or entry.hash != expected:
            return ChainReport(count, False, count + 1, head_hash)
        count, head_hash = count + 1, entry.hash
    kept = connection.execute(select(ledger_head.c.seq, ledger_head.c.hash)).one_or_none()
    whole = (count, head_hash) == (0, GENESIS_HASH) if kept is None else (kept.seq, kept.hash) == (count, head_hash)
    return ChainReport(count, whole, None if whole else count + 1, head_hash)
