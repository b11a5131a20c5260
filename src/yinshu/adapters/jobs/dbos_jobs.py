"""The job port on DBOS: every job is a workflow, every chunk of a job one recorded step of it."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos import error as dbos_error

from yinshu.adapters.jobs.presence import Presence
from yinshu.kernel.base.errors import BadArgument, DependencyDown, NotFound, YinshuError
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.base.jobs import (
    FINISHED_STATES,
    JobCancelled,
    JobHandler,
    JobSpec,
    JobState,
    JobStatus,
    Json,
)

APPLICATION_NAME = "yinshu"
# Jobs outlive a release: a version of DBOS's own making would leave the jobs of the release before unfinished.
APPLICATION_VERSION = "1"
QUEUE_NAME = "yinshu"
ONLY_PROCESS = "yinshu"
WORKFLOW_NAME = "yinshu.job"
PROGRESS_EVENT = "progress"
POLLING_S = 0.1
CANCEL_CHECK_S = 1.0
WAIT_POLL_S = 0.05
RECOVERIES_MAX = 100
RETRY_FIRST_DELAY_S = 0.5
RETRY_BACKOFF = 2.0
EXECUTOR_THREADS = 16
STOP_WAIT_S = 5
OWNED_LOOKED_AT = 2_000
"""Jobs looked through, newest first, when only those of one owner are wanted."""

_STATES: dict[str, JobState] = {
    "ENQUEUED": "queued",
    "DELAYED": "queued",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "CANCELLED": "cancelled",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
}
_log = logging.getLogger(__name__)


class _FailedError(Exception):
    """What is kept of a failure: the Chinese message, nothing that a later release could not read back."""


class _StoppingSignal(BaseException):
    """Ends a handler when this process closes. DBOS records no outcome for it, so the job goes on at the next start."""


@dataclass
class _Progress:
    started_s: float
    first_done: int = 0
    done: int = 0
    total: int = 0
    message: str = ""

    @property
    def rate_per_s(self) -> float:
        passed_s = time.monotonic() - self.started_s
        return round((self.done - self.first_done) / passed_s, 2) if passed_s > 0 else 0.0


class _Run:
    """What a handler sees of its job, inside the workflow."""

    def __init__(self, jobs: DbosJobs, job_id: str) -> None:
        self._jobs = jobs
        self._job_id = job_id
        self._first_report = True
        self.state = _Progress(time.monotonic())

    @property
    def job_id(self) -> str:
        return self._job_id

    def step(self, name: str, work: Callable[[], Json]) -> Json:
        self._jobs.stop_when_closing()
        text: str = DBOS.run_step({"name": name}, lambda: json.dumps(self._try(work), ensure_ascii=False))
        state = self.state
        DBOS.set_event(PROGRESS_EVENT, json.dumps([state.done, state.total, state.rate_per_s, state.message]))
        result: Json = json.loads(text)
        return result

    def _try(self, work: Callable[[], Json]) -> Json:
        delay_s = RETRY_FIRST_DELAY_S
        for attempts_left in range(self._jobs.attempts_max - 1, -1, -1):
            try:
                return work()
            except JobCancelled:
                raise
            except Exception as error:
                # An expected refusal stays one; what the world did (a lock, a network) may pass.
                if attempts_left == 0 or (isinstance(error, YinshuError) and not isinstance(error, DependencyDown)):
                    raise
                _log.warning("job.step_retried job=%s error=%s", self._job_id, type(error).__name__)
                self._jobs.pause(delay_s)
                self._jobs.stop_when_cancelled(self._job_id)
                delay_s *= RETRY_BACKOFF
        raise AssertionError("the loop returns or raises")

    def progress(self, done: int, total: int, message: str = "") -> None:
        if self._first_report:
            self.state.first_done, self._first_report = done, False
        self.state.done, self.state.total, self.state.message = done, total, message or self.state.message
        self._jobs.stop_when_cancelled(self._job_id)


class DbosJobs:
    """A `JobPort`. One instance a process, because DBOS is one a process."""

    def __init__(self, system_database_url: str, *, workers: int = 1, attempts_max: int = 3) -> None:
        """`system_database_url` is SQLAlchemy's (sqlite:///file or postgresql...); `workers` jobs run at a time.

        A step is tried `attempts_max` times. The one process of a SQLite file takes up at its start what it left;
        processes that share a PostgreSQL database take up the jobs of those that died.
        """
        self._presence = None if system_database_url.startswith("sqlite") else Presence(system_database_url)
        self.attempts_max = attempts_max
        self._url = system_database_url
        self._workers = workers
        self._handlers: dict[str, JobHandler] = {}
        self._runs: dict[str, _Run] = {}
        self._cancelled: set[str] = set()
        self._stopping = threading.Event()
        self._started = False
        self._workflow: Callable[[str, str, str], str] | None = None
        self._watcher: threading.Thread | None = None

    def register(self, name: str, handler: JobHandler) -> None:
        assert not self._started, "handlers are registered before the start"
        self._handlers[name] = handler

    def start(self) -> None:
        if self._started:
            return
        _prepare_sqlite(self._url)
        if self._presence is not None:
            self._presence.appear()
        # Our own logging decides what is shown; without a handler DBOS would add one that writes to the console.
        logging.getLogger("dbos").addHandler(logging.NullHandler())
        config: DBOSConfig = {
            "name": APPLICATION_NAME,
            "system_database_url": self._url,
            "application_version": APPLICATION_VERSION,
            "executor_id": self._presence.executor_id if self._presence else ONLY_PROCESS,
            "enable_otlp": False,
            "log_level": "ERROR",
            "max_executor_threads": EXECUTOR_THREADS,
            "notification_listener_polling_interval_sec": POLLING_S,
        }
        DBOS(config=config)

        @DBOS.workflow(name=WORKFLOW_NAME, max_recovery_attempts=RECOVERIES_MAX)
        def run_job(name: str, payload: str, owner: str = "") -> str:  # noqa: ARG001 # kept with the job, for `_owner`
            return self._run(name, payload)

        self._workflow = run_job
        DBOS.launch()
        DBOS.register_queue(QUEUE_NAME, worker_concurrency=self._workers, polling_interval_sec=POLLING_S)
        self._started = True
        self._watcher = threading.Thread(target=self._watch, name="yinshu-job-watch", daemon=True)
        self._watcher.start()

    def _run(self, name: str, payload: str) -> str:
        job_id = DBOS.workflow_id
        assert job_id is not None
        handler = self._handlers.get(name)
        if handler is None:
            raise NotFound(f"没有名为“{name}”的任务类型。请升级后重试。")
        run = self._runs[job_id] = _Run(self, job_id)
        try:
            return json.dumps(handler(run, json.loads(payload)), ensure_ascii=False)
        except JobCancelled:
            # The next call of DBOS finds the workflow cancelled and ends it as such.
            DBOS.run_step({"name": "cancelled"}, lambda: None)
            raise
        except dbos_error.DBOSException:
            raise
        except YinshuError as error:
            raise _FailedError(error.message) from error
        except Exception as error:
            _log.exception("job.crashed job=%s name=%s", job_id, name)
            raise _FailedError(f"任务因意外错误停止（{type(error).__name__}）。请查看日志后重试。") from error
        finally:
            self._runs.pop(job_id, None)

    def submit(self, spec: JobSpec) -> str:
        if spec.name not in self._handlers:
            raise BadArgument(f"没有名为“{spec.name}”的任务类型。请核对名称。")
        assert self._workflow is not None, "start comes first"
        job_id = new_id("job") if spec.idempotency_key is None else f"job_{spec.name}_{spec.idempotency_key}"
        payload = json.dumps(dict(spec.payload), ensure_ascii=False)
        # A thread of its own, because inside a step of another job DBOS refuses to queue one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(self._enqueue, job_id, spec.name, payload, spec.owner).result()
        return job_id

    def _enqueue(self, job_id: str, name: str, payload: str, owner: str) -> None:
        assert self._workflow is not None
        with SetWorkflowID(job_id):
            DBOS.enqueue_workflow(QUEUE_NAME, self._workflow, name, payload, owner)

    def status(self, job_id: str) -> JobStatus:
        found = DBOS.list_workflows(workflow_ids=[job_id], name=WORKFLOW_NAME)
        if not found:
            raise NotFound(f"没有编号为 {job_id} 的任务。可用 yinshu jobs list 查看全部任务。")
        return self._status(found[0])

    def list_jobs(self, limit: int = 50, owner: str | None = None) -> list[JobStatus]:
        looked_at = limit if owner is None else OWNED_LOOKED_AT
        found = DBOS.list_workflows(name=WORKFLOW_NAME, sort_desc=True, limit=looked_at)
        return [self._status(one) for one in found if owner in (None, _owner(one))][:limit]

    def _status(self, workflow: Any) -> JobStatus:
        state = _STATES[workflow.status]
        done, total, rate_per_s, message = self._progress_of(workflow.workflow_id)
        return JobStatus(
            id=workflow.workflow_id,
            name=workflow.input["args"][0] if workflow.input else "",
            state=state,
            done=total if state == "done" else done,
            total=total,
            rate_per_s=rate_per_s,
            message=message,
            error=_error_text(workflow) if state == "failed" else None,
            result=json.loads(workflow.output) if state == "done" else None,
            created_at=datetime.fromtimestamp(workflow.created_at / 1000, UTC) if workflow.created_at else None,
            owner=_owner(workflow),
        )

    def _progress_of(self, job_id: str) -> tuple[int, int, float, str]:
        run = self._runs.get(job_id)
        if run is not None:
            return run.state.done, run.state.total, run.state.rate_per_s, run.state.message
        kept = DBOS.get_all_events(job_id).get(PROGRESS_EVENT)
        if kept is None:
            return 0, 0, 0.0, ""
        done, total, rate_per_s, message = json.loads(kept)
        return done, total, rate_per_s, message

    def cancel(self, job_id: str) -> JobStatus:
        before = self.status(job_id)
        if before.state not in FINISHED_STATES:
            # First the record, then the flag: the handler ends at the flag, and its end must find the record.
            DBOS.cancel_workflow(job_id)
            self._cancelled.add(job_id)
        return self.status(job_id)

    def stop_when_closing(self) -> None:
        """End the handler when this process closes."""
        if self._stopping.is_set():
            raise _StoppingSignal

    def stop_when_cancelled(self, job_id: str) -> None:
        """Raise `JobCancelled` when the job was cancelled, here or by another process."""
        self.stop_when_closing()
        if job_id in self._cancelled:
            raise JobCancelled("任务已取消，已完成的部分保留。")

    def _watch(self) -> None:
        """Learn of cancellations by other processes, and of their deaths, outside every workflow."""
        while not self._stopping.wait(CANCEL_CHECK_S):
            try:
                running = list(self._runs)
                if running:
                    cancelled = DBOS.list_workflows(workflow_ids=running, status="CANCELLED", load_input=False)
                    self._cancelled.update(one.workflow_id for one in cancelled)
                if self._presence is not None:
                    self._take_over(self._presence)
            except Exception as error:  # noqa: BLE001
                # The boundary of this thread: were it to end, no cancellation and no death would be noticed any more.
                _log.warning("job.watch_failed", exc_info=error)

    def _take_over(self, presence: Presence) -> None:
        """Queue again what processes had begun that live no more; whoever comes first gets each job."""
        presence.appear()
        begun = DBOS.list_workflows(name=WORKFLOW_NAME, status="PENDING", load_input=False, load_output=False)
        gone = presence.gone({one.executor_id for one in begun if one.executor_id})
        if gone:
            _log.warning("job.taken_over processes=%s", len(gone))
            DBOS._recover_pending_workflows(gone)  # noqa: SLF001 # the library offers it to its console alone

    def pause(self, delay_s: float) -> None:
        """Wait before another attempt, but not when we are closing."""
        self._stopping.wait(delay_s)

    def wait(self, job_id: str, timeout_s: float) -> JobStatus:
        deadline_s = time.monotonic() + timeout_s
        while True:
            status = self.status(job_id)
            if status.state in FINISHED_STATES:
                return status
            if time.monotonic() >= deadline_s:
                raise DependencyDown(f"任务 {job_id} 在 {timeout_s:.0f} 秒内没有完成，它会在后台继续。请稍后查看。")
            time.sleep(WAIT_POLL_S)

    def close(self) -> None:
        if not self._started:
            return
        self._stopping.set()
        deadline_s = time.monotonic() + STOP_WAIT_S
        while self._runs and time.monotonic() < deadline_s:
            time.sleep(WAIT_POLL_S)
        if self._watcher is not None:
            self._watcher.join()
        DBOS.destroy(destroy_registry=True)
        if self._presence is not None:
            self._presence.close()
        self._started = False


def _owner(workflow: Any) -> str:
    """For whom a job is done; "" for those that were queued before jobs had owners."""
    given: tuple[Any, ...] = tuple(workflow.input["args"]) if workflow.input else ()
    return str(given[2]) if len(given) > 2 else ""


def _error_text(workflow: Any) -> str:
    if workflow.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        return f"任务连同进程意外退出了 {RECOVERIES_MAX} 次，不再重试。请查看日志，排除原因后重新提交。"
    return str(workflow.error) if isinstance(workflow.error, _FailedError) else "任务失败。请查看日志后重试。"


def _prepare_sqlite(url: str) -> None:
    """Let readers and the writer of the job file work side by side; the setting stays with the file."""
    prefix = "sqlite:///"
    if url.startswith(prefix):
        path = Path(url.removeprefix(prefix))
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
