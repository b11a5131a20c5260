"""Cutting a parsed document into clauses: the unit that people cite and that retrieval shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from yinshu.kernel.documents.headings import caption_of, is_closing, states_effect
from yinshu.kernel.documents.lines import Line
from yinshu.kernel.documents.outline import Node, Part, TableItem, read_outline
from yinshu.kernel.documents.pieces import (
    LEAD_LENGTH_MAX,
    NUMERAL_CHARS,
    Atom,
    Pack,
    atom_lines,
    joined,
    kuan_name,
    lead_of,
    pack_name,
    packed_lines,
    place_of,
    short_lines,
    split_loose,
    text_of,
)
from yinshu.kernel.documents.records import Box, Clause, ClauseKind, ParsedDocument
from yinshu.kernel.documents.tabular import split_table

ARTICLE_LENGTH_MAX = 500
SECTION_LENGTH_MAX = 380
PACK_LENGTH_MAX = 360
ITEM_ALONE_LENGTH_MIN = 150
MARKER_LENGTH_MAX = 12


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
    for number, part in enumerate(parts):
        drafts.extend(_PartCutter(part, number, shares_numbers=with_articles > 1).cut())
    return _numbered(drafts)


@dataclass(frozen=True)
class _Draft:
    path: tuple[str, ...]
    article: str
    kind: ClauseKind
    text: str
    lead: str = ""
    heading: str = ""
    group_key: tuple[int, int] = (0, 0)
    page: int | None = None
    box: Box | None = None
    rows: tuple[tuple[str, ...], ...] = field(default=())


def _numbered(drafts: Sequence[_Draft]) -> list[Clause]:
    groups: dict[tuple[int, int], int] = {}
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


class _PartCutter:
    """Cuts one part. `shares_numbers` says that other parts of the document count their articles from one as well."""

    def __init__(self, part: Part, number: int, *, shares_numbers: bool) -> None:
        self.part = part
        self.number = number
        self.root = (self._root_title(),) if self._root_title() else ()
        self.prefix = part.label if part.label and (shares_numbers or part.last_article == 0) else ""
        self.drafts: list[_Draft] = []
        self.key = 0

    def _root_title(self) -> str:
        colon = "：" if self.part.separator == "：" and not self.part.title else ""
        return self.part.separator.join(text for text in (self.part.label, self.part.title) if text) + colon

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
        apart = article.startswith("第") or (self.prefix[-1] in NUMERAL_CHARS and article[:1] in NUMERAL_CHARS)
        return f"{self.prefix} {article}" if apart else f"{self.prefix}{article}"

    def _add(
        self,
        path: tuple[str, ...],
        article: str,
        kind: ClauseKind,
        atoms: Sequence[Atom],
        lead: str = "",
        heading: str = "",
    ) -> None:
        text = text_of(atoms)
        if not text.strip():
            return
        page, box = place_of(atoms)
        self.drafts.append(_Draft(path, article, kind, text, lead, heading, (self.number, self.key), page, box))

    # Text outside any numbered paragraph.

    def _cut_loose(self, lines: list[Line], path: tuple[str, ...], *, after_node: bool) -> None:
        if not lines:
            return
        if path:
            _, body, end = split_loose(lines, after_node=True, has_nodes=True)
            self._cut_plain(body, path, self._name(path[-1]))
            self._cut_plain(end, (), "", "signoff")
            return
        has_nodes = any(isinstance(entry, Node) for _, entry in self.part.entries)
        intro, body, end = split_loose(lines, after_node=after_node, has_nodes=has_nodes)
        self._cut_plain(intro, (), "", "preamble")
        for article, lines_of_article in groupby(body, key=_closing_name):
            self._cut_plain(list(lines_of_article), (), self._name(article))
        self._cut_plain(end, (), "", "signoff")

    def _cut_plain(
        self, lines: Sequence[Line], path: tuple[str, ...], article: str, kind: ClauseKind = "section"
    ) -> None:
        self.key += 1
        pack: list[Atom] = []
        for line in short_lines(lines):
            if pack and len(text_of(pack)) + len(line.text) > PACK_LENGTH_MAX:
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
                    (self.number, self.key),
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
            for pack in packed_lines(list(atom_lines(node)), ARTICLE_LENGTH_MAX):
                lead = "" if pack[0] is question else asked
                self._add((*self.root, *path), node.label, "qa", pack, lead, asked)
            return
        self._cut_node(node, (*self.root, *path), self._name(node.label), "")

    def _cut_node(self, node: Node, path: tuple[str, ...], name: str, lead: str) -> None:
        is_article = node.kind == "article"
        kind: ClauseKind = "article" if is_article else "section"
        heading = _heading_of(node)
        limit = ARTICLE_LENGTH_MAX if is_article else SECTION_LENGTH_MAX
        if len(text_of([node])) <= limit:
            self._add(path, name, kind, [node], lead, heading)
            return
        body = list(node.body)
        inner_path = path
        first = body[0] if body else None
        if (
            not is_article
            and heading
            and isinstance(first, Line)
            and len(first.text) <= len(heading) + 12
            and len(body) > 1
        ):
            inner_path = (*path, first.text)
            body = body[1:]
        for pack in self._packs(body, inner_path, name, lead, is_article=is_article):
            article = pack_name(name, pack, is_article=is_article)
            self._add(inner_path, article, kind, pack.atoms, pack.lead, heading)

    def _packs(
        self, body: Sequence[Atom], path: tuple[str, ...], name: str, lead: str, *, is_article: bool
    ) -> Iterator[Pack]:
        """Yield packs of short atoms; long child nodes are cut on their own, in order, between the packs."""
        pack = Pack(lead=lead)
        governing, kuan = lead, 0
        for atom in body:
            if isinstance(atom, Line):
                kuan += 1
                for piece in short_lines([atom]):
                    if pack.atoms and pack.length + len(piece.text) > PACK_LENGTH_MAX:
                        yield pack
                        pack = Pack(lead=lead)
                    pack.take(piece, kuan)
                governing = lead_of(atom.text) if atom.text.rstrip().endswith(("：", ":")) else lead
                continue
            size = len(text_of([atom]))
            only_head = pack.is_head(LEAD_LENGTH_MAX)
            stands_alone = size >= ITEM_ALONE_LENGTH_MIN and not (
                only_head and pack.length + size <= ARTICLE_LENGTH_MAX
            )
            if pack.atoms and (stands_alone or (pack.length + size > PACK_LENGTH_MAX and not only_head)):
                yield pack
                pack = Pack()
            if not pack.atoms:
                pack.lead = governing
            if stands_alone:
                base = kuan_name(name, kuan) if is_article else name
                self._cut_node(atom, path, joined(base, atom), governing)
            else:
                pack.take(atom, kuan)
        if pack.atoms:
            yield pack


_OPENING_NUMBER = re.compile(r"^\s*(?:第.{1,8}?条(?:之.)?|[（(].{1,4}?[)）]|[^、.．]{1,4}[、.．]|[①-⑳]|[\d.]+)\s*")


def _heading_of(node: Node) -> str:
    first = node.body[0] if node.body else None
    if not isinstance(first, Line):
        return ""
    rest = re.sub(
        r"^\s*(?:第.{1,8}?条(?:之.)?|[（(].{1,4}?[)）]|[^、.．]{1,4}[、.．]|[①-⑳]|[\d.]+)\s*", "", first.text, count=1
    )
    return caption_of(rest if len(node.body) == 1 else f"{rest}\n…")


def _closing_name(line: Line) -> str:
    return "施行日期" if states_effect(line.text) and is_closing(line.text) else "正文"
