"""Flags the questions whose cited words changed; those whose words only moved into a new version follow them."""

from __future__ import annotations

from datetime import date, timedelta

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life.diff import diff
from yinshu.kernel.knowledge.records import StoredClause
from yinshu.kernel.knowledge.store import catalogue, faq, texts
from yinshu.kernel.knowledge.store.faq import Reason

NOTICE_DAYS = 30
"""So long before a clause ends or changes, the owners of answers that rest on it are told."""


def flag_all_stale(engine: Engine, clock: Clock) -> int:
    """Look at the clauses of every collection, because days pass too; returns how many questions were flagged."""
    with reading(engine) as connection:
        collection_ids = faq.cited_collections(connection)
    flagged = 0
    for collection_id in collection_ids:
        with writing(engine) as connection:
            store.lock_collection(connection, collection_id)
            flagged += flag_stale(connection, collection_id, clock)
    return flagged


def flag_stale(connection: Connection, collection_id: str, clock: Clock) -> int:
    """Look at every clause of a collection that a question rests on, in the caller's transaction.

    Returns how many questions were flagged. A flagged question is not given as an answer until its owner saved it
    again; one whose clause stands word for word in the version that is published now cites that version.
    """
    cited = store.get_clauses(connection, faq.cited_clauses(connection, collection_id))
    reasons: dict[int, Reason] = {}
    until = clock.today() + timedelta(days=NOTICE_DAYS)
    followed: dict[str, dict[int, int]] = {}
    for clause in cited:
        if clause.version.status == "superseded":
            version_id = clause.version.version_id
            if version_id not in followed:
                followed[version_id] = _same_words(connection, clause)
            if clause.clause_id in followed[version_id]:
                faq.follow(connection, clause.clause_id, followed[version_id][clause.clause_id])
                continue
        reason = _reason(clause, until)
        if reason is not None:
            reasons[clause.clause_id] = reason
    return faq.mark_stale(connection, reasons, clock.now())


def _same_words(connection: Connection, clause: StoredClause) -> dict[int, int]:
    """Clause of a superseded version to the clause of the same words in the version published now."""
    document_id = clause.version.document_id
    published = catalogue.published_version(connection, document_id)
    if published is None:
        return {}
    old = texts.read_text(connection, clause.version.version_id)
    new = texts.read_text(connection, published)
    return {
        row.old.clause_id: row.new.clause_id
        for row in diff(old, new)
        if row.kind == "same" and row.old is not None and row.new is not None
    }


def _reason(clause: StoredClause, until: date) -> Reason | None:
    """Why the words of a clause no longer hold, or will not by `until`; None when they stand."""
    place = f"《{clause.version.title}》{clause.article}"
    if clause.version.status == "superseded":
        return Reason(f"{place}在新版本中已修改或删去")
    if clause.version.status != "published":
        return Reason(f"{place}已归档")
    if clause.effective_to is not None and clause.effective_to <= until:
        return Reason(f"{place}自{_day(clause.effective_to)}起失效", clause.effective_to)
    if clause.changed_on is not None and clause.changed_on <= until:
        return Reason(f"{place}自{_day(clause.changed_on)}起有部分内容被修改", clause.changed_on)
    return None


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
