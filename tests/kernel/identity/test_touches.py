"""Last uses are written together: who comes while somebody writes goes on at once, and nobody's use is lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from yinshu.kernel.identity import store
from yinshu.kernel.identity.touches import Touches

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
PEOPLE = 50
SECONDS_MAX = 20


def test_a_crowd_waits_for_nobody_and_is_written_in_two_goes(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def write(_connection: Any, session_id: str, at: datetime) -> None:
        begun.set()
        assert go_on.wait(SECONDS_MAX)
        assert at == AT
        written.append(session_id)

    monkeypatch.setattr(store, "touch_session", write)
    touched = Touches()
    with ThreadPoolExecutor(PEOPLE) as pool:
        first = pool.submit(touched.note, engine, "ses_first", AT)
        assert begun.wait(SECONDS_MAX)
        others = [pool.submit(touched.note, engine, f"ses_{number:02}", AT) for number in range(PEOPLE)]
        for one in others:
            one.result(SECONDS_MAX)
        assert not first.done()
        go_on.set()
        first.result(SECONDS_MAX)
    assert written == ["ses_first", *(f"ses_{number:02}" for number in range(PEOPLE))]


def test_a_failure_to_write_lets_the_next_one_write(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def write(_connection: Any, session_id: str, _at: datetime) -> None:
        if session_id == "ses_bad":
            raise OSError("disk full")
        written.append(session_id)

    monkeypatch.setattr(store, "touch_session", write)
    touched = Touches()
    with pytest.raises(OSError, match="disk full"):
        touched.note(engine, "ses_bad", AT)
    touched.note(engine, "ses_good", AT)
    assert written == ["ses_good"]
