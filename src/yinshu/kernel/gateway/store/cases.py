"""Sentences of models that contradicted their clause."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from yinshu.kernel.gateway.records import ModelCase
from yinshu.kernel.gateway.tables import model_cases


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


def list_cases(connection: Connection, model: str, after: str, limit: int) -> list[ModelCase]:
    """Cases of a model ("" for all), newest first, from behind the case `after`. Ids sort by time of making."""
    query = select(model_cases).order_by(model_cases.c.id.desc()).limit(limit)
    if model:
        query = query.where(model_cases.c.model == model)
    if after:
        query = query.where(model_cases.c.id < after)
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
