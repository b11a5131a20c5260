"""Conversations: questions one after the other, what they rest on, who may read them, and how they leave the house."""

from yinshu.kernel.assistant.assistant import Assistant
from yinshu.kernel.assistant.records import (
    Attachment,
    Begun,
    Conversation,
    ConversationPage,
    Ended,
    Share,
    Turn,
    TurnRequest,
)

__all__ = [
    "Assistant",
    "Attachment",
    "Begun",
    "Conversation",
    "ConversationPage",
    "Ended",
    "Share",
    "Turn",
    "TurnRequest",
]
