"""Identifiers: sortable by time of making, unguessable enough to be public, with a prefix that says of what."""

from __future__ import annotations

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 70
_LENGTH = 24


def new_id(prefix: str) -> str:
    """Return `prefix_` and 24 characters: 48 bits of milliseconds since 1970, then 70 random bits."""
    number = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    letters = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, 32)
        letters.append(_ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(letters))}"
