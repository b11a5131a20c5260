"""Memory stays flat however many calls pass: nothing is kept of a call but its record."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.model_servers import PlayedServers, make_model_desk, says
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import metadata, open_engine
from yinshu.kernel.gateway import screen
from yinshu.kernel.gateway.desk import ModelDesk
from yinshu.kernel.gateway.records import Caller, Endpoint, Model
from yinshu.kernel.identity import local_operator

CALLS = 100_000
WARM_UP_CALLS = 25_000
CALLERS = 32
GROWTH_BYTES_MAX = 24 * 1024 * 1024


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[ModelDesk]:
    engine = open_engine(f"sqlite:///{tmp_path / 'memory.sqlite'}")
    metadata.create_all(engine)
    made = make_model_desk(engine, clock, tmp_path, PlayedServers(says("单位卡不得支取现金。")))
    endpoint = Endpoint("", "", "http://m.test/v1", "m")
    made.registry.save(local_operator(), Model("", "m", "openai", ("chat",), stage="approved", endpoints=(endpoint,)))
    yield made
    made.close()
    engine.dispose()


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def call(desk: ModelDesk, numbers: Iterator[int], calls: int) -> None:
    """So many calls, no two alike."""
    left = itertools.repeat(None, calls)
    servers = desk.gateway.sender.upstream
    assert isinstance(servers, PlayedServers)

    async def one_caller() -> None:
        for _ in left:
            body = {"model": "m", "messages": [{"role": "user", "content": f"第{next(numbers)}号咨询：能取现金吗"}]}
            await desk.gateway.chat(Caller(local_operator()), body)
            servers.asked.clear()
            servers.targets.clear()

    async def all_callers() -> None:
        await asyncio.gather(*(one_caller() for _ in range(CALLERS)))

    desk.submit(all_callers()).result()


def test_what_is_remembered_of_texts_is_bounded(desk: ModelDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "CLEAN_TEXTS_KEPT", 20)
    call(desk, itertools.count(), 60)
    remembered = desk.gateway.screen._remembered
    assert remembered is not None
    assert len(remembered[1]) == 20
    assert desk.gateway.recorder.written == 60


@pytest.mark.long
def test_memory_is_flat_over_a_hundred_thousand_calls(desk: ModelDesk, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = itertools.count()
    call(desk, numbers, WARM_UP_CALLS)
    before = resident_bytes()
    call(desk, numbers, CALLS - WARM_UP_CALLS)
    after = resident_bytes()
    with capsys.disabled():
        mib = (before / 2**20, after / 2**20)
        sys.stderr.write(f"\nresident: {mib[0]:.1f} MiB after {WARM_UP_CALLS} calls, {mib[1]:.1f} after {CALLS}\n")
    assert after - before < GROWTH_BYTES_MAX
