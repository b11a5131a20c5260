"""Every call is in the ledger and in the usage rows, together, before its answer is shown; usage sums right."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text

from yinshu.kernel.audit.store import read_entries, verify_chain
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.gateway import store
from yinshu.kernel.gateway.prepare import Task
from yinshu.kernel.gateway.recorder import Recorder, _Order
from yinshu.kernel.gateway.records import Call, Caller, GuardWord, Model, Quota, Tokens, UsageFilter
from yinshu.kernel.identity import Subject

DAY = date(2026, 11, 22)
WANTED = UsageFilter(DAY, DAY)


def make_call(person: str = "p1", model: str = "qwen", status: str = "ok") -> Call:
    subject = Subject(person, person, "总行/运营部")
    registered = Model("mod", model, "openai", ("chat",), price_input=Decimal(2), price_output=Decimal(8))
    task = Task(Caller(subject, "助手"), "chat", (registered,), False, tokens=Tokens(1_000, 500))
    task.verdict_in = GuardWord("mask", "internal-default@1", ("personal_data/mobile",))
    return task.call(status)  # type: ignore[arg-type]


@pytest.fixture
def recorder(engine: Engine, clock: Clock) -> Iterator[Recorder]:
    made = Recorder(engine, clock)
    yield made
    made.close()


def test_many_calls_at_once_are_all_there_in_one_chain(engine: Engine, recorder: Recorder) -> None:
    async def many() -> None:
        await asyncio.gather(*(recorder.record(make_call(f"p{n % 4}")) for n in range(60)))

    asyncio.run(many())
    with reading(engine) as connection:
        assert verify_chain(connection).ok
        entries = read_entries(connection)
        rows = store.sum_usage(connection, "subject", WANTED)
    assert len(entries) == 60
    assert sum(row.calls for row in rows) == 60
    assert entries[0].payload["guard"] == ["in:internal-default@1:personal_data/mobile:mask"]
    assert Decimal(str(entries[0].payload["cost_cny"])) == Decimal("0.006")


def test_without_a_record_there_is_no_answer(engine: Engine, recorder: Recorder) -> None:
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE usage"))

    async def one() -> None:
        await recorder.record(make_call())

    with pytest.raises(DependencyDown, match="台账"):
        asyncio.run(one())
    with reading(engine) as connection:
        assert read_entries(connection) == []


def test_a_loop_that_closed_does_not_end_the_recorder(engine: Engine, recorder: Recorder) -> None:
    class Closing(asyncio.SelectorEventLoop):
        def is_closed(self) -> bool:
            # It closes just after the recorder has asked.
            return threading.current_thread().name != "gateway-recorder" and super().is_closed()

    loop = Closing()
    order = _Order(make_call(), False, None, loop, loop.create_future())
    loop.close()
    recorder._put(order)

    async def others() -> None:
        await asyncio.wait_for(recorder.record(make_call("p2")), 10)
        await asyncio.wait_for(recorder.record(make_call("p3")), 10)

    asyncio.run(others())
    with reading(engine) as connection:
        assert len(read_entries(connection)) == 3


def test_a_stream_leaves_its_beginning_and_its_end_but_one_usage_row(engine: Engine, recorder: Recorder) -> None:
    async def streamed() -> None:
        call = replace(make_call(), streamed=True)
        await recorder.record(call, opening=True)
        await recorder.record(call)

    asyncio.run(streamed())
    with reading(engine) as connection:
        assert [entry.action for entry in read_entries(connection)] == ["gateway.stream_opened", "gateway.called"]
        assert store.sum_usage(connection, "model", WANTED)[0].calls == 1


def test_usage_is_summed_by_every_group(engine: Engine, recorder: Recorder) -> None:
    for call in (
        make_call("p1"),
        make_call("p2", "big"),
        make_call("p1", status="failed"),
        make_call(status="blocked"),
    ):
        recorder.note(call)
    recorder.close()
    with reading(engine) as connection:
        by_person = store.sum_usage(connection, "subject", WANTED)
        by_day = store.sum_usage(connection, "day", WANTED)
        one_model = store.sum_usage(connection, "model", replace(WANTED, model="big"))
        other_day = store.sum_usage(connection, "model", UsageFilter(date(2026, 1, 1), date(2026, 1, 2)))
        spent = store.tokens_of_day(connection, DAY)
    assert [(row.key, row.calls, row.failed, row.blocked) for row in by_person] == [("p1", 3, 1, 1), ("p2", 1, 0, 0)]
    assert by_person[0].cost == Decimal("0.018")
    assert (by_day[0].key, by_day[0].input_tokens) == ("2026-11-22", 4_000)
    assert [row.key for row in one_model] == ["big"]
    assert other_day == []
    assert spent["department", "总行/运营部"] == 6_000


def test_a_quota_is_kept_once_for_each_holder(engine: Engine) -> None:
    with writing(engine) as connection:
        store.save_quota(connection, Quota("person", "p1", tokens_per_day=5))
        store.save_quota(connection, Quota("person", "p1", requests_per_minute=7))
    with reading(engine) as connection:
        assert store.list_quotas(connection) == [Quota("person", "p1", requests_per_minute=7)]
    with writing(engine) as connection:
        assert store.delete_quota(connection, "person", "p1")
        assert not store.delete_quota(connection, "person", "p1")
