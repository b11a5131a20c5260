"""The one relational database: metadata shared by every package, engines for SQLite and PostgreSQL, transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from yinshu.kernel.base.errors import DependencyDown

__all__ = ["Connection", "Engine", "check_connection", "metadata", "open_engine", "reading", "writing"]

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

SQLITE_BUSY_MS = 30_000
SQLITE_CACHE_KIB = 16_384
POOL_CONNECTIONS = 16
POOL_OVERFLOW_CONNECTIONS = 16


def open_engine(url: str) -> Engine:
    """Open the database named by a SQLAlchemy URL (sqlite:///path or postgresql+psycopg://...)."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            connect_args={"timeout": SQLITE_BUSY_MS / 1000, "check_same_thread": False},
            pool_size=POOL_CONNECTIONS,
            max_overflow=POOL_OVERFLOW_CONNECTIONS,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediately_when_writing)
        return engine
    return create_engine(url, pool_size=POOL_CONNECTIONS, max_overflow=POOL_OVERFLOW_CONNECTIONS, pool_pre_ping=True)


def check_connection(engine: Engine) -> None:
    """Raise `DependencyDown` with the remedy when the database cannot be reached."""
    try:
        with engine.connect():
            return
    except SQLAlchemyError as error:
        raise DependencyDown(
            "连不上数据库。请确认数据库在运行、数据文件夹可写，并检查 YINSHU_DATABASE_URL 后重试。",
            detail=type(error).__name__,
        ) from None


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={SQLITE_BUSY_MS}",
        f"cache_size=-{SQLITE_CACHE_KIB}",
        "temp_store=MEMORY",
        "mmap_size=268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediately_when_writing(connection: Connection) -> None:
    writing = connection.get_execution_options().get("yinshu_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent snapshot; nothing is written."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(**options)
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes; it commits when the block ends and rolls back when the block raises."""
    with engine.connect().execution_options(yinshu_write=True) as connection, connection.begin():
        yield connection
