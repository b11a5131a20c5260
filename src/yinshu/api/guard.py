"""The guard over HTTP, for safety administrators: try, policies, word lists, verdicts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from yinshu.api import guarding, operations
from yinshu.api.auth import Caller, Wired
from yinshu.api.requests import NoParameters, Request
from yinshu.kernel.guard.store import VerdictStatus

router = APIRouter(prefix="/api/guard", tags=["guard"])


class Word(Request):
    """A safety administrator's word on a verdict."""

    status: VerdictStatus
    note: str = ""


@router.post("/try")
def try_text(platform: Wired, caller: Caller, wanted: guarding.TryRequest) -> dict[str, Any]:
    """The verdict on a text, with the place of every finding; nothing of it is kept."""
    return operations.perform(platform, caller, "guard_try", wanted)


@router.get("/policies")
def list_policies(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Policies with their versions."""
    return operations.perform(platform, caller, "guard_policies", NoParameters())


@router.post("/policies")
def draft_policy(platform: Wired, caller: Caller, draft: guarding.PolicyRequest) -> dict[str, Any]:
    """Keep a draft."""
    return operations.perform(platform, caller, "guard_draft", draft)


@router.post("/policies/{version_id}/submit")
def submit_policy(platform: Wired, caller: Caller, version_id: str) -> dict[str, Any]:
    """Hand a draft to a second person."""
    return operations.perform(platform, caller, "guard_submit", guarding.VersionRequest(version_id=version_id))


@router.post("/policies/{version_id}/approve")
@router.post("/lexicons/{version_id}/approve")
def approve(platform: Wired, caller: Caller, version_id: str) -> dict[str, Any]:
    """Put another person's version in force."""
    request = guarding.DecideRequest(version_id=version_id, decision="approve")
    return operations.perform(platform, caller, "guard_decide", request)


@router.post("/policies/{version_id}/refuse")
@router.post("/lexicons/{version_id}/refuse")
def refuse(platform: Wired, caller: Caller, version_id: str) -> dict[str, Any]:
    """Refuse another person's version."""
    request = guarding.DecideRequest(version_id=version_id, decision="refuse")
    return operations.perform(platform, caller, "guard_decide", request)


@router.post("/policies/{version_id}/retire")
@router.post("/lexicons/{version_id}/retire")
def retire(platform: Wired, caller: Caller, version_id: str) -> dict[str, Any]:
    """Take a version out of force."""
    return operations.perform(platform, caller, "guard_retire", guarding.VersionRequest(version_id=version_id))


@router.get("/lexicons")
def list_lexicons(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Word lists with their versions."""
    return operations.perform(platform, caller, "guard_lexicons", NoParameters())


@router.post("/lexicons")
def import_lexicon(platform: Wired, caller: Caller, lexicon: guarding.LexiconRequest) -> dict[str, Any]:
    """Keep a word list; a second person puts it in force."""
    return operations.perform(platform, caller, "guard_import", lexicon)


@router.get("/lexicons/{version_id}/export")
def export_lexicon(platform: Wired, caller: Caller, version_id: str) -> Response:
    """A word list as CSV."""
    request = guarding.VersionRequest(version_id=version_id)
    text = operations.perform(platform, caller, "guard_export", request)["csv"]
    return Response(text, media_type="text/csv; charset=utf-8")


@router.get("/verdicts")
def list_verdicts(
    platform: Wired, caller: Caller, wanted: Annotated[guarding.VerdictsRequest, Query()]
) -> dict[str, Any]:
    """Verdicts that were not a plain pass; `status=waiting` is the queue."""
    return operations.perform(platform, caller, "guard_verdicts", wanted)


@router.post("/verdicts/{verdict_id}")
def decide_verdict(platform: Wired, caller: Caller, verdict_id: str, word: Word) -> dict[str, Any]:
    """Say whether a verdict was right."""
    fields = {"verdict_id": verdict_id, "status": word.status, "note": word.note}
    return operations.call(platform, caller, "guard_decide_verdict", fields)
