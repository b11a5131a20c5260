"""Conversations over HTTP: kept, listed, renamed, deleted, shared; their turns are in `turns.py`."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, Query, Response, UploadFile
from fastapi.concurrency import run_in_threadpool

from yinshu.api.auth import Caller, Wired
from yinshu.api.knowledge import safe_name
from yinshu.api.render_conversations import (
    render_attachment,
    render_conversation,
    render_open,
    render_page,
    render_share,
)
from yinshu.api.requests_conversations import NewConversation, Renaming, SharingRequest
from yinshu.kernel.assistant.attach import FILE_BYTES_MAX

router = APIRouter(prefix="/api", tags=["conversations"])

PAGE = 30
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/conversations")
def list_conversations(
    platform: Wired, caller: Caller, shared: bool = False, limit: Limit = PAGE, after: str | None = None
) -> dict[str, Any]:
    """The caller's conversations, latest first, or those that others share with them."""
    return render_page(platform.assistant.page(caller, shared=shared, limit=limit, after=after), caller.id)


@router.post("/conversations", status_code=201)
def create_conversation(platform: Wired, caller: Caller, request: NewConversation) -> dict[str, Any]:
    """Begin one."""
    return render_conversation(platform.assistant.create(caller, request.title), mine=True)


@router.get("/conversations/{conversation_id}")
def show_conversation(
    platform: Wired, caller: Caller, conversation_id: str, limit: Limit = 50, before: int | None = None
) -> dict[str, Any]:
    """Its latest turns; `before` an ordinal, the earlier ones."""
    return render_open(platform.assistant.open(caller, conversation_id, limit=limit, before=before))


@router.get("/shared/{conversation_id}")
def show_shared(
    platform: Wired, caller: Caller, conversation_id: str, limit: Limit = 50, before: int | None = None
) -> dict[str, Any]:
    """The same for whoever got the link; only those it is shared with see anything."""
    return render_open(platform.assistant.open(caller, conversation_id, limit=limit, before=before))


@router.patch("/conversations/{conversation_id}")
def rename_conversation(platform: Wired, caller: Caller, conversation_id: str, request: Renaming) -> dict[str, Any]:
    """Give it another title."""
    return render_conversation(platform.assistant.rename(caller, conversation_id, request.title), mine=True)


@router.delete("/conversations/{conversation_id}", status_code=204)
def delete_conversation(platform: Wired, caller: Caller, conversation_id: str) -> Response:
    """Take it away with its files and shares."""
    platform.assistant.delete(caller, conversation_id)
    return Response(status_code=204)


@router.get("/conversations/{conversation_id}/shares")
def list_shares(platform: Wired, caller: Caller, conversation_id: str) -> dict[str, Any]:
    """To whom it is shared."""
    return {"items": [render_share(one) for one in platform.assistant.shares(caller, conversation_id)]}


@router.post("/conversations/{conversation_id}/shares", status_code=201)
def share_conversation(
    platform: Wired, caller: Caller, conversation_id: str, request: SharingRequest
) -> dict[str, Any]:
    """Let somebody read it."""
    return render_share(platform.assistant.share(caller, conversation_id, request.holder.holder()))


@router.delete("/conversations/{conversation_id}/shares", status_code=204)
def unshare_conversation(platform: Wired, caller: Caller, conversation_id: str, request: SharingRequest) -> Response:
    """Take the right back; it ends at once."""
    platform.assistant.unshare(caller, conversation_id, request.holder.holder())
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/attachments", status_code=201)
async def attach_file(
    platform: Wired,
    caller: Caller,
    conversation_id: str,
    file: Annotated[UploadFile, File(description="The file.")],
) -> dict[str, Any]:
    """Take a file into the conversation; its clauses are evidence for the questions that follow."""
    name = safe_name(file.filename or "")
    content = await file.read(FILE_BYTES_MAX + 1)
    added = await run_in_threadpool(platform.assistant.files.add, caller, conversation_id, name, content)
    return render_attachment(added)


@router.get("/conversations/{conversation_id}/attachments/{attachment_id}/original")
def show_attachment(platform: Wired, caller: Caller, conversation_id: str, attachment_id: str) -> Response:
    """The file as it was uploaded, to keep; only the owner gets it."""
    known, content = platform.assistant.files.original(caller, conversation_id, attachment_id)
    return as_download(content, known.name, "application/octet-stream")


@router.delete("/conversations/{conversation_id}/attachments/{attachment_id}", status_code=204)
def remove_attachment(platform: Wired, caller: Caller, conversation_id: str, attachment_id: str) -> Response:
    """Take a file away."""
    platform.assistant.files.remove(caller, conversation_id, attachment_id)
    return Response(status_code=204)


def as_download(content: bytes, name: str, media_type: str) -> Response:
    """Bytes that a browser saves and never shows."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=media_type, headers=headers)
