"""Settling, from all links of a library, when each document and each clause is in force."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from yinshu.kernel.knowledge.matching import ClauseFacts, Match, Register, VersionFacts, year_start
from yinshu.kernel.knowledge.places import Place, read_place, same_place
from yinshu.kernel.knowledge.records import LinkProposal
from yinshu.kernel.knowledge.references import number_key
from yinshu.kernel.knowledge.titles import plain_title, strip_attachment

NEW_WORDING_LENGTH_MIN = 8


@dataclass(frozen=True)
class VersionLink:
    """A link and the version that states it. `link_id` is the caller's, carried through."""

    version_id: str
    link: LinkProposal
    link_id: str = ""


@dataclass(frozen=True)
class ResolvedLink:
    """A link with what it was found to mean, and the day on which it takes effect (None: unknown, ends nothing)."""

    source: VersionLink
    match: Match
    effective_on: date | None


@dataclass(frozen=True)
class VersionPeriod:
    """When a version is in force: `effective_to` is the first day no longer; `ended_by` indexes `Timeline.links`."""

    effective_from: date | None
    effective_to: date | None
    ended_by: int | None = None


@dataclass(frozen=True)
class ClausePeriod:
    """A clause that ends before its document, or changes in part.

    `partial` clauses stay in force (`effective_to` None) with some of their words out of date since `changed_on`.
    """

    version_id: str
    ordinal: int
    effective_to: date | None
    changed_by: int
    changed_on: date | None = None
    partial: bool = False


@dataclass(frozen=True)
class Timeline:
    """The settled dates: a period for every version, the exceptions among clauses, and every link as resolved."""

    versions: dict[str, VersionPeriod]
    clauses: tuple[ClausePeriod, ...]
    links: tuple[ResolvedLink, ...]


@dataclass(frozen=True)
class Outline:
    """What can be said without a look at the clauses.

    `touching` has, by version, the places in `links` of those that may end or change some of its clauses.
    """

    versions: dict[str, VersionPeriod]
    touching: dict[str, tuple[int, ...]]
    links: tuple[ResolvedLink, ...]


def resolve(versions: Sequence[VersionFacts], links: Sequence[VersionLink]) -> Timeline:
    """Match every link to the versions it means and derive when everything is in force.

    Pure: the same facts give the same timeline, whatever was computed before; call it over a whole collection after
    each batch with its published versions and all of their links. Copies of one document (equal number and title, or
    equal title and day of issue) share their end. An end is only set by an explicit statement whose day is known; a
    document's own stated end counts as well, and the earlier of the two holds. A link that names articles ends just
    the clauses that lie wholly inside them; where a clause holds more, or only a phrase changes, the clause is marked
    `partial` and stays. A target that carries the new wording already, or whose text is younger than the change, is
    left alone.
    """
    drawn = outline(versions, links)
    facts = {version.version_id: version for version in versions}
    found = [period for version_id in drawn.touching for period in exceptions_in(facts[version_id], drawn)]
    ordered = sorted(found, key=lambda period: (period.version_id, period.ordinal, period.partial))
    return Timeline(drawn.versions, tuple(ordered), drawn.links)


def outline(versions: Sequence[VersionFacts], links: Sequence[VersionLink]) -> Outline:
    """The first half of `resolve`: what every link means, when documents end, and where clauses are to be looked at."""
    register = Register(versions)
    resolved = tuple(_resolved(register, source) for source in links)
    ends: dict[str, tuple[date, int]] = {}
    touching: dict[str, list[int]] = defaultdict(list)
    for index, link in enumerate(resolved):
        if link.effective_on is None:
            continue
        whole = _ends_whole(link)
        for version_id in link.match.version_ids:
            if not whole:
                touching[version_id].append(index)
            elif version_id not in ends or link.effective_on < ends[version_id][0]:
                ends[version_id] = (link.effective_on, index)
    periods = {version.version_id: _period(version, ends.get(version.version_id)) for version in versions}
    return Outline(periods, {version_id: tuple(found) for version_id, found in touching.items()}, resolved)


def exceptions_in(target: VersionFacts, drawn: Outline) -> list[ClausePeriod]:
    """The second half: the clauses of one version, given with all their text, that end or change before it does."""
    clauses: dict[tuple[int, bool], ClausePeriod] = {}
    for index in drawn.touching.get(target.version_id, ()):
        for period in _clause_periods(target, drawn.links[index], index):
            key = (period.ordinal, period.partial)
            if key not in clauses or _sooner(period, clauses[key]):
                clauses[key] = period
    return list(clauses.values())


