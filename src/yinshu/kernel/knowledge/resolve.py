"""Settles over a whole collection which document each link means and from when until when each clause is in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.matching import ClauseFacts, VersionFacts
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, StoredLink, VersionInfo
from yinshu.kernel.knowledge.store import DatedClause, Period
from yinshu.kernel.knowledge.timeline import (
    ClausePeriod,
    Outline,
    VersionLink,
    VersionPeriod,
    exceptions_in,
    outline,
)
from yinshu.kernel.knowledge.titles import inner_titles_of_paths

OPTIMISTIC_TRIES = 2


@dataclass(frozen=True)
class Supposed:
    """One change to a settled collection, before it is written: what will be so afterwards.

    `version` is the one that changes, as it will speak of itself: published on a day, ended on a day, or `gone` as if
    it had never been; days that are None stay as they are. `link` is a link of it as it will be.
    """

    version: VersionInfo
    published_on: date | None = None
    ended_on: date | None = None
    gone: bool = False
    link: StoredLink | None = None


@dataclass(frozen=True)
class Resolution:
    """What has to be written: the document each link means, and the periods of the clauses whose period changes.

    It holds for the collection of that fingerprint and for the change that was supposed, with its day.
    """

    fingerprint: str
    supposed: Supposed | None
    targets: dict[str, str | None]
    periods: dict[int, Period]


@dataclass(frozen=True)
class _History:
    """Everything that dates rest on but the clauses themselves. `heads` are what the paths of clauses begin with."""

    versions: dict[str, VersionInfo]
    links: list[StoredLink]
    heads: dict[str, list[str]]
    published_on: dict[str, date | None]
    archived_on: dict[str, date]


@dataclass(frozen=True)
class _Plan:
    """What follows from a history: when versions count, and which links are to be held against which clauses."""

    periods: dict[str, Period]
    drawn: Outline
    facts: dict[str, VersionFacts]


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
                return write(connection, resolution)
    with writing(engine) as connection:
        store.lock_collection(connection, collection_id)
        return write(connection, compute(connection, collection_id))


def prepare(engine: Engine, collection_id: str, supposed: Supposed) -> Resolution:
    """What a change would make of the dates of the collection, computed before anybody has to wait for it."""
    with reading(engine) as connection:
        return compute(connection, collection_id, supposed)


def still_good(
    connection: Connection, collection_id: str, supposed: Supposed, prepared: Resolution | None
) -> Resolution:
    """What was prepared, or computed anew when something that dates rest on, or the change itself, is another now.

    To be called before the change is written, by whoever holds the lock of the collection.
    """
    # Midnight may lie between the two, so that the change is supposed for another day.
    if (
        prepared is not None
        and prepared.supposed == supposed
        and store.fingerprint(connection, collection_id) == prepared.fingerprint
    ):
        return prepared
    return compute(connection, collection_id, supposed)


def write(connection: Connection, resolution: Resolution) -> int:
    """Write what links mean and when clauses count; returns how many clauses changed."""
    store.set_link_targets(connection, resolution.targets)
    store.set_clause_periods(connection, resolution.periods)
    return len(resolution.periods)


def compute(connection: Connection, collection_id: str, supposed: Supposed | None = None) -> Resolution:
    """What the collection's versions and links make of its links and dates; reads only.

    With a change supposed, only clauses of its document and of versions for which it makes a difference are looked
    at; but for the change the collection must be settled. Without one, every clause is looked at.
    """
    also = supposed.version.version_id if supposed is not None else ""
    history = _read(connection, collection_id, also)
    after = _planned(history if supposed is None else _changed(history, supposed))
    looked_at, own = set(after.facts), set[str]()
    if supposed is not None:
        before = _planned(_counted(history))
        document_id = supposed.version.document_id
        own = {one for one in after.facts if history.versions[one].document_id == document_id}
        looked_at = own | {one for one in after.facts if _rests_on(before, one) != _rests_on(after, one)}
    clauses = _clauses(connection, collection_id, looked_at, after, also)
    periods = clause_periods(clauses, after.periods, _exceptions(clauses, after))
    # A change touches the dates of its own document's clauses itself, so that these are written in any case.
    changed = {
        one.clause_id: periods[one.clause_id]
        for one in clauses
        if periods[one.clause_id] != one.period or one.version_id in own
    }
    known = {one.link_id: one.to_document_id for one in history.links}
    targets = {
        link_id: meant
        for link_id, meant in _targets(after.drawn, history.versions)
        if link_id not in known or known[link_id] != meant
    }
    return Resolution(store.fingerprint(connection, collection_id), supposed, targets, changed)


def _read(connection: Connection, collection_id: str, also: str) -> _History:
    return _History(
        {one.version_id: one for one in store.list_counted_versions(connection, collection_id, also)},
        store.list_links(connection, collection_id, also),
        store.clause_heads(connection, collection_id, also),
        store.publication_days(connection, collection_id),
        store.archival_days(connection, collection_id),
    )


def _counted(history: _History) -> _History:
    """A history without the version that does not count yet."""
    counted = {
        version_id: one
        for version_id, one in history.versions.items()
        if one.status in SEARCHABLE_STATUSES or version_id in history.archived_on
    }
    return replace(history, versions=counted, links=[one for one in history.links if one.from_version_id in counted])


def _changed(history: _History, supposed: Supposed) -> _History:
    """A history as it will be once the change is written."""
    changing = supposed.version
    versions = {**history.versions, changing.version_id: changing}
    links = list(history.links)
    if supposed.link is not None:
        kept = [one for one in links if one.link_id != supposed.link.link_id]
        links = kept if supposed.link.proposal.mark == "rejected" else [*kept, supposed.link]
    if supposed.gone:
        del versions[changing.version_id]
        links = [one for one in links if one.from_version_id != changing.version_id]
    published_on, archived_on = dict(history.published_on), dict(history.archived_on)
    if supposed.published_on is not None:
        published_on[changing.version_id] = supposed.published_on
    if supposed.ended_on is not None:
        archived_on[changing.version_id] = supposed.ended_on
    return _History(versions, links, history.heads, published_on, archived_on)


def _planned(history: _History) -> _Plan:
    versions = list(history.versions.values())
    facts = {one.version_id: _facts(one, history.heads.get(one.version_id, ())) for one in versions}
    drawn = outline(
        list(facts.values()), [VersionLink(one.from_version_id, one.proposal, one.link_id) for one in history.links]
    )
    periods = version_periods(versions, drawn.versions, history.published_on, history.archived_on)
    return _Plan(periods, drawn, facts)


def _facts(version: VersionInfo, heads: Iterable[str]) -> VersionFacts:
    return VersionFacts(
        version_id=version.version_id,
        title=version.title,
        number=version.number,
        aliases=version.aliases,
        issued_on=version.issued_on,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        inner=inner_titles_of_paths((head,) for head in heads),
    )


def _rests_on(plan: _Plan, version_id: str) -> object:
    """Everything that the dates of a version's clauses follow from, but their words; None when it does not count."""
    version = plan.facts.get(version_id)
    if version is None:
        return None
    touching = [plan.drawn.links[place] for place in plan.drawn.touching.get(version_id, ())]
    held = {(one.source.link, one.effective_on, one.match.inner_title) for one in touching}
    return plan.periods[version_id], version.issued_on, version.effective_from, held


def _clauses(
    connection: Connection, collection_id: str, version_ids: set[str], plan: _Plan, also: str
) -> list[DatedClause]:
    """The clauses of some versions; with their words where links are to be held against them."""
    read = [one for one in version_ids if one in plan.drawn.touching]
    plain = version_ids.difference(read)
    return [
        *store.dated_clauses(connection, collection_id, plain, also),
        *store.dated_clauses(connection, collection_id, read, also, texts=True),
    ]


def _exceptions(clauses: Iterable[DatedClause], plan: _Plan) -> list[ClausePeriod]:
    of_version: dict[str, list[ClauseFacts]] = defaultdict(list)
    for one in clauses:
        if one.version_id in plan.drawn.touching:
            of_version[one.version_id].append(ClauseFacts(one.ordinal, one.article, one.path, one.text))
    return [
        period
        for version_id, found in of_version.items()
        for period in exceptions_in(replace(plan.facts[version_id], clauses=tuple(found)), plan.drawn)
    ]


def _targets(drawn: Outline, versions: Mapping[str, VersionInfo]) -> Iterable[tuple[str, str | None]]:
    """Each link's id with the document it means: the newest of the versions that were matched."""
    for link in drawn.links:
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
