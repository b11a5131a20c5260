"""Processes that share a database: the living keep their jobs, the jobs of the dead go on elsewhere, once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from yinshu.adapters.jobs.dbos_jobs import CANCEL_CHECK_S, DbosJobs
from yinshu.adapters.jobs.presence import Presence
from yinshu.kernel.base.jobs import JobRun, Json, Payload

WAIT_S = 60
DYING = Path(__file__).with_name("dying_process.py")


def test_a_process_is_gone_when_its_session_is(postgres_url: str) -> None:
    one, other = Presence(postgres_url), Presence(postgres_url)
    one.appear()
    other.appear()
    assert one.gone([one.executor_id, other.executor_id]) == []
    other.close()
    deadline_s = time.monotonic() + WAIT_S
    while not one.gone([other.executor_id]):
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    assert one.gone(["yinshu"]) == ["yinshu"]
    one.close()


def test_a_lost_session_is_taken_up_again(postgres_url: str) -> None:
    one, other = Presence(postgres_url), Presence(postgres_url)
    session = one.appear().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    other.appear().exec_driver_sql(f"SELECT pg_terminate_backend({int(session)})")
    deadline_s = time.monotonic() + WAIT_S
    while not other.gone([one.executor_id]):
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    one.appear()
    assert other.gone([one.executor_id]) == []
    one.close()
    other.close()


@pytest.mark.timeout(240)
def test_the_job_of_a_killed_process_goes_on_in_another(postgres_url: str) -> None:
    ran: list[str] = []
    finished = threading.Event()

    def finish(run: JobRun, _payload: Payload) -> Json:
        first = run.step("first", lambda: "done by the second process")
        ran.append(run.job_id)
        finished.set()
        return first

    process = subprocess.Popen([sys.executable, str(DYING), postgres_url], stdout=subprocess.PIPE, text=True)
    jobs = DbosJobs(postgres_url)
    jobs.register("shared", finish)
    try:
        assert process.stdout is not None
        job_id = process.stdout.readline().strip()
        jobs.start()
        time.sleep(3 * CANCEL_CHECK_S)
        assert ran == []
        assert jobs.status(job_id).state == "running"
        process.kill()
        process.wait(WAIT_S)
        assert finished.wait(WAIT_S)
        assert jobs.wait(job_id, WAIT_S).result == "done by the first process"
        assert ran == [job_id]
    finally:
        process.kill()
        process.wait(WAIT_S)
        process.stdout.close()  # type: ignore[union-attr]
        jobs.close()
