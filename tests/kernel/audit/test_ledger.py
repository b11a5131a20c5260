"""The ledger holds what happened, in one unbroken chain, or says where it breaks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, delete, update

from yinshu.kernel.audit.store import append, ledger, read_entries, verify_chain
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading, writing


def _write(engine: Engine, clock: Clock, number: int) -> None:
    with writing(engine) as connection:
        append(
            connection,
            clock,
            actor="local",
            action="test.act",
            subject=f"doc_{number}",
            payload={"名称": "甲", "n": number, "比例": 0.1},
        )


def test_a_chain_written_by_eight_threads_is_whole(engine: Engine, clock: Clock) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: _write(engine, clock, number), range(40)))
    with reading(engine) as connection:
        report = verify_chain(connection)
        subjects = {entry.subject for entry in read_entries(connection)}
    assert (report.records, report.ok, report.first_bad) == (40, True, None)
    assert subjects == {f"doc_{number}" for number in range(40)}


def test_an_entry_goes_with_a_rolled_back_transaction(engine: Engine, clock: Clock) -> None:
    _write(engine, clock, 1)

    def fail() -> None:
        with writing(engine) as connection:
            append(connection, clock, actor="local", action="test.act", subject="lost", payload={})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with reading(engine) as connection:
        assert verify_chain(connection).records == 1


@pytest.mark.parametrize("column", ["actor", "action", "subject", "payload", "at", "hash", "prev_hash"])
def test_a_changed_entry_is_named(engine: Engine, clock: Clock, column: str) -> None:
    for number in range(4):
        _write(engine, clock, number)
    changed = {"payload": {"n": 9}, "at": "2026-11-22T05:00:00.000000+00:00"}.get(column, "f" * 64)
    with writing(engine) as connection:
        connection.execute(update(ledger).where(ledger.c.seq == 2).values({column: changed}))
    with reading(engine) as connection:
        report = verify_chain(connection)
    assert (report.ok, report.first_bad) == (False, 2)


@pytest.mark.parametrize("seq", [1, 3, 4])
def test_a_removed_entry_is_named(engine: Engine, clock: Clock, seq: int) -> None:
    for number in range(4):
        _write(engine, clock, number)
    with writing(engine) as connection:
        connection.execute(delete(ledger).where(ledger.c.seq == seq))
    with reading(engine) as connection:
        report = verify_chain(connection)
    assert (report.ok, report.first_bad) == (False, seq)


def test_an_empty_ledger_is_whole(engine: Engine) -> None:
    with reading(engine) as connection:
        assert verify_chain(connection).ok
