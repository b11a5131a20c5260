"""Usage rows: one a call, summed by person, department, application, model or day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, case, func, insert, select

from yinshu.kernel.gateway.records import Call, UsageFilter, UsageRow
from yinshu.kernel.gateway.tables import usage

UsageGroup = Literal["subject", "department", "application", "model", "day", "capability"]
GROUPS_MAX = 1_000
NANO = 1_000_000_000
_COLUMNS: dict[UsageGroup, ColumnElement[Any]] = {
    "subject": usage.c.subject,
    "department": usage.c.department,
    "application": usage.c.application,
    "model": usage.c.model,
    "day": usage.c.day,
    "capability": usage.c.capability,
}


_INSERT = insert(usage)


def add_usage(connection: Connection, calls: Sequence[Call], at: datetime, day: date) -> None:
    """One row for each call."""
    if not calls:
        return
    connection.execute(_INSERT, [_row(call, at, day) for call in calls])


def _row(call: Call, at: datetime, day: date) -> dict[str, Any]:
    subject = call.caller.subject
    return {
        "id": call.id,
        "at": at,
        "day": day,
        "subject": subject.id,
        "department": subject.department,
        "application": call.caller.application,
        "model": call.model,
        "endpoint_id": call.endpoint_id,
        "capability": call.capability,
        "status": call.status,
        "input_tokens": call.tokens.input,
        "output_tokens": call.tokens.output,
        "cost_nano": int(call.cost * NANO),
        "currency": call.currency,
        "latency_ms": call.latency_ms,
        "streamed": int(call.streamed),
    }


def sum_usage(connection: Connection, by: UsageGroup, wanted: UsageFilter) -> list[UsageRow]:
    """Sums by group, the dearest first (days in order); at most `GROUPS_MAX` groups."""
    column = _COLUMNS[by]
    tokens = func.sum(usage.c.input_tokens + usage.c.output_tokens)
    query = (
        select(
            column.label("key"),
            func.count().label("calls"),
            func.sum(usage.c.input_tokens).label("input_tokens"),
            func.sum(usage.c.output_tokens).label("output_tokens"),
            func.sum(usage.c.cost_nano).label("cost_nano"),
            func.sum(case((usage.c.status == "failed", 1), else_=0)).label("failed"),
            func.sum(case((usage.c.status == "blocked", 1), else_=0)).label("blocked"),
        )
        .where(*_conditions(wanted))
        .group_by(column)
        .order_by(column if by == "day" else tokens.desc())
        .limit(GROUPS_MAX)
    )
    return [
        UsageRow(
            key=str(row.key),
            calls=row.calls,
            input_tokens=int(row.input_tokens),
            output_tokens=int(row.output_tokens),
            cost=Decimal(int(row.cost_nano)) / NANO,
            failed=int(row.failed),
            blocked=int(row.blocked),
        )
        for row in connection.execute(query)
    ]


def _conditions(wanted: UsageFilter) -> list[ColumnElement[bool]]:
    conditions = [usage.c.day >= wanted.first_day, usage.c.day <= wanted.last_day]
    for column, value in (
        (usage.c.model, wanted.model),
        (usage.c.subject, wanted.subject),
        (usage.c.department, wanted.department),
        (usage.c.application, wanted.application),
    ):
        if value:
            conditions.append(column == value)
    return conditions


def tokens_of_day(connection: Connection, day: date) -> dict[tuple[str, str], int]:
    """Tokens of a day by (holder kind, holder id), for every person, department and application that called."""
    spent: dict[tuple[str, str], int] = {}
    total = func.sum(usage.c.input_tokens + usage.c.output_tokens)
    for kind, column in (
        ("person", usage.c.subject),
        ("department", usage.c.department),
        ("application", usage.c.application),
    ):
        for key, tokens in connection.execute(select(column, total).where(usage.c.day == day).group_by(column)):
            spent[kind, key] = int(tokens)
    return spent
