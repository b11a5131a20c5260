"""Questions answered by hand, feedback on answers and the page of gaps over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from yinshu.api.auth import Caller, Wired
from yinshu.api.platform import Platform
from yinshu.api.render_life import render_faq, render_gaps
from yinshu.api.requests_library import FaqRequest, FeedbackRequest, Id
from yinshu.kernel.base.database import reading
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.life import faq, gaps
from yinshu.kernel.knowledge.life.faq import Draft, ShownFaq
from yinshu.kernel.knowledge.store import names

router = APIRouter(prefix="/api/knowledge", tags=["gaps"])

WORDS_CHARS_MAX = 100


def rendered(platform: Platform, found: list[ShownFaq]) -> list[dict[str, Any]]:
    """Questions with the names of their owners."""
    with reading(platform.desk.engine) as connection:
        known = names.names_of(connection, [one.faq.owner_id for one in found])
    return [render_faq(one, known) for one in found]


@router.get("/faq")
def list_faq(
    platform: Wired,
    caller: Caller,
    collection_id: Annotated[Id, Query()] = "",
    q: Annotated[str, Query(max_length=WORDS_CHARS_MAX)] = "",
) -> dict[str, Any]:
    """The questions that the caller may see."""
    found = faq.listed(platform.desk, caller, collection_id=collection_id, words=q.strip())
    return {"items": rendered(platform, found), "next": None}


@router.post("/faq", status_code=201)
def add_faq(platform: Wired, caller: Caller, given: FaqRequest) -> dict[str, Any]:
    """Keep a question whose answer its clauses support."""
    return _saved(platform, caller, given, None)


@router.patch("/faq/{faq_id}")
def change_faq(platform: Wired, caller: Caller, faq_id: str, given: FaqRequest) -> dict[str, Any]:
    """Give a question other words; it is checked anew."""
    return _saved(platform, caller, given, faq_id)


def _saved(platform: Platform, caller: Subject, given: FaqRequest, faq_id: str | None) -> dict[str, Any]:
    draft = Draft(
        collection_id=given.collection_id,
        question=given.question,
        answer=given.answer,
        clause_ids=tuple(one.clause_id for one in given.citations),
        owner_id=given.owner_id,
        expires_on=given.expires_on,
        pinned=given.pinned,
    )
    return rendered(platform, [faq.save(platform.desk, caller, draft, faq_id)])[0]


@router.delete("/faq/{faq_id}", status_code=204)
def remove_faq(platform: Wired, caller: Caller, faq_id: str) -> None:
    """Take a question away."""
    faq.remove(platform.desk, caller, faq_id)


@router.post("/feedback", status_code=204)
def give_feedback(platform: Wired, caller: Caller, given: FeedbackRequest) -> None:
    """Say of one's own answer that it was right, wrong or outdated."""
    gaps.give_feedback(platform.desk, caller, given.run_id, given.verdict, given.comment)


@router.post("/feedback/{feedback_id}/settle", status_code=204)
def settle_feedback(platform: Wired, caller: Caller, feedback_id: str) -> None:
    """Mark a complaint as dealt with."""
    gaps.settle_complaint(platform.desk, caller, feedback_id)


@router.get("/gaps")
def show_gaps(platform: Wired, caller: Caller) -> dict[str, Any]:
    """What the library lacks, for those who work on it."""
    found = gaps.find_gaps(platform.desk, caller)
    people = [one.owner_id for one in found.overdue] + [one.said.person_id for one in found.complaints]
    with reading(platform.desk.engine) as connection:
        known = names.names_of(connection, people)
    return render_gaps(found, known)
