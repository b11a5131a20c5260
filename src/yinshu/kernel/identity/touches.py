"""Writes down when sessions were last used, many at once: fifty people who come together wait for one commit."""

from __future__ import annotations

import threading
from datetime import datetime

from yinshu.kernel.base.database import Engine, writing
from yinshu.kernel.identity import store

ROUNDS_MAX = 3


class Touches:
    """The last uses that are to be written. Any thread may note one."""

    def __init__(self) -> None:
        self._waiting: dict[str, datetime] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def note(self, engine: Engine, session_id: str, at: datetime) -> None:
        """Have a use written down. While somebody writes, it is left to them, and the caller goes on at once.

        One that nobody takes along is noted again by the session's next request, because it still looks unused.
        """
        with self._lock:
            self._waiting[session_id] = at
        if not self._writing.acquire(blocking=False):
            return
        try:
            for _ in range(ROUNDS_MAX):
                with self._lock:
                    taken, self._waiting = self._waiting, {}
                if not taken:
                    return
                with writing(engine) as connection:
                    for one, used_at in sorted(taken.items()):
                        store.touch_session(connection, one, used_at)
        finally:
            self._writing.release()
