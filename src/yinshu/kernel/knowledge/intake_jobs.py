"""The background jobs of taking documents in: texts first, vectors after them."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial

from yinshu.kernel.base.database import reading
from yinshu.kernel.base.jobs import STEP_ITEMS, JobPort, JobRun, JobSpec, Json, Payload
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.vectorise import VectorChunk, Vectoriser

INGEST_JOB = "knowledge.ingest"
VECTORS_JOB = "knowledge.vectors"


@dataclass(frozen=True)
class IntakeJobs:
    """Registers and submits the two jobs. `resume` is called once at the start of a process that runs jobs."""

    jobs: JobPort
    ingester: Ingester
    vectoriser: Vectoriser

    def register(self) -> None:
        """Tell the job port how the jobs are done."""
        self.jobs.register(INGEST_JOB, self._ingest)
        self.jobs.register(VECTORS_JOB, self._vectors)

    def submit_ingest(self, batch_id: str, *, wait_for_vectors: bool, owner: str = "") -> str:
        """Queue the reading of an opened batch; the job's result is an `IngestReport` as JSON.

        With `wait_for_vectors` the job ends when the vectors are complete, otherwise they get a job of their own.
        """
        payload: dict[str, Json] = {"batch_id": batch_id, "wait_for_vectors": wait_for_vectors}
        return self.jobs.submit(JobSpec(INGEST_JOB, payload, idempotency_key=batch_id, owner=owner))

    def submit_vectors(self, key: str | None = None) -> str:
        """Queue the computing of all missing vectors."""
        return self.jobs.submit(JobSpec(VECTORS_JOB, {}, idempotency_key=key))

    def resume(self) -> None:
        """Queue what a kill left behind: batches that are open, and vectors that no job is computing."""
        self.ingester.originals.sweep()
        with reading(self.ingester.engine) as connection:
            batches = store.open_batches(connection)
        for batch in batches:
            self.submit_ingest(batch.batch_id, wait_for_vectors=False)
        busy = any(one.name == VECTORS_JOB and one.state in ("queued", "running") for one in self.jobs.list_jobs())
        if not busy and self.vectoriser.plan():
            self.submit_vectors()

    def _ingest(self, run: JobRun, payload: Payload) -> Json:
        batch_id = str(payload["batch_id"])
        total = self.ingester.count(batch_id)
        seconds = [
            run.step(f"texts {start}", partial(self._texts, run, batch_id, start, start + STEP_ITEMS))
            for start in range(0, total, STEP_ITEMS)
        ]
        seconds.append(run.step("links", partial(self._resolve, batch_id)))
        if payload.get("wait_for_vectors"):
            self._vectors(run, {})
        else:
            run.step("queue vectors", partial(self.submit_vectors, batch_id))
        report = run.step("close", partial(self._close, batch_id))
        assert isinstance(report, dict)
        return {**report, "seconds": round(sum(float(str(one)) for one in seconds), 3)}

    def _texts(self, run: JobRun, batch_id: str, start: int, stop: int) -> Json:
        started_s = time.monotonic()
        self.ingester.take_in(batch_id, start, stop, progress=run.progress)
        return time.monotonic() - started_s

    def _resolve(self, batch_id: str) -> Json:
        started_s = time.monotonic()
        self.ingester.resolve(batch_id)
        return time.monotonic() - started_s

    def _close(self, batch_id: str) -> Json:
        report = self.ingester.close(batch_id)
        with reading(self.ingester.engine) as connection:
            collection_id = store.get_batch(connection, batch_id).collection_id
        return replace(report, vectors=self.vectoriser.count(collection_id)).as_json()

    def _vectors(self, run: JobRun, _payload: Payload) -> Json:
        plan = run.step("plan vectors", self._plan)
        assert isinstance(plan, list)
        chunks = [VectorChunk(*(int(str(one)) for one in chunk)) for chunk in plan if isinstance(chunk, list)]
        total = sum(chunk.clauses for chunk in chunks)
        before = 0
        for chunk in chunks:
            run.step(f"vectors {chunk.first_id}", partial(self._fill, run, chunk, before, total))
            before += chunk.clauses
        return {"vectors": total}

    def _plan(self) -> Json:
        return [[chunk.first_id, chunk.last_id, chunk.clauses] for chunk in self.vectoriser.plan()]

    def _fill(self, run: JobRun, chunk: VectorChunk, before: int, total: int) -> Json:
        return self.vectoriser.fill(chunk, lambda done: run.progress(before + done, total, "正在计算向量"))
