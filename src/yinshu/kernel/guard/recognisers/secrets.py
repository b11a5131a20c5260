"""Secrets of systems: API keys, tokens, private keys and connection strings with a password."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.records import Hit, Kind, Severity

MIN_ENTROPY_BITS = 3.2
"""Bits per character below which an assigned value is a word or a sample rather than a key."""
_RULES: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "private_key",
        ("-----BEGIN",),
        re.compile(r"-----BEGIN[A-Z ]*PRIVATE KEY-----.*?(?:-----END[A-Z ]*PRIVATE KEY-----|$)", re.S),
    ),
    (
        "api_key",
        ("sk-", "sk_", "rk_", "pk_"),
        re.compile(r"(?<![A-Za-z0-9])(?:sk|rk|pk)[-_](?:[a-z]+[-_])?[A-Za-z0-9_\-]{20,}"),
    ),
    (
        "cloud_key",
        ("AKIA", "ASIA", "LTAI", "AKID"),
        re.compile(
            r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|LTAI[0-9A-Za-z]{12,24}|AKID[0-9A-Za-z]{32,36})(?![0-9A-Za-z])"
        ),
    ),
    (
        "repository_token",
        ("ghp_", "gho_", "ghs_", "glpat-", "github_pat_"),
        re.compile(r"(?:gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_\-]{18,}|github_pat_[A-Za-z0-9_]{30,})"),
    ),
    (
        "service_token",
        ("xox", "AIza", "hooks.slack", "SG."),
        re.compile(r"xox[abpros]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_\-]{35}|SG\.[\w-]{16,}\.[\w-]{16,}"),
    ),
    ("web_token", ("eyJ",), re.compile(r"eyJ[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}")),
    (
        "connection_string",
        ("://",),
        re.compile(r"[a-z][a-z0-9+.:\-]{2,30}://[^\s:/@'\"]{1,64}:(?P<value>[^\s@/'\"]{3,64})@[^\s/'\"]{3,}", re.I),
    ),
    (
        "connection_string",
        ("assword=", "ASSWORD=", "wd=", "WD="),
        re.compile(r"(?:password|pwd)=(?P<value>[^;&\s\"'*${<]{4,64})", re.I),
    ),
)
_ASSIGNED = re.compile(
    r"(?:api[_-]?key|access[_-]?key(?:[_-]?(?:id|secret))?|secret[_-]?key|secret|token|app[_-]?secret|client[_-]?secret|bearer|密钥|私钥|令牌)"
    r"[\"']?\s?(?:[:：=]|是|为|\s)\s?[\"'“]?(?P<value>[A-Za-z0-9_\-+/=.]{16,128})",
    re.I,
)
_ASSIGNED_SIGNS = (
    "key",
    "secret",
    "token",
    "bearer",
    "密钥",
    "私钥",
    "令牌",
    "KEY",
    "Key",
    "SECRET",
    "TOKEN",
    "Token",
    "Bearer",
    "Secret",
)


def find_secrets(reading: Reading) -> Iterator[Hit]:
    """Secrets in the plain reading."""
    plain = reading.plain
    text = plain.text
    if not reading.has_long_latin:
        return
    for rule, signs, pattern in _RULES:
        if any(sign in text for sign in signs):
            for match in pattern.finditer(text):
                first, last = plain.span(*match.span())
                yield Hit(Kind.SECRET, rule, first, last, Severity.HIGH, "secret")
    if any(sign in text for sign in _ASSIGNED_SIGNS):
        for match in _ASSIGNED.finditer(text):
            if entropy_bits(match["value"]) >= MIN_ENTROPY_BITS and any(sign.isdigit() for sign in match["value"]):
                first, last = plain.span(*match.span("value"))
                yield Hit(Kind.SECRET, "assigned_key", first, last, Severity.HIGH, "secret")


def entropy_bits(value: str) -> float:
    """Shannon entropy of the characters of a value, bits a character."""
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())
