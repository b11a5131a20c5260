"""Jobs are done once, tell how far they are, can be stopped, and go on after a restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from yinshu.adapters.jobs.dbos_jobs import DbosJobs
from yinshu.kernel.base.errors import BadArgument, BadInput, DependencyDown, NotFound
from yinshu.kernel.base.jobs import JobHandler, JobRun, JobSpec, JobStatus, Json, Payload

WAIT_S = 60

Open = Callable[..., DbosJobs]


@pytest.fixture
def jobs_url(database_url: str, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'jobs.sqlite'}" if database_url.startswith("sqlite") else database_url


@pytest.fixture
def open_jobs(jobs_url: str) -> Iterator[Open]:
    opened: list[DbosJobs] = []

    def make(**handlers: JobHandler) -> DbosJobs:
        jobs = DbosJobs(jobs_url, attempts_max=3)
        for name, handler in handlers.items():
            jobs.register(name, handler)
        jobs.start()
        opened.append(jobs)
        return jobs

    yield make
    for jobs in opened:
        jobs.close()


def until(jobs: DbosJobs, job_id: str, condition: Callable[[JobStatus], bool]) -> JobStatus:
    deadline_s = time.monotonic() + WAIT_S
    while not condition(status := jobs.status(job_id)):
        assert time.monotonic() < deadline_s, status
        time.sleep(0.02)
    return status


def test_a_job_gives_its_result_and_its_final_progress(open_jobs: Open) -> None:
    def add(run: JobRun, payload: Payload) -> Json:
        total = 0
        for number in range(3):
            run.progress(number, 3, f"第{number}步")
            total += int(str(run.step(f"step {number}", partial(int, number))))
        return {"total": total, "名称": payload["名称"]}

    jobs = open_jobs(add=add)
    status = jobs.wait(jobs.submit(JobSpec("add", {"名称": "甲"})), WAIT_S)
    assert (status.state, status.result) == ("done", {"total": 3, "名称": "甲"})
    assert (status.done, status.total, status.error) == (3, 3, None)


def test_one_key_is_one_job(open_jobs: Open) -> None:
    ran: list[str] = []

    def note(run: JobRun, _payload: Payload) -> Json:
        return run.step("note", lambda: ran.append(run.job_id))

    jobs = open_jobs(note=note)
    first = jobs.submit(JobSpec("note", {}, idempotency_key="k"))
    jobs.wait(first, WAIT_S)
    assert jobs.submit(JobSpec("note", {}, idempotency_key="k")) == first
    jobs.wait(first, WAIT_S)
    assert len(ran) == 1


def test_a_failure_of_the_world_is_tried_again_a_few_times(open_jobs: Open) -> None:
    tries: list[int] = []

    def flaky() -> Json:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("busy")
        return "ok"

    jobs = open_jobs(flaky=lambda run, _payload: run.step("once", flaky))
    status = jobs.wait(jobs.submit(JobSpec("flaky")), WAIT_S)
    assert (status.state, status.result, len(tries)) == ("done", "ok", 3)


def test_a_failure_that_stays_ends_the_job_without_its_inner_words(open_jobs: Open) -> None:
    def broken() -> Json:
        raise OSError("secret of a customer")

    jobs = open_jobs(broken=lambda run, _payload: run.step("once", broken))
    status = jobs.wait(jobs.submit(JobSpec("broken")), WAIT_S)
    assert status.state == "failed"
    assert status.error is not None
    assert "日志" in status.error
    assert "secret" not in status.error


def test_a_refusal_is_not_tried_again_and_keeps_its_words(open_jobs: Open) -> None:
    tries: list[int] = []

    def refuse() -> Json:
        tries.append(1)
        raise BadInput("文件“甲.pdf”已加密。请先解除密码。")

    jobs = open_jobs(refuse=lambda run, _payload: run.step("once", refuse))
    status = jobs.wait(jobs.submit(JobSpec("refuse")), WAIT_S)
    assert (status.state, status.error, len(tries)) == ("failed", "文件“甲.pdf”已加密。请先解除密码。", 1)


def test_a_cancelled_job_stops_at_its_next_item_and_keeps_what_is_done(open_jobs: Open) -> None:
    done: list[int] = []

    def slow(run: JobRun, _payload: Payload) -> Json:
        for number in range(10_000):
            run.step(f"step {number}", partial(work, run, number))
        return None

    def work(run: JobRun, number: int) -> Json:
        run.progress(number, 10_000)
        time.sleep(0.02)
        done.append(number)
        return None

    jobs = open_jobs(slow=slow)
    job_id = jobs.submit(JobSpec("slow"))
    until(jobs, job_id, lambda status: status.done >= 2)
    assert jobs.cancel(job_id).state == "cancelled"
    before = len(done)
    time.sleep(0.3)
    assert len(done) <= before + 1
    assert jobs.status(job_id).state == "cancelled"


def test_a_job_that_waits_can_be_cancelled_before_it_begins(open_jobs: Open) -> None:
    gate = threading.Event()
    ran: list[str] = []

    def hold(run: JobRun, _payload: Payload) -> Json:
        return run.step("hold", lambda: gate.wait(WAIT_S))

    jobs = open_jobs(hold=hold, note=lambda run, _payload: run.step("note", lambda: ran.append("note")))
    first = jobs.submit(JobSpec("hold"))
    until(jobs, first, lambda status: status.state == "running")
    second = jobs.submit(JobSpec("note"))
    assert jobs.cancel(second).state == "cancelled"
    gate.set()
    jobs.wait(first, WAIT_S)
    assert ran == []


def test_a_closed_process_goes_on_where_it_was(open_jobs: Open) -> None:
    ran: list[int] = []
    reached = threading.Event()

    def count(run: JobRun, _payload: Payload) -> Json:
        return sum(int(str(run.step(f"step {number}", partial(work, run, number)))) for number in range(6))

    def work(run: JobRun, number: int) -> Json:
        run.progress(number, 6)
        ran.append(number)
        if number == 3 and not reached.is_set():
            reached.set()
            while True:
                run.progress(number, 6)
                time.sleep(0.01)
        return number

    jobs = open_jobs(count=count)
    job_id = jobs.submit(JobSpec("count"))
    assert reached.wait(WAIT_S)
    jobs.close()
    status = open_jobs(count=count).wait(job_id, WAIT_S)
    assert (status.state, status.result) == ("done", 15)
    assert ran == [0, 1, 2, 3, 3, 4, 5]


def test_a_job_may_queue_another_one_from_a_step(open_jobs: Open) -> None:
    ran: list[str] = []
    jobs: DbosJobs

    def first(run: JobRun, _payload: Payload) -> Json:
        return run.step("queue", lambda: jobs.submit(JobSpec("second", {}, idempotency_key=run.job_id)))

    jobs = open_jobs(first=first, second=lambda run, _payload: run.step("note", lambda: ran.append("second")))
    job_id = jobs.wait(jobs.submit(JobSpec("first")), WAIT_S).result
    assert jobs.wait(str(job_id), WAIT_S).state == "done"
    assert ran == ["second"]


def test_jobs_are_listed_newest_first(open_jobs: Open) -> None:
    jobs = open_jobs(note=lambda _run, payload: payload["n"])
    ids = [jobs.submit(JobSpec("note", {"n": number})) for number in range(3)]
    for job_id in ids:
        jobs.wait(job_id, WAIT_S)
    assert [one.id for one in jobs.list_jobs(limit=2)] == [ids[2], ids[1]]
    assert {one.name for one in jobs.list_jobs()} == {"note"}


def test_an_unknown_job_or_kind_is_refused_with_a_remedy(open_jobs: Open) -> None:
    jobs = open_jobs(note=lambda _run, _payload: None)
    with pytest.raises(NotFound, match="yinshu jobs list"):
        jobs.status("job_absent")
    with pytest.raises(BadArgument):
        jobs.submit(JobSpec("absent"))


def test_waiting_has_an_end(open_jobs: Open) -> None:
    gate = threading.Event()
    jobs = open_jobs(hold=lambda run, _payload: run.step("hold", lambda: gate.wait(WAIT_S)))
    job_id = jobs.submit(JobSpec("hold"))
    with pytest.raises(DependencyDown):
        jobs.wait(job_id, 0.2)
    gate.set()
    assert jobs.wait(job_id, WAIT_S).state == "done"


def test_nothing_is_written_to_the_console(open_jobs: Open, capfd: pytest.CaptureFixture[str]) -> None:
    jobs = open_jobs(note=lambda _run, _payload: None)
    jobs.wait(jobs.submit(JobSpec("note")), WAIT_S)
    jobs.close()
    assert capfd.readouterr() == ("", "")
