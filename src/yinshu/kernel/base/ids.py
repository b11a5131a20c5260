"""Identifiers: sortable by time of making, unguessable enough to be public, with a prefix that says of what."""

from __future__ import annotations

import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_RANDOM_BITS = 70
_PAIR_BITS = 10
_SHIFTS = range(11 * _PAIR_BITS, -1, -_PAIR_BITS)
_DRAWN_BYTES = 9
_DRAWN_AT_ONCE = 64
"""The system is asked for the bits of so many ids at a time: asking costs more than all the rest."""
_drawn: list[int] = []
# A forked process must not hand out the ids of its parent.
os.register_at_fork(after_in_child=_drawn.clear)


def new_id(prefix: str) -> str:
    """Return `prefix_` and 24 characters: 48 bits of milliseconds since 1970, then 70 random bits. Any thread may."""
    number = (time.time_ns() // 1_000_000) << _RANDOM_BITS | _random_bits()
    return f"{prefix}_{''.join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])}"


def _random_bits() -> int:
    try:
        return _drawn.pop()
    except IndexError:
        pass
    spare_bits = 8 * _DRAWN_BYTES - _RANDOM_BITS
    drawn = os.urandom(_DRAWN_BYTES * _DRAWN_AT_ONCE)
    numbers = [int.from_bytes(drawn[at : at + _DRAWN_BYTES]) >> spare_bits for at in range(0, len(drawn), _DRAWN_BYTES)]
    _drawn.extend(numbers[1:])
    return numbers[0]
