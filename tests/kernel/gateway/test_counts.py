"""Server processes on one database bound a caller together; one that falls silent counts no more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.api.model_servers import make_model_desk
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.gateway import store
from yinshu.kernel.gateway.desk import ModelDesk
from yinshu.kernel.gateway.errors import QuotaSpent
from yinshu.kernel.gateway.records import Caller, Quota
from yinshu.kernel.identity import Subject, local_operator

CALLER = Caller(Subject("p1", "p1", "总行"))
PERSON = ("person", "p1")
THREADS = 3
OVERLAP_SECONDS = 0.1


@pytest.fixture
def desks(engine: Engine, clock: Clock, tmp_path: Path) -> Iterator[tuple[ModelDesk, ModelDesk]]:
    """Two processes on one database."""
    made = make_model_desk(engine, clock, tmp_path), make_model_desk(engine, clock, tmp_path)
    yield made
    for desk in made:
        desk.close()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_two_processes_bound_a_caller_together(desks: tuple[ModelDesk, ModelDesk]) -> None:
    first, second = desks
    first.save_quota(local_operator(), Quota("person", "p1", requests_per_minute=3, streams_max=2))
    for desk in (first, second):
        desk.refresh()
        desk.gateway.quotas.admit(CALLER, stream=True)
    for desk in (first, second, first):
        desk.refresh()
    assert [desk.gateway.quotas.spent(PERSON)[1:] for desk in desks] == [(2, 2), (2, 2)]
    with pytest.raises(QuotaSpent, match="同时"):
        second.gateway.quotas.admit(CALLER, stream=True)
    first.gateway.quotas.admit(CALLER, stream=False)
    first.refresh()
    second.refresh()
    with pytest.raises(QuotaSpent, match="每分钟"):
        second.gateway.quotas.admit(CALLER, stream=False)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_two_threads_of_a_process_do_not_tell_at_once(
    desks: tuple[ModelDesk, ModelDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, other = desks
    desk.save_quota(local_operator(), Quota("person", "p1", requests_per_minute=9))
    desk.gateway.quotas.admit(CALLER, stream=False)
    publish = store.publish_counts

    def slowly(*told: Any) -> None:
        publish(*told)
        time.sleep(OVERLAP_SECONDS)

    monkeypatch.setattr(store, "publish_counts", slowly)
    with ThreadPoolExecutor(THREADS) as pool:
        for one in [pool.submit(desk.refresh) for _ in range(THREADS)]:
            one.result()
    other.refresh()
    assert other.gateway.quotas.spent(PERSON)[1:] == (1, 0)


def test_only_the_living_and_only_this_minute_count(engine: Engine, clock: Clock) -> None:
    now = clock.now()
    with writing(engine) as connection:
        store.publish_counts(connection, "a", 10, {PERSON: (1, 1)}, now)
        store.publish_counts(connection, "a", 10, {PERSON: (4, 2)}, now)
        store.publish_counts(connection, "b", 9, {PERSON: (7, 1)}, now)
        store.publish_counts(connection, "dead", 10, {PERSON: (9, 9)}, now - timedelta(seconds=30))
    alive = now - timedelta(seconds=10)
    with reading(engine) as connection:
        assert store.counts_of_others(connection, "me", 10, alive) == {PERSON: (4, 3)}
        assert store.counts_of_others(connection, "a", 10, alive) == {PERSON: (0, 1)}
    with writing(engine) as connection:
        store.forget_counts(connection, alive)
        assert store.counts_of_others(connection, "me", 10, now - timedelta(hours=1)) == {PERSON: (4, 3)}
