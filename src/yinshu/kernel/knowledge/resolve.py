"""Settles over a whole collection which document each link means and from when until when each clause is in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from yinshu.kernel.base.database import Connection
from yinshu.kernel.knowledge.records import VersionInfo
from yinshu.kernel.knowledge.store.clauses import list_versions
from yinshu.kernel.knowledge.store.links import (
    Period,
    dated_clauses,
    publication_days,
    set_clause_periods,
)


def resolve_collection(connection: Connection, collection_id: str) -> int:
    """Bring the dates of every clause up to what the collection now says; returns how many changed.

    Everything is computed anew from versions and links, so that it may run at any time and any number of times.
    """
    versions = list_versions(connection, collection_id)
    periods = version_periods(versions, publication_days(connection, collection_id))
    changed = [
        (clause.clause_id, periods[clause.version_id])
        for clause in dated_clauses(connection, collection_id)
        if periods[clause.version_id] != (clause.effective_from, clause.effective_to)
    ]
    set_clause_periods(connection, changed)
    return len(changed)


def version_periods(versions: Sequence[VersionInfo], published_on: Mapping[str, date | None]) -> dict[str, Period]:
    """When each version counts: what it says of itself, ended by the next version of the same document.

    A later version that does not say when it takes effect does so on the day it was published here. Two versions
    never count on the same day.
    """
    by_document: dict[str, list[VersionInfo]] = defaultdict(list)
    for version in sorted(versions, key=lambda one: one.ordinal):
        by_document[version.document_id].append(version)
    periods: dict[str, Period] = {}
    for series in by_document.values():
        starts = [series[0].effective_from]
        starts += [one.effective_from or published_on.get(one.version_id) for one in series[1:]]
        end: date | None = None
        for version, start in zip(reversed(series), reversed(starts), strict=True):
            periods[version.version_id] = (start, _earliest(version.effective_to, end))
            end = _earliest(start, end)
    return periods


def _earliest(one: date | None, other: date | None) -> date | None:
    """The earlier of two ends; None is no end."""
    if one is None or other is None:
        return one or other
    return min(one, other)
