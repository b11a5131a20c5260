"""Writes down when sessions and keys were last used, many at once: fifty who come together wait for one commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from yinshu.kernel.base.database import Connection, Engine, writing
from yinshu.kernel.identity import store

Touch = Callable[[Connection, str, datetime], None]
"""Writes one last use, unless a later one is written already."""


def touch_session(connection: Connection, session_id: str, at: datetime) -> None:
    """A session was used."""
    store.touch_session(connection, session_id, at)


def touch_key(connection: Connection, key_id: str, at: datetime) -> None:
    """A key was used."""
    store.touch_key(connection, key_id, at)


class Touches:
    """The last uses that are to be written. Any thread may note one."""

    def __init__(self, touch: Touch = touch_session) -> None:
        self._touch = touch
        self._waiting: dict[str, datetime] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def note(self, engine: Engine, used_id: str, at: datetime) -> None:
        """Have a use written down. While somebody writes, it is left to them, and the caller goes on at once.

        Raises what writing raises; what could not be written then waits for whoever notes the next use.
        """
        self._keep({used_id: at})
        # Looked at again after every release: who came just before it could not write, and left theirs to us.
        while self._waits() and self._writing.acquire(blocking=False):
            try:
                self._write(engine)
            finally:
                self._writing.release()

    def _keep(self, used: Mapping[str, datetime]) -> None:
        with self._lock:
            for one, at in used.items():
                self._waiting[one] = max(at, self._waiting.get(one, at))

    def _waits(self) -> bool:
        with self._lock:
            return bool(self._waiting)

    def _write(self, engine: Engine) -> None:
        with self._lock:
            taken, self._waiting = self._waiting, {}
        try:
            with writing(engine) as connection:
                for one, used_at in sorted(taken.items()):
                    self._touch(connection, one, used_at)
        except BaseException:
            self._keep(taken)
            raise
