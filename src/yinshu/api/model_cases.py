"""Sentences of models that contradicted their clause, for the people who judge models: listed with what the clause
says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from yinshu.api.platform import Platform
from yinshu.api.render import JsonObject
from yinshu.api.requests import Name, Request
from yinshu.kernel.base.database import reading
from yinshu.kernel.gateway.records import ModelCase
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.records import StoredClause

CASES_MAX = 200


class CasesRequest(Request):
    """Which cases: of one model or of all; `after` is the id of the last case seen."""

    model: Name = ""
    after: Name = ""
    limit: int = Field(default=50, ge=1, le=CASES_MAX)


@dataclass(frozen=True)
class _Clauses:
    """The clauses that cases are about, and those of them that the reader may read."""

    known: Mapping[int, StoredClause]
    readable: frozenset[int]


def list_cases(platform: Platform, subject: Subject, request: CasesRequest) -> JsonObject:
    """The newest cases first. Who may not read a clause is not shown what a model made of it either."""
    found = platform.models.cases(request.model, request.after, request.limit)
    clauses = _clauses_of(platform, subject, found)
    more = found[-1].id if len(found) == request.limit else None
    return {"items": [_render(case, clauses) for case in found], "next": more}


def _clauses_of(platform: Platform, subject: Subject, cases: Sequence[ModelCase]) -> _Clauses:
    with reading(platform.engine) as connection:
        ids = list(dict.fromkeys(case.clause_id for case in cases))
        known = {clause.clause_id: clause for clause in store.get_clauses(connection, ids)}
        versions = store.readable_versions(connection, subject, (one.version.version_id for one in known.values()))
    readable = frozenset(id_ for id_, clause in known.items() if clause.version.version_id in versions)
    return _Clauses(known, readable)


def _render(case: ModelCase, clauses: _Clauses) -> JsonObject:
    """A case; without words where the reader may not read the clause, or where it is gone and nobody can tell."""
    may_read = case.clause_id in clauses.readable
    clause = clauses.known[case.clause_id] if may_read else None
    return {
        "id": case.id,
        "at": case.at.isoformat(),
        "run_id": case.run_id,
        "model": case.model,
        "readable": may_read,
        "sentence": case.sentence if may_read else "",
        "faults": [list(fault) for fault in case.faults] if may_read else [],
        "clause_id": case.clause_id,
        "document": clause.version.title if clause else "",
        "document_id": clause.version.document_id if clause else "",
        "version_id": clause.version.version_id if clause else "",
        "article": clause.article if clause else "",
        "clause": clause.text if clause else "",
    }
