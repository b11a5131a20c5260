"""Turning a document's lines into an outline: parts (body, attachments), chapters and numbered nodes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from yinshu.kernel.documents.embedded import ITEM_KINDS, OpenNumbers, find_embedded
from yinshu.kernel.documents.headings import (
    annex_of,
    ends_sentence,
    ends_with_date,
    is_closing,
    is_date_line,
    is_rule_title,
    is_sign_off,
)
from yinshu.kernel.documents.lines import Line, is_short_phrase, lines_of
from yinshu.kernel.documents.markers import Marker, MarkerKind, marker_at_start, markers_inside
from yinshu.kernel.documents.quotation import quote_depth_after
from yinshu.kernel.documents.records import Block, ParsedDocument

LOOKAHEAD_LINES = 30
DEPTH_MAX = 12
MARKERS_PER_LINE_MAX = 300
TITLE_LINES_MAX = 3
QUOTE_LINES_MAX = 60
ARTICLE_GAP_MAX = 6
CHAPTER_LENGTH_MAX = 40
ANNEX_LINE_LENGTH_MAX = 60
_QUESTION = re.compile(r"^\s*(?:问题?|[QＱ])\s*[0-9一二三四五六七八九十]{0,3}\s*[:：.、．]")
_ANSWER = re.compile(r"^\s*(?:答复?|[AＡ])\s*[0-9一二三四五六七八九十]{0,3}\s*[:：.、．]")
_CHAPTER_RANK = {"编": 1, "篇": 1, "部分": 1, "章": 2, "节": 3}


@dataclass
class Node:
    """A numbered paragraph and what stands beneath it, in reading order."""

    kind: MarkerKind | str
    number: int
    label: str
    body: list[Line | Node] = field(default_factory=list)


@dataclass(frozen=True)
class TableItem:
    """A table and the name of the numbered paragraph it stands under."""

    block: Block
    under: tuple[str, ...]


@dataclass
class Part:
    """The body or one attachment. `entries` pair the heading path with a node, a line or a table."""

    label: str = ""
    title: str = ""
    entries: list[tuple[tuple[str, ...], Node | Line | TableItem]] = field(default_factory=list)
    last_article: int = 0
    separator: str = " "


def read_outline(parsed: ParsedDocument) -> list[Part]:
    """Return the document's parts in reading order, each with its entries."""
    return _OutlineReader(list(lines_of(parsed))).read()


