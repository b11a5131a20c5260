"""A stand-in for the platform's verbs, so that the edge is tested without retrieval and answers."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime

from yinshu.api.platform import AnsweredRun, Asked, IngestOrder, Limits, OnEvidence
from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.base.jobs import JobSpec, JobStatus
from yinshu.kernel.documents.records import Box
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Citation, Hit, StoredClause, VersionInfo
from yinshu.kernel.knowledge.replay import Difference, Replayed
from yinshu.kernel.knowledge.store import AnsweredRun as AnsweredOnce

TOKEN = "test-token"
BOX: Box = (0.1, 0.2, 0.3, 0.4)
LIMITS = Limits(
    question_chars_max=40,
    search_hits_max=5,
    request_bytes_max=4_096,
    upload_bytes_max=65_536,
    upload_files_max=3,
    file_bytes_max=16_384,
    request_seconds_max=60,
    ask_threads=2,
    ask_queue_max=4,
    ask_seconds_max=30,
)


def make_answer() -> Answer:
    """An answer of one sentence with one citation."""
    citation = Citation(1, "单位卡办法", "a.txt", "ver_1", "第三条", "不得支取现金", 7, 2, BOX, date(2020, 1, 1))
    sentence = AnswerSentence("单位卡不得支取现金。", (1,), verified=True)
    return Answer("answered", "单位卡不得支取现金。", (sentence,), (citation,), confidence=0.9)


def make_hit() -> Hit:
    """One clause of one document."""
    version = VersionInfo("ver_1", "doc_1", "col_1", "单位卡办法", "a.txt")
    clause = StoredClause(
        7, version, 2, ("第一章",), "第三条", "article", "不得支取现金", "", "", 2, 2, BOX, date(2020, 1, 1), None
    )
    return Hit(clause, 0.8)


class StubJobs:
    """A job port that remembers what was cancelled."""

    def __init__(self) -> None:
        self.cancelled: list[str] = []

    def submit(self, spec: JobSpec) -> str:
        return f"job_{spec.name}"

    def status(self, job_id: str) -> JobStatus:
        if job_id != "job_1":
            raise NotFound(f"没有任务 {job_id}，请核对编号。")
        return JobStatus("job_1", "knowledge.ingest", "running", done=3, total=10)

    def list_jobs(self, limit: int = 50, owner: str | None = None) -> list[JobStatus]:
        return [self.status("job_1")]

    def cancel(self, job_id: str) -> JobStatus:
        self.cancelled.append(job_id)
        return self.status(job_id)


GATE_SECONDS_MAX = 20
"""How long a held question waits at most, so that a failing test ends."""


class Stub:
    """What the platform's verbs did, and what they should do next."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.gate = threading.Event()
        self.gate.set()
        self.uploads: dict[str, bytes] = {}
        self.orders: list[IngestOrder] = []
        self.ask_error: Exception | None = None
        self.ask_seconds = 0.0
        self.jobs = StubJobs()
        self.ready = True

    def ask(self, asked: Asked, on_evidence: OnEvidence | None = None) -> AnsweredRun:
        self.asked.append(asked)
        if on_evidence:
            on_evidence([make_hit()], 3.0)
        time.sleep(self.ask_seconds)
        self.gate.wait(GATE_SECONDS_MAX)
        if self.ask_error:
            raise self.ask_error
        return AnsweredRun(make_answer(), "run_1", {"evidence": 3.04, "answer": 9.0})

    def search(self, asked: Asked, limit: int) -> list[Hit]:
        self.asked.append(asked)
        return [make_hit()] * limit

    def replay(self, run_id: str) -> Replayed:
        if run_id != "run_1":
            raise NotFound(f"没有编号为 {run_id} 的问答记录。请核对编号。")
        then = make_answer()
        now = replace(then, answer="可以支取现金。")
        run = AnsweredOnce(
            "run_1", datetime(2026, 11, 22, tzinfo=UTC), "p", "能吗", date(2026, 11, 22), "answered", 1, {}
        )
        return Replayed(run, then, now, 0, (Difference("回答", then.answer, now.answer),))

    def submit_ingest(self, order: IngestOrder) -> str:
        self.orders.append(order)
        for folder in order.paths:
            for path in folder.iterdir():
                self.uploads[path.name] = path.read_bytes()
        return "job_1"
