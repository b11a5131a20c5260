"""Recognisers of personal data, C3 data and secrets: each reads a `Reading` and yields hits in original offsets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.recognisers.accounts import find_numbers
from yinshu.kernel.guard.recognisers.addresses import find_addresses
from yinshu.kernel.guard.recognisers.authentication import find_authentication
from yinshu.kernel.guard.recognisers.codes import find_codes
from yinshu.kernel.guard.recognisers.names import find_names
from yinshu.kernel.guard.recognisers.secrets import find_secrets
from yinshu.kernel.guard.records import Hit

Recogniser = Callable[[Reading], Iterator[Hit]]
RECOGNISERS: tuple[Recogniser, ...] = (
    find_authentication,
    find_secrets,
    find_numbers,
    find_codes,
    find_addresses,
    find_names,
)
"""In order of precedence: where two hits overlap, the earlier family keeps the text."""


def recognise(reading: Reading) -> list[Hit]:
    """All hits of all families, overlaps settled by precedence and then by length, in order of place."""
    kept: list[Hit] = []
    for find in RECOGNISERS:
        for hit in sorted(find(reading), key=lambda hit: hit.start - hit.end):
            if not any(hit.start < other.end and other.start < hit.end for other in kept):
                kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)