class _OutlineReader:
    """Walks the lines once. The stack holds the open numbered nodes, outermost first."""

    def __init__(self, lines: list[Line | Block]) -> None:
        self.lines = lines
        self.index = 0
        self.parts: list[Part] = [Part()]
        self.chapters: list[tuple[int, str]] = []
        self.bare_headings: list[str] = []
        self.stack: list[Node] = []
        self.parked: list[Node] = []
        self.quote_depth = 0
        self.quote_lines = 0
        self.signed = False
        answers = sum(1 for line in lines if isinstance(line, Line) and _ANSWER.match(line.text))
        self.is_qa = answers >= 2
        levels = [line.level for line in lines if isinstance(line, Line) and line.level is not None]
        self.title_level = min(levels) if levels.count(min(levels, default=0)) == 1 else None

    @property
    def part(self) -> Part:
        return self.parts[-1]

    def read(self) -> list[Part]:
        for index, line in enumerate(self.lines):
            self.index = index
            if isinstance(line, Block):
                self.append(TableItem(line, tuple(n.label for n in self.stack)))
            elif line.level is not None:
                self._take_heading(line)
            else:
                self._take(line)
        return [part for part in self.parts if part.entries or part.title or part.label]

    def _path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.chapters)

    def _next_lines(self, count: int) -> list[str]:
        return [line.text for line in self.lines[self.index + 1 : self.index + 1 + count] if isinstance(line, Line)]

    def _take_heading(self, line: Line) -> None:
        assert line.level is not None
        if line.level == self.title_level and not self.part.entries:
            self.append(line)
            return
        marker = marker_at_start(line.text)
        if marker and marker.kind not in ("num", "decimal", "half_num") and not annex_of(line.text):
            self._take(Line(line.text, line.page, line.box))
            return
        self._enter_heading(10 + line.level, line.text)

    def _enter_heading(self, rank: int, text: str) -> None:
        """Make this the innermost heading. A heading it replaces that had nothing under it stays as plain text."""
        kept = [entry for entry in self.chapters if entry[0] < rank]
        lost = [heading for _, heading in self.chapters[len(kept) :] if heading in self.bare_headings]
        self.chapters = kept
        if lost:
            self.part.entries.extend((self._path(), Line(heading)) for heading in lost)
            self.bare_headings = [heading for heading in self.bare_headings if heading not in lost]
        self.chapters.append((rank, text))
        self.bare_headings.append(text)
        self.stack, self.parked, self.quote_depth = [], [], 0

    def append(self, entry: Node | Line | TableItem) -> None:
        """Put an entry at the outermost level of the current part, under the current headings."""
        self.part.entries.append((self._path(), entry))
        self.bare_headings = []

    def _take(self, line: Line) -> None:
        if self.is_qa and self._take_qa(line):
            return
        if self._starts_annex(line.text):
            return
        self._track_quotes_reset()
        marker = marker_at_start(line.text)
        if marker and marker.kind == "chapter":
            if self._take_chapter(marker, line):
                return
        elif marker and self._accepts(marker, line.text):
            self._open(marker, line)
            return
        self._take_text(line)

    def _take_qa(self, line: Line) -> bool:
        following = self._next_lines(1)
        asks = bool(_QUESTION.match(line.text)) or bool(
            following and _ANSWER.match(following[0]) and not _ANSWER.match(line.text)
        )
        if asks:
            number = sum(1 for _, entry in self.part.entries if isinstance(entry, Node) and entry.kind == "qa") + 1
            node = Node("qa", number, f"第{number}问", [line])
            self.append(node)
            self.stack = [node]
            return True
        if self.stack and self.stack[0].kind == "qa":
            self.stack[0].body.append(line)
            return True
        return False

    def _track_quotes_reset(self) -> None:
        if self.quote_depth > 0:
            self.quote_lines += 1
            if self.quote_lines > QUOTE_LINES_MAX:
                self.quote_depth = 0
        else:
            self.quote_lines = 0

    def _track_quotes(self, text: str) -> None:
        self.quote_depth = quote_depth_after(text, self.quote_depth)

    def _starts_annex(self, text: str) -> bool:
        annex = annex_of(text) if len(text) <= ANNEX_LINE_LENGTH_MAX else None
        if annex is None or self.quote_depth > 0:
            return False
        label, rest = annex
        following = self._next_lines(1)
        if not rest:
            listed = bool(re.search(r"[:：]$", text)) and bool(re.match(r"^1\s*[.．、]", "".join(following)))
            closes = bool(following) and is_sign_off(following[0])
            if (listed or closes) and not self.signed:
                return False
        elif not self._is_titled_annex(rest, following):
            return False
        self._new_part(Part(label, rest, separator="：" if re.search(r"[:：]", text[: len(text) - len(rest)]) else " "))
        return True

    def _is_titled_annex(self, rest: str, following: list[str]) -> bool:
        if not (self.signed or self.part.label) or ends_sentence(rest):
            return False
        if re.match(r"^1\s*[.．、]", rest) or ends_with_date(rest):
            return False
        return not (following and (is_sign_off(following[0]) or (annex_of(following[0]) or ("", ""))[1]))

    def _new_part(self, part: Part) -> None:
        self._enter_heading(0, "")
        self.parts.append(part)
        self.chapters, self.bare_headings = [], []
        self.signed = False

    def _open_rule(self) -> None:
        """Start a part of its own for a rule that begins here, taking the title lines just above with it."""
        titles = self._pop_titles()
        if not titles and self.part.last_article == 0:
            return
        if not self.part.entries and not self.part.title:
            self.part.title = titles
            return
        self._new_part(Part(self.part.label if not self.part.entries else "", titles))

    def _pop_titles(self) -> str:
        titles: list[str] = []
        while len(titles) < TITLE_LINES_MAX:
            last = self._last_line()
            if last is None or not (
                is_rule_title(last) or (titles and is_short_phrase(last) and not is_sign_off(last))
            ):
                break
            if not self.stack and len(self.part.entries) == 1 and len(self.parts) == 1:
                break
            (self.stack[-1].body if self.stack else self.part.entries).pop()
            titles.insert(0, last)
        return "".join(titles)

    def _last_line(self) -> str | None:
        if self.stack:
            body = self.stack[-1].body
            return body[-1].text if len(body) > 1 and isinstance(body[-1], Line) else None
        last = self.part.entries[-1][1] if self.part.entries else None
        return last.text if isinstance(last, Line) else None

    def _take_chapter(self, marker: Marker, line: Line) -> bool:
        text = line.text
        if self.quote_depth > 0 and not text.startswith("第"):
            return False
        glued = next(
            (
                m
                for m in markers_inside(text, "article")
                if m.start >= marker.end and m.number == self.part.last_article + 1
            ),
            None,
        )
        head = text[: glued.start].strip() if glued else text
        if len(head) > CHAPTER_LENGTH_MAX or ends_sentence(head) or "，" in head:
            return False
        rank = next(rank for suffix, rank in _CHAPTER_RANK.items() if marker.label.endswith(suffix))
        if marker.number == 1 and rank == 2 and self._chapter_starts_rule():
            self._open_rule()
        self._enter_heading(
            rank, re.sub(r"(?<=[\u4e00-\u9fff])(?<![编篇章节分])[ \u3000]+(?=[\u4e00-\u9fff]$)", "", head)
        )
        if glued:
            self._take(Line(text[glued.start :], line.page, line.box))
        return True

    def _chapter_starts_rule(self) -> bool:
        return not any(rank == 1 for rank, _ in self.chapters) and (
            self.part.last_article > 0 or not any(rank == 2 for rank, _ in self.chapters)
        )

    def _accepts(self, marker: Marker, text: str) -> bool:
        spaced = text[marker.end : marker.end + 1] in (" ", "\u3000", "\t", "")
        if marker.kind == "article":
            last = self.part.last_article
            if marker.number == last + 1 and (self.quote_depth == 0 or last > 0):
                return True
            if self.quote_depth > 0:
                return False
            follows = last == 0 or last <= marker.number <= last + ARTICLE_GAP_MAX
            return spaced and (follows or marker.number == 1)
        if marker.kind == "cn" and self.quote_depth > 0:
            return marker.number == self._last_number("cn") + 1
        if marker.kind == "decimal":
            return self._last_number("decimal") > 0 or marker.number == 1
        return True

    def _last_number(self, kind: MarkerKind) -> int:
        open_nodes = [*self.parked, *self.stack]
        return next((node.number for node in reversed(open_nodes) if node.kind == kind), 0)

    def _open(self, marker: Marker, line: Line) -> None:
        self._open_node(marker)
        self._fill(line, marker.end)

    def _open_node(self, marker: Marker) -> None:
        if marker.kind == "article":
            if self.quote_depth == 0 and marker.number == 1 and (self.part.last_article != 0 or not self.chapters):
                self._open_rule()
            self.part.last_article = marker.number
            self.stack, self.parked, self.quote_depth = [], [], 0
        else:
            self._settle(marker)
        node = Node(marker.kind, marker.number, marker.label)
        if marker.kind == "cn" and not self.stack:
            self.quote_depth = 0
        (self.stack[-1].body if self.stack else self).append(node)
        self.stack.append(node)

    def _settle(self, marker: Marker) -> None:
        """Cut the stack back to the level at which this marker belongs."""
        if not self.stack and self.parked and any(node.kind == marker.kind for node in self.parked):
            self.stack, self.parked = self.parked, []
        places = [place for place, node in enumerate(self.stack) if node.kind == marker.kind]
        exact = next((p for p in reversed(places) if self.stack[p].number + 1 == marker.number), None)
        if exact is not None:
            self.stack = self.stack[:exact]
            return
        if not places:
            if (
                marker.kind == "cn"
                and self.stack
                and self.stack[0].kind not in ("article", "cn")
                and self.quote_depth == 0
            ):
                self.stack = []
            return
        nests = marker.number == 1 and marker.kind not in ("cn", "paren_cn") and places[-1] != len(self.stack) - 1
        if not nests or len(self.stack) >= DEPTH_MAX:
            self.stack = self.stack[: places[-1]]

    def _continues_heading(self, text: str) -> bool:
        """Complete a chapter heading whose title stands on the next line or was broken in two (第一章 总 / 则)."""
        if not self.bare_headings or not self.chapters or self.chapters[-1][1] != self.bare_headings[-1]:
            return False
        rank, heading = self.chapters[-1]
        title = re.sub(r"^第.{1,6}?(?:编|篇|章|节|部分)\s*", "", heading)
        if len(title) > 1 or len(text) > 24 or ends_sentence(text) or not is_short_phrase(text) or rank > 10:
            return False
        self.chapters[-1] = (rank, f"{heading}{'' if title else ' '}{text}")
        self.bare_headings[-1] = self.chapters[-1][1]
        return True

    def _take_text(self, line: Line) -> None:
        text = line.text
        if self._continues_heading(text):
            return
        if is_date_line(text) or ends_with_date(text):
            before = self.lines[self.index - 1] if self.index else None
            self.signed = self.signed or not (isinstance(before, Line) and before.text.endswith(("：", ":")))
        if self.stack and self.quote_depth == 0:
            in_articles = self.stack[0].kind == "article"
            if is_sign_off(text) or (not in_articles and is_closing(text)):
                self.parked, self.stack = self.stack, []
            elif in_articles and len(self.stack) > 1 and self._item_is_closed():
                self.stack = self.stack[:1]
        self._fill(line, 0)

    def _item_is_closed(self) -> bool:
        last = self.stack[-1].body[-1]
        return isinstance(last, Line) and last.text.rstrip('”’"').endswith(("。", "！", "？"))

    def _fill(self, line: Line, scan_from: int) -> None:
        """Put the line's text into the innermost open node, opening nodes for markers inside the line."""
        text = line.text
        for _ in range(MARKERS_PER_LINE_MAX):
            marker = self._embedded(text, scan_from)
            if marker is None:
                break
            self._put(Line(text[: marker.start].rstrip(), line.page, line.box))
            text, scan_from = text[marker.start :], marker.end - marker.start
            self._open_node(marker)
        self._put(Line(text, line.page, line.box))

    def _put(self, piece: Line) -> None:
        if not piece.text:
            return
        if self.stack:
            self.stack[-1].body.append(piece)
        elif not (self.part.label and not self.part.entries and self._takes_title(piece)):
            self.append(piece)
        self._track_quotes(piece.text)

    def _takes_title(self, line: Line) -> bool:
        title = self.part.title
        if len(title) > 70 or not is_short_phrase(line.text) or is_sign_off(line.text):
            return False
        if title and (is_rule_title(title) or not is_rule_title(line.text)):
            return False
        self.part.title = f"{title}{line.text}"
        return True

    def _embedded(self, text: str, scan_from: int) -> Marker | None:
        numbers = OpenNumbers(
            last={kind: self._last_number(kind) for kind in ITEM_KINDS},
            open_kinds=frozenset(node.kind for node in self.stack),
            last_article=self.part.last_article,
            quote_depth=self.quote_depth,
        )
        return find_embedded(text, scan_from, numbers, lambda: self._next_lines(LOOKAHEAD_LINES))
