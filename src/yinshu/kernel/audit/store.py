"""The ledger in the database: append in the caller's transaction, read, search, and check the chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, String, cast, select, text

from yinshu.kernel.audit.chain import body_of, canonical, chain_hash, entry_hash
from yinshu.kernel.audit.origin import current_origin
from yinshu.kernel.audit.records import GENESIS_HASH, Act, ChainReport, Head, Json, LedgerEntry, LedgerQuery, Origin
from yinshu.kernel.audit.tables import HEAD_ID, ledger, ledger_head
from yinshu.kernel.base.clock import Clock

__all__ = [
    "append",
    "append_acts",
    "entry_hash",
    "ledger",
    "ledger_head",
    "read_entries",
    "read_head",
    "search_entries",
    "verify_chain",
]

READ_BATCH_ROWS = 1_000
SRC_ENDPOINT = "src_endpoint"
# The payload goes in as the very text that was hashed; the column's own encoder would cost as much as the rest.
_INSERT = text(
    "INSERT INTO ledger (seq, at, actor, action, subject, payload, prev_hash, hash)"
    " VALUES (:seq, :at, :actor, :action, :subject, CAST(:payload AS JSON), :prev_hash, :hash)"
)
_INSERT_SQLITE = text(_INSERT.text.replace("CAST(:payload AS JSON)", ":payload"))
# Made once: to put a statement together costs more than to run it.
_HEAD = select(ledger_head).where(ledger_head.c.id == HEAD_ID)
_HEAD_TAKEN = _HEAD.with_for_update()
_HEAD_MOVED = text("UPDATE ledger_head SET seq = :seq, hash = :hash WHERE id = :id")


def append(
    connection: Connection, clock: Clock, *, actor: str, action: str, subject: str, payload: dict[str, Json]
) -> LedgerEntry:
    """Add one entry in the caller's transaction: it is there exactly when the effect it tells of is there.

    The payload must be plain JSON (finite numbers). Until the caller commits, other writers of the ledger wait, so
    append late in a transaction. From where it was asked for is added when a door has said so.
    """
    act = Act(actor, action, subject, detail=payload)
    return append_acts(connection, clock, [(act, current_origin())])[0]


def append_acts(connection: Connection, clock: Clock, acts: Sequence[tuple[Act, Origin | None]]) -> list[LedgerEntry]:
    """Add entries in their order in the caller's transaction; the end of the chain is taken once for all."""
    head = _take_head(connection)
    seq, digest = head.seq, head.hash
    at = stamp(clock)
    rows: list[dict[str, object]] = []
    entries: list[LedgerEntry] = []
    moment = datetime.fromisoformat(at)
    for act, origin in acts:
        payload = act.payload()
        if origin is not None and SRC_ENDPOINT not in payload:
            payload[SRC_ENDPOINT] = origin.payload()
        kept = canonical(payload)
        seq, prev_hash = seq + 1, digest
        digest = chain_hash(prev_hash, body_of(seq, at, act.actor, act.action, act.subject, kept))
        row = {"seq": seq, "at": at, "actor": act.actor, "action": act.action, "subject": act.subject}
        rows.append({**row, "payload": kept, "prev_hash": prev_hash, "hash": digest})
        entries.append(LedgerEntry(seq, moment, act.actor, act.action, act.subject, payload, prev_hash, digest))
    if rows:
        connection.execute(_INSERT_SQLITE if connection.dialect.name == "sqlite" else _INSERT, rows)
        connection.execute(_HEAD_MOVED, {"id": HEAD_ID, "seq": seq, "hash": digest})
    return entries


def stamp(clock: Clock) -> str:
    """The present moment as the ledger writes it: UTC to the microsecond."""
    return clock.now().astimezone(UTC).isoformat(timespec="microseconds")


def _take_head(connection: Connection) -> Head:
    """Lock the end of the chain for this transaction and read it; the first call makes it."""
    row = connection.execute(_HEAD_TAKEN).one_or_none()
    if row is None:
        connection.execute(
            text("INSERT INTO ledger_head (id, seq, hash) VALUES (:id, 0, :hash) ON CONFLICT (id) DO NOTHING"),
            {"id": HEAD_ID, "hash": GENESIS_HASH},
        )
        row = connection.execute(_HEAD_TAKEN).one()
    return Head(row.seq, row.hash, "", row.start_seq, row.start_hash)


def read_head(connection: Connection) -> Head:
    """The end of the chain and where it begins; all zero when nothing was ever recorded. `at` is empty."""
    row = connection.execute(_HEAD).one_or_none()
    return Head(0, GENESIS_HASH, "") if row is None else Head(row.seq, row.hash, "", row.start_seq, row.start_hash)


def read_entries(connection: Connection, *, after_seq: int = 0, limit: int = READ_BATCH_ROWS) -> list[LedgerEntry]:
    """Entries in order, at most `limit`, beginning after `after_seq`."""
    query = select(ledger).where(ledger.c.seq > after_seq).order_by(ledger.c.seq).limit(limit)
    return [_entry(row) for row in connection.execute(query)]


def _entry(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        row.seq,
        datetime.fromisoformat(row.at),
        row.actor,
        row.action,
        row.subject,
        row.payload,
        row.prev_hash,
        row.hash,
    )


def search_entries(connection: Connection, query: LedgerQuery) -> list[LedgerEntry]:
    """The newest entries that fit. `action` fits from its beginning; `words` are looked for in payload and subject."""
    statement = select(ledger).order_by(ledger.c.seq.desc()).limit(query.limit)
    if query.actor or query.actors:
        statement = statement.where(ledger.c.actor.in_([query.actor, *query.actors]))
    if query.action:
        statement = statement.where(ledger.c.action.startswith(query.action, autoescape=True))
    if query.subject:
        statement = statement.where(ledger.c.subject == query.subject)
    if query.since:
        statement = statement.where(ledger.c.at >= query.since)
    if query.until:
        statement = statement.where(ledger.c.at < query.until)
    if query.words:
        kept = canonical(query.words)[1:-1]
        in_payload = cast(ledger.c.payload, String).contains(kept, autoescape=True)
        statement = statement.where(in_payload | ledger.c.subject.contains(query.words, autoescape=True))
    if query.before_seq is not None:
        statement = statement.where(ledger.c.seq < query.before_seq)
    return [_entry(row) for row in connection.execute(statement)]


def all_entries(connection: Connection, after_seq: int = 0) -> Iterator[LedgerEntry]:
    """Every entry in order, read in batches."""
    while batch := read_entries(connection, after_seq=after_seq):
        yield from batch
        after_seq = batch[-1].seq


def verify_chain(connection: Connection) -> ChainReport:
    """Read the whole ledger and recompute every hash; a changed, missing or truncated entry is named by its seq."""
    head = read_head(connection)
    count, head_hash = head.start_seq, head.start_hash
    for entry in all_entries(connection):
        at = entry.at.isoformat(timespec="microseconds")
        expected = entry_hash(head_hash, count + 1, at, entry.actor, entry.action, entry.subject, entry.payload)
        if entry.seq != count + 1 or entry.prev_hash != head_hash or entry.hash != expected:
            return ChainReport(count - head.start_seq, False, count + 1, head_hash)
        count, head_hash = count + 1, entry.hash
    whole = (head.seq, head.hash) == (count, head_hash)
    return ChainReport(count - head.start_seq, whole, None if whole else count + 1, head_hash)
