"""Clauses that belong to the evidence although no words led to them: what changed a clause, and from when it counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yinshu.kernel.base.database import Connection
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.question import Question
from yinshu.kernel.knowledge.records import Hit, SearchScope, StoredClause

CHANGED_HITS = 3
"""Found clauses whose later changes are looked up."""
CHANGED_SHARE = 0.6
"""What is left of the relevance of a clause that was changed in part."""
COMMENCEMENT_SHARE = 0.9

_ASKS_WHEN = re.compile(
    r"(?:从哪天|从什么时候|从何时|哪天|何时|什么时候)[^，。？]{0,6}(?:起|开始|施行|实施|执行|生效)|施行日|生效日|起变"
)
_COMMENCES = re.compile(r"自[^。；]{0,30}?起(?:正式)?(?:施行|实施|执行|生效)")
_ARTICLE = re.compile(r"^第[〇零一二三四五六七八九十百千]+条")


def with_companions(connection: Connection, asked: Question, hits: Sequence[Hit], scope: SearchScope) -> list[Hit]:
    """The hits with their companions, each behind or before the hit it belongs to; rights and dates are checked."""
    found = list(hits)
    changes = _changes(connection, found[:CHANGED_HITS], scope)
    joined: list[Hit] = []
    known = {hit.clause.clause_id for hit in found}
    for hit in found:
        new = [clause for clause in changes.get(hit.clause.clause_id, ()) if clause.clause_id not in known]
        joined.extend(_follows(hit, clause, 1.0) for clause in new)
        amended = hit.clause.clause_id in changes
        joined.append(replace(hit, score=hit.score * CHANGED_SHARE) if amended else hit)
    if joined and _ASKS_WHEN.search(asked.text):
        first = commencement(connection, joined[0].clause)
        if first is not None and first.clause_id not in known:
            joined.insert(1, _follows(joined[0], first, COMMENCEMENT_SHARE))
    return joined


def _follows(hit: Hit, clause: StoredClause, share: float) -> Hit:
    return Hit(clause, hit.score * share, {**hit.features, "relevance": hit.score * share})


def _changes(connection: Connection, hits: Sequence[Hit], scope: SearchScope) -> dict[int, list[StoredClause]]:
    """For each hit that was changed in part by the day: the clauses that changed its article."""
    changed = [hit.clause for hit in hits if hit.clause.changed_on is not None and hit.clause.changed_on <= scope.as_of]
    if not changed:
        return {}
    stated = store.amending_clauses(connection, {clause.version.document_id for clause in changed})
    by_id = {clause.clause_id: clause for clause in store.get_clauses(connection, [row[2] for row in stated], scope)}
    found: dict[int, list[StoredClause]] = {}
    for clause in changed:
        article = _ARTICLE.match(clause.article)
        for document_id, articles, clause_id in stated:
            same = document_id == clause.version.document_id and article is not None
            if same and clause_id in by_id and any(name.startswith(article.group()) for name in articles if article):
                found.setdefault(clause.clause_id, []).append(by_id[clause_id])
    return found


def commencement(connection: Connection, clause: StoredClause) -> StoredClause | None:
    """The clause that says from when the document of this one counts; None when the text does not say it."""
    stated = [one for one in store.list_clauses(connection, clause.version.version_id) if _COMMENCES.search(one.text)]
    named = [one for one in stated if one.article == "施行日期"]
    return (named or stated)[-1] if stated else None