def _resolved(register: Register, source: VersionLink) -> ResolvedLink:
    version = register.versions.get(source.version_id)
    if version is None:
        return ResolvedLink(source, Match((), "none", "stating version is not in the library"), None)
    day = source.link.effective_on or version.effective_from or version.issued_on
    if day is None:
        start = year_start(number_key(version.number) if version.number else None)
        day = date(start.year, 12, 31) if start else None
    return ResolvedLink(source, register.match(source.version_id, source.link), day)


def _ends_whole(link: ResolvedLink) -> bool:
    proposal = link.source.link
    whole = not proposal.target_articles and not proposal.partial and not link.match.inner_title
    return whole and proposal.relation in ("repeals", "supersedes")


def _period(version: VersionFacts, end: tuple[date, int] | None) -> VersionPeriod:
    own = version.effective_to
    if end is None or (own is not None and own <= end[0]):
        return VersionPeriod(version.effective_from, own)
    return VersionPeriod(version.effective_from, end[0], end[1])


def _sooner(one: ClausePeriod, other: ClausePeriod) -> bool:
    first, second = one.effective_to or one.changed_on, other.effective_to or other.changed_on
    return first is not None and (second is None or first < second)


def _clause_periods(target: VersionFacts, link: ResolvedLink, index: int) -> list[ClausePeriod]:
    proposal = link.source.link
    assert link.effective_on is not None
    if _is_younger(target, link.effective_on):
        return []
    clauses = _clauses_meant(target, link)
    if not proposal.target_articles:
        if proposal.partial or proposal.relation == "amends":
            return []
        return [ClausePeriod(target.version_id, clause.ordinal, link.effective_on, index) for clause in clauses]
    periods: list[ClausePeriod] = []
    for name in proposal.target_articles:
        place = read_place(name)
        if place is not None and not _carries_new_wording(clauses, place, proposal):
            periods.extend(_periods_at(target.version_id, clauses, place, link, index))
    return periods


def _periods_at(
    version_id: str, clauses: Sequence[ClauseFacts], place: Place, link: ResolvedLink, index: int
) -> list[ClausePeriod]:
    whole = [clause for clause in clauses if same_place(place, clause.article)]
    if whole and not link.source.link.partial:
        return [ClausePeriod(version_id, clause.ordinal, link.effective_on, index) for clause in whole]
    touched = whole or [clause for clause in clauses if same_place(Place(place.article), clause.article)]
    period = ClausePeriod(version_id, 0, None, index, link.effective_on, partial=True)
    return [replace(period, ordinal=clause.ordinal) for clause in touched]


def _is_younger(target: VersionFacts, change_on: date) -> bool:
    """Say whether the target's text was issued or consolidated on or after the day of the change."""
    known = [day for day in (target.issued_on, target.effective_from) if day is not None]
    return bool(known) and max(known) >= change_on


def _clauses_meant(target: VersionFacts, link: ResolvedLink) -> list[ClauseFacts]:
    """Return the clauses of the rule that the link names: those under its title, else those of the main text."""
    wanted = link.match.inner_title or plain_title(link.source.link.target_title)
    under: dict[str, list[ClauseFacts]] = defaultdict(list)
    for clause in target.clauses:
        head = plain_title(strip_attachment(clause.path[0])) if clause.path else ""
        under[head].append(clause)
    if wanted in under:
        return under[wanted]
    if link.match.inner_title:
        return []
    attached = re.compile(r"^附\s*[件录表]?")
    has_articles = {head for head, members in under.items() if any(c.article.startswith("第") for c in members)}
    if len(has_articles) == 1:
        return under[has_articles.pop()]
    return [clause for clause in target.clauses if not (clause.path and attached.match(clause.path[0]))]


def _carries_new_wording(clauses: Sequence[ClauseFacts], place: Place, proposal: LinkProposal) -> bool:
    quoted = re.search(r"(?:修改为|修订为|修改成|调整为|改为)\s*[:：]?\s*“([\s\S]+?)(?:”|$)", proposal.quote)
    if not quoted:
        return False
    wording = re.sub(r"[\s“”]", "", quoted.group(1))
    inside = [clause for clause in clauses if same_place(Place(place.article), clause.article)]
    return len(wording) >= NEW_WORDING_LENGTH_MIN and any(
        wording in re.sub(r"[\s“”]", "", clause.text) for clause in inside
    )
