"""Background jobs over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from yinshu.api import operations
from yinshu.api.auth import Caller, Wired
from yinshu.api.requests import JobRequest, NoParameters

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


@router.get("")
def list_jobs(platform: Wired, caller: Caller) -> dict[str, Any]:
    """The latest jobs, newest first."""
    return operations.perform(platform, caller, "jobs", NoParameters())


@router.get("/{job_id}")
def show_job(platform: Wired, caller: Caller, job_id: str) -> dict[str, Any]:
    """How far a job is, and what came of it."""
    return operations.perform(platform, caller, "job", JobRequest(job_id=job_id))


@router.post("/{job_id}/cancel")
def cancel_job(platform: Wired, caller: Caller, job_id: str) -> dict[str, Any]:
    """Stop a job; what it has done stays."""
    return operations.perform(platform, caller, "cancel_job", JobRequest(job_id=job_id))
