"""The migrations make exactly the tables that the code expects, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

import yinshu.kernel.assistant.tables
import yinshu.kernel.audit.store
import yinshu.kernel.gateway.tables
import yinshu.kernel.guard.tables
import yinshu.kernel.knowledge.tables  # noqa: F401
from yinshu.kernel.base.database import metadata, open_engine, reading, writing
from yinshu.kernel.base.migrate import NewerDatabase, is_current, upgrade


def test_a_migrated_database_has_the_tables_of_the_models(database_url: str) -> None:
    engine = open_engine(database_url)
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    engine = open_engine(database_url)
    assert not is_current(engine)
    upgrade(engine)
    upgrade(engine)
    assert is_current(engine)
    engine.dispose()


def test_processes_that_start_together_upgrade_one_after_the_other(database_url: str) -> None:
    engines = [open_engine(database_url) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(upgrade, engines))
    assert is_current(engines[0])
    for engine in engines:
        engine.dispose()


def test_the_index_is_made_in_the_same_transaction(database_url: str) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE of_index (id INTEGER)"))
        raise RuntimeError("no room")

    engine = open_engine(database_url)
    with pytest.raises(RuntimeError):
        upgrade(engine, [fail])
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_database_of_a_later_release_is_refused_and_left_alone(database_url: str) -> None:
    engine = open_engine(database_url)
    upgrade(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase) as refused:
        upgrade(engine)
    assert "升级" in refused.value.message
    with reading(engine) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()
