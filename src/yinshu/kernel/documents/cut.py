"""Cutting a parsed document into clauses: the unit that people cite and that retrieval shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from yinshu.kernel.documents.headings import (
    caption_of,
    ends_sentence,
    is_closing,
    is_rule_title,
    is_sign_off,
    states_effect,
)
from yinshu.kernel.documents.outline import Line, Node, Part, TableItem, read_outline
from yinshu.kernel.documents.records import Box, Clause, ClauseKind, ParsedDocument
from yinshu.kernel.documents.tabular import split_table

ARTICLE_LENGTH_MAX = 500
SECTION_LENGTH_MAX = 380
PACK_LENGTH_MAX = 360
ITEM_ALONE_LENGTH_MIN = 150
PARAGRAPH_LENGTH_MAX = 700
SENTENCE_PACK_LENGTH_MAX = 480
LEAD_LENGTH_MAX = 160
SHORT_HEAD_LENGTH_MAX = 60

Atom = Line | Node


def cut(parsed: ParsedDocument) -> list[Clause]:
    """Cut a parsed document into clauses in reading order.

    An article (条) stays whole up to 500 characters and a numbered section up to 380; longer ones are split at their
    paragraphs and items, with `lead` carrying the governing sentence and `group` tying the parts together. Every
    character of the blocks, white space aside, lies in some clause's `text`, `path`, `heading` or `rows`.
    A document without any text gives an empty list.
    """
    parts = read_outline(parsed)
    with_articles = sum(1 for part in parts if part.last_article > 0)
    drafts: list[_Draft] = []
    for part in parts:
        drafts.extend(_PartCutter(part, shares_numbers=with_articles > 1).cut())
    return _numbered(drafts)


@dataclass(frozen=True)
class _Draft:
    path: tuple[str, ...]
    article: str
    kind: ClauseKind
    text: str
    lead: str = ""
    heading: str = ""
    group_key: int = 0
    page: int | None = None
    box: Box | None = None
    rows: tuple[tuple[str, ...], ...] = field(default=())


def _numbered(drafts: Sequence[_Draft]) -> list[Clause]:
    groups: dict[int, int] = {}
    clauses = []
    for ordinal, draft in enumerate(drafts):
        group = groups.setdefault(draft.group_key, len(groups))
        clauses.append(
            Clause(
                ordinal=ordinal,
                path=draft.path,
                article=draft.article,
                kind=draft.kind,
                text=draft.text,
                lead=draft.lead,
                heading=draft.heading,
                group=group,
                page=draft.page,
                box=draft.box,
                rows=draft.rows,
            )
        )
    return clauses


def _atom_lines(atom: Atom) -> Iterator[Line]:
    if isinstance(atom, Line):
        yield atom
    else:
        for inner in atom.body:
            yield from _atom_lines(inner)


def _text(atoms: Sequence[Atom]) -> str:
    return "\n".join(line.text for atom in atoms for line in _atom_lines(atom))


def _place(atoms: Sequence[Atom]) -> tuple[int | None, Box | None]:
    lines = [line for atom in atoms for line in _atom_lines(atom)]
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


def _lead_of(text: str) -> str:
    """Return the last sentence of a governing paragraph, with its colon."""
    if len(text) <= LEAD_LENGTH_MAX:
        return text
    return re.split(r"(?<=[。；])", text.rstrip())[-1][-LEAD_LENGTH_MAX:]


@dataclass
class _Pack:
    """Atoms gathered for one clause. `kuan` counts the article's paragraphs (款) up to each line."""

    atoms: list[Atom] = field(default_factory=list)
    kuans: list[int] = field(default_factory=list)
    lead: str = ""

    @property
    def length(self) -> int:
        return len(_text(self.atoms))


