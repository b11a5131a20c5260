"""Cascades in the database: the chosen point of a route with the curve it was chosen from."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from yinshu.kernel.gateway.errors import NoSuchModel
from yinshu.kernel.gateway.records import Cascade, CascadePoint
from yinshu.kernel.gateway.tables import cascades


def list_cascades(connection: Connection) -> list[Cascade]:
    """Every cascade, by name."""
    return [_cascade(row) for row in connection.execute(select(cascades).order_by(cascades.c.name))]


def get_cascade(connection: Connection, name: str) -> Cascade:
    """One cascade. Raises NoSuchModel."""
    row = connection.execute(select(cascades).where(cascades.c.name == name)).one_or_none()
    if row is None:
        raise NoSuchModel(f"没有名为“{name}”的级联，请先运行 yinshu bench cascade。")
    return _cascade(row)


def save_cascade(connection: Connection, cascade: Cascade) -> None:
    """Keep a cascade, replacing the one of the same name."""
    connection.execute(delete(cascades).where(cascades.c.name == cascade.name))
    row = {**asdict(cascade), "steps": list(cascade.steps), "points": [asdict(point) for point in cascade.points]}
    connection.execute(insert(cascades).values(**row))


def _cascade(row: Row[Any]) -> Cascade:
    return Cascade(
        name=row.name,
        task=row.task,
        steps=tuple(row.steps),
        threshold=row.threshold,
        points=tuple(CascadePoint(**point) for point in row.points),
        cases=row.cases,
        cases_sha256=row.cases_sha256,
        chosen_at=row.chosen_at,
        chosen_by=row.chosen_by,
        note=row.note,
    )
