"""Patterns rewritten so that `re` passes over places where none can begin: one pattern for each way to begin.

`re` skips ahead only when the first letters of a pattern are plain: not behind nested groups, nor behind `|` outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NESTED = re.compile(r"(\(\?:|\|)\(\?:([^()]*)\)(?=[|)])")
_OPENING = "(?:"


def fast_patterns(pattern: str) -> tuple[re.Pattern[str], ...]:
    """Patterns of which one matches where `pattern` does, in the order of its alternatives."""
    return tuple(re.compile(_flattened(part)) for part in alternatives(_unwrapped(pattern)))


def _flattened(pattern: str) -> str:
    """The pattern without groups that only stand for some of the alternatives around them."""
    while (flatter := _NESTED.sub(r"\1\2", pattern)) != pattern:
        pattern = flatter
    return pattern


def _unwrapped(pattern: str) -> str:
    """The pattern without a group around all of it."""
    while pattern.startswith(_OPENING) and _closes_at(pattern) == len(pattern) - 1:
        pattern = pattern[len(_OPENING) : -1]
    return pattern


def _closes_at(pattern: str) -> int:
    depth = 0
    for place, sign in _signs(pattern):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place
    return -1


def alternatives(pattern: str) -> list[str]:
    """The parts of a pattern between the `|` that stand outside of all groups."""
    cuts = [-1]
    depth = 0
    for place, sign in _signs(pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            cuts.append(place)
    return [pattern[start + 1 : end] for start, end in zip(cuts, [*cuts[1:], len(pattern)], strict=True)]


def _signs(pattern: str) -> Iterator[tuple[int, str]]:
    """Places and signs of groups and alternatives, those that are escaped or in a class of letters left out."""
    escaped = inside = False
    for place, sign in enumerate(pattern):
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif inside:
            inside = sign != "]"
        elif sign == "[":
            inside = True
        elif sign in "()|":
            yield place, sign
