"""What may be asked of the edge, validated once; the command line sends the same requests."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from yinshu.kernel.knowledge.records import Status

NAME_CHARS_MAX = 200
QUESTION_CHARS_CEILING = 10_000
HITS_CEILING = 1_000
PATHS_MAX = 100_000
PAIRS_MAX = 100_000
PATH_CHARS_MAX = 4_096

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NAME_CHARS_MAX)]
RequiredName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_CHARS_MAX)]
QuestionText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=QUESTION_CHARS_CEILING)]


class Request(BaseModel):
    """The base of all requests: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class NoParameters(Request):
    """A request without parameters."""


class InitRequest(Request):
    """Make the data folder; with `sample`, fill it with the sample bank's library."""

    sample: bool = False


class BackUpRequest(Request):
    """A new file on this machine; only the local socket accepts it."""

    file: str = Field(min_length=1, max_length=PATH_CHARS_MAX)


class AskRequest(Request):
    """A question to a collection (all of them when empty), by the law of a day (today when missing)."""

    question: QuestionText
    collection: Name = ""
    as_of: date | None = None
    as_user: Name | None = None
    composer: Literal["extractive", "model", "auto"] | None = None


class SearchRequest(Request):
    """Like a question, but only the best clauses are wanted."""

    question: QuestionText
    collection: Name = ""
    as_of: date | None = None
    as_user: Name | None = None
    limit: int = Field(default=10, ge=1, le=HITS_CEILING)


class IngestRequest(Request):
    """Files and folders on this machine; only the local socket accepts it."""

    paths: list[str] = Field(min_length=1, max_length=PATHS_MAX)
    collection: RequiredName
    index: str | None = None
    published: bool = False
    wait: bool = False


class DocumentsRequest(Request):
    """Which documents to list."""

    collection: Name = ""
    status: Status | None = None


class LinksRequest(Request):
    """Which links to list."""

    collection: Name = ""
    file: Name | None = None


class JobRequest(Request):
    """One job by its id."""

    job_id: RequiredName


class PairsRequest(Request):
    """Pairs of a term and the library's own word for it."""

    pairs: list[tuple[RequiredName, RequiredName]] = Field(min_length=1, max_length=PAIRS_MAX)


class CalibrateRequest(Request):
    """Cases (a JSONL file on this machine) or none, and where to write the thresholds."""

    collection: Name = ""
    cases: str | None = None
    out: str | None = None
