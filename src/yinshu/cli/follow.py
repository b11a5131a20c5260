"""Follow a background job to its end, with progress on stderr."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from yinshu.cli.door import Door
from yinshu.cli.output import note
from yinshu.kernel.base.errors import DependencyDown

POLL_SECONDS = 0.2
REPORT_SECONDS = 5.0
FINISHED = frozenset({"done", "failed", "cancelled"})


def follow_job(door: Door, job_id: str, timeout_seconds: float) -> dict[str, Any]:
    """The job's last state, with its result. Raises DependencyDown when it outlasts `timeout_seconds`."""
    started = reported = time.monotonic()
    while True:
        job = door.call("job", {"job_id": job_id})
        if job["status"] in FINISHED:
            return job
        now = time.monotonic()
        if now - started > timeout_seconds:
            raise DependencyDown(f"任务 {job_id} 还没有完成，它会在后台继续；可用 yinshu jobs show {job_id} 查看。")
        if now - reported >= REPORT_SECONDS:
            reported = now
            note(_progress(job))
        time.sleep(POLL_SECONDS)


def _progress(job: Mapping[str, Any]) -> str:
    done, total = job.get("done", 0), job.get("total", 0)
    return f"进行中：{done}/{total}" if total else "进行中……"
