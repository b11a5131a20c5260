"""What the library lacks: questions it could not answer, clauses that contradict each other, overdue reviews."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.database import Connection, reading, writing
from yinshu.kernel.base.errors import BadArgument, NotFound
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life.conflicts import Contradiction, find_contradictions
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.life.records import ListedDocument
from yinshu.kernel.knowledge.life.transition import checked_comment
from yinshu.kernel.knowledge.pinned import terms_asked_about
from yinshu.kernel.knowledge.store import catalogue, said, shelves, texts
from yinshu.kernel.knowledge.store.said import AskedBefore, Said
from yinshu.kernel.knowledge.wording import canonical

FeedbackVerdict = Literal["right", "wrong", "outdated"]
VERDICT_WORDS = {"right": "对", "wrong": "不对", "outdated": "过时"}
UNANSWERED_DAYS = 180
QUESTIONS_CLUSTERED_MAX = 2_000
CLUSTERS_MAX = 200
ALIKE_MIN = 0.5
"""Questions that share this weighted part of their terms ask for one thing."""
LISTED_MAX = 500
CLAUSES_COMPARED_MAX = 60_000
COMPARED_AT_ONCE_MAX = 3_000


@dataclass(frozen=True)
class Cluster:
    """Questions that ask for one thing and found no answer, told by the latest of them."""

    example: str
    questions: tuple[str, ...]
    count: int
    asked_last: datetime
    run_ids: tuple[str, ...]
    refusal: str | None


@dataclass(frozen=True)
class Complaint:
    """An answer that somebody called wrong or outdated, with the question."""

    said: Said
    asked: AskedBefore


@dataclass(frozen=True)
class Gaps:
    """The page of gaps, for one person."""

    unanswered: list[Cluster]
    contradictions: list[Contradiction]
    overdue: list[ListedDocument]
    complaints: list[Complaint]


def find_gaps(desk: Desk, subject: Subject) -> Gaps:
    """What is lacking in the collections that the subject works on; nothing for those who only read."""
    since = desk.clock.now() - timedelta(days=UNANSWERED_DAYS)
    with reading(desk.engine) as connection:
        works_on = _works_on(connection, subject)
        if not works_on:
            return Gaps([], [], [], [])
        refused = [
            one
            for one in said.asked_since(connection, since, ("refused",), QUESTIONS_CLUSTERED_MAX)
            if works_on & set(one.collections)
        ]
        return Gaps(
            unanswered=clustered(refused),
            contradictions=_contradictions(desk, connection, subject),
            overdue=catalogue.overdue_documents(connection, subject, desk.clock.today(), LISTED_MAX),
            complaints=_complaints(connection, subject, works_on),
        )


def _works_on(connection: Connection, subject: Subject) -> set[str]:
    """The collections that the subject does more with than read."""
    condition = shelves.shelves_of(subject, ("ingest", "publish", "manage"))
    return {one.id for one in shelves.list_names(connection, condition)}


def _complaints(connection: Connection, subject: Subject, works_on: set[str]) -> list[Complaint]:
    spoken = said.open_feedback(connection, ("wrong", "outdated"), LISTED_MAX)
    asked = said.find_asked(connection, [one.run_id for one in spoken])
    shown = [Complaint(one, asked[one.run_id]) for one in spoken if works_on & set(asked[one.run_id].collections)]
    readable = _readable_clauses(connection, subject, [clause for one in shown for clause in one.asked.clause_ids])
    return [one for one in shown if set(one.asked.clause_ids) <= readable]


def _contradictions(desk: Desk, connection: Connection, subject: Subject) -> list[Contradiction]:
    """The known contradictions that the subject may read both sides of.

    A small library is compared at once. A large one takes many seconds: that is done beside, and what was known
    before is shown until then.
    """
    today, remembered = desk.clock.today(), desk.contradictions
    collection_ids = [one.id for one in shelves.list_names(connection) if one.kind != "personal"]
    state = (today, store.versions_state(connection, collection_ids))
    if remembered.begin(state):
        if texts.count_published(connection, collection_ids) <= COMPARED_AT_ONCE_MAX:
            _compare(desk, collection_ids, today)
        else:
            threading.Thread(target=_compare, args=(desk, collection_ids, today), name="compare", daemon=True).start()
    found = remembered.found
    both = [{one.first.clause.version.version_id, one.second.clause.version.version_id} for one in found]
    seen = store.readable_versions(connection, subject, {version_id for one in both for version_id in one})
    return [one for one, versions in zip(found, both, strict=True) if versions <= seen]


def _compare(desk: Desk, collection_ids: Sequence[str], today: date) -> None:
    """Find the contradictions of the library as it is now and remember them."""
    try:
        with reading(desk.engine) as connection:
            clauses = texts.clauses_in_force(connection, collection_ids, today, CLAUSES_COMPARED_MAX)
        desk.contradictions.found = find_contradictions(clauses)
    except BaseException:
        desk.contradictions.forget()
        raise


def _readable_clauses(connection: Connection, subject: Subject, clause_ids: Sequence[int]) -> set[int]:
    found = store.get_clauses(connection, list(dict.fromkeys(clause_ids)))
    seen = store.readable_versions(connection, subject, [one.version.version_id for one in found])
    return {one.clause_id for one in found if one.version.version_id in seen}


def clustered(questions: Sequence[AskedBefore]) -> list[Cluster]:
    """Put questions that share most of their terms together, the largest group first. Pure and deterministic.

    `questions` are newest first; each joins the group whose first question it shares most with, else begins one.
    Rare terms weigh more than those that every question has.
    """
    terms = [terms_asked_about(canonical(one.question)) for one in questions]
    known = Counter(term for one in terms for term in one)
    leaders: list[int] = []
    members: dict[int, list[int]] = {}
    for place, own in enumerate(terms):
        best, share = -1, 0.0
        for leader in leaders:
            shared = _weight(own & terms[leader], known) / max(_weight(own | terms[leader], known), 1e-9)
            if shared > share:
                best, share = leader, shared
        if best >= 0 and share >= ALIKE_MIN:
            members[best].append(place)
        else:
            leaders.append(place)
            members[place] = [place]
    clusters = [_cluster([questions[place] for place in members[leader]]) for leader in leaders]
    return sorted(clusters, key=lambda one: (-one.count, one.example))[:CLUSTERS_MAX]


def _weight(terms: frozenset[str], known: Counter[str]) -> float:
    return math.fsum(1.0 / math.sqrt(1.0 + known[term]) for term in terms)


def _cluster(members: Sequence[AskedBefore]) -> Cluster:
    return Cluster(
        example=members[0].question,
        questions=tuple(dict.fromkeys(one.question for one in members))[:LISTED_MAX],
        count=len(members),
        asked_last=max(one.asked_at for one in members),
        run_ids=tuple(one.run_id for one in members)[:LISTED_MAX],
        refusal=members[0].refusal,
    )


def give_feedback(desk: Desk, subject: Subject, run_id: str, verdict: str, comment: str = "") -> None:
    """Say of one's own answer that it was right, wrong or outdated. Raises NotFound for answers of others."""
    said_more = checked_comment(comment)
    if verdict not in get_args(FeedbackVerdict):
        raise BadArgument("反馈只能是：对、不对、过时。请重新选择。")
    with writing(desk.engine) as connection:
        asked = said.find_asked(connection, [run_id]).get(run_id)
        if asked is None or asked.subject != subject.id:
            raise NotFound("没有这次问答，或不是您提的问题。请在自己的会话里反馈。", detail=run_id)
        said.keep_feedback(connection, run_id, subject.id, verdict, said_more, desk.clock.now())
        append(
            connection,
            desk.clock,
            actor=subject.id,
            action="knowledge.feedback",
            subject=run_id,
            payload={"verdict": verdict, "commented": bool(said_more)},
        )


def settle_complaint(desk: Desk, subject: Subject, feedback_id: str) -> None:
    """Mark a complaint as dealt with. Raises NotFound for one that is not the subject's to deal with."""
    with writing(desk.engine) as connection:
        mine = {one.said.feedback_id for one in _complaints(connection, subject, _works_on(connection, subject))}
        if feedback_id not in mine or not said.settle_feedback(connection, feedback_id, subject.id, desk.clock.now()):
            raise NotFound("没有这条反馈，或已经处理过了。请刷新页面。", detail=feedback_id)
        append(
            connection,
            desk.clock,
            actor=subject.id,
            action="knowledge.feedback_settled",
            subject=feedback_id,
            payload={},
        )
