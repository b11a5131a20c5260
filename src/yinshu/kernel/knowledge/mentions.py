"""Which documents a question names: by number (银发〔2016〕306号), by title, or by a short form of it (消保办法)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yinshu.kernel.knowledge.question import Question
from yinshu.kernel.knowledge.records import VersionInfo
from yinshu.kernel.knowledge.wording import canonical, short_title

NAMED_BY_NUMBER, NAMED_BY_TITLE, NAMED_BY_ALIAS = 1.0, 1.0, 0.7
ALIAS_CHARS_MIN, ALIAS_CHARS_MAX = 3, 14
ALIAS_STEM_MIN = 2
DOCUMENTS_PER_ALIAS_MAX = 6
"""A short form that fits more documents than this names none of them."""

_KINDS = "实施办法|管理办法|实施细则|暂行办法|办法|规定|条例|细则|指引|通知|规则|意见|公告|规程|法"
_KIND_CHARS_MAX = 4
_TITLE_KINDS = ("办法", "规定", "条例", "细则", "指引", "规则", "规程", "法")
_ALIAS = re.compile(rf"[\u4e00-\u9fff]{{2,{ALIAS_CHARS_MAX}}}?(?:{_KINDS})")
_ISSUING_WORDS = re.compile(r"^(?:中华人民共和国|中国人民银行|国务院|关于|银行业)+")
_SERIAL = re.compile(r"(\d{4})\D{0,3}?(\d{1,4})号")
_STATUTE = re.compile(r"(?<!办)法(?:\(.*\))?$|条例(?:\(.*\))?$")


@dataclass(frozen=True)
class _Name:
    version_id: str
    title: str
    bare: str
    serials: frozenset[tuple[str, str]]
    aliases: tuple[str, ...]
    year: str


class DocumentNames:
    """The names of the documents of a library, ready to be looked for in questions."""

    def __init__(self, versions: Iterable[VersionInfo]) -> None:
        self._versions = {version.version_id: version for version in versions}
        self._names = [_name_of(version) for version in self._versions.values()]
        self._said: dict[str, set[str]] = {}
        self._by_start: dict[tuple[str, str], list[_Name]] = {}
        for name in self._names:
            for said in _full_forms(name):
                self._said.setdefault(said, set()).add(name.version_id)
            for kind in _TITLE_KINDS:
                if name.bare.endswith(kind):
                    self._by_start.setdefault((name.bare[0], kind), []).append(name)
        self._years = {name.version_id: name.year for name in self._names}
        self._statutes = {name.version_id for name in self._names if _STATUTE.search(name.title)}
        self._known_aliases: dict[str, frozenset[str]] = {}

    def named(self, question: Question) -> dict[str, float]:
        """Version ids that the question names, with how surely (0 to 1)."""
        found: dict[str, float] = {}
        for number in question.numbers:
            for name in self._names:
                if number in name.serials:
                    found[name.version_id] = NAMED_BY_NUMBER
        for title in question.titles:
            wanted = _bare(canonical(title))
            for name in self._names:
                if wanted and (wanted == name.bare or (len(wanted) >= ALIAS_CHARS_MIN and wanted in name.bare)):
                    found[name.version_id] = max(found.get(name.version_id, 0.0), len(wanted) / len(name.bare))
        for version_id in self._by_alias(question):
            found.setdefault(version_id, NAMED_BY_ALIAS)
        return found

    def version(self, version_id: str) -> VersionInfo:
        """One of the versions whose names these are."""
        return self._versions[version_id]

    def is_statute(self, version_id: str) -> bool:
        """Whether the document is a law or an administrative regulation, by its title."""
        return version_id in self._statutes

    def years(self) -> Mapping[str, str]:
        """Year of issue or number of each version, "" where unknown."""
        return self._years

    def _by_alias(self, question: Question) -> set[str]:
        text = canonical(question.text)
        found: set[str] = set()
        for match in _ALIAS.finditer(text):
            phrase = match[0]
            for start in range(len(phrase) - ALIAS_CHARS_MIN + 1):
                fitting = self._fitting(phrase[start:])
                if fitting and len(fitting) <= DOCUMENTS_PER_ALIAS_MAX:
                    found |= fitting
                    break
        return found

    def _fitting(self, alias: str) -> frozenset[str]:
        if len(alias) < ALIAS_CHARS_MIN:
            return frozenset()
        known = self._known_aliases.get(alias)
        if known is None:
            alike = self._by_start.get((alias[0], _kind_of(alias)), [])
            short = (name.version_id for name in alike if _abbreviates(alias, name.bare))
            known = frozenset(self._said.get(alias, set())).union(short)
            if len(self._known_aliases) < DOCUMENTS_PER_ALIAS_MAX * 10_000:
                self._known_aliases[alias] = known
        return known


def _name_of(version: VersionInfo) -> _Name:
    title = canonical(short_title(version.title))
    serials = frozenset(_SERIAL.findall(canonical(f"{version.title} {version.number}")))
    year = str(version.issued_on.year) if version.issued_on else next((year for year, _ in serials), "")
    aliases = tuple(canonical(alias) for alias in version.aliases)
    return _Name(version.version_id, title, _bare(title), serials, aliases, year)


def _bare(title: str) -> str:
    """A title without the words that nobody says: 中华人民共和国, 关于, marks, 试行."""
    return re.sub(r"\((?:试行|暂行|修订|修正)[^)]*\)|[\s\"'.,:;()\u300a\u300b]", "", _ISSUING_WORDS.sub("", title))


def _kind_of(title: str) -> str:
    return next((kind for kind in _TITLE_KINDS if title.endswith(kind)), "")


def _full_forms(name: _Name) -> list[str]:
    """What names the document to the letter: its bare title, an ending of it, or another name it gives itself."""
    endings = range(ALIAS_CHARS_MIN + 1, min(len(name.bare), ALIAS_CHARS_MAX + _KIND_CHARS_MAX) + 1)
    return [name.bare, *name.aliases, *(name.bare[-length:] for length in endings)]


def _abbreviates(alias: str, title: str) -> bool:
    """Whether the alias has the title's first character and kind, and its other characters in the title's order."""
    kind = _kind_of(alias)
    stem = alias[: len(alias) - len(kind)]
    if not kind or len(stem) < ALIAS_STEM_MIN:
        return False
    characters = iter(title[: len(title) - len(kind)])
    return all(character in characters for character in stem)
