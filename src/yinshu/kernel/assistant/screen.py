"""What must not be kept at all: authentication data (C3) and secrets are taken out before anything is written down."""

from __future__ import annotations

from yinshu.kernel.guard import Hit, Kind, default_guard
from yinshu.kernel.guard.mask import removed
from yinshu.kernel.guard.normalise import Reading

FORBIDDEN = frozenset({Kind.C3, Kind.SECRET})


def forbidden(text: str) -> list[Hit]:
    """Passwords, card verification codes, verification messages, keys and their like, in order."""
    found = [hit for hit in default_guard().hits(Reading(text), "data") if hit.kind in FORBIDDEN]
    return sorted(found, key=lambda hit: hit.start)


def without_forbidden(text: str) -> str:
    """The text with each of them replaced by words that say what was there."""
    pieces: list[str] = []
    last = 0
    for hit in forbidden(text):
        if hit.start >= last:
            pieces += [text[last : hit.start], removed(hit.rule)]
            last = hit.end
    return "".join([*pieces, text[last:]])
