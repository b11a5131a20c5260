"""Frozen types of the guard: what was found, what is done about it, and the verdict on a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Direction = Literal["in", "out", "data"]
"""`in`: a person's request. `out`: generated text. `data`: text of a document, the web or a tool, no instruction."""
Audience = Literal["internal", "public"]


class Kind(StrEnum):
    """The family of a finding."""

    PERSONAL = "personal_data"
    C3 = "c3"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    LEXICON = "lexicon"
    INJECTION = "injection"
    HARM = "harm"
    CONDUCT = "conduct"


class Severity(StrEnum):
    """How bad it is; compare by `rank`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    def __init__(self, _value: str) -> None:
        self.rank = len(type(self).__members__)


class Action(StrEnum):
    """What a policy does about a finding, mildest first; the verdict of a text is the strictest of its findings."""

    PASS = "pass"  # noqa: S105 - an action
    MASK = "mask"
    WARN = "warn"
    REVIEW = "review"
    BLOCK = "block"

    def __init__(self, _value: str) -> None:
        self.rank = len(type(self).__members__)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a recogniser found, before a policy has spoken. `start` and `end` are offsets into the original text.

    `score` is 0 to 1. `value` is the canonical form of personal data (digits without separators), else empty.
    """

    kind: Kind
    rule: str
    start: int
    end: int
    severity: Severity
    category: str
    score: float = 1.0
    value: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a verdict; `span` is in the original text, `policy` is `name@version`, `policy_rule` its line."""

    kind: Kind
    rule: str
    span: tuple[int, int]
    severity: Severity
    category: str
    action: Action
    policy: str
    policy_rule: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The guard's word on one text.

    `text` is what may be passed on: masked, C3 removed; empty when blocked. `masks` maps each reversible placeholder to
    what it stands for and never holds C3 or secrets. `elapsed_ms` is the time the check took.
    """

    verdict: Action
    text: str = field(repr=False)
    findings: tuple[Finding, ...]
    elapsed_ms: float
    policy: str
    masks: Mapping[str, str] = field(default_factory=dict, repr=False)

    def as_json(self) -> dict[str, object]:
        """The object of `yinshu guard check --json`; the masks are left out."""
        return {
            "verdict": self.verdict.value,
            "text": self.text,
            "findings": [
                {
                    "kind": found.kind.value,
                    "rule": found.rule,
                    "span": list(found.span),
                    "severity": found.severity.value,
                    "category": found.category,
                    "action": found.action.value,
                    "policy": found.policy,
                    "policy_rule": found.policy_rule,
                    "score": round(found.score, 3),
                }
                for found in self.findings
            ],
            "policy": self.policy,
            "elapsed_ms": round(self.elapsed_ms, 3),
        }
