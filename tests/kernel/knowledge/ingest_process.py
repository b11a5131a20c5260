"""Processes that take a folder in by jobs and may be killed at any moment.

Reads a line [url, home, folder] for each, forks, and tells "ready PID", "done ..." and "exit CODE"; so the imports,
which take longer than the work, are paid once.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yinshu.adapters.indexes.postgres_index import PostgresIndex
from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.adapters.jobs.dbos_jobs import DbosJobs
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import open_engine
from yinshu.kernel.base.migrate import upgrade
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.intake_jobs import IntakeJobs
from yinshu.kernel.knowledge.originals import Originals
from yinshu.kernel.knowledge.ports import ClauseIndex
from yinshu.kernel.knowledge.reading import file_reader
from yinshu.kernel.knowledge.vectorise import Vectoriser

JOBS_TIMEOUT_S = 600


class SlowEmbedder:
    """As slow as a small model, so that a kill falls among the vectors too."""

    name = "slow-1"
    dimension = 8

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        time.sleep(0.01 * len(texts))
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        vector = np.random.default_rng(seed).standard_normal(self.dimension)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def clause_index(url: str) -> ClauseIndex:
    return SqliteIndex() if url.startswith("sqlite") else PostgresIndex()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(url: str, home: Path, folder: Path) -> None:
    engine, index = open_engine(url), clause_index(url)
    upgrade(engine, [index.create])
    jobs = DbosJobs(f"sqlite:///{home / 'jobs.sqlite'}" if url.startswith("sqlite") else url)
    ingester = Ingester(engine, index, Originals(home / "originals"), Clock(), file_reader())
    intake = IntakeJobs(jobs, ingester, Vectoriser(engine, index, SlowEmbedder(), batch_clauses=4))
    intake.register()
    say(f"ready {os.getpid()}")
    jobs.start()
    intake.resume()
    batch = ingester.open([folder], "制度", published=True, actor="local")
    intake.submit_ingest(batch.batch_id, wait_for_vectors=False)
    deadline_s = time.monotonic() + JOBS_TIMEOUT_S
    while any(one.state in ("queued", "running") for one in jobs.list_jobs()) and time.monotonic() < deadline_s:
        time.sleep(0.05)
    say(f"done {[(one.name, one.state, one.error) for one in jobs.list_jobs()]}")
    jobs.close()
    engine.dispose()


def serve() -> None:
    for line in sys.stdin:
        url, home, folder = json.loads(line)
        pid = os.fork()
        if pid == 0:
            main(url, Path(home), Path(folder))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        say(f"exit {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    serve()
