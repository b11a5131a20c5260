"""The bank's own word lists: versioned entries with category, severity and the contexts in which a word is harmless."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import ahocorasick_rs as aho

from yinshu.kernel.guard.errors import LexiconRejected
from yinshu.kernel.guard.normalise import Reading, View
from yinshu.kernel.guard.records import Hit, Kind, Severity
from yinshu.kernel.guard.variants import as_pinyin, as_sound

MAX_ENTRIES = 200_000
MAX_WORD_CHARS = 60
MIN_SOUND_SYLLABLES = 4
"""Shorter words have too many innocent homophones to be searched by sound."""
MIN_SPREAD_CHARS = 3
"""Shorter words are not looked for with a clause mark between their letters."""
MAX_MATCHES_READ = 2_000
_COLUMNS = ("word", "category", "severity", "allow", "sound")
_CLAUSE_MARKS = frozenset("，。；：、！？,.;:!?\n")


@dataclass(frozen=True, slots=True)
class Entry:
    """A word, its category and severity; `allow` are phrases around it that make it harmless; `sound` finds homophones."""  # noqa: E501

    word: str
    category: str
    severity: Severity
    allow: tuple[str, ...] = ()
    sound: bool = False


@dataclass(frozen=True)
class Lexicon:
    """A frozen version of entries, searched in one pass whatever their number."""

    entries: tuple[Entry, ...] = field(repr=False)
    version: str
    _forms: tuple[int, ...] = field(repr=False)
    _words: aho.AhoCorasick = field(repr=False)
    _sounding: tuple[int, ...] = field(repr=False)
    _sounds: aho.AhoCorasick | None = field(repr=False)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Lexicon:
        """A lexicon of these entries; the version is a digest of them. Raises LexiconRejected above MAX_ENTRIES."""
        rows = tuple(entries)
        if len(rows) > MAX_ENTRIES:
            raise LexiconRejected(f"词库最多 {MAX_ENTRIES} 条，请拆分或清理后再导入。")
        forms: dict[str, int] = {}
        sounds: dict[str, int] = {}
        for place, entry in enumerate(rows):
            word = Reading(entry.word).joined.text
            forms.setdefault(word, place)
            if entry.sound and len(word) >= MIN_SOUND_SYLLABLES and not word.isascii():
                sounds.setdefault(as_sound(word), place)
                forms.setdefault(as_pinyin(word), place)
        digest = hashlib.sha256(export_csv(rows).encode()).hexdigest()[:12]
        return cls(
            rows,
            digest,
            tuple(forms.values()),
            aho.AhoCorasick(list(forms)),
            tuple(sounds.values()),
            aho.AhoCorasick(list(sounds)) if sounds else None,
        )

    def find(self, reading: Reading) -> Iterator[Hit]:
        """Hits in the joined reading: as written, with separators between, with digits for letters, and by sound."""
        seen: set[tuple[int, int]] = set()
        for view in (reading.joined, reading.unleeted_parts):
            if view is not None:
                yield from self._matches(reading, view, self._words, self._forms, view.text, seen)
        if self._sounds is not None:
            yield from self._matches(
                reading, reading.joined, self._sounds, self._sounding, as_sound(reading.joined.text), seen
            )

    def _matches(
        self,
        reading: Reading,
        view: View,
        automaton: aho.AhoCorasick,
        owners: tuple[int, ...],
        text: str,
        seen: set[tuple[int, int]],
    ) -> Iterator[Hit]:
        for which, start, end in automaton.find_matches_as_indexes(text, overlapping=True)[:MAX_MATCHES_READ]:
            entry = self.entries[owners[which]]
            first, last = view.span(start, end)
            if (owners[which], first) in seen or not _whole(view, start, end) or _crosses(reading, view, start, end):
                continue
            if _allowed(entry, view.text, start, end):
                continue
            seen.add((owners[which], first))
            yield Hit(Kind.LEXICON, entry.word, first, last, entry.severity, entry.category)


def _whole(view: View, start: int, end: int) -> bool:
    """A Latin word is matched whole: the letters beside it in the original are not Latin letters."""
    text = view.text
    if not text[start].isascii():
        return True
    before = (
        start > 0
        and text[start - 1].isascii()
        and text[start - 1].isalpha()
        and view.ends[start - 1] == view.starts[start]
    )
    after = end < len(text) and text[end].isascii() and text[end].isalpha() and view.ends[end - 1] == view.starts[end]
    return not before and not after


def _crosses(reading: Reading, view: View, start: int, end: int) -> bool:
    """A clause mark stands inside and the letters are not all set apart: two words that happen to meet."""
    first, last = view.span(start, end)
    if last - first == end - start:
        return False
    inside = reading.original[first:last]
    marks = sum(letter in _CLAUSE_MARKS for letter in inside)
    return marks > 0 and (end - start < MIN_SPREAD_CHARS or marks < end - start - 1)


def _allowed(entry: Entry, text: str, start: int, end: int) -> bool:
    for phrase in entry.allow:
        low = max(0, start - len(phrase))
        at = text.find(phrase, low, end + len(phrase))
        while at != -1:
            if at <= start and end <= at + len(phrase):
                return True
            at = text.find(phrase, at + 1, end + len(phrase))
    return False


def import_csv(text: str) -> tuple[Entry, ...]:
    """Entries of a CSV with the header word,category,severity,allow,sound (`allow` separated by |).

    Raises LexiconRejected naming the line that cannot be meant.
    """
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    if not {"word", "category", "severity"} <= set(rows.fieldnames or ()):
        raise LexiconRejected("词库文件缺少表头，应含 word,category,severity 三列（可另加 allow,sound）。")
    entries: list[Entry] = []
    for number, row in enumerate(rows, start=2):
        word = (row["word"] or "").strip()
        joined = Reading(word).joined.text
        if not joined or len(word) > MAX_WORD_CHARS:
            raise LexiconRejected(f"词库第 {number} 行的词为空或超过 {MAX_WORD_CHARS} 字，请修改后重新导入。")
        if row["severity"] not in list(Severity):
            raise LexiconRejected(f"词库第 {number} 行的级别应为 high、medium 或 low，请修改后重新导入。")
        allow = tuple(Reading(part).joined.text for part in (row.get("allow") or "").split("|") if part.strip())
        entries.append(
            Entry(word, (row["category"] or "").strip(), Severity(row["severity"]), allow, row.get("sound") == "yes")
        )
    return tuple(entries)


def export_csv(entries: Iterable[Entry]) -> str:
    """The CSV that `import_csv` reads back to the same entries."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for entry in entries:
        writer.writerow(
            (entry.word, entry.category, entry.severity.value, "|".join(entry.allow), "yes" if entry.sound else "")
        )
    return out.getvalue()


@lru_cache(maxsize=1)
def starter_lexicon() -> Lexicon:
    """The starter list shipped; a bank imports its own of 10,000 and more beside or instead of it."""
    return Lexicon.of(
        import_csv(files("yinshu.kernel.guard").joinpath("lexicons/starter.csv").read_text(encoding="utf-8"))
    )
