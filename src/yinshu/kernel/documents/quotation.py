"""Counting open quotation marks, so that wording quoted for another rule is not taken for the document's own."""

from __future__ import annotations


def quote_depth_after(text: str, depth: int) -> int:
    """Return how many “ are open after `text`, given how many were open before it.

    By Chinese custom each paragraph of a long quotation opens with “ and only the last closes with ”, so a mark that
    opens a paragraph inside a quotation does not open another one.
    """
    for place, char in enumerate(text):
        if char == "“" and not (depth and _opens_paragraph(text, place)):
            depth += 1
        elif char == "”" and depth:
            depth -= 1
    return depth


def mask_quotes(text: str, mask: str = "□") -> str:
    """Return the text with everything inside “…” replaced character by character, the outer marks kept."""
    depth = 0
    masked: list[str] = []
    for place, char in enumerate(text):
        if char == "”" and depth:
            depth -= 1
        masked.append(char if depth == 0 else mask)
        if char == "“" and not (depth and _opens_paragraph(text, place)):
            depth += 1
    return "".join(masked)


def _opens_paragraph(text: str, place: int) -> bool:
    before = text[:place].rstrip(" \t\u3000\xa0")
    return not before or before.endswith("\n")
