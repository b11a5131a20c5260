"""Who may read a conversation: its owner, and the holders of a share as identity knows the reader today."""

from __future__ import annotations

from yinshu.kernel.assistant import store
from yinshu.kernel.assistant.errors import NoConversation, NotYours
from yinshu.kernel.assistant.records import Conversation
from yinshu.kernel.base.database import Connection
from yinshu.kernel.identity import Action, Resource, Subject, require


def owned(
    connection: Connection, subject: Subject, conversation_id: str, action: Action = "manage", *, lock: bool = False
) -> Conversation:
    """The conversation, if it is the subject's own and the key they come with allows the action.

    Raises NotYours when it is shared with them, NoConversation when it is hidden from them, NotAllowed for the key.
    """
    found = readable_conversation(connection, subject, conversation_id, lock=lock)
    if found.owner != subject.id:
        raise NotYours
    require(subject, action, Resource("conversation", conversation_id, owner=subject.id))
    return found


def readable_conversation(
    connection: Connection, subject: Subject, conversation_id: str, *, lock: bool = False
) -> Conversation:
    """The conversation, if the subject may read it. Raises NoConversation, NotAllowed for a key without reading."""
    found = store.get_conversation(connection, conversation_id, lock=lock)
    if found is None:
        raise NoConversation
    if found.owner != subject.id and not store.shared_with(connection, conversation_id, subject):
        raise NoConversation
    require(subject, "read", Resource("conversation", conversation_id, owner=subject.id))
    return found
