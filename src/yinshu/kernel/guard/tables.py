"""The guard's tables: versions of policies and word lists, and verdicts that were not a plain pass."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Integer, String, Table, Text, UniqueConstraint

from yinshu.kernel.base.database import metadata

policies = Table(
    "guard_policies",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("written_by", String(80), nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", String(80), nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    UniqueConstraint("name", "version"),
)

lexicons = Table(
    "guard_lexicons",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(80), nullable=False, index=True),
    Column("version", String(12), nullable=False),
    Column("entries", Integer, nullable=False),
    Column("csv", Text, nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("written_by", String(80), nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", String(80), nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
)

verdicts = Table(
    "guard_verdicts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("person", String(80), nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("direction", String(10), nullable=False),
    Column("action", String(10), nullable=False),
    Column("policy", String(100), nullable=False),
    Column("findings", JSON, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("decided_by", String(80), nullable=True),
    Column("note", Text, nullable=False),
)
