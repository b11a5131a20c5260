"""Models, quotas, usage and cascades as JSON, in the one shape that the HTTP edge and the command line share."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from yinshu.kernel.gateway.desk import EndpointReport
from yinshu.kernel.gateway.records import Cascade, Model, Quota, UsageFilter, UsageRow

JsonObject = dict[str, Any]
USAGE_COLUMNS = ("key", "calls", "input_tokens", "output_tokens", "cost", "failed", "blocked")


def render_model(model: Model, reports: Sequence[EndpointReport]) -> JsonObject:
    """A model with its endpoints; keys are never in it, only whether there is one."""
    return {
        "id": model.id,
        "name": model.name,
        "kind": model.kind,
        "capabilities": list(model.capabilities),
        "size_class": model.size_class,
        "context_tokens": model.context_tokens,
        "price_input": _money(model.price_input),
        "price_output": _money(model.price_output),
        "currency": model.currency,
        "data_level_max": model.data_level_max,
        "customer_level_max": model.customer_level_max,
        "owner": model.owner,
        "stage": model.stage,
        "licence": model.licence,
        "source": model.source,
        "fallbacks": list(model.fallbacks),
        "timeout_seconds": model.timeout_seconds,
        "endpoints": [_endpoint(report) for report in reports],
    }


def _endpoint(report: EndpointReport) -> JsonObject:
    endpoint = report.endpoint
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "upstream_model": endpoint.upstream_model,
        "state": endpoint.state,
        "in_flight_max": endpoint.in_flight_max,
        "has_key": endpoint.has_key,
        "circuit": report.circuit,
        "healthy": report.healthy,
        "in_flight": report.in_flight,
        "calls": report.calls,
        "failed_calls": report.failed_calls,
        "latency_ms": round(report.latency_ms, 1),
    }


def render_quota(quota: Quota, spent: tuple[int, int, int]) -> JsonObject:
    """A quota and what is spent of it."""
    return {
        **asdict(quota),
        "tokens_today": spent[0],
        "requests_this_minute": spent[1],
        "streams_now": spent[2],
    }


def render_usage(by: str, wanted: UsageFilter, rows: Sequence[UsageRow]) -> JsonObject:
    """Usage by a group; `total` sums the rows shown. Costs are decimal numbers as text."""
    items = [{**asdict(row), "cost": _money(row.cost)} for row in rows]
    total = {name: sum(getattr(row, name) for row in rows) for name in USAGE_COLUMNS[1:] if name != "cost"}
    return {
        "by": by,
        "from": wanted.first_day.isoformat(),
        "to": wanted.last_day.isoformat(),
        "items": items,
        "total": {**total, "cost": _money(sum((row.cost for row in rows), Decimal(0)))},
    }


def usage_csv(usage: Mapping[str, Any]) -> str:
    """The same as CSV with a header, for a spreadsheet. Cells that a spreadsheet would compute are made plain."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([usage["by"], *USAGE_COLUMNS[1:]])
    for item in usage["items"]:
        writer.writerow([_plain(item["key"]), *(item[name] for name in USAGE_COLUMNS[1:])])
    return out.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def render_cascade(cascade: Cascade) -> JsonObject:
    """A cascade with its curve."""
    return {
        **asdict(cascade),
        "steps": list(cascade.steps),
        "points": [asdict(point) for point in cascade.points],
        "chosen_at": cascade.chosen_at.isoformat() if cascade.chosen_at else None,
    }


def _money(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
