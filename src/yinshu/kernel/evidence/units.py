"""Cuts a source into statements: sentences, list items with their lead, table rows with heads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from yinshu.kernel.evidence.tokens import Token, tokenise

MAX_UNITS = 400
MAX_JOINED_LINES = 6
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?[”」』）)]*")
_LINE_END = re.compile(r"[。；;：:！？!?|]\s*$")
_ITEM = re.compile(r"^\s*(?:[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、|\d+[.．、]|[①-⑳])")


@dataclass(frozen=True)
class Unit:
    """One statement of a source. `lead_length` is how many leading characters are the governing lead."""

    text: str
    lead_length: int = 0

    @property
    def tokens(self) -> tuple[Token, ...]:
        return tokenise(self.text)


@lru_cache(maxsize=512)
def units_of(text: str) -> tuple[Unit, ...]:
    """Statements of one source in reading order, at most MAX_UNITS."""
    units: dict[str, Unit] = {}
    leads: list[str] = []
    lines = [line for line in text.split("\n") if line.strip()]
    for line in lines:
        for sentence in _SENTENCE.findall(line):
            _add_sentence(units, sentence, leads)
    _add_joined_lines(units, lines)
    _add_rows(units, lines)
    return tuple(units.values())[:MAX_UNITS]


def _add(units: dict[str, Unit], text: str, lead: str = "") -> None:
    if text.strip() and lead + text not in units:
        units[lead + text] = Unit(lead + text, len(lead))


def _add_sentence(units: dict[str, Unit], sentence: str, leads: list[str]) -> None:
    if sentence.rstrip().endswith(("：", ":")):
        _add(units, sentence)
        if _ITEM.match(sentence):
            _add(units, sentence, "".join(leads[:1]))
            leads[1:] = [sentence]
        else:
            leads[:] = [sentence]
        return
    body, inner_lead = sentence, ""
    colon = re.search(r"[：:](?=\s*[（(]?[一1①])", sentence)
    if colon:
        inner_lead = sentence[: colon.end()]
        body = sentence[colon.end() :]
        _add(units, sentence)
        leads[:] = [inner_lead]
    pieces = [piece for piece in re.split(r"(?<=[；;])", body) if piece.strip()]
    if not colon:
        _add(units, body)
    for piece in pieces:
        _add(units, piece)
        if leads:
            _add(units, piece, "".join(leads))
            _add(units, piece, leads[-1])


def _add_joined_lines(units: dict[str, Unit], lines: list[str]) -> None:
    """Lines that a page broke in the middle of a sentence."""
    start = 0
    while start < len(lines):
        end = start
        while end + 1 < len(lines) and end - start < MAX_JOINED_LINES and not _LINE_END.search(lines[end]):
            if "|" in lines[end + 1] or _ITEM.match(lines[end + 1]):
                break
            end += 1
        if end > start:
            for sentence in _SENTENCE.findall("".join(line.strip() for line in lines[start : end + 1])):
                _add(units, sentence)
        start = end + 1


def _add_rows(units: dict[str, Unit], lines: list[str]) -> None:
    """Each table row with its column heads woven in: 项目 跨行转账 收费标准 每笔5元."""
    heads: list[str] = []
    for line in lines:
        if "|" not in line:
            heads = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not heads:
            heads = cells
            continue
        if len(cells) == len(heads):
            woven = "，".join(f"{head} {cell}" for head, cell in zip(heads, cells, strict=True) if cell)
            _add(units, woven)
            _add(units, "，".join([cells[0], *(f"{h} {c}" for h, c in zip(heads[1:], cells[1:], strict=True) if c)]))
