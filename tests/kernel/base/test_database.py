"""A transaction that writes is whole or not there; one that reads sees one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, update

from yinshu.kernel.audit.store import ledger_head
from yinshu.kernel.base.database import reading, writing


@pytest.fixture
def counter(engine: Engine) -> Engine:
    with writing(engine) as connection:
        connection.execute(ledger_head.insert().values(id=1, seq=0, hash="0"))
    return engine


def value(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(ledger_head.c.seq)).scalar_one())


def test_a_raise_undoes_the_transaction(counter: Engine) -> None:
    def fail() -> None:
        with writing(counter) as connection:
            connection.execute(update(ledger_head).values(seq=7))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert value(counter) == 0


def test_a_reader_sees_one_moment(counter: Engine) -> None:
    with reading(counter) as reader:
        before = reader.execute(select(ledger_head.c.seq)).scalar_one()
        with writing(counter) as writer:
            writer.execute(update(ledger_head).values(seq=7))
        assert reader.execute(select(ledger_head.c.seq)).scalar_one() == before == 0
    assert value(counter) == 7


def test_writers_that_read_first_do_not_lose_updates(counter: Engine) -> None:
    def add_one(_number: int) -> None:
        with writing(counter) as connection:
            seq = connection.execute(select(ledger_head.c.seq).with_for_update()).scalar_one()
            connection.execute(update(ledger_head).values(seq=seq + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(40)))
    assert value(counter) == 40
