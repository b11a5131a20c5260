"""Worker processes: results and refusals come back, a lost worker is noticed, and none outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from yinshu.adapters.workers.forked import ForkedWorkers, WorkerLost
from yinshu.kernel.base.errors import NotFound, YinshuError

SECONDS = 20.0


def work(request: Any, tell: Callable[[Any], None]) -> Any:
    match request:
        case ("double", number):
            tell(f"doubling {number}")
            return number * 2
        case ("refuse", message):
            raise NotFound(message)
        case ("crash", _):
            raise ZeroDivisionError("私密")
        case ("die", _):
            os._exit(9)
        case ("sleep", seconds):
            time.sleep(seconds)
    return os.getpid()


@pytest.fixture
def workers() -> Iterator[ForkedWorkers]:
    made = ForkedWorkers(2, work)
    yield made
    made.close()


def silent(_message: Any) -> None:
    """Nobody listens."""


def test_a_result_comes_back_after_what_was_told(workers: ForkedWorkers) -> None:
    told: list[str] = []
    assert workers.run(("double", 21), told.append, SECONDS) == 42
    assert told == ["doubling 21"]


def test_two_workers_work_at_the_same_time(workers: ForkedWorkers) -> None:
    with ThreadPoolExecutor(2) as threads:
        pids = set(threads.map(lambda _: workers.run(("sleep", 0.3), silent, SECONDS), range(2)))
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_a_refusal_comes_back_as_it_was_raised(workers: ForkedWorkers) -> None:
    with pytest.raises(NotFound) as caught:
        workers.run(("refuse", "没有这个资料库。"), silent, SECONDS)
    assert caught.value.message == "没有这个资料库。"


def test_a_crash_is_told_without_its_words_and_the_worker_goes_on(workers: ForkedWorkers) -> None:
    for _ in range(3):
        with pytest.raises(Exception, match="ZeroDivisionError") as caught:
            workers.run(("crash", 0), silent, SECONDS)
        assert not isinstance(caught.value, YinshuError | WorkerLost)
        assert "私密" not in str(caught.value)
    assert workers.run(("double", 1), silent, SECONDS) == 2


def test_a_worker_that_dies_is_lost_and_the_other_goes_on(workers: ForkedWorkers) -> None:
    with pytest.raises(WorkerLost):
        workers.run(("die", 0), silent, SECONDS)
    assert [workers.run(("double", number), silent, SECONDS) for number in range(4)] == [0, 2, 4, 6]


def test_a_worker_that_takes_too_long_is_ended(workers: ForkedWorkers) -> None:
    with pytest.raises(WorkerLost):
        workers.run(("sleep", 30), silent, 0.2)
    assert workers.run(("double", 2), silent, SECONDS) == 4


def test_when_all_are_lost_it_says_so_at_once(workers: ForkedWorkers) -> None:
    for _ in range(2):
        with pytest.raises(WorkerLost):
            workers.run(("die", 0), silent, SECONDS)
    started = time.monotonic()
    with pytest.raises(WorkerLost):
        workers.run(("double", 1), silent, SECONDS)
    assert time.monotonic() - started < SECONDS / 2


PARENT = """
import os, sys, time
from yinshu.adapters.workers.forked import ForkedWorkers
workers = ForkedWorkers(2, lambda request, tell: os.getpid())
print(*[worker.pid for worker in workers._workers], flush=True)
time.sleep(60)
"""


def test_no_worker_outlives_a_killed_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
        parent.wait(SECONDS)
    deadline = time.monotonic() + SECONDS
    while any(_runs(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
