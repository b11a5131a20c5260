"""Pieces of an article on their way into clauses: texts, places, line splitting and names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from yinshu.kernel.documents.headings import ends_sentence, is_rule_title, is_sign_off
from yinshu.kernel.documents.lines import Line
from yinshu.kernel.documents.outline import Node
from yinshu.kernel.documents.records import Box

PARAGRAPH_LENGTH_MAX = 700
SENTENCE_PACK_LENGTH_MAX = 480
LEAD_LENGTH_MAX = 160
KUAN_MAX = 19

Atom = Line | Node


def atom_lines(atom: Atom) -> Iterator[Line]:
    if isinstance(atom, Line):
        yield atom
    else:
        for inner in atom.body:
            yield from atom_lines(inner)


def text_of(atoms: Sequence[Atom]) -> str:
    return "\n".join(line.text for atom in atoms for line in atom_lines(atom))


def place_of(atoms: Sequence[Atom]) -> tuple[int | None, Box | None]:
    lines = [line for atom in atoms for line in atom_lines(atom)]
    page = lines[0].page if lines else None
    boxes = [line.box for line in lines if line.box is not None and line.page == page]
    if not boxes:
        return page, None
    return page, (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def lead_of(text: str) -> str:
    """Return the last sentence of a governing paragraph, with its colon."""
    if len(text) <= LEAD_LENGTH_MAX:
        return text
    return re.split(r"(?<=[。；])", text.rstrip())[-1][-LEAD_LENGTH_MAX:]


@dataclass
class Pack:
    """Atoms gathered for one clause. `kuan` counts the article's paragraphs (款) up to each line."""

    atoms: list[Atom] = field(default_factory=list)
    kuans: list[int] = field(default_factory=list)
    lead: str = ""
    length: int = 0

    def take(self, atom: Atom, kuan: int) -> None:
        """Add an atom that stands in the article's paragraph number `kuan`."""
        self.atoms.append(atom)
        self.kuans.append(kuan)
        self.length += len(text_of([atom])) + 1

    def is_head(self, length_max: int) -> bool:
        """Say whether the pack holds only a short governing paragraph so far."""
        return bool(self.atoms) and all(isinstance(atom, Line) for atom in self.atoms) and self.length <= length_max


NUMERAL_CHARS = "0123456789零一二三四五六七八九十"
_NUMERALS = "零一二三四五六七八九十"


def kuan_numeral(number: int) -> str:
    if number <= 10:
        return _NUMERALS[number]
    return f"十{_NUMERALS[number - 10]}"


def kuan_name(name: str, kuan: int) -> str:
    """Return the name of an article's paragraph under which items stand; the first needs no mention.

    Many dozens of paragraphs are a form that follows the last article, where counting them helps nobody.
    """
    return f"{name}第{kuan_numeral(kuan)}款" if 1 < kuan <= KUAN_MAX else name


def joined(name: str, node: Node) -> str:
    if node.kind == "decimal":
        return node.label
    parted = node.label[:1].isdigit() and name[-1:] not in "）款"
    return f"{name}、{node.label}" if parted else f"{name}{node.label}"


def pack_name(name: str, pack: Pack, *, is_article: bool) -> str:
    nodes = [atom for atom in pack.atoms if isinstance(atom, Node)]
    if nodes:
        base = kuan_name(name, pack.kuans[-1]) if is_article else name
        if is_article and isinstance(pack.atoms[0], Line) and pack.kuans[0] < pack.kuans[-1] <= KUAN_MAX:
            base = f"{name}第{kuan_numeral(pack.kuans[0])}款至第{kuan_numeral(pack.kuans[-1])}款"
        first = joined(base, nodes[0])
        return first if len(nodes) == 1 else f"{first}至{nodes[-1].label}"
    if not is_article:
        return name
    first_kuan, last_kuan = pack.kuans[0], pack.kuans[-1]
    if last_kuan > KUAN_MAX:
        return name
    if first_kuan == last_kuan:
        return f"{name}第{kuan_numeral(first_kuan)}款"
    return f"{name}第{kuan_numeral(first_kuan)}款至第{kuan_numeral(last_kuan)}款"


def short_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines, those over the limit split after sentences (failing that after commas, failing that hard)."""
    for line in lines:
        if len(line.text) <= PARAGRAPH_LENGTH_MAX:
            yield line
            continue
        pending = ""
        for sentence in _pieces(line.text):
            if pending and len(pending) + len(sentence) > SENTENCE_PACK_LENGTH_MAX:
                yield replace(line, text=pending)
                pending = ""
            pending += sentence
        if pending:
            yield replace(line, text=pending)


def _pieces(text: str) -> Iterator[str]:
    for sentence in re.split(r"(?<=[。；！？])", text):
        if len(sentence) <= PARAGRAPH_LENGTH_MAX:
            yield sentence
            continue
        for part in re.split(r"(?<=[，、 ])", sentence):
            for start in range(0, len(part), SENTENCE_PACK_LENGTH_MAX):
                yield part[start : start + SENTENCE_PACK_LENGTH_MAX]


def packed_lines(lines: Sequence[Line], limit: int) -> Iterator[list[Line]]:
    pack: list[Line] = []
    for line in short_lines(lines):
        if pack and sum(len(member.text) for member in pack) + len(line.text) > limit:
            yield pack
            pack = []
        pack.append(line)
    if pack:
        yield pack


def split_loose(
    lines: Sequence[Line], *, after_node: bool, has_nodes: bool
) -> tuple[list[Line], list[Line], list[Line]]:
    """Return the introduction, the unnumbered body and the end matter of lines outside numbered paragraphs."""
    tail = len(lines)
    while tail > 0 and not _is_body_line(lines[tail - 1].text):
        tail -= 1
    starts = (place for place in range(tail, len(lines)) if _opens_end_matter(lines[place].text))
    end_start = next(starts, len(lines))
    front, end = list(lines[:end_start]), list(lines[end_start:])
    if after_node:
        return [], front, end
    if has_nodes:
        return list(lines), [], []
    opening = next((i + 1 for i, line in enumerate(front) if re.search(r"如下[:：]$", line.text)), 0)
    if opening == 0:
        while opening < len(front) and _is_front_line(front[opening].text):
            opening += 1
    if opening >= len(front):
        return front, [], end
    return front[:opening], front[opening:], end


def _is_body_line(text: str) -> bool:
    return len(text) > 60 and not is_sign_off(text) and ends_sentence(text)


def _opens_end_matter(text: str) -> bool:
    return is_sign_off(text) or bool(re.match(r"^附\s*[件表录]?\s*\d*\s*[:：]", text))


def _is_front_line(text: str) -> bool:
    return is_rule_title(text) or not ends_sentence(text) or text.rstrip().endswith(("：", ":"))
