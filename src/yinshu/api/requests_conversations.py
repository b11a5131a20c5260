"""What may be asked of conversations, validated once."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from yinshu.api.requests import Name, QuestionText, Request, RequiredName
from yinshu.kernel.identity import Holder

COLLECTIONS_MAX = 200
ATTACHMENTS_MAX = 20
KEY_CHARS_MAX = 80

Key = Annotated[str, StringConstraints(strip_whitespace=True, max_length=KEY_CHARS_MAX)]


class NewConversation(Request):
    """A conversation, named by its first question unless it has a title."""

    title: Name = ""


class Renaming(Request):
    """Another title."""

    title: RequiredName


class Question(Request):
    """One thing asked. `key` makes a retry the same turn; `as_written` forbids completing a follow-up question.

    `attachment_ids` names the uploaded files that count as evidence, all of the conversation when left out.
    `retry_turn_id` takes up a turn again that has no answer; its own words and date count then.
    """

    question: QuestionText
    collection_ids: list[RequiredName] = Field(default_factory=list, max_length=COLLECTIONS_MAX)
    as_of: date | None = None
    composer: Literal["extractive", "model", "auto"] | None = None
    attachment_ids: list[RequiredName] | None = Field(default=None, max_length=ATTACHMENTS_MAX)
    key: Key = ""
    as_written: bool = False
    retry_turn_id: Name = ""


class Sharing(Request):
    """To whom a conversation is shown: a person, a department with everything below it, or a post, by id."""

    kind: Literal["person", "department", "post"]
    id: RequiredName

    def holder(self) -> Holder:
        """As identity knows it."""
        return Holder(self.kind, self.id)


class SharingRequest(Request):
    """The holder of a share."""

    holder: Sharing
