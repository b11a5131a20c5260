"""HTML pages: headings, paragraphs, lists and tables of the visible body, without menus and scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml import html as lxml_html

from yinshu.kernel.documents import errors
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.records import Block, BlockKind
from yinshu.kernel.documents.tables import fill_spans, table_block
from yinshu.kernel.documents.text import clean, decode

_SKIPPED = frozenset(
    re.findall(
        r"\w+",
        "script style template noscript iframe svg object embed canvas nav footer aside select button textarea input "
        "head video audio map datalist dialog",
    )
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article blockquote body br caption center dd details div dl dt fieldset figcaption figure form h1 h2 "
        "h3 h4 h5 h6 header hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul",
    )
)
_HEADING = re.compile(r"h([1-6])$")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)
_WIDE = "\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_WRAP_BETWEEN_WIDE = re.compile(f"(?<=[{_WIDE}])[ \t]*[\r\n]\\s*(?=[{_WIDE}])")
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_LAYOUT_CELL_CHARS = 600
_HEAD_BYTES = 4096


def decode_html(data: bytes) -> str:
    """The page's text by its own charset when that fits, otherwise by `decode`."""
    declared = _META_CHARSET.search(data[:_HEAD_BYTES])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared.group(1).decode("ascii").lower()
        encoding = "gb18030" if name in ("gb2312", "gbk", "x-gbk", "gb_2312-80") else name
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)[0]


@dataclass
class _Flow:
    """Collects inline text until a block ends."""

    limits: ParseLimits
    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    kind: BlockKind = "paragraph"
    level: int | None = None
    marker: str = ""

    def add(self, text: str | None) -> None:
        if text:
            self.text.append(text)

    def flush(self) -> None:
        joined = normalise("".join(self.text))
        self.text.clear()
        if not joined:
            return
        joined, self.marker = self.marker + joined, ""
        if len(self.blocks) < self.limits.blocks_max:
            self.blocks.append(Block(self.kind, joined, level=self.level))


def normalise(text: str) -> str:
    """White space as a browser shows it; a source line break between two Chinese characters is no space."""
    return _SPACES.sub(" ", _WRAP_BETWEEN_WIDE.sub("", clean(text))).strip()


def parse_html(data: bytes, name: str, limits: ParseLimits) -> tuple[tuple[Block, ...], str | None]:
    """Blocks in source order, and the page's title. Raises DamagedFile when nothing can be decoded."""
    try:
        source = decode_html(data)
    except UnicodeDecodeError as error:
        raise errors.damaged(name, detail=repr(error)) from error
    if not source.strip():
        return (), None
    parser = lxml_html.HTMLParser(
        encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml_html.document_fromstring(source.encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return (), None
    blocks = html_blocks(root, limits)
    if not blocks and any("depth" in entry.message for entry in parser.error_log):
        raise errors.DangerousFile(
            name, "的标签嵌套过深，无法读取", "已拒绝读取；请用浏览器打开后另存为 PDF，或复制正文存为 TXT 后上传"
        )
    return blocks, _title(root)


def html_blocks(root: lxml_html.HtmlElement, limits: ParseLimits) -> tuple[Block, ...]:
    """Blocks of a parsed tree; walks without recursion, so that depth costs nothing."""
    flow = _Flow(limits)
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            if _enter(flow, element):
                walker.skip_subtree()
        else:
            _leave(flow, element)
    flow.flush()
    return tuple(flow.blocks)


def _enter(flow: _Flow, element: etree._Element) -> bool:
    """Open an element; true when its content is done with or not wanted."""
    tag = str(element.tag)
    if tag in _SKIPPED or _hidden(element):
        return True
    if tag in _BLOCKS:
        flow.flush()
    if tag == "table":
        table = _table(element, flow.limits)
        if table is not None:
            flow.blocks.append(table)
            return True
    heading = _HEADING.match(tag)
    if heading:
        flow.kind, flow.level = "heading", int(heading.group(1))
    elif tag == "li":
        flow.kind, flow.level, flow.marker = "list", None, _marker(element)
    flow.add(element.text)
    return False


def _leave(flow: _Flow, element: etree._Element) -> None:
    tag = str(element.tag)
    if tag in _BLOCKS:
        flow.flush()
        if _HEADING.match(tag) or tag == "li":
            parent = element.getparent()
            inside = parent is not None and any(ancestor.tag == "li" for ancestor in element.iterancestors("li"))
            flow.kind, flow.level, flow.marker = ("list" if inside else "paragraph"), None, ""
    flow.add(element.tail)


def _hidden(element: etree._Element) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if _HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    return element.tag == "header" and element.find(".//h1") is None


def _marker(item: etree._Element) -> str:
    """The number a browser would show before an item of an ordered list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    start = _integer(parent.get("start"), 1)
    number = _integer(item.get("value"), start + sum(1 for _ in item.itersiblings("li", preceding=True)))
    return f"{number}. "


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text.strip()) else default


def _table(table: etree._Element, limits: ParseLimits) -> Block | None:
    """A data table as a block; None for a table that only lays out the page, whose content flows."""
    lines = [row for part in table if part.tag in ("thead", "tbody", "tfoot") for row in part if row.tag == "tr"]
    lines += [row for row in table if row.tag == "tr"]
    if table.find(".//table") is not None or not lines:
        return None
    rows: list[list[tuple[str, int, int]]] = []
    for line in lines[: limits.rows_max]:
        cells = [cell for cell in line if cell.tag in ("td", "th")]
        rows.append([(_cell_text(cell), _integer(cell.get("rowspan"), 1), _integer(cell.get("colspan"), 1))
                     for cell in cells])  # fmt: skip
    widest = max((len(row) for row in rows), default=0)
    longest = max((len(text) for row in rows for text, _, _ in row), default=0)
    if widest <= 1 or (longest > _LAYOUT_CELL_CHARS and table.find(".//p") is not None):
        return None
    headed = all(cell.tag == "th" for cell in lines[0] if cell.tag in ("td", "th")) or table.find("thead") is not None
    return table_block(fill_spans(rows, limits.cells_max), header=True if headed else None)


def _cell_text(cell: etree._Element) -> str:
    parts: list[str] = []
    walker = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walker:
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            if element.tag in _SKIPPED:
                walker.skip_subtree()
                continue
            parts.append("\x1e" if element.tag in _BLOCKS else "")
            parts.append(element.text or "")
        elif element is not cell:
            parts.append("\x1e" if element.tag in _BLOCKS else "")
            parts.append(element.tail or "")
    return "\n".join(filter(None, (normalise(part) for part in "".join(parts).split("\x1e"))))


def _title(root: lxml_html.HtmlElement) -> str | None:
    for path in (".//h1", ".//title"):
        found = root.find(path)
        if found is not None:
            text = normalise("".join(found.itertext()))
            if text:
                return text
    return None
