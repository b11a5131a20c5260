"""Finding markers in the middle of a line, where a lost line break glued two paragraphs together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yinshu.kernel.documents.headings import is_rule_title
from yinshu.kernel.documents.markers import Marker, MarkerKind, marker_at_start, markers_inside

ITEM_KINDS: tuple[MarkerKind, ...] = ("cn", "paren_cn", "num", "paren_num", "half_num", "circle", "decimal")
_SEARCHED_KINDS: tuple[MarkerKind, ...] = ("article", "cn", "paren_cn", "num", "paren_num", "circle")
TEXT_LENGTH_MIN = 8
_ENDERS = "。；;：:！？!?”’"


@dataclass(frozen=True)
class OpenNumbers:
    """Where the numbering stands: the last number of each kind, the kinds now open, the last article (条), and how
    many quotation marks are open."""

    last: Mapping[MarkerKind, int]
    open_kinds: frozenset[str]
    last_article: int
    quote_depth: int


def find_embedded(
    text: str, scan_from: int, numbers: OpenNumbers, following: Callable[[], Sequence[str]]
) -> Marker | None:
    """Return the first marker after `scan_from` that continues the numbering, or None.

    A next number counts after a sentence's end; a number one also needs its number two somewhere in the `following`
    lines, so that references such as 第（一）项 are left alone.
    """
    if len(text) - scan_from < TEXT_LENGTH_MIN:
        return None
    best: Marker | None = None
    for kind in _SEARCHED_KINDS:
        for marker in markers_inside(text, kind):
            if marker.start <= scan_from or (best and marker.start >= best.start):
                continue
            if _continues(marker, text, numbers, following):
                best = marker
                break
    return best


def _continues(marker: Marker, text: str, numbers: OpenNumbers, following: Callable[[], Sequence[str]]) -> bool:
    before = text[: marker.start].rstrip()
    depth = numbers.quote_depth + before.count("“") - before.count("”")
    if marker.kind in ("article", "cn") and depth > 0:
        return False
    if marker.kind == "article":
        return _continues_articles(marker, text, before, numbers.last_article)
    ends = before[-1:] in _ENDERS
    if marker.number > 1:
        return ends and marker.number == numbers.last[marker.kind] + 1 and marker.end < len(text)
    if marker.kind in numbers.open_kinds:
        return False
    return (ends or _glued_to_heading(marker, before, numbers)) and _has_second(marker, text, following)


def _continues_articles(marker: Marker, text: str, before: str, last_article: int) -> bool:
    if last_article == 0 or marker.number != last_article + 1:
        return False
    after = text[marker.end : marker.end + 1]
    return (before[-1:] in _ENDERS and after.isspace()) or (before[-1:] == "。" and after not in "规第、")


def _glued_to_heading(marker: Marker, before: str, numbers: OpenNumbers) -> bool:
    if marker.kind == "paren_cn":
        return before[-1:] not in "第款条" and "\u4e00" <= before[-1:] <= "\u9fff"
    return marker.kind == "cn" and not numbers.open_kinds and is_rule_title(before)


def _has_second(marker: Marker, text: str, following: Callable[[], Sequence[str]]) -> bool:
    """Say whether number two of the same kind follows at the start of a line or of a sentence."""
    for candidate in markers_inside(text[marker.end :], marker.kind):
        if candidate.number == 2 and text[: marker.end + candidate.start].rstrip()[-1:] in _ENDERS:
            return True
    for line in following():
        opening = marker_at_start(line)
        if opening and opening.kind == marker.kind:
            return opening.number == 2
        if opening and opening.kind == "article":
            return False
    return False
