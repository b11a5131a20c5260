"""Settles over a whole collection which document each link means and from when until when each clause is in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.matching import ClauseFacts, VersionFacts
from yinshu.kernel.knowledge.records import VersionInfo
from yinshu.kernel.knowledge.store import DatedClause, Period
from yinshu.kernel.knowledge.timeline import ClausePeriod, Timeline, VersionLink, VersionPeriod, resolve

OPTIMISTIC_TRIES = 2


@dataclass(frozen=True)
class Resolution:
    """What has to be written: the document each link means, and the periods of the clauses whose period changes."""

    fingerprint: str
    targets: dict[str, str | None]
    periods: dict[int, Period]


def resolve_collection(engine: Engine, collection_id: str) -> int:
    """Bring links and dates up to what the collection now says; returns how many clauses changed.

    Everything is computed anew from versions and links, so that it may run at any time and any number of times. It is
    computed beside the writers, and only written when no version has come or gone meanwhile; after a few tries the
    writers are made to wait.
    """
    for _ in range(OPTIMISTIC_TRIES):
        with reading(engine) as connection:
            resolution = compute(connection, collection_id)
        with writing(engine) as connection:
            store.lock_collection(connection, collection_id)
            if store.fingerprint(connection, collection_id) == resolution.fingerprint:
                return _write(connection, resolution)
    with writing(engine) as connection:
        store.lock_collection(connection, collection_id)
        return settle(connection, collection_id)


def settle(connection: Connection, collection_id: str) -> int:
    """Like `resolve_collection`, in the caller's transaction, which holds the lock of the collection."""
    return _write(connection, compute(connection, collection_id))


def prepare(engine: Engine, collection_id: str, version: VersionInfo, today: date) -> Resolution:
    """What publishing a version today would make of the collection, computed beside the writers.

    Good for `settle_prepared` as long as nothing that dates rest on has changed in between.
    """
    with reading(engine) as connection:
        return compute(connection, collection_id, version, today)


def settle_prepared(connection: Connection, collection_id: str, prepared: Resolution, *, still: bool) -> int:
    """Write what was prepared; where it is not good any more, settle anew. Like `settle` otherwise.

    `still` says whether the fingerprint was unchanged before the caller's transaction changed anything.
    """
    return _write(connection, prepared) if still else settle(connection, collection_id)


def _write(connection: Connection, resolution: Resolution) -> int:
    store.set_link_targets(connection, resolution.targets)
    store.set_clause_periods(connection, resolution.periods)
    return len(resolution.periods)


def compute(
    connection: Connection, collection_id: str, also: VersionInfo | None = None, today: date | None = None
) -> Resolution:
    """What the collection's versions and links make of its links and dates; reads only.

    `also` is a version that counts from `today` on although it is not published yet.
    """
    also_id = also.version_id if also is not None else ""
    versions = {one.version_id: one for one in store.list_counted_versions(connection, collection_id, also_id)}
    clauses = store.dated_clauses(connection, collection_id, also_id)
    links = store.list_links(connection, collection_id, also_id)
    timeline = resolve(
        _facts(versions.values(), clauses),
        [VersionLink(one.from_version_id, one.proposal, one.link_id) for one in links],
    )
    known_targets = {one.link_id: one.to_document_id for one in links}
    targets = {link_id: meant for link_id, meant in _targets(timeline, versions) if known_targets[link_id] != meant}
    published_on = store.publication_days(connection, collection_id)
    if also is not None:
        published_on[also.version_id] = today
    archived_on = store.archival_days(connection, collection_id)
    counts = version_periods(list(versions.values()), timeline.versions, published_on, archived_on)
    periods = clause_periods(clauses, counts, timeline.clauses)
    # Publishing touches the dates of its own document's clauses itself, so that these are written in any case.
    own = {one.version_id for one in versions.values() if also is not None and one.document_id == also.document_id}
    changed = {
        one.clause_id: periods[one.clause_id]
        for one in clauses
        if periods[one.clause_id] != one.period or one.version_id in own
    }
    return Resolution(store.fingerprint(connection, collection_id), targets, changed)


def _facts(versions: Iterable[VersionInfo], clauses: Iterable[DatedClause]) -> list[VersionFacts]:
    of_version: dict[str, list[ClauseFacts]] = defaultdict(list)
    for one in clauses:
        of_version[one.version_id].append(ClauseFacts(one.ordinal, one.article, one.path, one.text))
    return [
        VersionFacts(
            version_id=one.version_id,
            title=one.title,
            number=one.number,
            aliases=one.aliases,
            issued_on=one.issued_on,
            effective_from=one.effective_from,
            effective_to=one.effective_to,
            clauses=tuple(of_version[one.version_id]),
        )
        for one in versions
    ]


def _targets(timeline: Timeline, versions: Mapping[str, VersionInfo]) -> Iterable[tuple[str, str | None]]:
    """Each link's id with the document it means: the newest of the versions that were matched."""
    for link in timeline.links:
        meant = [versions[one] for one in link.match.version_ids]
        newest = max(meant, key=lambda one: (one.issued_on or date.min, one.version_id), default=None)
        yield link.source.link_id, newest.document_id if newest else None


def version_periods(
    versions: Sequence[VersionInfo],
    stated: Mapping[str, VersionPeriod],
    published_on: Mapping[str, date | None],
    archived_on: Mapping[str, date] | None = None,
) -> dict[str, Period]:
    """When each version counts: what it and other documents say of it, ended by the next version of its document.

    One that was archived ends on that day at the latest.

    A version that does not say when it takes effect does so on its day of issue; if that is unknown too, a first
    version has always been in force and a later one is since the day it was published here. Two versions of one
    document never count on the same day.
    """
    by_document: dict[str, list[VersionInfo]] = defaultdict(list)
    for version in sorted(versions, key=lambda one: one.ordinal):
        by_document[version.document_id].append(version)
    periods: dict[str, Period] = {}
    for series in by_document.values():
        next_start: date | None = None
        for place, version in reversed(list(enumerate(series))):
            own = stated[version.version_id]
            start = own.effective_from or version.issued_on
            if start is None and place > 0:
                start = published_on.get(version.version_id)
            end = _earliest(own.effective_to, (archived_on or {}).get(version.version_id))
            periods[version.version_id] = Period(start, _earliest(end, next_start))
            next_start = _earliest(start, next_start)
    return periods


def clause_periods(
    clauses: Iterable[DatedClause], versions: Mapping[str, Period], exceptions: Iterable[ClausePeriod]
) -> dict[int, Period]:
    """When each clause (by id) counts: like its version, but for those that end earlier or change in part."""
    by_place: dict[tuple[str, int], list[ClausePeriod]] = defaultdict(list)
    for exception in exceptions:
        by_place[exception.version_id, exception.ordinal].append(exception)
    periods: dict[int, Period] = {}
    for clause in clauses:
        period = versions[clause.version_id]
        for exception in by_place[clause.version_id, clause.ordinal]:
            if exception.partial:
                period = replace(period, changed_on=_earliest(period.changed_on, exception.changed_on))
            else:
                period = replace(period, end=_earliest(period.end, exception.effective_to))
        periods[clause.clause_id] = period
    return periods


def _earliest(one: date | None, other: date | None) -> date | None:
    """The earlier of two days; None is no day."""
    if one is None or other is None:
        return one or other
    return min(one, other)
