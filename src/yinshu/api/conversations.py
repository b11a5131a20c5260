"""Conversations over HTTP: kept, listed, renamed, deleted, shared; their turns are in `turns.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, File, Query, Response, UploadFile
from fastapi.concurrency import run_in_threadpool

from yinshu.api.auth import Caller, Wired
from yinshu.api.knowledge import safe_name
from yinshu.api.platform import Platform
from yinshu.api.render_conversations import (
    render_attachment,
    render_conversation,
    render_open,
    render_page,
    render_share,
)
from yinshu.api.requests_conversations import NewConversation, Renaming, SharingRequest
from yinshu.kernel.assistant.attach import FILE_BYTES_MAX
from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.knowledge.store.names import names_of

router = APIRouter(prefix="/api", tags=["conversations"])

PAGE = 30
Limit = Annotated[int, Query(ge=1, le=100)]


def names_in(platform: Platform, ids: Sequence[str]) -> dict[str, str]:
    """The names of people, departments and posts, by id."""
    with reading(platform.engine) as connection:
        return names_of(connection, ids)


@router.get("/conversations")
def list_conversations(
    platform: Wired, caller: Caller, shared: bool = False, limit: Limit = PAGE, after: str | None = None
) -> dict[str, Any]:
    """The caller's conversations, latest first, or those that others share with them."""
    page = platform.assistant.page(caller, shared=shared, limit=limit, after=after)
    return render_page(page, caller.id, names_in(platform, [one.owner for one in page.items]))


@router.post("/conversations", status_code=201)
def create_conversation(platform: Wired, caller: Caller, request: NewConversation) -> dict[str, Any]:
    """Begin one."""
    return render_conversation(platform.assistant.create(caller, request.title), mine=True)


@router.get("/conversations/{conversation_id}")
def show_conversation(
    platform: Wired, caller: Caller, conversation_id: str, limit: Limit = 50, before: int | None = None
) -> dict[str, Any]:
    """Its latest turns; `before` an ordinal, the earlier ones."""
    opened = platform.assistant.open(caller, conversation_id, limit=limit, before=before)
    return render_open(opened, names_in(platform, [opened.conversation.owner]))


@router.get("/shared/{conversation_id}")
def show_shared(
    platform: Wired, caller: Caller, conversation_id: str, limit: Limit = 50, before: int | None = None
) -> dict[str, Any]:
    """The same for whoever got the link; only those it is shared with see anything."""
    opened = platform.assistant.open(caller, conversation_id, limit=limit, before=before)
    return render_open(opened, names_in(platform, [opened.conversation.owner]))


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
    shares = platform.assistant.shares(caller, conversation_id)
    known = names_in(platform, [one.holder.id for one in shares])
    return {"items": [render_share(one, known) for one in shares]}


@router.post("/conversations/{conversation_id}/shares", status_code=201)
def share_conversation(
    platform: Wired, caller: Caller, conversation_id: str, request: SharingRequest
) -> dict[str, Any]:
    """Let somebody read it."""
    holder = request.holder.holder()
    known = names_in(platform, [holder.id])
    if holder.id not in known:
        raise NotFound("没有找到要共享给的人、部门或岗位，请重新选择。")
    return render_share(platform.assistant.share(caller, conversation_id, holder), known)


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


@router.get("/conversations/{conversation_id}/export")
def export_conversation(
    platform: Wired,
    caller: Caller,
    conversation_id: str,
    form: Annotated[Literal["md", "docx"], Query(alias="format")] = "docx",
    turn_id: str = "",
) -> Response:
    """The conversation, or one turn, as a file with sources, label and metadata of generated text."""
    written = platform.assistant.export(caller, conversation_id, form, turn_id)
    return as_download(written.content, safe_name(written.name), written.media_type)


def as_download(content: bytes, name: str, media_type: str) -> Response:
    """Bytes that a browser saves and never shows."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=media_type, headers=headers)
