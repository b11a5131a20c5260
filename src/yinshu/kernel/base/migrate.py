"""Brings a database to the tables that this release expects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.base.errors import DependencyDown

SCRIPTS = Path(__file__).parent / "migrations"
# Any number that no other program of the bank uses; processes that start together upgrade one after the other.
ADVISORY_LOCK = 7_301_955_201
NEWEST = "head"

CreateIndex = Callable[[Connection], None]
"""Makes the tables of a search index, which differ by database and so are no business of the migrations."""


class NewerDatabase(DependencyDown):
    """The database was made by a later release."""

    code = "newer_database"


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for one connection; there is no file."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, create_indexes: Sequence[CreateIndex] = ()) -> None:
    """Run the steps that are missing and make the search index's tables, all in one transaction.

    Raises `NewerDatabase` when the database knows steps that this release does not.
    """
    with writing(engine) as connection:
        upgrade_within(connection, create_indexes)


def upgrade_within(connection: Connection, create_indexes: Sequence[CreateIndex] = (), revision: str = NEWEST) -> None:
    """Like `upgrade`, in the caller's transaction and up to a step."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ADVISORY_LOCK})
    config = alembic_config(connection)
    _refuse_newer(connection, config)
    command.upgrade(config, revision)
    for create in create_indexes:
        create(connection)


def current_revision(connection: Connection) -> str:
    """The step that the database is at, "" for an empty one."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def is_known(revision: str) -> bool:
    """Whether this release has such a step."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return revision in {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}


def is_current(engine: Engine) -> bool:
    """Whether the database has every step."""
    with reading(engine) as connection:
        heads = set(ScriptDirectory.from_config(alembic_config(connection)).get_heads())
        return set(MigrationContext.configure(connection).get_current_heads()) == heads


def _refuse_newer(connection: Connection, config: Config) -> None:
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    strange = [one for one in MigrationContext.configure(connection).get_current_heads() if one not in known]
    if strange:
        raise NewerDatabase(
            "数据库由更新版本的银枢建立，本版本不能使用。请升级程序后重试。", detail=f"revision={strange[0]}"
        )
