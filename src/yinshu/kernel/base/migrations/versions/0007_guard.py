"""Policies, lexicons and verdicts of the guard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "guard_policies",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *_decided(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_policies")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_guard_policies_name")),
    )
    op.create_index(op.f("ix_guard_policies_status"), "guard_policies", ["status"])
    op.create_table(
        "guard_lexicons",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("csv", sa.Text(), nullable=False),
        *_decided(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_lexicons")),
    )
    op.create_index(op.f("ix_guard_lexicons_name"), "guard_lexicons", ["name"])
    op.create_index(op.f("ix_guard_lexicons_status"), "guard_lexicons", ["status"])
    op.create_table(
        "guard_verdicts",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("direction", sa.String(10), nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("policy", sa.String(100), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.String(80), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_verdicts")),
    )
    for column in ("at", "person", "status"):
        op.create_index(op.f(f"ix_guard_verdicts_{column}"), "guard_verdicts", [column])


def _decided() -> list[sa.Column[object]]:
    """The columns of what one person writes and another decides on."""
    return [
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("written_by", sa.String(80), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    ]
