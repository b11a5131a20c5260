"""Conversations, their turns, shares and attachments, as frozen types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from yinshu.kernel.identity import Holder
from yinshu.kernel.knowledge.records import Answer

TurnState = Literal["asking", "answered", "failed", "stopped", "interrupted"]
"""`interrupted` is never stored: it is what a turn is shown as whose process died before it answered."""


@dataclass(frozen=True)
class Conversation:
    """A conversation as its list shows it."""

    id: str
    owner: str
    title: str
    created_at: datetime
    updated_at: datetime
    turns: int = 0
    shares: int = 0


@dataclass(frozen=True)
class ConversationPage:
    """Some conversations, latest first, and the cursor of the next ones (None at the end)."""

    items: tuple[Conversation, ...]
    next: str | None


@dataclass(frozen=True)
class Share:
    """A right to read a conversation, given to a holder until it is taken back."""

    id: str
    conversation_id: str
    holder: Holder
    shared_by: str
    shared_at: datetime


@dataclass(frozen=True)
class Understood:
    """A question as it will be asked.

    `text` equals what was written unless the conversation completed it. `as_of` is set when the words name a day whose
    law is asked for. `carried_versions` are the document versions whose words were carried into `text`.
    """

    text: str
    as_of: date | None = None
    carried_versions: tuple[str, ...] = ()


@dataclass(frozen=True)
class TurnRequest:
    """One thing asked in a conversation. `key` makes a retry the same turn; `as_written` forbids completing it.

    `attachment_ids` None means all files of the conversation.
    """

    question: str
    collection_ids: tuple[str, ...] = ()
    as_of: date | None = None
    composer: str = "extractive"
    attachment_ids: tuple[str, ...] | None = None
    key: str = ""
    as_written: bool = False


@dataclass(frozen=True)
class Turn:
    """A question of a conversation with its answer.

    `understood_as` differs from `question` where the conversation completed it. `latency_ms` has the times until
    evidence and answer stood. `error` says in Chinese why there is no answer. `withheld` counts the sources that the
    reader may not read (any more). `feedback` is what the reader said of it (right, wrong, outdated).
    """

    id: str
    conversation_id: str
    ordinal: int
    state: TurnState
    question: str
    understood_as: str
    as_of: date
    collection_ids: tuple[str, ...]
    composer: str
    attachment_ids: tuple[str, ...]
    asked_at: datetime
    carried_versions: tuple[str, ...] = ()
    run_id: str | None = None
    answer: Answer | None = None
    latency_ms: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    feedback: str | None = None
    withheld: int = 0


@dataclass(frozen=True)
class Begun:
    """A turn that is recorded; `fresh` is false when the same request was recorded before and need not run."""

    turn: Turn
    fresh: bool


@dataclass(frozen=True)
class Attachment:
    """A file dropped into a conversation: read into clauses, evidence for that conversation only."""

    id: str
    conversation_id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    clauses: int
    added_at: datetime
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ended:
    """What became of a turn: an answer, its run and who worded it, or a Chinese reason why there is none."""

    answer: Answer | None = None
    run_id: str | None = None
    latency_ms: dict[str, float] | None = None
    composed_by: str = ""
    error: str = ""
    stopped: bool = False
