"""A copy of a SQLite database while others write to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

FILE = "yinshu.sqlite"
BUSY_SECONDS = 60


def copy_database(source: Path, target: Path) -> None:
    """Copy one consistent state; readers and writers go on meanwhile (SQLite's online backup in a single step)."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written, pages=-1)
        # The copy is one file: without this it would ask for a log beside it.
        written.execute("PRAGMA journal_mode=DELETE")
