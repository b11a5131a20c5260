"""Last uses are written together: who comes while somebody writes goes on at once, and nobody's use is lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.kernel.identity.conftest import MovingTime
from yinshu.kernel.base.database import writing
from yinshu.kernel.identity import Subject, local_operator, store
from yinshu.kernel.identity.office import PeopleOffice
from yinshu.kernel.identity.persons import NewPerson, Visitor
from yinshu.kernel.identity.touches import Touches

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
PEOPLE = 50
ROUNDS = 5
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


def test_what_could_not_be_written_is_written_by_the_next_one(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[str, datetime]] = []
    full = [True]

    def write(_connection: Any, session_id: str, at: datetime) -> None:
        if full:
            raise OSError("disk full")
        written.append((session_id, at))

    monkeypatch.setattr(store, "touch_session", write)
    touched = Touches()
    for at in (LATER, AT):
        with pytest.raises(OSError, match="disk full"):
            touched.note(engine, "ses_first", at)
    full.clear()
    touched.note(engine, "ses_next", AT)
    assert written == [("ses_first", LATER), ("ses_next", AT)]


def test_who_comes_while_a_long_round_ends_is_not_left_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each writing is met by one more use, and the last of all comes just before the writer lets go."""
    written: list[str] = []
    touched = Touches()

    def write(_connection: Any, session_id: str, _at: datetime) -> None:
        written.append(session_id)
        if len(written) < ROUNDS:
            touched.note(engine, f"ses_{len(written)}", AT)

    class Latecomer:
        """The lock of the writers; once, somebody comes while it is being released."""

        def __init__(self) -> None:
            self.lock = threading.Lock()
            self.came = False

        def acquire(self, blocking: bool = True) -> bool:
            return self.lock.acquire(blocking)

        def release(self) -> None:
            if len(written) == ROUNDS and not self.came:
                self.came = True
                touched.note(engine, "ses_late", AT)
            self.lock.release()

    monkeypatch.setattr(store, "touch_session", write)
    monkeypatch.setattr(touched, "_writing", Latecomer())
    touched.note(engine, "ses_0", AT)
    assert written == [*(f"ses_{number}" for number in range(ROUNDS)), "ses_late"]


def test_a_last_use_never_goes_back(engine: Engine, office: PeopleOffice, time: MovingTime) -> None:
    _, password = office.staff.create(local_operator(), NewPerson("lina", "李娜"), with_password=True)
    assert password is not None
    opened = office.sign_in.with_password("lina", password, Visitor("10.0.0.1", "browser"))
    touched, later = Touches(), time.now + timedelta(minutes=5)
    for at in (later, later - timedelta(minutes=1)):
        touched.note(engine, opened.session.id, at)
    assert [one.seen_at for one in office.sign_in.sessions()] == [later]


def test_a_keys_last_use_is_written_once_a_minute_and_never_goes_back(
    engine: Engine, office: PeopleOffice, time: MovingTime
) -> None:
    lina, _ = office.staff.create(local_operator(), NewPerson("lina", "李娜"), with_password=False)
    made, key = office.keys.create(Subject(lina.id, lina.name), "脚本", ["use"], 30)
    changes: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda _c, _cursor, sql, *_: changes.append(sql) if "UPDATE" in sql else None
    )
    first = time.now
    for _ in range(59):
        assert office.keys.who(key) is not None
        time.pass_(seconds=1)
    assert [one.used_at for one in office.keys.list_keys()] == [first]
    assert len(changes) == 1
    time.pass_(seconds=2)
    assert office.keys.who(key) is not None
    with writing(engine) as connection:
        store.touch_key(connection, made.id, first)
    assert [one.used_at for one in office.keys.list_keys()] == [time.now]
