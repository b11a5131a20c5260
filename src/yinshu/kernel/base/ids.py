"""Identifiers: sortable by time of making, unguessable enough to be public, with a prefix that says of what."""

from __future__ import annotations

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_RANDOM_BITS = 70
_PAIR_BITS = 10
_SHIFTS = range(11 * _PAIR_BITS, -1, -_PAIR_BITS)


def new_id(prefix: str) -> str:
    """Return `prefix_` and 24 characters: 48 bits of milliseconds since 1970, then 70 random bits."""
    number = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return f"{prefix}_{''.join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])}"
