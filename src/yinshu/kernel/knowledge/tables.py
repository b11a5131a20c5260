"""The tables of the knowledge room. `store.py` and the index adapters are the only readers and writers."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
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
    text,
)

from yinshu.kernel.base.database import metadata

collections = Table(
    "collections",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("axes", JSON, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    # enterprise, department or personal; a personal one is named by its id here and by `title` to its owner.
    Column("kind", String(20), nullable=False, server_default="enterprise"),
    Column("title", String(200), nullable=False, server_default=""),
    Column("department_id", String(40)),
    Column("owner_id", String(80)),
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
    # Who may see it at all: 0 public, 1 internal, 2 confidential, 3 secret. `clauses` repeat it for the index.
    Column("level", Integer, nullable=False, default=1, server_default="1"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    # Who answers for it, and by when somebody must look at it again.
    Column("owner_id", String(80)),
    Column("review_on", Date),
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
    Column("created_by", String(80), nullable=False, server_default=""),
    # An approved version waits for this day.
    Column("publish_on", Date),
    # Since when an archived version no longer counts; none means that it never did (a slip taken back).
    Column("archived_on", Date),
    UniqueConstraint("document_id", "content_sha256"),
)

clauses = Table(
    "clauses",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("document_id", String(40), nullable=False, default="", server_default=""),
    Column("collection_id", String(40), nullable=False),
    Column("level", Integer, nullable=False, default=1, server_default="1"),
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

# What the embedding model made of each token of the same texts (gateway.TokenStates), for the reader.
passage_tokens = Table(
    "passage_tokens",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("embedder", String(120), primary_key=True),
    Column("states", LargeBinary, nullable=False),
    Column("scales", LargeBinary, nullable=False),
    Column("ends", LargeBinary, nullable=False),
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

# One submission for review and what became of it; nobody decides on their own.
reviews = Table(
    "reviews",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False, index=True),
    Column("submitted_by", String(80), nullable=False),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("outcome", String(20)),
    Column("decided_by", String(80)),
    Column("decided_at", DateTime(timezone=True)),
    Column("comment", Text, nullable=False, default=""),
    CheckConstraint("outcome IS NULL OR outcome = 'withdrawn' OR decided_by <> submitted_by", name="two_people"),
    Index(
        "uq_reviews_open",
        "version_id",
        unique=True,
        sqlite_where=text("outcome IS NULL"),
        postgresql_where=text("outcome IS NULL"),
    ),
)

# What happened to a version, in order; `detail` is plain JSON.
version_steps = Table(
    "version_steps",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False, index=True),
    Column("step", String(20), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("comment", Text, nullable=False, default=""),
    Column("detail", JSON, nullable=False, default=dict),
)

# A change of what a published version says of itself or of others, waiting for a second person.
corrections = Table(
    "corrections",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("target", String(80), nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("proposed_by", String(80), nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("outcome", String(20)),
    Column("decided_by", String(80)),
    Column("decided_at", DateTime(timezone=True)),
    Column("comment", Text, nullable=False, default=""),
    CheckConstraint("outcome IS NULL OR outcome = 'withdrawn' OR decided_by <> proposed_by", name="two_people"),
)

# A question with an answer that a person wrote and the verifier accepted.
faqs = Table(
    "faqs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("collection_id", ForeignKey("collections.id"), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("pinned", Boolean, nullable=False, default=False),
    Column("owner_id", String(80), nullable=False),
    Column("expires_on", Date),
    Column("stale_since", DateTime(timezone=True)),
    Column("stale_reason", Text, nullable=False, default=""),
    Column("created_by", String(80), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

faq_clauses = Table(
    "faq_clauses",
    metadata,
    Column("faq_id", ForeignKey("faqs.id", ondelete="CASCADE"), primary_key=True),
    Column("clause_id", ForeignKey("clauses.id"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
)

# What people say of answers; one word a person and answer, the last one counts.
feedback = Table(
    "feedback",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("run_id", ForeignKey("answers.run_id"), nullable=False),
    Column("person_id", String(80), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("comment", Text, nullable=False, default=""),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("settled_by", String(80)),
    Column("settled_at", DateTime(timezone=True)),
    UniqueConstraint("run_id", "person_id"),
)
