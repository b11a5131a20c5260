"""The tables of a PostgreSQL database as files, and back; plain SQL, so that no client programs are needed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from psycopg import Cursor, sql
from sqlalchemy import Connection, text

TABLES_FILE = "tables.json"
REVISION_TABLE = "alembic_version"
JOBS_SCHEMA = "dbos"
CHUNK_BYTES = 1024 * 1024

_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
_COLUMNS = text(
    """SELECT column_name FROM information_schema.columns
       WHERE table_schema = current_schema() AND table_name = :name AND is_generated = 'NEVER'
       ORDER BY ordinal_position"""
)
_REFERENCES = text(
    """SELECT DISTINCT owner.relname AS owner, target.relname AS target FROM pg_constraint AS k
       JOIN pg_class AS owner ON owner.oid = k.conrelid JOIN pg_class AS target ON target.oid = k.confrelid
       WHERE k.contype = 'f' AND owner.oid <> target.oid
         AND k.connamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"""
)
_SEQUENCES = text(
    """SELECT column_name, pg_get_serial_sequence(quote_ident(:name), column_name) AS sequence
       FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = :name
         AND pg_get_serial_sequence(quote_ident(:name), column_name) IS NOT NULL"""
)

_NEXT = sql.SQL("SELECT setval(%s, coalesce(max({column}), 0) + 1, false) FROM {table}")


def write_tables(connection: Connection, folder: Path) -> list[Path]:
    """Write every table of the connection's snapshot into a file of its own; the files written.

    What the job engine keeps is left out: after restoring, open batches are taken up anew.
    """
    cursor = _cursor(connection)
    order: list[list[Any]] = []
    for name in tables_in_order(connection):
        if name == REVISION_TABLE:
            continue
        columns = list(connection.execute(_COLUMNS, {"name": name}).scalars())
        order.append([name, columns])
        with (folder / f"{name}.copy").open("wb") as file, cursor.copy(_copy("TO STDOUT", name, columns)) as rows:
            for chunk in rows:
                file.write(chunk)
    (folder / TABLES_FILE).write_text(json.dumps(order, ensure_ascii=False), "utf-8")
    return sorted(folder.iterdir())


def read_tables(connection: Connection, folder: Path) -> None:
    """Fill tables, made empty before, from the files of `write_tables`; then set their sequences."""
    order = json.loads((folder / TABLES_FILE).read_text("utf-8"))
    cursor = _cursor(connection)
    for name, _ in reversed(order):
        cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
    for name, columns in order:
        with (folder / f"{name}.copy").open("rb") as file, cursor.copy(_copy("FROM STDIN", name, columns)) as rows:
            while chunk := file.read(CHUNK_BYTES):
                rows.write(chunk)
        for row in connection.execute(_SEQUENCES, {"name": name}).all():
            names = {"table": sql.Identifier(name), "column": sql.Identifier(row.column_name)}
            cursor.execute(_NEXT.format(**names), (row.sequence,))


def drop_tables(connection: Connection) -> None:
    """Take away every table of the product, and what the job engine keeps."""
    for name in connection.execute(_TABLES).scalars().all():
        connection.execute(text(f"DROP TABLE IF EXISTS {_named(connection, name)} CASCADE"))
    connection.execute(text(f"DROP SCHEMA IF EXISTS {JOBS_SCHEMA} CASCADE"))


def has_tables(connection: Connection) -> bool:
    """Whether the database holds anything."""
    return connection.execute(_TABLES).first() is not None


def tables_in_order(connection: Connection) -> list[str]:
    """Every table, those that others refer to first."""
    names = list(connection.execute(_TABLES).scalars())
    needs: dict[str, set[str]] = {name: set() for name in names}
    for row in connection.execute(_REFERENCES):
        needs[row.owner].add(row.target)
    ordered: list[str] = []
    while len(ordered) < len(names):
        ready = _ready(names, needs, ordered)
        assert ready, "the tables refer to each other in a circle"
        ordered.extend(ready)
    return ordered


def _ready(names: Iterable[str], needs: dict[str, set[str]], done: list[str]) -> list[str]:
    return [name for name in names if name not in done and needs[name] <= set(done)]


def _copy(direction: str, name: str, columns: Iterable[str]) -> sql.Composed:
    listed = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    way = sql.SQL("TO STDOUT") if direction == "TO STDOUT" else sql.SQL("FROM STDIN")
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(name), listed, way)


def _named(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _cursor(connection: Connection) -> Cursor[Any]:
    driver: Any = connection.connection.driver_connection
    cursor: Cursor[Any] = driver.cursor()
    return cursor
