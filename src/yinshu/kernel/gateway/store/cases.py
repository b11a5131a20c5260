"""Sentences of models that contradicted their clause."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from yinshu.kernel.gateway.records import ModelCase
from yinshu.kernel.gateway.tables import model_cases

CASES_LISTED = 200


def add_cases(connection: Connection, cases: Sequence[ModelCase]) -> None:
    """Keep cases."""
    rows = [
        {
            "id": case.id,
            "at": case.at,
            "run_id": case.run_id,
            "model": case.model,
            "sentence": case.sentence,
            "clause_id": case.clause_id,
            "faults": [list(fault) for fault in case.faults],
        }
        for case in cases
    ]
    if rows:
        connection.execute(insert(model_cases), rows)


def list_cases(connection: Connection) -> list[ModelCase]:
    """The latest cases, newest first."""
    query = select(model_cases).order_by(model_cases.c.at.desc(), model_cases.c.id).limit(CASES_LISTED)
    return [
        ModelCase(
            row.id,
            row.at,
            row.run_id,
            row.model,
            row.sentence,
            row.clause_id,
            tuple((str(kind), str(words)) for kind, words in row.faults),
        )
        for row in connection.execute(query)
    ]
