"""What can go wrong in a conversation.

YinshuError
├── NotFound ── NoConversation     there is none, or not for the one who asks
├── BadArgument ── ConversationFull, TooManyShares, TooManyAttachments, StillAnswering
└── NotAllowed ── NotYours         it is shared with the reader, who may only read
"""

from __future__ import annotations

from yinshu.kernel.base.errors import BadArgument, NotAllowed, NotFound


class NoConversation(NotFound):
    """There is no such conversation, or the one who asks may not know of it."""

    code = "no_conversation"

    def __init__(self) -> None:
        super().__init__("没有这个对话，或者它没有共享给您。请回到对话列表重新选择。")


class NotYours(NotAllowed):
    """The conversation is shared for reading."""

    code = "not_yours"

    def __init__(self) -> None:
        super().__init__("这个对话是别人共享给您的，只能查看。要继续提问，请新建自己的对话。")


class ConversationFull(BadArgument):
    """No more turns."""

    code = "conversation_full"


class TooManyShares(BadArgument):
    """No more holders."""

    code = "too_many_shares"


class TooManyAttachments(BadArgument):
    """No more files."""

    code = "too_many_attachments"


class StillAnswering(BadArgument):
    """The same request is being answered right now."""

    code = "still_answering"
    http_status = 409

    def __init__(self) -> None:
        super().__init__("这个问题正在作答，请稍候；如果等了一分钟仍没有结果，请再问一次。")
