"""The operations of a document's life, for the command line and the local socket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic import Field

from yinshu.api.gaps import rendered, show_gaps
from yinshu.api.platform import Platform
from yinshu.api.render import JsonObject
from yinshu.api.render_life import render_diff
from yinshu.api.requests import Name, NoParameters, Request, RequiredName
from yinshu.api.requests_library import Comment, StepRequest
from yinshu.api.review import StepName, assess, list_reviews, take_step
from yinshu.kernel.identity import Action, Subject
from yinshu.kernel.knowledge.life import faq, impact, publish
from yinshu.kernel.knowledge.life.find import version_meant
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, Status

_STATES: dict[StepName, tuple[Status, ...]] = {
    "submit": ("draft",),
    "withdraw": ("in_review",),
    "return": ("in_review",),
    "approve": ("in_review",),
    "publish": ("in_review", "published"),
    "archive": ("published", "in_review", "draft", "superseded"),
}
"""Which version of a file a step is about; of several the newest."""


class AsPerson(Request):
    """Whose rights count: a login, or the local operator."""

    as_user: Name | None = None


class VersionRequest(AsPerson):
    """A version by its id, or by the name of its file."""

    version: RequiredName
    collection: Name = ""


class VersionStepRequest(VersionRequest):
    """A step of a version."""

    step: StepName
    comment: Comment = ""
    publish: bool = False
    publish_on: date | None = None
    ended_on: date | None = None
    mistaken: bool = False


class DiffRequest(VersionRequest):
    """A version beside another one."""

    against: Name = ""


class FaqListRequest(AsPerson):
    """Which questions to list."""

    words: Name = Field(default="")


def _step(platform: Platform, subject: Subject, request: VersionStepRequest) -> JsonObject:
    # Only what counted can have ended, or be a slip: a draft of the same file is not meant.
    ends = request.ended_on is not None or request.mistaken
    states = SEARCHABLE_STATUSES if request.step == "archive" and ends else _STATES[request.step]
    version_id = version_meant(platform.desk, subject, request.version, request.collection, states)
    given = StepRequest(
        comment=request.comment,
        publish=request.publish,
        publish_on=request.publish_on,
        ended_on=request.ended_on,
        mistaken=request.mistaken,
    )
    return take_step(platform, subject, version_id, request.step, given)


def _diff(platform: Platform, subject: Subject, request: DiffRequest) -> JsonObject:
    version_id = version_meant(platform.desk, subject, request.version, request.collection)
    return render_diff(impact.compare(platform.desk, subject, version_id, request.against))


def _impact(platform: Platform, subject: Subject, request: VersionRequest) -> JsonObject:
    return assess(platform, subject, version_meant(platform.desk, subject, request.version, request.collection))


def _reviews(platform: Platform, subject: Subject, _request: AsPerson) -> JsonObject:
    return list_reviews(platform, subject)


def _publish_due(platform: Platform, _subject: Subject, _request: NoParameters) -> JsonObject:
    return {"published": publish.publish_due(platform.desk)}


def _faq(platform: Platform, subject: Subject, request: FaqListRequest) -> JsonObject:
    return {"items": rendered(platform, faq.listed(platform.desk, subject, words=request.words))}


def _gaps(platform: Platform, subject: Subject, _request: AsPerson) -> JsonObject:
    return show_gaps(platform, subject)


OPERATIONS: tuple[tuple[str, type[Request], Action, str, Callable[[Platform, Subject, Any], JsonObject]], ...] = (
    ("version_step", VersionStepRequest, "read", "directory", _step),
    ("version_diff", DiffRequest, "read", "directory", _diff),
    ("version_impact", VersionRequest, "read", "directory", _impact),
    ("reviews", AsPerson, "read", "directory", _reviews),
    ("publish_due", NoParameters, "configure", "platform", _publish_due),
    ("faq", FaqListRequest, "read", "directory", _faq),
    ("gaps", AsPerson, "read", "directory", _gaps),
)
"""Everybody may ask for these; what each caller may do and see is decided inside."""
