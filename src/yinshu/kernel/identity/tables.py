"""The identity room's tables: departments, posts, people, grants, sessions, keys and attempts to sign in."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from yinshu.kernel.base.database import metadata

departments = Table(
    "departments",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("parent_id", ForeignKey("departments.id"), index=True),
    Column("name", String(100), nullable=False),
    # The ids from the top down to this one, each followed by a slash, so that a prefix tells a subtree.
    Column("path", String(800), nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("parent_id", "name"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("description", Text, nullable=False, default=""),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", String(40), primary_key=True),
    # In lower case; what is typed at sign-in.
    Column("login", String(100), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("email", String(200), nullable=False, default=""),
    Column("department_id", ForeignKey("departments.id"), index=True),
    Column("clearance", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    # Argon2id in its own notation; empty while there is no password.
    Column("password_hash", String(200), nullable=False, default=""),
    Column("must_change_password", Boolean, nullable=False, default=False),
    # Where the person comes from: local, ldap, or oidc:<provider>; and how they are called there.
    Column("source", String(60), nullable=False, default="local"),
    Column("external_id", String(300), nullable=False, default=""),
    Column("preferences", JSON, nullable=False, default=dict),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("disabled_at", DateTime(timezone=True)),
    Column("handed_over_to", ForeignKey("people.id")),
    Index("ix_people_external", "source", "external_id"),
)

person_posts = Table(
    "person_posts",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("post_id", ForeignKey("posts.id"), primary_key=True, index=True),
)

person_roles = Table(
    "person_roles",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("role", String(30), primary_key=True),
)

# The resource is named without a foreign key: collections and documents belong to the room above.
grants = Table(
    "grants",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("resource_kind", String(20), nullable=False),
    Column("resource_id", String(40), nullable=False),
    Column("holder_kind", String(20), nullable=False),
    Column("holder_id", String(40), nullable=False),
    Column("action", String(20), nullable=False),
    Column("effect", String(10), nullable=False),
    Column("granted_by", String(80), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("resource_kind", "resource_id", "holder_kind", "holder_id", "action", "effect"),
    Index("ix_grants_holder", "holder_kind", "holder_id"),
)

# A session is known by the hash of its token; the token itself is only in the browser.
sessions = Table(
    "sessions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("method", String(60), nullable=False),
    Column("address", String(60), nullable=False, default=""),
    Column("agent", String(200), nullable=False, default=""),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    # The first characters, by which the owner knows the key again.
    Column("opening", String(20), nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)

# Failed attempts, as hashes of login and address; they lock out and are forgotten after a day.
sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("login_hash", String(64), nullable=False),
    Column("address_hash", String(64), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_sign_in_failures_login", "login_hash", "at"),
    Index("ix_sign_in_failures_address", "address_hash", "at"),
)

# A sign-in at another place that is under way: what its answer must match.
oidc_requests = Table(
    "oidc_requests",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("provider", String(60), nullable=False),
    Column("nonce", String(100), nullable=False),
    Column("verifier", String(200), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
