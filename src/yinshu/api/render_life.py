"""Reviews, differences, impact, questions and gaps as JSON for the portal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yinshu.api.render import JsonObject, render_date
from yinshu.api.render_library import Names, named, render_listed, shown_status
from yinshu.kernel.knowledge.life.conflicts import Contradiction, Statement
from yinshu.kernel.knowledge.life.diff import DiffRow
from yinshu.kernel.knowledge.life.faq import ShownFaq
from yinshu.kernel.knowledge.life.gaps import Gaps
from yinshu.kernel.knowledge.life.impact import Compared, Impact
from yinshu.kernel.knowledge.life.records import ReadClause, Review, VersionFile
from yinshu.kernel.knowledge.life.review import Waiting
from yinshu.kernel.knowledge.records import StoredClause
from yinshu.kernel.knowledge.store.correct import Correction


def render_state(file: VersionFile, review: Review | None) -> JsonObject:
    """How a version stands after a step."""
    return {
        "version_id": file.info.version_id,
        "document_id": file.info.document_id,
        "status": shown_status(file, review),
        "publish_on": render_date(file.publish_on),
    }


def render_waiting(one: Waiting, names: Names) -> JsonObject:
    """A version in the queue."""
    info, review = one.file.info, one.review
    return {
        "version": {
            "version_id": info.version_id,
            "document_id": info.document_id,
            "collection_id": info.collection_id,
            "title": info.title,
            "number": info.number,
            "ordinal": info.ordinal,
            "file": info.file_name,
            "status": shown_status(one.file, review),
            "effective_from": render_date(info.effective_from),
            "publish_on": render_date(one.file.publish_on),
            "created_by": named(one.file.created_by, names),
        },
        "submitted_by": named(review.submitted_by, names),
        "at": review.submitted_at.isoformat(),
        "comment": review.note,
        "decided_by": named(review.decided_by, names),
        "waiting_for_me": one.waiting_for_me,
        "steps": list(one.steps),
    }


def render_correction(one: Correction, names: Names, can_decide: bool) -> JsonObject:
    """A correction that waits for a second person."""
    return {
        "id": one.id,
        "version_id": one.version_id,
        "document_id": one.document_id,
        "title": one.title,
        "kind": one.kind,
        "target": one.target,
        "before": one.before,
        "after": one.after,
        "proposed_by": named(one.proposed_by, names),
        "at": one.proposed_at.isoformat(),
        "comment": one.note,
        "waiting_for_me": can_decide,
    }


def _side(clause: ReadClause | None) -> JsonObject | None:
    if clause is None:
        return None
    return {
        "clause_id": clause.clause_id,
        "article": clause.article,
        "path": list(clause.path),
        "text": clause.text,
        "page": clause.page,
    }


def render_row(row: DiffRow) -> JsonObject:
    """One clause of two versions; spans are half-open ranges of characters."""
    return {
        "kind": row.kind,
        "moved": row.moved,
        "old": _side(row.old),
        "new": _side(row.new),
        "spans": {"old": [list(span) for span in row.old_spans], "new": [list(span) for span in row.new_spans]},
    }


def _version(file: VersionFile | None) -> JsonObject | None:
    if file is None:
        return None
    info = file.info
    return {"version_id": info.version_id, "ordinal": info.ordinal, "title": info.title, "status": info.status}


def render_diff(compared: Compared) -> JsonObject:
    """Two versions side by side; `old` is null for a first version."""
    return {
        "old": _version(compared.old),
        "new": _version(compared.new),
        "rows": [render_row(row) for row in compared.rows],
    }


def render_impact(impact: Impact, names: Names) -> JsonObject:
    """What changes for whom. `employees` is empty until there are digital employees."""
    kinds = {kind: sum(row.kind == kind for row in impact.compared.rows) for kind in ("added", "removed", "changed")}
    return {
        "old": _version(impact.compared.old),
        "new": _version(impact.compared.new),
        "changes": kinds,
        "clauses": impact.clauses,
        "posts": [
            {
                "kind": one.holder.kind,
                "id": one.holder.id,
                "name": names.get(one.holder.id, one.holder.id),
                "may": list(one.actions),
                "asked": one.asked,
            }
            for one in impact.reliant
        ],
        "faq": [
            {
                "id": one.faq_id,
                "question": one.question,
                "owner": named(one.owner_id, names),
                "pinned": one.pinned,
                "article": one.article,
            }
            for one in impact.faq
        ],
        "answers": [
            {
                "run_id": one.run_id,
                "question": one.question,
                "asked_at": one.asked_at.isoformat(),
                "article": one.article,
            }
            for one in impact.answers
        ],
        "answer_count": impact.answer_count,
        "employees": [],
    }


def render_cited(clause: StoredClause) -> JsonObject:
    """A clause as a citation of a question answered by hand."""
    return {
        "clause_id": clause.clause_id,
        "document": clause.version.title,
        "document_id": clause.version.document_id,
        "version_id": clause.version.version_id,
        "article": clause.article,
        "page": clause.page,
        "quote": clause.text,
        "effective_from": render_date(clause.effective_from),
        "effective_to": render_date(clause.effective_to),
    }


def render_faq(shown: ShownFaq, names: Names) -> JsonObject:
    """A question with its answer and clauses."""
    one = shown.faq
    return {
        "id": one.faq_id,
        "collection_id": one.collection_id,
        "question": one.question,
        "answer": one.answer,
        "citations": [render_cited(clause) for clause in shown.clauses],
        "owner": named(one.owner_id, names),
        "expires_on": render_date(one.expires_on),
        "expired": shown.expired,
        "pinned": one.pinned,
        "stale_since": one.stale_since.isoformat() if one.stale_since else None,
        "stale_reason": one.stale_reason,
        "changed_at": one.changed_at.isoformat(),
    }


def _statement(one: Statement) -> JsonObject:
    return {**render_cited(one.clause), "sentence": one.text}


def render_contradiction(one: Contradiction) -> JsonObject:
    """Two sentences alike but for their figures."""
    return {
        "first": _statement(one.first),
        "second": _statement(one.second),
        "differing": [list(pair) for pair in one.differing],
    }


def render_gaps(gaps: Gaps, names: Mapping[str, str]) -> dict[str, Any]:
    """The page of gaps."""
    return {
        "unanswered": [
            {
                "cluster": one.run_ids[0],
                "example": one.example,
                "questions": list(one.questions),
                "count": one.count,
                "asked_last": one.asked_last.isoformat(),
                "refusal": one.refusal,
            }
            for one in gaps.unanswered
        ],
        "conflicts": [render_contradiction(one) for one in gaps.contradictions],
        "overdue": [render_listed(one, names) for one in gaps.overdue],
        "wrong": [
            {
                "id": one.said.feedback_id,
                "run_id": one.said.run_id,
                "question": one.asked.question,
                "verdict": one.said.verdict,
                "comment": one.said.comment,
                "person": named(one.said.person_id, names),
                "at": one.said.at.isoformat(),
                "clause_ids": list(one.asked.clause_ids),
            }
            for one in gaps.complaints
        ],
    }
