"""The ledger's tables."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

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
    Index("ix_ledger_subject", "subject"),
    Index("ix_ledger_at", "at"),
)

# One row: the end of the chain. Updating it first is what queues concurrent writers on PostgreSQL. `start_seq` and
# `start_hash` are the end of what was archived and taken away: the chain in the database begins after it.
ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("start_seq", Integer, nullable=False, server_default="0"),
    Column("start_hash", String(64), nullable=False, server_default="0" * 64),
)

signed_heads = Table(
    "ledger_signed_heads",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("at", String(40), nullable=False),
    Column("start_seq", Integer, nullable=False),
    Column("start_hash", String(64), nullable=False),
    Column("algorithm", String(20), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("public_key", String(200), nullable=False),
    Column("signature", String(400), nullable=False),
    Column("anchored_to", Text, nullable=False),
)

# A person's key pair: the public half seals, the private half is itself sealed to the auditors' key. Destroying the
# private half erases every original of the person.
person_keys = Table(
    "ledger_person_keys",
    metadata,
    Column("person", String(80), primary_key=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sealed_private_key", LargeBinary, nullable=True),
    Column("made_at", String(40), nullable=False),
    Column("destroyed_at", String(40), nullable=True),
)

originals = Table(
    "ledger_originals",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person", String(80), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", String(40), nullable=False),
)

audit_settings = Table(
    "ledger_settings",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(60), nullable=False, index=True),
    Column("value", Text, nullable=False),
    Column("proposed_by", String(80), nullable=False),
    Column("proposed_at", String(40), nullable=False),
    Column("decided_by", String(80), nullable=True),
    Column("decided_at", String(40), nullable=True),
    Column("approved", Boolean, nullable=True),
)

HEAD_ID = 1
