"""The guard itself: read a text, collect what recognisers and rules find, let the policy decide, mask and answer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from yinshu.kernel.guard.classifier import RequestClassifier, default_classifier
from yinshu.kernel.guard.encoded import decoded
from yinshu.kernel.guard.features import HEAD_CHARS, TAIL_CHARS
from yinshu.kernel.guard.labels import labelled
from yinshu.kernel.guard.lexicon import Lexicon, starter_lexicon
from yinshu.kernel.guard.mask import Masker, removed
from yinshu.kernel.guard.mention import FOR_READERS, outside_quotes
from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.phrases import load_rules
from yinshu.kernel.guard.policy import Policy, choose, default_policies
from yinshu.kernel.guard.recognisers import recognise
from yinshu.kernel.guard.records import Action, Audience, Direction, Finding, Hit, Kind, Severity, Verdict

MAX_JUDGED_CHARS = 20_000
"""The classifier judges requests; a longer text is a document."""


@dataclass(frozen=True)
class Guard:
    """Word lists, policies and a classifier, wired once. Stateless: many threads may check at the same time."""

    lexicons: tuple[Lexicon, ...] = field(repr=False)
    policies: tuple[Policy, ...] = field(repr=False)
    classifier: RequestClassifier | None = field(repr=False)

    def check(
        self,
        text: str,
        *,
        direction: Direction,
        audience: Audience,
        policy: Policy | None = None,
        masker: Masker | None = None,
        channel: str = "",
        application: str = "",
    ) -> Verdict:
        """The verdict on a text.

        `masker` carries placeholders from one text of a conversation to the next. `policy` overrides the choice by
        audience, channel and application. Raises PolicyRejected when no policy fits.
        """
        started = time.perf_counter()
        chosen = policy or choose(self.policies, audience=audience, channel=channel, application=application)
        reading = Reading(text)
        hits = self.hits(reading, direction)
        if self.classifier is not None and direction == "in" and not _stopped(hits, chosen, direction):
            hits += self._judged(reading)
        findings = tuple(chosen.decide(hit, direction) for hit in hits)
        verdict = max((found.action for found in findings), key=lambda action: action.rank, default=Action.PASS)
        used = masker or Masker()
        passed = "" if verdict is Action.BLOCK else masked(text, hits, findings, used)
        if chosen.label and direction == "out":
            passed = labelled(passed)
        elapsed_ms = (time.perf_counter() - started) * 1_000
        return Verdict(verdict, passed, findings, elapsed_ms, chosen.tag, used.masks)

    def hits(self, reading: Reading, direction: Direction) -> list[Hit]:
        """Everything the rule part finds, in order of place within each family; no policy, no classifier."""
        found = recognise(reading)
        for lexicon in self.lexicons:
            found += lexicon.find(reading)
        if direction == "out":
            found += load_rules(Kind.CONDUCT).find(reading)
        else:
            found += self._worded(reading, direction)
            found += self._encoded(reading)
        return found

    def _worded(self, reading: Reading, direction: Direction) -> list[Hit]:
        """What the rules on wording find; words of a request that it only quotes are left to the classifier."""
        kinds = [Kind.INJECTION]
        judged = direction == "in" and len(reading.original) <= MAX_JUDGED_CHARS
        if judged:
            kinds.append(Kind.HARM)
        found = [hit for kind in kinds for hit in load_rules(kind).find(reading)]
        # Of a longer text the classifier sees the ends alone.
        seen_whole = judged and self.classifier is not None and len(reading.original) <= HEAD_CHARS + TAIL_CHARS
        outside = outside_quotes(reading.plain.text) if found and seen_whole else None
        if outside is None:
            return found
        said = Reading(outside)
        names = FOR_READERS.union(hit.rule for kind in kinds for hit in load_rules(kind).find(said))
        return [hit for hit in found if hit.rule in names]

    def _encoded(self, reading: Reading) -> Iterable[Hit]:
        for start, end, text in decoded(reading.plain.text) if reading.has_long_latin else ():
            inner = Reading(text)
            first, last = reading.plain.span(start, end)
            rules = [*load_rules(Kind.INJECTION).find(inner), *load_rules(Kind.HARM).find(inner)]
            for hit in rules:
                yield replace(hit, start=first, end=last)
            if not rules and self.classifier is not None:
                risk = self.classifier.judge(text)
                if risk.probability >= self.classifier.threshold:
                    yield Hit(Kind.HARM, "encoded_request", first, last, Severity.HIGH, risk.category, risk.probability)

    def _judged(self, reading: Reading) -> list[Hit]:
        text = reading.original
        if self.classifier is None or not text.strip() or len(text) > MAX_JUDGED_CHARS:
            return []
        risk = self.classifier.judge(text, reading)
        if risk.probability < self.classifier.threshold:
            return []
        kind = Kind.INJECTION if risk.category.startswith("llm") else Kind.HARM
        return [Hit(kind, self.classifier.version, 0, len(text), Severity.HIGH, risk.category, risk.probability)]


def _stopped(hits: Sequence[Hit], policy: Policy, direction: Direction) -> bool:
    return any(policy.decide(hit, direction).action is Action.BLOCK for hit in hits)


def masked(text: str, hits: Sequence[Hit], findings: Sequence[Finding], masker: Masker) -> str:
    """The text with masked findings replaced: personal data by reversible placeholders, C3 and secrets for good."""
    masker.reserve(text)
    pieces: list[str] = []
    last = 0
    for hit, found in sorted(zip(hits, findings, strict=True), key=lambda pair: pair[0].start):
        final = hit.kind in {Kind.C3, Kind.SECRET}
        if not (final or found.action is Action.MASK) or hit.start < last:
            continue
        written = text[hit.start : hit.end]
        pieces += [text[last : hit.start], removed(hit.rule) if final else masker.mask(hit.rule, written, hit.value)]
        last = hit.end
    return "".join([*pieces, text[last:]])


@lru_cache(maxsize=1)
def default_guard() -> Guard:
    """The guard with what is shipped: starter word list, two policies, the request classifier."""
    return Guard((starter_lexicon(),), default_policies(), default_classifier())


def check_text(
    text: str, *, direction: Direction = "in", audience: Audience = "internal", policy: Policy | None = None
) -> Verdict:
    """The verdict of the default guard; `verdict.as_json()` is the object of `yinshu guard check --json`."""
    return default_guard().check(text, direction=direction, audience=audience, policy=policy)
