"""Tables of the gateway: models, endpoints, quotas, usage and cascades."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
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

models = Table(
    "models",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("capabilities", JSON, nullable=False),
    Column("size_class", String(20), nullable=False),
    Column("context_tokens", Integer, nullable=False),
    # Money as whole parts, because SQLite has no decimals: millionths of the currency for a million tokens.
    Column("price_input_micro", BigInteger, nullable=False),
    Column("price_output_micro", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("data_level_max", Integer, nullable=False),
    Column("customer_level_max", Integer, nullable=False),
    Column("owner", String(200), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("licence", String(200), nullable=False),
    Column("source", Text, nullable=False),
    Column("fallbacks", JSON, nullable=False),
    Column("timeout_seconds", Float, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

endpoints = Table(
    "model_endpoints",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("model_id", String(40), ForeignKey("models.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("upstream_model", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("in_flight_max", Integer, nullable=False),
    # The key as AES-GCM ciphertext; the key that opens it is a file of the data folder, not in the database.
    Column("key_cipher", LargeBinary, nullable=True),
    Column("position", Integer, nullable=False),
)

quotas = Table(
    "quotas",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("holder_kind", String(20), nullable=False),
    Column("holder_id", String(200), nullable=False),
    Column("tokens_per_day", Integer, nullable=True),
    Column("requests_per_minute", Integer, nullable=True),
    Column("streams_max", Integer, nullable=True),
    UniqueConstraint("holder_kind", "holder_id"),
)

# What each server process counted for holders with a quota; the others add it to what they count themselves.
quota_counts = Table(
    "quota_counts",
    metadata,
    Column("process", String(40), primary_key=True),
    Column("holder_kind", String(20), primary_key=True),
    Column("holder_id", String(200), primary_key=True),
    # Minutes since 1970, to which `requests` belong.
    Column("minute", BigInteger, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("streams", Integer, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)

usage = Table(
    "usage",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("day", Date, nullable=False),
    Column("subject", String(80), nullable=False),
    Column("department", String(500), nullable=False),
    Column("application", String(120), nullable=False),
    Column("model", String(120), nullable=False),
    Column("endpoint_id", String(40), nullable=False),
    Column("capability", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    # Billionths of the currency.
    Column("cost_nano", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("latency_ms", Float, nullable=False),
    Column("streamed", Integer, nullable=False),
    Index("ix_usage_day", "day"),
)

cascades = Table(
    "cascades",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("task", String(200), nullable=False),
    Column("steps", JSON, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("points", JSON, nullable=False),
    Column("cases", Text, nullable=False),
    Column("cases_sha256", String(64), nullable=False),
    Column("chosen_at", DateTime(timezone=True), nullable=True),
    Column("chosen_by", String(80), nullable=False),
    Column("note", Text, nullable=False),
)

model_cases = Table(
    "model_cases",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("run_id", String(40), nullable=False),
    Column("model", String(120), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("clause_id", Integer, nullable=False),
    Column("faults", JSON, nullable=False),
)
