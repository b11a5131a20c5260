"""The tables of the assistant room: conversations, turns, shares and attachments."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from yinshu.kernel.base.database import metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("title", String(200), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index("ix_conversations_owner", "owner", "updated_at"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    # A retry with the same key is the same turn.
    Column("request_key", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("question", Text, nullable=False),
    Column("understood_as", Text, nullable=False),
    Column("carried_versions", JSON, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("collection_ids", JSON, nullable=False),
    Column("composer", String(40), nullable=False),
    Column("attachment_ids", JSON, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    # Until when whoever answers may take; a turn that is still `asking` later was cut short.
    Column("claimed_until", DateTime(timezone=True), nullable=False),
    Column("run_id", String(40)),
    Column("answer", JSON),
    Column("latency_ms", JSON, nullable=False),
    Column("error", Text, nullable=False),
    UniqueConstraint("conversation_id", "ordinal"),
    UniqueConstraint("conversation_id", "request_key", name="uq_turns_request_key"),
)

conversation_shares = Table(
    "conversation_shares",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("holder_kind", String(20), nullable=False),
    Column("holder_id", String(500), nullable=False),
    Column("shared_by", String(80), nullable=False),
    Column("shared_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("conversation_id", "holder_kind", "holder_id"),
    Index("ix_conversation_shares_holder", "holder_kind", "holder_id"),
)

attachments = Table(
    "conversation_attachments",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("name", String(500), nullable=False),
    Column("media_type", String(120), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("clauses", JSON, nullable=False),
    Column("clause_count", Integer, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
)
