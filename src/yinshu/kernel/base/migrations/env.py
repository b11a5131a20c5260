"""What Alembic runs: the steps, on the connection that `migrate.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from yinshu.kernel.base.database import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most of a table; Alembic then copies it.
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
