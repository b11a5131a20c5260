"""The library over HTTP: collections, documents and links, and uploads with their limits."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.concurrency import run_in_threadpool

from yinshu.api import operations
from yinshu.api.auth import Caller, Wired
from yinshu.api.errors import TooLarge
from yinshu.api.platform import Limits, Platform
from yinshu.api.requests import DocumentsRequest, IngestRequest, LinksRequest, RequiredName
from yinshu.kernel.base.errors import BadInput
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.records import Status

router = APIRouter(prefix="/api/knowledge", tags=["knowledge"])

FILE_NAME_BYTES_MAX = 200
COPY_BYTES = 1024 * 1024
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


@router.get("/documents")
def list_documents(
    platform: Wired, caller: Caller, collection: str = "", status: Status | None = None
) -> dict[str, Any]:
    """The documents of a collection with number, status and dates."""
    return operations.perform(platform, caller, "documents", DocumentsRequest(collection=collection, status=status))


@router.get("/links")
def list_links(platform: Wired, caller: Caller, collection: str = "", file: str | None = None) -> dict[str, Any]:
    """What documents say of each other, with the words it was read from."""
    return operations.perform(platform, caller, "links", LinksRequest(collection=collection, file=file))


@router.post("/ingest", status_code=202)
async def ingest(
    platform: Wired,
    caller: Caller,
    files: Annotated[list[UploadFile], File(description="The documents.")],
    collection: Annotated[RequiredName, Form(description="The collection's name.")],
    published: Annotated[bool, Form(description="Skip review.")] = False,
) -> dict[str, Any]:
    """Take uploaded files in; the answer names the job to follow."""
    refuse_too_many(files, platform.limits)
    return await run_in_threadpool(_take_in, platform, caller, files, collection, published)


def _take_in(
    platform: Platform, caller: Subject, files: list[UploadFile], collection: str, published: bool
) -> dict[str, Any]:
    uploads = platform.home / "uploads"
    uploads.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=uploads))
    try:
        for file in files:
            save(file, folder, platform.limits.file_bytes_max)
        request = IngestRequest(paths=[str(folder)], collection=collection, published=published)
        # The originals are kept before this returns, so that the upload need not be.
        return operations.perform(platform, caller, "ingest", request)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def refuse_too_many(files: list[UploadFile], limits: Limits) -> None:
    """Raise TooLarge for more files than one upload may have."""
    if len(files) > limits.upload_files_max:
        raise TooLarge(f"一次最多上传 {limits.upload_files_max} 个文件，请分批上传。")


def save(file: UploadFile, folder: Path, bytes_max: int, *, name: str | None = None) -> None:
    """Write an upload into a folder, under its own name made safe, or another one.

    Raises BadInput for a name that is there already or cannot be, TooLarge beyond `bytes_max`.
    """
    name = safe_name(file.filename or "") if name is None else safe_name(name)
    target = folder / name
    if target.exists():
        raise BadInput(f"有两个文件都叫“{name}”，请改名后重新上传。")
    written = 0
    with target.open("xb") as out:
        while chunk := file.file.read(COPY_BYTES):
            written += len(chunk)
            if written > bytes_max:
                raise TooLarge(f"文件“{name}”超过 {bytes_max // COPY_BYTES} MB，请拆分或压缩图片后再上传。")
            out.write(chunk)


def safe_name(name: str) -> str:
    """A file name's last part, without what could leave the folder or hide. Raises BadInput when nothing is left."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter) != "Cf")
    cleaned = _UNSAFE.sub("_", visible).strip().lstrip(".")
    stem, dot, suffix = cleaned.rpartition(".")
    while len(cleaned.encode()) > FILE_NAME_BYTES_MAX and len(stem) > 1:
        stem = stem[:-1]
        cleaned = f"{stem}{dot}{suffix}"
    if not cleaned or len(cleaned.encode()) > FILE_NAME_BYTES_MAX:
        raise BadInput("有一个文件的名称不可用，请改成普通的文件名后重新上传。")
    return cleaned
