"""Rules on wording: triggers found in one pass over the joined text, then one pattern on the characters around."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import ahocorasick_rs as aho

from yinshu.kernel.guard.normalise import Reading, View
from yinshu.kernel.guard.patterns import fast_patterns
from yinshu.kernel.guard.records import Hit, Kind, Severity

BEFORE_CHARS = 48
AFTER_CHARS = 72
"""What a pattern sees around its trigger."""
_CLASS = re.compile(r"\[\^?[^\]\\]*(?:\\.[^\]\\]*)*\]")
_NARROW = {"，": ",", "；": ";", "！": "!", "：": ":", "？": "?"}
MAX_TRIGGERS_READ = 20_000
"""Triggers read in one text: more than a text of the allowed length holds in good faith."""


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """One rule: it holds where one of `patterns` matches around a trigger and `unless` does not match the same window.

    `also` are words of which a pattern needs one: looking for them first is cheaper than the pattern. An
    `anchored` pattern begins with the trigger, so it is tried only there.
    """

    name: str
    kind: Kind
    category: str
    severity: Severity
    triggers: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    also: tuple[str, ...] = ()
    anchored: bool = False


@dataclass(frozen=True)
class PhraseRules:
    """The rules of one kind with their automaton."""

    rules: tuple[PhraseRule, ...]
    _owners: tuple[tuple[int, ...], ...] = field(repr=False)
    _needed_by: tuple[tuple[int, ...], ...] = field(repr=False)
    _automaton: aho.AhoCorasick = field(repr=False)

    @classmethod
    def of(cls, rules: tuple[PhraseRule, ...]) -> PhraseRules:
        """The rules ready to be searched."""
        owners: dict[str, list[int]] = {}
        needed: dict[str, list[int]] = {}
        for place, rule in enumerate(rules):
            for trigger in rule.triggers:
                owners.setdefault(trigger, []).append(place)
            for word in rule.also:
                needed.setdefault(word, []).append(place)
        words = list(dict.fromkeys((*owners, *needed)))
        automaton = aho.AhoCorasick(words, implementation=aho.Implementation.DFA)
        return cls(
            rules,
            tuple(tuple(owners.get(word, ())) for word in words),
            tuple(tuple(needed.get(word, ())) for word in words),
            automaton,
        )

    def find(self, reading: Reading) -> Iterator[Hit]:
        """One hit for each rule that holds, at its first place."""
        done: set[int] = set()
        for view in (reading.joined, reading.unleeted_parts):
            if view is None:
                continue
            for place, start, end in self._worth_trying(view.text):
                hit = None if place in done else _try(self.rules[place], reading, view, start, end)
                if hit is not None:
                    done.add(place)
                    yield hit

    def _worth_trying(self, text: str) -> list[tuple[int, int, int]]:
        """Rules whose trigger stands in the text with a word near it that the rule needs: (rule, start, end)."""
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
        near: dict[int, list[int]] = {}
        for word, start, _ in matches:
            for place in self._needed_by[word]:
                near.setdefault(place, []).append(start)
        for starts in near.values():
            starts.sort()
        found = [
            (place, start, end)
            for word, start, end in matches
            for place in self._owners[word]
            if not self.rules[place].also or _one_between(near.get(place), start - BEFORE_CHARS, end + AFTER_CHARS)
        ]
        return found[:MAX_TRIGGERS_READ]


def _one_between(starts: list[int] | None, low: int, high: int) -> bool:
    if not starts:
        return False
    at = bisect_left(starts, low)
    return at < len(starts) and starts[at] < high


def _try(rule: PhraseRule, reading: Reading, view: View, start: int, end: int) -> Hit | None:
    first, last = view.span(start, end)
    lower = reading.lower
    read: list[str] = []
    window = (lower, lower.place(first), lower.place(last - 1) + 1)
    for reading_of, left, right in (window, (view, start, end)):
        low, high = max(0, left - BEFORE_CHARS), right + AFTER_CHARS
        text = reading_of.text[low:high]
        read.append(text)
        match = _first(rule, text, left - low)
        if match is None or match.start() == match.end():
            continue
        # Most windows hold no match, so what would excuse one is looked for last, in every window read so far.
        if rule.unless is not None and any(rule.unless.search(one) for one in read):
            return None
        a, b = reading_of.span(low + match.start(), low + match.end())
        return Hit(rule.kind, rule.name, a, b, rule.severity, rule.category)
    return None


def _first(rule: PhraseRule, text: str, trigger: int) -> re.Match[str] | None:
    """The leftmost match of a rule's patterns, or the one at the trigger."""
    best: re.Match[str] | None = None
    for pattern in rule.patterns:
        match = pattern.match(text, trigger) if rule.anchored else pattern.search(text)
        if match is not None and (best is None or match.start() < best.start()):
            best = match
    return best


@lru_cache(maxsize=4)
def load_rules(kind: Kind) -> PhraseRules:
    """The rules shipped for a kind: name, category, severity, triggers, pattern, unless; tab separated."""
    text = files("yinshu.kernel.guard").joinpath(f"rules/{kind.value}.tsv").read_text(encoding="utf-8")
    macros: dict[str, str] = {}
    rules: list[PhraseRule] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("@"):
            name, _, words = line.partition("\t")
            macros[f"<{name[1:]}>"] = f"(?:{_expand(words, macros)})"
            continue
        name, category, severity, triggers, pattern, *rest = line.split("\t")
        words = "|".join(_plain(triggers, macros))
        unless = re.compile(_expand(rest[0], macros)) if rest and rest[0] else None
        also = tuple(_plain(rest[1], macros)) if len(rest) > 1 else ()
        rules.append(
            PhraseRule(
                name,
                kind,
                category,
                Severity(severity),
                tuple(dict.fromkeys(words.split("|"))),
                fast_patterns(_expand(pattern, macros)),
                unless,
                also,
                pattern.startswith((triggers, f"(?:{triggers})")),
            )
        )
    return PhraseRules.of(tuple(rules))


def _plain(words: str, macros: dict[str, str]) -> list[str]:
    """The words of a list separated by |, macros included; patterns with optional letters are left out."""
    flat = _expand(words, macros).replace("(?:", "").replace(")", "").split("|")
    return [word for word in dict.fromkeys(flat) if not set(word) & set("?*+[]\\.(")]


def _expand(text: str, macros: dict[str, str]) -> str:
    """The pattern with its macros, every class of marks widened by the narrow forms that a reading writes."""
    for name, words in macros.items():
        text = text.replace(name, words)
    return _CLASS.sub(_with_narrow, text)


def _with_narrow(found: re.Match[str]) -> str:
    return found[0][:-1] + "".join(_NARROW[mark] for mark in found[0] if mark in _NARROW) + "]"
