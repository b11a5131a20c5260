"""A clause as the units an answer may quote: sentences and list items, each with the sentence that governs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

UnitKind = Literal["sentence", "lead", "item", "row"]

MAX_UNITS = 200

_ITEM = re.compile(
    r"(?:^|(?<=[。；;：:\n]))\s*(?:[（(][一二三四五六七八九十百\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|[①-⑳]|[一二三四五六七八九十]{1,3}、|\d{1,2}[）)])"
)
_LEAD_END = re.compile(r"[：:]\s*$")
_LEAD_WORD = re.compile(r"(?:下列|以下|如下)[^。；]{0,40}[：:。]?\s*$")
_ENDS = "。！？\n"
_HALF_ENDS = "；;"
WHOLE_SENTENCE_CHARS = 140
"""A sentence up to this length is one unit; in a longer one the semicolons part it."""
_OPEN = "（(《〈“「『【〔"
_CLOSE = "）)》〉”」』】〕"


@dataclass(frozen=True)
class Unit:
    """An exact piece of a clause: `text` is clause.text[start:end] without outer white space.

    `lead` is the index of the unit that governs this one (…下列情形：), or None; `items` are the units it governs.
    """

    index: int
    text: str
    start: int
    end: int
    kind: UnitKind
    lead: int | None = None
    items: tuple[int, ...] = ()


def split_units(text: str) -> tuple[Unit, ...]:
    """Cut a clause's text at sentence ends, line ends and item marks; brackets and quotes are never cut open."""
    spans = _spans(text)[:MAX_UNITS]
    kinds: list[UnitKind] = [_kind(text[start:end]) for start, end in spans]
    leads = _governors(text, spans, kinds)
    items: dict[int, list[int]] = {}
    for index, lead in enumerate(leads):
        if lead is not None:
            items.setdefault(lead, []).append(index)
    return tuple(
        Unit(index, text[start:end], start, end, kinds[index], leads[index], tuple(items.get(index, ())))
        for index, (start, end) in enumerate(spans)
    )


def _spans(text: str) -> list[tuple[int, int]]:
    whole, half = _ends(text)
    cuts = {0, len(text), *whole, *(match.start() for match in _ITEM.finditer(text))}
    bounds = sorted(cuts)
    for left, right in pairwise(bounds):
        if right - left > WHOLE_SENTENCE_CHARS:
            cuts.update(position for position in half if left < position < right)
    ordered = sorted(cuts)
    spans = []
    for left, right in pairwise(ordered):
        piece = text[left:right]
        stripped = piece.strip()
        if stripped:
            start = left + len(piece) - len(piece.lstrip())
            spans.append((start, start + len(stripped)))
    return spans


def _ends(text: str) -> tuple[set[int], set[int]]:
    """Positions after a full stop or line end, and after a semicolon, outside brackets."""
    whole: set[int] = set()
    half: set[int] = set()
    depth = 0
    for position, character in enumerate(text):
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(0, depth - 1)
        elif character == "\n":
            whole.add(position + 1)
            depth = 0
        elif depth == 0 and character in _ENDS:
            whole.add(position + 1)
        elif depth == 0 and character in _HALF_ENDS:
            half.add(position + 1)
    return whole, half


def _kind(piece: str) -> UnitKind:
    if _ITEM.match(piece):
        return "item"
    if _LEAD_END.search(piece) or _LEAD_WORD.search(piece):
        return "lead"
    return "sentence"


def _governors(text: str, spans: list[tuple[int, int]], kinds: list[UnitKind]) -> list[int | None]:
    """The lead of each item: the nearest earlier lead, through a run of items (and their further sentences)."""
    current: int | None = None
    inside = False
    leads: list[int | None] = []
    for index, kind in enumerate(kinds):
        if kind == "item":
            if current is None and index > 0 and not inside:
                current = index - 1 if kinds[index - 1] == "lead" else None
            leads.append(current)
            inside = True
        elif inside and current is not None and kind == "sentence" and not _starts_line(text, spans[index][0]):
            leads.append(current)
        else:
            leads.append(None)
            inside = False
            current = index if kind == "lead" else None
    return leads


def _starts_line(text: str, position: int) -> bool:
    before = text[:position].rstrip(" \u3000\t")
    return before.endswith("\n")
