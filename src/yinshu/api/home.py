"""The home page: what waits for somebody, what they used last, which rules changed; and the search at the top."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from yinshu.api.ask import pool_of
from yinshu.api.auth import Caller, Wired
from yinshu.api.platform import Asked, Platform
from yinshu.api.render import render_date, render_hit
from yinshu.api.render_conversations import render_conversation
from yinshu.api.render_library import named
from yinshu.api.render_people import pages_of, render_card
from yinshu.kernel.assistant.concern import Concern, by_concern
from yinshu.kernel.base.database import reading
from yinshu.kernel.identity import LEVELS, Resource, Subject, may
from yinshu.kernel.identity.store import PersonFilter
from yinshu.kernel.knowledge.life import correct, review
from yinshu.kernel.knowledge.life.records import ListedDocument
from yinshu.kernel.knowledge.records import VersionInfo
from yinshu.kernel.knowledge.store import catalogue, names
from yinshu.kernel.knowledge.store.recent import changed_rules, find_documents

router = APIRouter(prefix="/api", tags=["home"])

ROWS = 10
CHANGED_ROWS = 20
CHANGED_DAYS = 30
FOUND_EACH = 6
CLAUSE_WORDS_MIN = 2
PAGE_NAMES = {
    "home": "工作台",
    "chat": "问答",
    "knowledge": "知识库",
    "review": "审核",
    "gaps": "知识缺口",
    "models": "模型",
    "safety": "安全",
    "audit": "审计",
    "admin": "管理",
    "about": "关于",
}


@router.get("/home")
def show_home(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Everything of the page in one answer."""
    today = platform.clock.today()
    desk = platform.desk
    waiting = [one for one in review.queue(desk, caller) if one.waiting_for_me]
    corrections = correct.queue(desk, caller)
    recent = platform.assistant.page(caller, limit=ROWS)
    with reading(platform.engine) as connection:
        confirm = [one for one in corrections if correct.may_decide(connection, caller, one)]
        overdue = [
            one
            for one in catalogue.overdue_documents(connection, caller, today, ROWS * ROWS)
            if one.owner_id == caller.id or may(caller, "manage", _document(one)).allowed
        ]
        changed = by_concern(caller, changed_rules(connection, caller, today, CHANGED_DAYS), CHANGED_ROWS)
        known = names.names_of(connection, [one.review.submitted_by for one in waiting])
        known |= names.names_of(connection, [one.proposed_by for one in confirm])
    return {
        "to_review": [
            {
                **_row(one.file.info),
                "by": named(one.review.submitted_by, known),
                "at": one.review.submitted_at.isoformat(),
            }
            for one in waiting[:ROWS]
        ],
        "to_confirm": [
            {
                "document_id": one.document_id,
                "version_id": one.version_id,
                "title": one.title,
                "by": named(one.proposed_by, known),
                "at": one.proposed_at.isoformat(),
            }
            for one in confirm[:ROWS]
        ],
        "overdue": [{**_row(one.version), "review_on": render_date(one.review_on)} for one in overdue[:ROWS]],
        "recent": [render_conversation(one, mine=True) for one in recent.items],
        "changed": [_changed(one) for one in changed],
    }


def _document(listed: ListedDocument) -> Resource:
    version = listed.version
    return Resource("document", version.document_id, version.collection_id, LEVELS[listed.level])


def _row(version: VersionInfo) -> dict[str, Any]:
    return {
        "document_id": version.document_id,
        "version_id": version.version_id,
        "title": version.title,
        "number": version.number,
    }


def _changed(one: Concern) -> dict[str, Any]:
    rule = one.rule
    return {**_row(rule.version), "change": rule.change, "on": render_date(rule.on), "concerns": one.by}


@router.get("/find")
async def find(
    request: Request, platform: Wired, caller: Caller, q: Annotated[str, Query(max_length=100)] = ""
) -> dict[str, Any]:
    """Documents, clauses, conversations, people and pages that some words lead to, as far as the caller may know."""
    words = q.strip()
    if not words:
        return {"documents": [], "clauses": [], "conversations": [], "people": [], "pages": []}
    named_things = run_in_threadpool(_find_named, platform, caller, words)
    if len(words) < CLAUSE_WORDS_MIN or not may(caller, "ask", Resource("collection")).allowed:
        return {**await named_things, "clauses": []}
    asked = Asked(caller, words, "", platform.clock.today(), platform.composer)
    found, hits = await asyncio.gather(named_things, pool_of(request).run(platform.search, asked, FOUND_EACH))
    return {**found, "clauses": [{**render_hit(hit), **_place(hit.clause.version)} for hit in hits]}


def _place(version: VersionInfo) -> dict[str, str]:
    return {"document_id": version.document_id, "version_id": version.version_id}


def _find_named(platform: Platform, caller: Subject, words: str) -> dict[str, Any]:
    """What is called by these words."""
    with reading(platform.engine) as connection:
        documents: Sequence[VersionInfo] = find_documents(connection, caller, words, FOUND_EACH)
    conversations = platform.assistant.find(caller, words, FOUND_EACH)
    people = []
    if may(caller, "read", Resource("directory")).allowed:
        people = platform.people.staff.find(PersonFilter(words, "", "", "active"), limit=FOUND_EACH, after="")
    return {
        "documents": [_row(one) for one in documents],
        "conversations": [render_conversation(one, mine=one.owner == caller.id) for one in conversations],
        "people": [render_card(one) for one in people],
        "pages": [{"id": one, "name": PAGE_NAMES[one]} for one in pages_of(caller) if words in PAGE_NAMES.get(one, "")],
    }
