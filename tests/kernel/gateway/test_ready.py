"""A server that says it is ready has loaded the guard: the first caller waits for no word list."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.api.model_servers import make_model_desk
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.guard.check import Guard


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_guard_has_read_both_ways_when_the_desk_has_started(
    engine: Engine, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    check = Guard.check

    def checked(guard: Guard, text: str, **how: object) -> object:
        read.append(str(how["direction"]))
        return check(guard, text, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Guard, "check", checked)
    desk = make_model_desk(engine, clock, tmp_path)

    async def start_and_stop() -> None:
        await desk.start()
        assert read == ["in", "out"]
        await desk.stop()

    asyncio.run(start_and_stop())
    desk.close()
