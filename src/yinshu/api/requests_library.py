"""What may be asked of collections, documents and versions, validated once."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from yinshu.api.requests import Request, RequiredName
from yinshu.kernel.knowledge.life.records import CollectionKind
from yinshu.kernel.knowledge.life.transition import COMMENT_CHARS_MAX
from yinshu.kernel.knowledge.records import Relation

ID_CHARS_MAX = 80
VALUE_CHARS_MAX = 500
QUESTION_CHARS_MAX = 500
ANSWER_CHARS_MAX = 2_000
CITED_MAX = 10

Id = Annotated[str, StringConstraints(strip_whitespace=True, max_length=ID_CHARS_MAX)]
RequiredId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=ID_CHARS_MAX)]
Comment = Annotated[str, StringConstraints(max_length=COMMENT_CHARS_MAX)]
Value = Annotated[str, StringConstraints(max_length=VALUE_CHARS_MAX)]
FieldName = Literal["title", "number", "issuer", "kind", "issued_on", "effective_from", "effective_to"]


class StepRequest(Request):
    """A step of a version, with a comment. `publish` (now) and `publish_on` (a day) go with approve and publish.

    `ended_on` and `mistaken` go with archive.
    """

    comment: Comment = ""
    publish: bool = False
    publish_on: date | None = None
    ended_on: date | None = None
    mistaken: bool = False


class CardRequest(Request):
    """Values to confirm as they are, and values to put in their place (days as YYYY-MM-DD, "" for none)."""

    fields: dict[FieldName, Value] = Field(default_factory=dict)
    confirm: list[FieldName] = Field(default_factory=list, max_length=10)
    comment: Comment = ""


class LinkRequest(Request):
    """What a person says of a link."""

    relation: Relation | None = None
    effective_on: date | None = None
    target_document_id: Id | None = None
    target_articles: list[Value] | None = Field(default=None, max_length=200)
    comment: Comment = ""


class CommentRequest(Request):
    """Only a comment."""

    comment: Comment = ""


class CollectionRequest(Request):
    """A collection to make."""

    name: RequiredName
    kind: CollectionKind
    department_id: Id | None = None
    owner_id: Id | None = None


class CollectionChange(Request):
    """Another name or owner for a collection."""

    name: RequiredName | None = None
    owner_id: Id | None = None


class DocumentChange(Request):
    """Another owner or day of review for a document; null leaves it, "" takes the owner away."""

    owner_id: Id | None = None
    review_on: date | None = None
    clear_review: bool = False


class Citing(Request):
    """A clause that an answer rests on."""

    clause_id: int = Field(ge=1)


class FaqRequest(Request):
    """A question with an answer and the clauses it rests on."""

    collection_id: Id = ""
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=QUESTION_CHARS_MAX)]
    answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=ANSWER_CHARS_MAX)]
    citations: list[Citing] = Field(min_length=1, max_length=CITED_MAX)
    owner_id: Id = ""
    expires_on: date | None = None
    pinned: bool = False


class FeedbackRequest(Request):
    """What the asker says of an answer."""

    run_id: RequiredId
    verdict: Literal["right", "wrong", "outdated"]
    comment: Comment = ""
