"""The tables of the knowledge room. `store.py` and the index adapters are the only readers and writers."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
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

collections = Table(
    "collections",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("axes", JSON, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("collection_id", ForeignKey("collections.id"), nullable=False),
    Column("file_name", String(500), nullable=False),
    Column("title", Text, nullable=False),
    Column("number", String(200), nullable=False, default=""),
    Column("issuer", String(500), nullable=False, default=""),
    Column("kind", String(100), nullable=False, default=""),
    Column("axes", JSON, nullable=False, default=dict),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("collection_id", "file_name"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False, index=True),
    Column("collection_id", ForeignKey("collections.id"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("media_type", String(120), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("page_count", Integer, nullable=False, default=1),
    # What this version calls itself; `documents` holds what the latest one does.
    Column("title", Text, nullable=False),
    Column("number", String(200), nullable=False, default=""),
    Column("issuer", String(500), nullable=False, default=""),
    Column("kind", String(100), nullable=False, default=""),
    Column("from_ocr", Boolean, nullable=False, default=False),
    Column("issued_on", Date),
    # What the text says of itself; `clauses` hold what counts after later versions and documents had their say.
    Column("effective_from", Date),
    Column("effective_to", Date),
    # The day it was published here: when a version that does not say when it takes effect replaces the one before.
    Column("published_on", Date),
    Column("card", JSON, nullable=False, default=dict),
    Column("aliases", JSON, nullable=False, default=list),
    Column("warnings", JSON, nullable=False, default=list),
    Column("bulk_loaded", Boolean, nullable=False, default=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("document_id", "content_sha256"),
)

clauses = Table(
    "clauses",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("collection_id", String(40), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("path", JSON, nullable=False),
    Column("article", String(200), nullable=False, default=""),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("lead", Text, nullable=False, default=""),
    Column("heading", Text, nullable=False, default=""),
    Column("group_no", Integer, nullable=False, default=0),
    Column("page", Integer),
    Column("box", JSON),
    Column("rows", JSON),
    # The status and dates that count for this clause: the version's, narrowed by what later documents say of it.
    Column("status", String(20), nullable=False),
    Column("effective_from", Date),
    Column("effective_to", Date),
    # Since when a part of its words is out of date, because a later document changed a phrase of it.
    Column("changed_on", Date),
    # The text that is embedded is a function of title, path and text; this is its hash, the key of `vectors`.
    Column("vector_key", String(64), nullable=False, index=True),
    UniqueConstraint("version_id", "ordinal"),
    Index("ix_clauses_scope", "collection_id", "status", "effective_from", "effective_to"),
)

vectors = Table(
    "vectors",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("embedder", String(120), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("from_version_id", ForeignKey("versions.id"), nullable=False, index=True),
    Column("to_document_id", ForeignKey("documents.id"), index=True),
    Column("relation", String(20), nullable=False),
    Column("target_title", Text, nullable=False, default=""),
    Column("target_number", String(200), nullable=False, default=""),
    Column("target_articles", JSON, nullable=False, default=list),
    Column("target_issued_on", Date),
    Column("partial", Boolean, nullable=False, default=False),
    Column("effective_on", Date),
    Column("quote", Text, nullable=False),
    Column("clause_ordinal", Integer, nullable=False),
    Column("mark", String(20), nullable=False),
)

synonyms = Table(
    "synonyms",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("term", String(200), nullable=False),
    Column("standard", String(200), nullable=False),
    Column("source", String(20), nullable=False),
    UniqueConstraint("term", "standard"),
)

answers = Table(
    "answers",
    metadata,
    Column("run_id", String(40), primary_key=True),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("question", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("status", String(20), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("record", JSON, nullable=False),
)

# A batch is open from the moment its originals are kept until every text is in and the links are resolved.
ingest_batches = Table(
    "ingest_batches",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("collection_id", ForeignKey("collections.id"), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("published", Boolean, nullable=False),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
)

# One file of a batch; its outcome is written in the transaction that stores the version.
ingest_items = Table(
    "ingest_items",
    metadata,
    Column("batch_id", ForeignKey("ingest_batches.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("file_name", String(500), nullable=False),
    Column("content_sha256", String(64), nullable=False, default=""),
    Column("size_bytes", Integer, nullable=False, default=0),
    Column("hints", JSON, nullable=False, default=dict),
    Column("outcome", String(20), nullable=False, default="waiting"),
    Column("version_id", ForeignKey("versions.id")),
    Column("clauses", Integer, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),
)
