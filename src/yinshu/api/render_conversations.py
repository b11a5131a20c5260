"""Conversations and turns as JSON."""

from __future__ import annotations

from yinshu.api.render import JsonObject, render_answer, render_date
from yinshu.api.render_library import Names
from yinshu.kernel.assistant import Attachment, Conversation, ConversationPage, Share, Turn
from yinshu.kernel.assistant.assistant import OpenConversation
from yinshu.kernel.assistant.export import COMPOSED_BY, composed_as, status_words
from yinshu.kernel.assistant.withhold import is_attached
from yinshu.kernel.guard.labels import VISIBLE_LABEL


def render_conversation(conversation: Conversation, *, mine: bool, names: Names | None = None) -> JsonObject:
    """A row of the list; `names` has the owners' names where they are told."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "owner": conversation.owner,
        "owner_name": (names or {}).get(conversation.owner, ""),
        "mine": mine,
        "turns": conversation.turns,
        "shares": conversation.shares if mine else 0,
        "created_at": conversation.created_at.isoformat(),
        "updated_at": conversation.updated_at.isoformat(),
    }


def render_page(page: ConversationPage, reader: str, names: Names) -> JsonObject:
    """One page of conversations."""
    items = [render_conversation(one, mine=one.owner == reader, names=names) for one in page.items]
    return {"items": items, "next": page.next}


def render_open(opened: OpenConversation, names: Names) -> JsonObject:
    """A conversation with its turns."""
    return {
        **render_conversation(opened.conversation, mine=opened.mine, names=names),
        "turns": [render_turn(turn) for turn in opened.turns],
        "turn_count": opened.conversation.turns,
        "earlier": opened.earlier,
        "attachments": [render_attachment(one) for one in opened.attachments],
        "may": ["read", "export", "ask", "rename", "share", "delete"] if opened.mine else ["read", "export"],
    }


def render_turn(turn: Turn) -> JsonObject:
    """A question with its answer as the reader may see it."""
    how = composed_as(turn)
    return {
        "id": turn.id,
        "ordinal": turn.ordinal,
        "state": turn.state,
        "question": turn.question,
        "understood_as": turn.understood_as,
        "follow_up": turn.understood_as != turn.question,
        "as_of": render_date(turn.as_of),
        "collections": list(turn.collection_ids),
        "attachment_ids": list(turn.attachment_ids),
        "answer": _answer(turn),
        "error": turn.error,
        "composed_by": COMPOSED_BY[how],
        "composed_as": how,
        "asked_at": turn.asked_at.isoformat(),
        "feedback": turn.feedback,
        "withheld": turn.withheld,
    }


def _answer(turn: Turn) -> JsonObject | None:
    if turn.answer is None:
        return None
    rendered = render_answer(turn.answer, turn.run_id or "", turn.latency_ms)
    for name, citations in (("citations", turn.answer.citations), ("nearest", turn.answer.nearest)):
        rendered[name] = [
            {**row, "may_open": bool(one.version) and not is_attached(one), "uploaded": is_attached(one)}
            for row, one in zip(rendered[name], citations, strict=True)
        ]
    return {**rendered, "status_words": status_words(turn.answer), "ai_label": VISIBLE_LABEL}


def render_attachment(attachment: Attachment) -> JsonObject:
    """A file of a conversation."""
    return {
        "id": attachment.id,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size_bytes": attachment.size_bytes,
        "clauses": attachment.clauses,
        "warnings": list(attachment.warnings),
        "added_at": attachment.added_at.isoformat(),
    }


def render_share(share: Share, names: Names) -> JsonObject:
    """A right to read, with the holder's name."""
    return {
        "id": share.id,
        "holder": {"kind": share.holder.kind, "id": share.holder.id, "name": names.get(share.holder.id, "")},
        "shared_by": share.shared_by,
        "shared_at": share.shared_at.isoformat(),
    }
