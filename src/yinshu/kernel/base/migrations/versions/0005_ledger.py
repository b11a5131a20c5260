"""What an auditor needs beside the chain: signed heads, where the chain begins, originals under keys, settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_index(op.f("ix_ledger_subject"), "ledger", ["subject"])
    op.create_index(op.f("ix_ledger_at"), "ledger", ["at"])
    op.add_column("ledger_head", sa.Column("start_seq", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ledger_head", sa.Column("start_hash", sa.String(64), nullable=False, server_default="0" * 64))
    op.create_table(
        "ledger_signed_heads",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("start_seq", sa.Integer(), nullable=False),
        sa.Column("start_hash", sa.String(64), nullable=False),
        sa.Column("algorithm", sa.String(20), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("public_key", sa.String(200), nullable=False),
        sa.Column("signature", sa.String(400), nullable=False),
        sa.Column("anchored_to", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_signed_heads")),
    )
    op.create_table(
        "ledger_person_keys",
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_private_key", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("destroyed_at", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_ledger_person_keys")),
    )
    op.create_table(
        "ledger_originals",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_originals")),
    )
    op.create_index(op.f("ix_ledger_originals_person"), "ledger_originals", ["person"])
    op.create_table(
        "ledger_settings",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(80), nullable=False),
        sa.Column("proposed_at", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.String(80), nullable=True),
        sa.Column("decided_at", sa.String(40), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_settings")),
    )
    op.create_index(op.f("ix_ledger_settings_name"), "ledger_settings", ["name"])
