"""Reviews, corrections, questions answered by hand, feedback; owners and kinds of collections and documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    # Columns are added, never tables copied: with foreign keys on, SQLite would empty the table that is replaced.
    op.add_column("collections", sa.Column("kind", sa.String(length=20), nullable=False, server_default="enterprise"))
    op.add_column("collections", sa.Column("title", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("collections", sa.Column("department_id", sa.String(length=40), nullable=True))
    op.add_column("collections", sa.Column("owner_id", sa.String(length=80), nullable=True))
    op.add_column("documents", sa.Column("owner_id", sa.String(length=80), nullable=True))
    op.add_column("documents", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column("versions", sa.Column("created_by", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("versions", sa.Column("publish_on", sa.Date(), nullable=True))
    op.add_column("versions", sa.Column("archived_on", sa.Date(), nullable=True))
    _reviews()
    _steps_and_corrections()
    _questions()


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version_id", sa.String(length=40), nullable=False),
        sa.Column("submitted_by", sa.String(length=80), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IS NULL OR outcome = 'withdrawn' OR decided_by <> submitted_by", name="two_people"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_reviews_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_version_id"), "reviews", ["version_id"])
    op.create_index(
        "uq_reviews_open",
        "reviews",
        ["version_id"],
        unique=True,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )


def _steps_and_corrections() -> None:
    op.create_table(
        "version_steps",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version_id", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_version_steps_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_steps")),
    )
    op.create_index(op.f("ix_version_steps_version_id"), "version_steps", ["version_id"])
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IS NULL OR outcome = 'withdrawn' OR decided_by <> proposed_by", name="two_people"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_corrections_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_version_id"), "corrections", ["version_id"])


def _questions() -> None:
    op.create_table(
        "faqs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("collection_id", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.String(length=80), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("stale_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stale_reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collections.id"], name=op.f("fk_faqs_collection_id_collections")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faqs")),
    )
    op.create_index(op.f("ix_faqs_collection_id"), "faqs", ["collection_id"])
    op.create_table(
        "faq_clauses",
        sa.Column("faq_id", sa.String(length=40), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["faq_id"], ["faqs.id"], name=op.f("fk_faq_clauses_faq_id_faqs"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name=op.f("fk_faq_clauses_clause_id_clauses")),
        sa.PrimaryKeyConstraint("faq_id", "clause_id", name=op.f("pk_faq_clauses")),
    )
    op.create_index(op.f("ix_faq_clauses_clause_id"), "faq_clauses", ["clause_id"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["answers.run_id"], name=op.f("fk_feedback_run_id_answers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("run_id", "person_id", name=op.f("uq_feedback_run_id")),
    )