class _PartCutter:
    """Cuts one part. `shares_numbers` says that other parts of the document count their articles from one as well."""

    def __init__(self, part: Part, *, shares_numbers: bool) -> None:
        self.part = part
        self.root = (self._root_title(),) if self._root_title() else ()
        self.prefix = part.label if part.label and (shares_numbers or part.last_article == 0) else ""
        self.drafts: list[_Draft] = []
        self.key = 0

    def _root_title(self) -> str:
        return " ".join(text for text in (self.part.label, self.part.title) if text)

    def cut(self) -> list[_Draft]:
        loose: list[Line] = []
        loose_path: tuple[str, ...] = ()
        seen_node = False
        for path, entry in self.part.entries:
            if isinstance(entry, Line):
                if loose and path != loose_path:
                    self._cut_loose(loose, loose_path, after_node=seen_node)
                    loose = []
                loose.append(entry)
                loose_path = path
                continue
            self._cut_loose(loose, loose_path, after_node=seen_node)
            loose = []
            if isinstance(entry, Node):
                seen_node = True
                self._cut_root(entry, path)
            else:
                self._cut_table(entry, path)
        self._cut_loose(loose, loose_path, after_node=seen_node)
        self._keep_empty_headings()
        return self.drafts

    def _keep_empty_headings(self) -> None:
        if not self.drafts and self.root:
            self._add(self.root[:0], self.prefix, "section", [Line(self._root_title())])

    def _name(self, article: str) -> str:
        if not self.prefix:
            return article
        return f"{self.prefix} {article}" if article.startswith("第") else f"{self.prefix}{article}"

    def _add(
        self,
        path: tuple[str, ...],
        article: str,
        kind: ClauseKind,
        atoms: Sequence[Atom],
        lead: str = "",
        heading: str = "",
    ) -> None:
        text = _text(atoms)
        if not text.strip():
            return
        page, box = _place(atoms)
        self.drafts.append(_Draft(path, article, kind, text, lead, heading, id(self) * 100_000 + self.key, page, box))

    # Text outside any numbered paragraph.

    def _cut_loose(self, lines: list[Line], path: tuple[str, ...], *, after_node: bool) -> None:
        if not lines:
            return
        if path and not after_node and not any(node for _, node in self.part.entries if isinstance(node, Node)):
            self._cut_plain(lines, path, self._name(path[-1]))
            return
        if path:
            self._cut_plain(lines, path, self._name(path[-1]))
            return
        has_nodes = any(isinstance(entry, Node) for _, entry in self.part.entries)
        intro, body, end = _split_loose(lines, after_node=after_node, has_nodes=has_nodes)
        self._cut_plain(intro, (), "", "preamble")
        for line in body:
            self.key += 1
            self._cut_plain([line], (), self._name("施行日期" if states_effect(line.text) and is_closing(line.text) else "正文"))
        self.key += 1
        self._cut_plain(end, (), "", "signoff")

    def _cut_plain(
        self, lines: Sequence[Line], path: tuple[str, ...], article: str, kind: ClauseKind = "section"
    ) -> None:
        self.key += 1
        pack: list[Atom] = []
        for line in _short_lines(lines):
            if pack and len(_text(pack)) + len(line.text) > PACK_LENGTH_MAX:
                self._add((*self.root, *path), article, kind, pack)
                pack = []
            pack.append(line)
        self._add((*self.root, *path), article, kind, pack)

    # Tables.

    def _cut_table(self, item: TableItem, path: tuple[str, ...]) -> None:
        self.key += 1
        caption, groups = split_table(item.block.rows, header=item.block.header)
        sheet = (item.block.sheet,) if item.block.sheet else ()
        article = self._name("".join(item.under)) if item.under else (self.prefix or "表")
        for group in groups:
            self.drafts.append(
                _Draft(
                    (*self.root, *path, *sheet),
                    article,
                    "table",
                    group.text,
                    group.lead,
                    caption,
                    id(self) * 100_000 + self.key,
                    item.block.page,
                    item.block.box,
                    group.rows,
                )
            )

    # Numbered paragraphs.

    def _cut_root(self, node: Node, path: tuple[str, ...]) -> None:
        self.key += 1
        if node.kind == "qa":
            question = node.body[0]
            asked = question.text if isinstance(question, Line) else ""
            for pack in _packed_lines(list(_atom_lines(node)), ARTICLE_LENGTH_MAX):
                lead = "" if pack[0] is question else asked
                self._add((*self.root, *path), node.label, "qa", pack, lead, asked)
            return
        self._cut_node(node, (*self.root, *path), self._name(node.label), "")

    def _cut_node(self, node: Node, path: tuple[str, ...], name: str, lead: str) -> None:
        is_article = node.kind == "article"
        kind: ClauseKind = "article" if is_article else "section"
        heading = _heading_of(node)
        limit = ARTICLE_LENGTH_MAX if is_article else SECTION_LENGTH_MAX
        if len(_text([node])) <= limit:
            self._add(path, name, kind, [node], lead, heading)
            return
        body = list(node.body)
        inner_path = path
        first = body[0] if body else None
        if not is_article and heading and isinstance(first, Line) and len(first.text) <= len(heading) + 12 and len(body) > 1:
            inner_path = (*path, first.text)
            body = body[1:]
        for pack in self._packs(body, inner_path, name, lead, heading, is_article=is_article):
            article = _pack_name(name, pack, is_article=is_article)
            self._add(inner_path, article, kind, pack.atoms, pack.lead, heading)

    def _packs(
        self, body: list[Atom], path: tuple[str, ...], name: str, lead: str, heading: str, *, is_article: bool
    ) -> Iterator[_Pack]:
        """Yield packs of short atoms; long child nodes are cut on their own, in order, between the packs."""
        pack = _Pack(lead=lead)
        governing = lead
        kuan = 0
        for atom in body:
            if isinstance(atom, Line):
                for piece_number, piece in enumerate(_short_lines([atom])):
                    kuan += 1 if piece_number == 0 else 0
                    if pack.atoms and pack.length + len(piece.text) > PACK_LENGTH_MAX:
                        yield pack
                        pack = _Pack(lead=lead)
                    pack.atoms.append(piece)
                    pack.kuans.append(kuan)
                governing = _lead_of(atom.text) if atom.text.rstrip().endswith(("：", ":")) else lead
                continue
            size = len(_text([atom]))
            only_head = bool(pack.atoms) and all(isinstance(a, Line) for a in pack.atoms) and pack.length <= LEAD_LENGTH_MAX
            if size >= ITEM_ALONE_LENGTH_MIN and not (only_head and pack.length + size <= ARTICLE_LENGTH_MAX):
                if pack.atoms:
                    yield pack
                pack = _Pack(lead=governing)
                base = f"{name}第{_kuan_numeral(kuan)}款" if is_article and kuan > 1 else name
                self._cut_node(atom, path, _joined(base, atom), governing)
                continue
            if pack.atoms and pack.length + size > PACK_LENGTH_MAX and not only_head:
                yield pack
                pack = _Pack()
            if not pack.atoms:
                pack.lead = governing
            pack.atoms.append(atom)
            pack.kuans.append(kuan)
        if pack.atoms:
            yield pack


