"""A process that begins a job and never ends it; it is killed."""

from __future__ import annotations

import sys
import threading

from yinshu.adapters.jobs.dbos_jobs import DbosJobs
from yinshu.kernel.base.jobs import JobRun, JobSpec, Json, Payload


def begin(run: JobRun, _payload: Payload) -> Json:
    """Do the first step, say so, and stay."""
    run.step("first", lambda: "done by the first process")
    sys.stdout.write(run.job_id + "\n")
    sys.stdout.flush()
    threading.Event().wait()
    return None


if __name__ == "__main__":
    jobs = DbosJobs(sys.argv[1])
    jobs.register("shared", begin)
    jobs.start()
    jobs.wait(jobs.submit(JobSpec("shared")), 600)
