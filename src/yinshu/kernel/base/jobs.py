"""The job port: durable background work that shows its progress, can be cancelled and survives a kill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from yinshu.kernel.base.errors import YinshuError

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
Payload = Mapping[str, Json]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]
FINISHED_STATES: frozenset[JobState] = frozenset({"done", "failed", "cancelled"})

STEP_ITEMS = 256
"""A step covers about this many items (200 to 1000): small enough to lose little, large enough to record cheaply."""


class JobCancelled(YinshuError):
    """Raised inside a handler when somebody has cancelled its job."""

    code = "job_cancelled"
    http_status = 409


@dataclass(frozen=True)
class JobSpec:
    """What is to be done: the name of a registered handler and its payload.

    Two submissions with one `idempotency_key` are one job. `owner` is the id of the subject for whom it is done.
    """

    name: str
    payload: Payload = field(default_factory=dict)
    idempotency_key: str | None = None
    owner: str = ""


@dataclass(frozen=True)
class JobStatus:
    """How far a job is. `done` of `total` items, `rate_per_s` over the whole run (0 when unknown).

    `message` says in Chinese what is going on, `error` why it failed, `result` what the handler returned.
    """

    id: str
    name: str
    state: JobState
    done: int = 0
    total: int = 0
    rate_per_s: float = 0.0
    message: str = ""
    error: str | None = None
    result: Json = None
    created_at: datetime | None = None
    owner: str = ""


class JobRun(Protocol):
    """What a handler may use while its job runs.

    After a kill the handler is called again from the top; steps that were finished are not run again but give the
    result they gave. So a handler does all its work in steps and asks for them in an order that depends only on its
    payload and on the results of earlier steps. A step that was under way when the process died runs again, so what
    it does to the world must be idempotent.
    """

    @property
    def job_id(self) -> str:
        """The job's id."""

    def step(self, name: str, work: Callable[[], Json]) -> Json:
        """Run `work` once, for a chunk of `STEP_ITEMS` items or so; a failure of the world is retried a few times."""

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Tell how far the job is; raises `JobCancelled` when it was cancelled. Cheap enough to call for every item."""


JobHandler = Callable[[JobRun, Payload], Json]


class JobPort(Protocol):
    """Runs jobs in the background of this process, or of any process that shares the database."""

    def register(self, name: str, handler: JobHandler) -> None:
        """Say which function does jobs of this name; before `start`."""

    def start(self) -> None:
        """Begin to run jobs, those first that a kill cut short."""

    def submit(self, spec: JobSpec) -> str:
        """Queue a job and return its id; the job is durable once this returns."""

    def status(self, job_id: str) -> JobStatus:
        """How far a job is; `NotFound` when there is no such job."""

    def list_jobs(self, limit: int = 50, owner: str | None = None) -> list[JobStatus]:
        """The latest jobs, newest first; with an `owner` only theirs."""

    def cancel(self, job_id: str) -> JobStatus:
        """Stop a job at its next item; what it has done stays. A finished job stays as it is."""

    def wait(self, job_id: str, timeout_s: float) -> JobStatus:
        """The job's last state; `DependencyDown` when it takes longer than `timeout_s`."""

    def close(self) -> None:
        """Stop running jobs; those under way go on at the next `start`."""