def _heading_of(node: Node) -> str:
    first = node.body[0] if node.body else None
    if not isinstance(first, Line):
        return ""
    rest = re.sub(r"^\s*(?:第.{1,8}?条(?:之.)?|[（(].{1,4}?[)）]|[^、.．]{1,4}[、.．]|[①-⑳]|[\d.]+)\s*", "", first.text, count=1)
    return caption_of(rest if len(node.body) == 1 else f"{rest}\n…")


_NUMERALS = "零一二三四五六七八九十"


def _kuan_numeral(number: int) -> str:
    if number <= 10:
        return _NUMERALS[number]
    return f"十{_NUMERALS[number - 10]}" if number < 20 else str(number)


def _joined(name: str, node: Node) -> str:
    if node.kind == "decimal":
        return node.label
    parted = node.label[:1].isdigit() and name[-1:] not in "）款"
    return f"{name}、{node.label}" if parted else f"{name}{node.label}"


def _pack_name(name: str, pack: _Pack, *, is_article: bool) -> str:
    nodes = [atom for atom in pack.atoms if isinstance(atom, Node)]
    if nodes:
        base = f"{name}第{_kuan_numeral(pack.kuans[-1])}款" if is_article and pack.kuans[-1] > 1 else name
        first = _joined(base, nodes[0])
        return first if len(nodes) == 1 else f"{first}至{nodes[-1].label}"
    if not is_article:
        return name
    first_kuan, last_kuan = pack.kuans[0], pack.kuans[-1]
    if first_kuan == last_kuan:
        return f"{name}第{_kuan_numeral(first_kuan)}款"
    return f"{name}第{_kuan_numeral(first_kuan)}款至第{_kuan_numeral(last_kuan)}款"


def _short_lines(lines: Sequence[Line]) -> Iterator[Line]:
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


def _packed_lines(lines: Sequence[Line], limit: int) -> Iterator[list[Line]]:
    pack: list[Line] = []
    for line in _short_lines(lines):
        if pack and sum(len(member.text) for member in pack) + len(line.text) > limit:
            yield pack
            pack = []
        pack.append(line)
    if pack:
        yield pack


def _split_loose(
    lines: Sequence[Line], *, after_node: bool, has_nodes: bool
) -> tuple[list[Line], list[Line], list[Line]]:
    """Return the introduction, the unnumbered body and the end matter of lines outside numbered paragraphs."""
    end_start = len(lines)
    for place, line in enumerate(lines):
        if is_sign_off(line.text) or re.match(r"^附\s*[件表录]?\s*\d*\s*[:：]", line.text):
            is_head = not after_node and place < 6 and any(not is_sign_off(later.text) for later in lines[place + 1 :])
            if not is_head or (place > 2 and ends_sentence(lines[place - 1].text)):
                end_start = place
                break
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


def _is_front_line(text: str) -> bool:
    return is_rule_title(text) or not ends_sentence(text) or text.rstrip().endswith(("：", ":"))
