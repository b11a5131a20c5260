"""Conversations over HTTP: kept, listed, renamed, deleted, shared; their turns are in `turns.py`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from yinshu.api.auth import Caller, Wired
from yinshu.api.render_conversations import render_conversation, render_open, render_page, render_share
from yinshu.api.requests_conversations import NewConversation, Renaming, SharingRequest

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
