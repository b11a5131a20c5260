"""The steps of a version over HTTP: submit, withdraw, return, approve, publish, archive; what differs and for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from yinshu.api.auth import Caller, Wired
from yinshu.api.platform import Platform
from yinshu.api.render_library import render_step
from yinshu.api.render_life import (
    render_correction,
    render_diff,
    render_impact,
    render_state,
    render_waiting,
)
from yinshu.api.requests_library import CardRequest, CommentRequest, Id, LinkRequest, StepRequest
from yinshu.kernel.base.database import reading
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.life import correct, impact, publish, review
from yinshu.kernel.knowledge.life.correct import Corrected, LinkChange
from yinshu.kernel.knowledge.life.desk import Desk, open_version, works_on
from yinshu.kernel.knowledge.life.publish import Archival
from yinshu.kernel.knowledge.life.records import VersionFile
from yinshu.kernel.knowledge.store import names, reviews

router = APIRouter(prefix="/api/knowledge", tags=["review"])

StepName = Literal["submit", "withdraw", "return", "approve", "publish", "archive"]
_STEPS: dict[StepName, Callable[[Desk, Subject, str, StepRequest], VersionFile]] = {
    "submit": lambda desk, subject, version, given: review.submit(desk, subject, version, given.comment),
    "withdraw": lambda desk, subject, version, given: review.withdraw(desk, subject, version, given.comment),
    "return": lambda desk, subject, version, given: review.give_back(desk, subject, version, given.comment),
    "approve": lambda desk, subject, version, given: review.approve(
        desk, subject, version, given.comment, publish_now=given.publish, publish_on=given.publish_on
    ),
    "publish": lambda desk, subject, version, given: publish.publish(
        desk, subject, version, given.comment, on=given.publish_on
    ),
    "archive": lambda desk, subject, version, given: publish.archive(
        desk, subject, version, given.comment, how=Archival(given.ended_on, given.mistaken)
    ),
}


def take_step(
    platform: Platform, caller: Subject, version_id: str, step: StepName, given: StepRequest
) -> dict[str, Any]:
    """Take a step; how the version stands after it."""
    file = _STEPS[step](platform.desk, caller, version_id, given)
    with reading(platform.desk.engine) as connection:
        latest = reviews.latest_reviews(connection, [version_id]).get(version_id)
    return render_state(file, latest)


@router.get("/reviews")
def list_reviews(platform: Wired, caller: Caller) -> dict[str, Any]:
    """What waits: versions in review, and corrections of published ones."""
    desk = platform.desk
    waiting = review.queue(desk, caller)
    corrections = correct.queue(desk, caller)
    people = [one.review.submitted_by for one in waiting] + [one.review.decided_by or "" for one in waiting]
    people += [one.file.created_by for one in waiting] + [one.proposed_by for one in corrections]
    with reading(desk.engine) as connection:
        known = names.names_of(connection, people)
        decidable = {one.id: correct.may_decide(connection, caller, one) for one in corrections}
    return {
        "items": [render_waiting(one, known) for one in waiting],
        "corrections": [render_correction(one, known, decidable[one.id]) for one in corrections],
    }


@router.post("/versions/{version_id}/{step}")
def post_step(
    platform: Wired, caller: Caller, version_id: str, step: StepName, given: StepRequest | None = None
) -> dict[str, Any]:
    """Take a step of a version."""
    return take_step(platform, caller, version_id, step, given or StepRequest())


@router.get("/versions/{version_id}/history")
def show_history(platform: Wired, caller: Caller, version_id: str) -> dict[str, Any]:
    """What happened to a version, in order; what was said of it only to those who work on it."""
    with reading(platform.desk.engine) as connection:
        document, _ = open_version(connection, caller, version_id)
        steps = reviews.list_steps(connection, version_id)
        known = names.names_of(connection, [one.actor for one in steps])
    if not works_on(caller, document):
        steps = [replace(one, comment="", detail={}) for one in steps]
    return {"items": [render_step(one, known) for one in steps]}


@router.get("/versions/{version_id}/diff")
def show_diff(platform: Wired, caller: Caller, version_id: str, against: Annotated[Id, Query()] = "") -> dict[str, Any]:
    """How a version differs from another one of its document."""
    return render_diff(impact.compare(platform.desk, caller, version_id, against))


@router.get("/versions/{version_id}/impact")
def show_impact(platform: Wired, caller: Caller, version_id: str) -> dict[str, Any]:
    """What changes for whom."""
    return assess(platform, caller, version_id)


def assess(platform: Platform, caller: Subject, version_id: str) -> dict[str, Any]:
    """The impact of a version with the names of those whom it concerns."""
    found = impact.assess(platform.desk, caller, version_id)
    with reading(platform.desk.engine) as connection:
        ids = [one.holder.id for one in found.reliant] + [one.owner_id for one in found.faq]
        known = names.names_of(connection, ids)
    return render_impact(found, known)


@router.patch("/versions/{version_id}/card")
def correct_card(platform: Wired, caller: Caller, version_id: str, given: CardRequest) -> dict[str, Any]:
    """Confirm or correct what was read of a version."""
    fields = {str(name): value for name, value in given.fields.items()}
    confirm = [str(name) for name in given.confirm]
    return _outcome(correct.correct_card(platform.desk, caller, version_id, fields, confirm, given.comment))


def _outcome(corrected: Corrected) -> dict[str, Any]:
    return {"done": corrected.done, "waiting": corrected.waiting}


@router.post("/links/{link_id}/confirm")
def confirm_link(platform: Wired, caller: Caller, link_id: str, given: CommentRequest | None = None) -> dict[str, Any]:
    """Say that the text says so."""
    change = LinkChange(mark="confirmed")
    return _outcome(correct.correct_link(platform.desk, caller, link_id, change, given.comment if given else ""))


@router.delete("/links/{link_id}/confirm")
def refuse_link(platform: Wired, caller: Caller, link_id: str) -> dict[str, Any]:
    """Say that the text says no such thing; on a published version a second person must agree."""
    return _outcome(correct.correct_link(platform.desk, caller, link_id, LinkChange(mark="rejected")))


@router.patch("/links/{link_id}")
def change_link(platform: Wired, caller: Caller, link_id: str, given: LinkRequest) -> dict[str, Any]:
    """Correct what was read of a link."""
    change = LinkChange(
        relation=given.relation,
        effective_on=given.effective_on,
        target_document_id=given.target_document_id,
        target_articles=tuple(given.target_articles) if given.target_articles is not None else None,
    )
    return _outcome(correct.correct_link(platform.desk, caller, link_id, change, given.comment))


@router.post("/corrections/{correction_id}/{step}", status_code=204)
def decide_correction(
    platform: Wired,
    caller: Caller,
    correction_id: str,
    step: Literal["approve", "return"],
    given: CommentRequest | None = None,
) -> None:
    """Accept a correction of somebody else, or send it back (one's own too)."""
    comment = given.comment if given else ""
    correct.decide(platform.desk, caller, correction_id, accept=step == "approve", comment=comment)
