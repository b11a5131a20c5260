"""Uploads over HTTP: several files at once, and what became of each."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.concurrency import run_in_threadpool

from yinshu.api.auth import Caller, Wired
from yinshu.api.knowledge import refuse_too_many, save
from yinshu.api.platform import Platform
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.life import intake

router = APIRouter(prefix="/api/knowledge/uploads", tags=["uploads"])

OUTCOMES = {"new": "added", "updated": "new_version"}
"""What people call an outcome where it differs from the store's word."""


@router.post("", status_code=202)
async def upload(
    platform: Wired,
    caller: Caller,
    files: Annotated[list[UploadFile], File(description="The documents.")],
    collection_id: Annotated[str, Form(description="Where they go.")] = "",
    document_id: Annotated[str, Form(description="The document that the one file is a new version of.")] = "",
) -> dict[str, Any]:
    """Take files in as drafts; the answer says where to follow them."""
    refuse_too_many(files, platform.limits)
    return await run_in_threadpool(_take_in, platform, caller, files, collection_id, document_id)


def _take_in(
    platform: Platform, caller: Subject, files: list[UploadFile], collection_id: str, document_id: str
) -> dict[str, Any]:
    place = intake.place_for(platform.desk, caller, collection_id, document_id)
    if place.file_name is not None and len(files) != 1:
        raise BadArgument("更新一个文件时请只选一个新文件。")
    uploads = platform.home / "uploads"
    uploads.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=uploads))
    try:
        for file in files:
            save(file, folder, platform.limits.file_bytes_max, name=place.file_name)
        # The originals are kept before this returns, so that the upload need not be.
        taken = intake.take_in(platform.desk, caller, place, [folder])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"batch_id": taken.batch_id, "job_id": taken.job_id}


@router.get("/{batch_id}")
def show_upload(platform: Wired, caller: Caller, batch_id: str) -> dict[str, Any]:
    """What became of each file so far."""
    items = intake.report(platform.desk, caller, batch_id)
    return {
        "items": [
            {
                "file": one.file_name,
                "outcome": OUTCOMES.get(one.outcome, one.outcome),
                "error": one.error,
                "version_id": one.version_id,
                "document_id": one.document_id,
            }
            for one in items
        ],
        "done": sum(one.outcome != "waiting" for one in items),
        "total": len(items),
    }
