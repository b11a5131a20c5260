"""Operations on the guard: policies and word lists by two people, trying, verdicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from yinshu.api.platform import Platform
from yinshu.api.render import JsonObject
from yinshu.api.requests import Name, NoParameters, Request, RequiredName
from yinshu.kernel.guard import Audience, Direction
from yinshu.kernel.guard.policy import default_policies, policy_json
from yinshu.kernel.guard.store import KeptVerdict, VerdictStatus, Versioned
from yinshu.kernel.identity import Action, Subject

TRY_CHARS_MAX = 20_000
BODY_CHARS_MAX = 200_000
CSV_CHARS_MAX = 20_000_000
VERDICTS_MAX = 200


class TryRequest(Request):
    """A text to be tried; `policy` is the id of a kept version, "" is what is in force."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=TRY_CHARS_MAX)]
    policy: Name = ""
    direction: Direction = "in"
    audience: Audience = "internal"


class PolicyRequest(Request):
    """A policy as JSON text."""

    body: Annotated[str, StringConstraints(min_length=2, max_length=BODY_CHARS_MAX)]


class VersionRequest(Request):
    """A kept version of a policy or a word list."""

    version_id: RequiredName


class DecideRequest(Request):
    """The second person's word on a version."""

    version_id: RequiredName
    decision: Literal["approve", "refuse"]


class LexiconRequest(Request):
    """A word list as CSV: word,category,severity and, if wanted, allow,sound."""

    name: RequiredName
    csv: Annotated[str, StringConstraints(min_length=1, max_length=CSV_CHARS_MAX)]


class VerdictsRequest(Request):
    """Which verdicts are wanted; `after` is the id of the last one seen."""

    status: VerdictStatus | None = None
    after: Name = ""
    limit: int = Field(default=50, ge=1, le=VERDICTS_MAX)


class VerdictRequest(Request):
    """A safety administrator's word on a verdict."""

    verdict_id: RequiredName
    status: Literal["confirmed", "mistaken"]
    note: Annotated[str, StringConstraints(max_length=500)] = ""


def try_text(platform: Platform, _subject: Subject, request: TryRequest) -> JsonObject:
    """The verdict on a text; nothing of it is kept."""
    verdict = platform.guard.try_text(
        request.text, policy_id=request.policy, direction=request.direction, audience=request.audience
    )
    plain: dict[str, Any] = verdict.as_json()
    findings = [
        {**one, "start": one["span"][0], "end": one["span"][1], "policy_version": one["policy"]}
        for one in plain["findings"]
    ]
    return {**plain, "action": plain["verdict"], "findings": findings, "masked": plain["text"]}


def policies(platform: Platform, _subject: Subject, _request: Request) -> JsonObject:
    """Every version of every policy, newest first, and those shipped, which hold where there is no other."""
    kept, _ = platform.guard.versions()
    shipped = [
        {"id": "", "name": one.name, "version": str(one.version), "body": policy_json(one), "status": "shipped"}
        for one in default_policies()
    ]
    return {"items": [render_version(one) for one in kept], "shipped": shipped}


def render_version(version: Versioned) -> JsonObject:
    """A version of a policy or a word list."""
    plain = asdict(version)
    plain["written_at"] = version.written_at.isoformat()
    plain["decided_at"] = version.decided_at.isoformat() if version.decided_at else None
    return plain


def draft(platform: Platform, subject: Subject, request: PolicyRequest) -> JsonObject:
    """Keep a draft."""
    return render_version(platform.guard.draft(subject.id, request.body))


def submit(platform: Platform, subject: Subject, request: VersionRequest) -> JsonObject:
    """Hand a draft to a second person."""
    return render_version(platform.guard.submit(subject.id, request.version_id))


def decide(platform: Platform, subject: Subject, request: DecideRequest) -> JsonObject:
    """Approve or refuse."""
    approve = request.decision == "approve"
    return render_version(platform.guard.decide(subject.id, request.version_id, approve=approve))


def retire(platform: Platform, subject: Subject, request: VersionRequest) -> JsonObject:
    """Take out of force."""
    return render_version(platform.guard.retire(subject.id, request.version_id))


def lexicons(platform: Platform, _subject: Subject, _request: Request) -> JsonObject:
    """Every version of every word list, newest first, without the words."""
    _, kept = platform.guard.versions()
    return {"items": [{**render_version(one), "body": ""} for one in kept]}


def import_lexicon(platform: Platform, subject: Subject, request: LexiconRequest) -> JsonObject:
    """Keep a word list; a second person puts it in force."""
    return {**render_version(platform.guard.import_lexicon(subject.id, request.name, request.csv)), "body": ""}


def export_lexicon(platform: Platform, _subject: Subject, request: VersionRequest) -> JsonObject:
    """A word list as CSV."""
    return {"csv": platform.guard.lexicon_csv(request.version_id)}


def verdicts(platform: Platform, _subject: Subject, request: VerdictsRequest) -> JsonObject:
    """Kept verdicts, newest first."""
    found = platform.guard.verdicts(request.status, request.after, request.limit)
    more = found[-1].id if len(found) == request.limit else None
    return {"items": [render_verdict(one) for one in found], "next": more}


def render_verdict(kept: KeptVerdict) -> JsonObject:
    """A kept verdict."""
    return {**asdict(kept), "at": kept.at.isoformat()}


def decide_verdict(platform: Platform, subject: Subject, request: VerdictRequest) -> JsonObject:
    """Say whether a verdict was right."""
    decided = platform.guard.decide_verdict(subject.id, request.verdict_id, request.status, request.note)
    return render_verdict(decided)


OPERATIONS: tuple[tuple[str, type[Request], Action, Callable[..., JsonObject]], ...] = (
    ("guard_try", TryRequest, "use", try_text),
    ("guard_policies", NoParameters, "read", policies),
    ("guard_draft", PolicyRequest, "configure", draft),
    ("guard_submit", VersionRequest, "configure", submit),
    ("guard_decide", DecideRequest, "publish", decide),
    ("guard_retire", VersionRequest, "publish", retire),
    ("guard_lexicons", NoParameters, "read", lexicons),
    ("guard_import", LexiconRequest, "configure", import_lexicon),
    ("guard_export", VersionRequest, "read", export_lexicon),
    ("guard_verdicts", VerdictsRequest, "read", verdicts),
    ("guard_decide_verdict", VerdictRequest, "configure", decide_verdict),
)
"""Name, request, right on the guard, and work, for the table of all operations."""
