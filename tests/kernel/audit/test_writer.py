"""Group commit: nobody is told before the disk has it, and an effect is there exactly when its record is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from yinshu.kernel.audit.errors import LedgerBusy, LedgerClosed
from yinshu.kernel.audit.office import AuditOffice
from yinshu.kernel.audit.origin import coming_from
from yinshu.kernel.audit.records import Act, Origin
from yinshu.kernel.audit.store import read_entries, verify_chain
from yinshu.kernel.audit.writer import LedgerWriter
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, reading, writing


@pytest.fixture
def effects(engine: Engine) -> Engine:
    """The engine of the ledger with a table for effects."""
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE effects (number INTEGER PRIMARY KEY)"))
    return engine


def add(number: int, connection: Connection) -> int:
    connection.execute(text("INSERT INTO effects VALUES (:number)"), {"number": number})
    return number


def test_many_callers_leave_one_whole_chain_with_every_effect(office: AuditOffice, effects: Engine) -> None:
    def act(number: int) -> int | None:
        return office.writer.write(Act("p", "test.act", str(number)), lambda connection: add(number, connection))

    with ThreadPoolExecutor(16) as pool:
        assert sorted(pool.map(act, range(200))) == list(range(200))  # type: ignore[type-var]
    with reading(effects) as connection:
        assert verify_chain(connection).records == 200
        assert verify_chain(connection).ok
        assert connection.execute(text("SELECT count(*) FROM effects")).scalar_one() == 200


def test_an_effect_that_fails_takes_only_its_own_record_with_it(office: AuditOffice, effects: Engine) -> None:
    first = [
        office.writer.submit(Act("p", "test.act", str(n)), lambda connection, n=n: add(n % 5, connection))
        for n in range(10)
    ]
    failed = [isinstance(one.exception(), IntegrityError) for one in first]
    assert failed == [False] * 5 + [True] * 5
    with reading(effects) as connection:
        assert [entry.subject for entry in read_entries(connection)] == ["0", "1", "2", "3", "4"]


def test_when_the_record_cannot_be_written_the_effect_is_not_there(office: AuditOffice, effects: Engine) -> None:
    act = Act("p", "test.act", "1", detail={"ratio": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        office.writer.write(act, lambda connection: add(1, connection))
    with reading(effects) as connection:
        assert connection.execute(text("SELECT count(*) FROM effects")).scalar_one() == 0


def test_free_text_is_masked_and_the_origin_is_kept(office: AuditOffice, engine: Engine) -> None:
    with coming_from(Origin(ip="10.1.2.3", channel="http")):
        office.writer.write(Act("p", "test.act", "x", content={"question": "卡号6222"}, tokens_in=3))
    with reading(engine) as connection:
        (entry,) = read_entries(connection)
    assert entry.payload == {
        "content": {"question": "卡号****"},
        "tokens_in": 3,
        "src_endpoint": {"ip": "10.1.2.3", "channel": "http"},
    }


def test_a_closed_writer_writes_what_waits_and_then_refuses(engine: Engine, clock: Clock) -> None:
    writer = LedgerWriter(engine, clock)
    waiting = [writer.submit(Act("p", "test.act", str(number))) for number in range(20)]
    writer.close()
    assert all(one.done() and one.exception() is None for one in waiting)
    with pytest.raises(LedgerClosed):
        writer.write(Act("p", "test.act", "late"))


def test_too_many_waiting_acts_are_refused_with_a_remedy(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yinshu.kernel.audit.writer.WAITING_ACTS_MAX", 2)
    writer = LedgerWriter(engine, clock)
    with writing(engine), pytest.raises(LedgerBusy) as refused:
        # The database is ours, so nothing is written and the queue fills.
        for number in range(600):
            writer.submit(Act("p", "test.act", str(number)))
    assert "再试" in refused.value.message
    writer.close()
