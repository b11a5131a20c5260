"""Which of the processes that share a PostgreSQL database are alive: each holds a lock that ends with its session.

Behind a pooler in transaction mode sessions, and locks with them, change hands: connect to the server itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from yinshu.kernel.base.ids import new_id

_KEY = "hashtextextended(CAST(:id AS text), 7301955202)"
_HOLD = text(f"SELECT pg_advisory_lock({_KEY})")
_TRY = text(f"SELECT pg_try_advisory_lock({_KEY})")
_LEAVE = text(f"SELECT pg_advisory_unlock({_KEY})")


class Presence:
    """This process among the others. Used by one thread at a time.

    `executor_id` ends in the number that the system gave the process, so that who looks at a job finds its process.
    """

    def __init__(self, url: str) -> None:
        self.executor_id = f"{new_id('proc')}.{os.getpid()}"
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._connection: Connection | None = None

    def appear(self) -> Connection:
        """Hold our lock, anew when the session was lost. Raises SQLAlchemyError while there is no database."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                self.close()
            else:
                return self._connection
        connection = self._engine.connect()
        connection.execute(_HOLD, {"id": self.executor_id})
        self._connection = connection
        return connection

    def gone(self, executor_ids: Iterable[str]) -> list[str]:
        """Those of the processes that live no more; ids are never used again, so what is gone stays so."""
        found: list[str] = []
        connection = self.appear()
        for one in executor_ids:
            if one != self.executor_id and connection.execute(_TRY, {"id": one}).scalar_one():
                connection.execute(_LEAVE, {"id": one})
                found.append(one)
        return found

    def close(self) -> None:
        """Let the others see that we are gone."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
