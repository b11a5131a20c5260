"""Finding which documents of a library a link means, by number first and then by name and age."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from yinshu.kernel.evidence.overlap import character_pairs
from yinshu.kernel.knowledge.records import LinkProposal
from yinshu.kernel.knowledge.references import NumberKey, number_key
from yinshu.kernel.knowledge.titles import bare_title, inner_titles_of_paths, plain_title

MatchedBy = Literal["number", "title", "none"]
TITLE_OVERLAP_MIN = 0.6
NAME_LENGTH_MIN = 4


@dataclass(frozen=True)
class ClauseFacts:
    """What the timeline needs of a clause. `path` and `article` as cut; `text` is compared with new wording."""

    ordinal: int
    article: str
    path: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class VersionFacts:
    """What the timeline needs of a published version. Dates as its card (or a trusted hint) says; None is unknown.

    `aliases` are the card's. `clauses` may be left empty where only whole documents are asked for; then `inner` has
    the titles of the rules inside, which are otherwise read from the paths of the clauses.
    """

    version_id: str
    title: str
    number: str = ""
    aliases: tuple[str, ...] = ()
    issued_on: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    clauses: tuple[ClauseFacts, ...] = ()
    inner: tuple[str, ...] | None = None

    @property
    def inner_titles(self) -> tuple[str, ...]:
        """The titles of the rules inside the document."""
        if self.inner is not None:
            return self.inner
        return inner_titles_of_paths(clause.path for clause in self.clauses)


@dataclass(frozen=True)
class Match:
    """The versions a link means and how they were found; `note` says why none was, when none was.

    `inner_title` is set when only one of several rules inside the document is meant.
    """

    version_ids: tuple[str, ...]
    by: MatchedBy
    note: str = ""
    inner_title: str = ""


class Register:
    """The names and numbers of all versions, and which versions are copies of one another."""

    def __init__(self, versions: Sequence[VersionFacts]) -> None:
        self.versions = {version.version_id: version for version in versions}
        self.inner = {v.version_id: v.inner_titles for v in versions}
        self.names = {v.version_id: _names(v, self.inner[v.version_id]) for v in versions}
        self.keys = {v.version_id: number_key(v.number) if v.number else None for v in versions}
        self._by_key: dict[NumberKey, list[str]] = defaultdict(list)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for version in versions:
            key = self.keys[version.version_id]
            if key is not None:
                self._by_key[key].append(version.version_id)
            for name in self.names[version.version_id]:
                self._by_name[name].append(version.version_id)
        self.copies = self._find_copies()

    def _find_copies(self) -> dict[str, frozenset[str]]:
        """Return for each version the versions that are the same document under another file name, itself included."""
        groups: dict[str, set[str]] = {version_id: {version_id} for version_id in self.versions}
        for ids in [*self._by_key.values(), *self._by_name.values()]:
            for place, first in enumerate(ids):
                for second in ids[place + 1 :]:
                    if second not in groups[first] and self._same_document(first, second):
                        merged = groups[first] | groups[second]
                        for member in merged:
                            groups[member] = merged
        return {version_id: frozenset(group) for version_id, group in groups.items()}

    def _same_document(self, first: str, second: str) -> bool:
        one, other = self.versions[first], self.versions[second]
        if not _own_names(one) & _own_names(other):
            return False
        one_key, other_key = self.keys[first], self.keys[second]
        if one_key is not None and other_key is not None:
            return one_key == other_key
        return one.issued_on is not None and one.issued_on == other.issued_on

    def match(self, source_id: str, link: LinkProposal) -> Match:
        """Return the versions that a link of `source_id` means, never the source or a copy of it.

        A number decides, but a title that disagrees with it (the same number of another body, a slip) undoes the
        match. Without a number the name must be equal, and the target older than the source; several older editions
        of one name are all meant, unless the text says on which day the one meant was issued.
        """
        key = number_key(link.target_number) if link.target_number else None
        if key is not None:
            numbered = [v for v in self._by_key.get(key, []) if v not in self.copies[source_id]]
            agreeing = [v for v in numbered if not link.target_title or self._title_agrees(v, link.target_title)]
            if agreeing:
                return self._found(agreeing, "number", link)
            if numbered:
                return Match((), "none", "title disagrees with number")
        return self._match_by_name(source_id, link, key)

    def _match_by_name(self, source_id: str, link: LinkProposal, key: NumberKey | None) -> Match:
        name = plain_title(link.target_title)
        if len(name) < NAME_LENGTH_MIN:
            return Match((), "none", "no name")
        named = set(self._by_name.get(name, [])) | set(self._by_name.get(bare_title(link.target_title), []))
        candidates = sorted(named - self.copies[source_id])
        if key is not None:
            candidates = [v for v in candidates if self.keys[v] is None]
        older = [v for v in candidates if self._is_older(v, source_id, link)]
        if older:
            return self._found(older, "title", link)
        return Match((), "none", "only other editions" if candidates else "not in the library")

    def _is_older(self, candidate_id: str, source_id: str, link: LinkProposal) -> bool:
        candidate = self.versions[candidate_id]
        issued = candidate.issued_on or year_start(self.keys[candidate_id])
        if link.target_issued_on is not None:
            exact = candidate.issued_on or candidate.effective_from
            return exact is not None and exact.year == link.target_issued_on.year
        started = issued or candidate.effective_from
        limit = link.effective_on or self.versions[source_id].effective_from or self.versions[source_id].issued_on
        limit = limit or year_start(self.keys[source_id])
        return started is not None and limit is not None and started < limit

    def _title_agrees(self, version_id: str, title: str) -> bool:
        wanted = {plain_title(title), bare_title(title)}
        if wanted & self.names[version_id]:
            return True
        return any(_overlap(mine, theirs) >= TITLE_OVERLAP_MIN for mine in wanted for theirs in self.names[version_id])

    def _found(self, version_ids: Iterable[str], by: MatchedBy, link: LinkProposal) -> Match:
        found = sorted({copy for version_id in version_ids for copy in self.copies[version_id]})
        inner = self._inner_title(found, link.target_title)
        return Match(tuple(found), by, "", inner)

    def _inner_title(self, version_ids: Sequence[str], title: str) -> str:
        """Return the inner title meant when the documents hold several rules and the link names just one of them."""
        wanted = plain_title(title)
        for version_id in version_ids:
            inner = self.inner[version_id]
            own = _own_names(self.versions[version_id])
            if len(inner) > 1 and wanted in {plain_title(one) for one in inner} and wanted not in own:
                return wanted
        return ""


def year_start(key: NumberKey | None) -> date | None:
    """Return the first day of the year that a document number carries, or None."""
    return date(key.year, 1, 1) if key is not None and key.year else None


def _names(version: VersionFacts, inner: Sequence[str]) -> frozenset[str]:
    names = {plain_title(title) for title in (version.title, *version.aliases, *inner)}
    names |= _own_names(version)
    return frozenset(name for name in names if len(name) >= NAME_LENGTH_MIN)


def _own_names(version: VersionFacts) -> frozenset[str]:
    """Return the forms of the version's own title, without the names of rules that it only carries."""
    names = {plain_title(version.title), bare_title(version.title)}
    bracketed = re.match(
        r"^[^（(]*(?:令|公告)[〔（(\[]\s*\d{4}\s*[〕）)\]]\s*第?\s*\d+\s*号[（(](.{4,90})[）)]$", version.title
    )
    if bracketed:
        names.add(plain_title(bracketed.group(1)))
    return frozenset(name for name in names if len(name) >= NAME_LENGTH_MIN)


def _overlap(one: str, other: str) -> float:
    """Return the share of the shorter name's character pairs that the other name has too."""
    first, second = set(character_pairs(one)), set(character_pairs(other))
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller >= NAME_LENGTH_MIN else 0.0
