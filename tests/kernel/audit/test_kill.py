"""A kill at any moment of mixed load loses no acknowledged effect and leaves no effect without its record."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from yinshu.kernel.audit.store import all_entries, verify_chain
from yinshu.kernel.base.database import reading, writing

PROCESS = Path(__file__).with_name("writing_process.py")
LOAD_SECONDS_MAX = 0.8
FAST_KILLS = 5
KILLS = 50
NUMBERS_A_RUN = 1_000_000


def load_and_kill(url: str, run: int, seconds: float) -> set[int]:
    """Let a process write for some seconds, kill it, and give what it was told is durable.

    Every second run counts its seconds from the first success, so that a crowded machine has something to lose.
    """
    process = subprocess.Popen([sys.executable, str(PROCESS), url, str(run * NUMBERS_A_RUN)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    first = process.stdout.readline() if run % 2 else b""
    time.sleep(seconds)
    process.kill()
    said, _ = process.communicate()
    # The last line may be cut by the kill.
    return {int(line) for line in (first + said).splitlines(keepends=True) if line.endswith(b"\n")}


def campaign(engine: Engine, kills: int) -> int:
    """How many effects were acknowledged; fails when one is lost, or an effect and its record are parted."""
    rng = random.Random(20_261_122)
    url = engine.url.render_as_string(hide_password=False)
    acknowledged: set[int] = set()
    for run in range(kills):
        acknowledged |= load_and_kill(url, run, rng.uniform(0, LOAD_SECONDS_MAX))
        with reading(engine) as connection:
            there = set(connection.execute(text("SELECT number FROM effects")).scalars())
            recorded = [int(entry.subject) for entry in all_entries(connection)]
            assert acknowledged <= there, f"lost after kill {run}"
            assert sorted(there) == sorted(recorded), f"parted after kill {run}"
            assert verify_chain(connection).ok, f"broken after kill {run}"
    return len(acknowledged)


@pytest.fixture
def loaded(engine: Engine) -> Engine:
    """The engine with a table for effects."""
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE effects (number INTEGER PRIMARY KEY, words TEXT)"))
    return engine


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_five_kills_lose_nothing_and_part_nothing(loaded: Engine) -> None:
    assert campaign(loaded, FAST_KILLS) > 0


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_fifty_kills_lose_nothing_and_part_nothing(loaded: Engine) -> None:
    assert campaign(loaded, KILLS) > KILLS
