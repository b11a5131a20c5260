"""A job port that starts its engine when it is first needed, so that a question on the command line need not wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from yinshu.kernel.base.jobs import JobHandler, JobPort, JobSpec, JobStatus

if TYPE_CHECKING:
    from yinshu.adapters.jobs.dbos_jobs import DbosJobs


def _nothing() -> None:
    """Nothing is to be done."""


class OnDemandJobs:
    """Like `DbosJobs`, started by the first call that needs it."""

    def __init__(self, database_url: str, *, workers: int, attempts_max: int) -> None:
        self._database_url = database_url
        self._workers = workers
        self._attempts_max = attempts_max
        self._handlers: dict[str, JobHandler] = {}
        self._before_start: Callable[[], None] = _nothing
        self._after_start: Callable[[], None] = _nothing
        self._started: DbosJobs | None = None
        self._taken_up = False
        self._lock = threading.RLock()

    def register(self, name: str, handler: JobHandler) -> None:
        """Say which function does jobs of this name."""
        self._handlers[name] = handler

    def around_start(self, before: Callable[[], None], after: Callable[[], None]) -> None:
        """What to do just before the engine starts (register handlers) and once it runs (take up what is open).

        What is done afterwards and fails is told to whoever asked, and done again at the next call.
        """
        self._before_start, self._after_start = before, after

    def start(self) -> None:
        """Start now."""
        self._running()

    @property
    def running(self) -> bool:
        """Whether the engine has been started."""
        return self._started is not None

    def submit(self, spec: JobSpec) -> str:
        """Queue a job and return its id."""
        return self._running().submit(spec)

    def status(self, job_id: str) -> JobStatus:
        """How far a job is."""
        return self._running().status(job_id)

    def list_jobs(self, limit: int = 50, owner: str | None = None) -> list[JobStatus]:
        """The latest jobs, newest first; with an `owner` only theirs."""
        return self._running().list_jobs(limit, owner)

    def cancel(self, job_id: str) -> JobStatus:
        """Stop a job at its next item."""
        return self._running().cancel(job_id)

    def wait(self, job_id: str, timeout_s: float) -> JobStatus:
        """The job's last state."""
        return self._running().wait(job_id, timeout_s)

    def close(self) -> None:
        """Stop, if started."""
        with self._lock:
            started, self._started, self._taken_up = self._started, None, False
        if started is not None:
            started.close()

    def _running(self) -> JobPort:
        with self._lock:
            if self._started is None:
                from yinshu.adapters.jobs.dbos_jobs import DbosJobs

                self._before_start()
                jobs = DbosJobs(self._database_url, workers=self._workers, attempts_max=self._attempts_max)
                for name, handler in self._handlers.items():
                    jobs.register(name, handler)
                jobs.start()
                self._started = jobs
            started = self._started
            if not self._taken_up:
                # What is taken up is queued by calls that come here again.
                self._taken_up = True
                try:
                    self._after_start()
                except BaseException:
                    self._taken_up = False
                    raise
            return started
