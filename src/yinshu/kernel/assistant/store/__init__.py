"""All queries of the assistant room; nothing else touches its tables."""

from yinshu.kernel.assistant.store.attachments import (
    add_attachment,
    attached_clauses,
    attachment_content,
    count_attachments,
    get_attachments,
    list_attachments,
    remove_attachment,
)
from yinshu.kernel.assistant.store.conversations import (
    delete_conversation,
    find_conversations,
    get_conversation,
    insert_conversation,
    list_conversations,
    rename_conversation,
    touch_conversation,
)
from yinshu.kernel.assistant.store.shares import (
    add_share,
    list_shares,
    remove_share,
    shared_with,
)
from yinshu.kernel.assistant.store.turns import (
    end_turn,
    find_by_key,
    get_turn,
    insert_turn,
    interrupt_asking,
    list_turns,
    next_ordinal,
    reclaim_turn,
)

__all__ = [
    "add_attachment",
    "add_share",
    "attached_clauses",
    "attachment_content",
    "count_attachments",
    "delete_conversation",
    "end_turn",
    "find_by_key",
    "find_conversations",
    "get_attachments",
    "get_conversation",
    "get_turn",
    "insert_conversation",
    "insert_turn",
    "interrupt_asking",
    "list_attachments",
    "list_conversations",
    "list_shares",
    "list_turns",
    "next_ordinal",
    "reclaim_turn",
    "remove_attachment",
    "remove_share",
    "rename_conversation",
    "shared_with",
    "touch_conversation",
]
