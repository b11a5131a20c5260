"""Reads the sample bank's Markdown sources: a header of `key: value` lines and a body of plain blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

BANK = "示范银行股份有限公司"
Format = Literal["docx", "pdf", "scan_pdf", "png", "xlsx", "pptx", "html", "md", "txt", "csv"]
ElementKind = Literal["heading", "paragraph", "item", "table"]

_EXTENSIONS: dict[str, str] = {"scan_pdf": "pdf"}
_ARTICLE = re.compile(r"^(第[一二三四五六七八九十百]+条)[ 　]*")
_LABEL = re.compile(r"^(?:([一二三四五六七八九十]+)、|（[一二三四五六七八九十]+）)")
_NUMBERED = re.compile(r"^(?:\d+\. |- )")


@dataclass(frozen=True)
class Element:
    """One block of a source. `level` is 1 or 2 for headings; `rows` are a table's cells, header first."""

    kind: ElementKind
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    numbered: bool = False


@dataclass(frozen=True)
class Source:
    """A sample document before it is given its file format. `effective` is None for a draft."""

    file_name: str
    format: Format
    title: str
    number: str
    kind: str
    owner: str
    status: str
    published: date
    effective: date | None
    auto_numbered: bool
    elements: tuple[Element, ...]

    @property
    def dateline(self) -> str:
        """The line under the title: issuing date and owning department."""
        return f"{chinese_date(self.published)}印发　主办部门：{self.owner}"


def chinese_date(day: date) -> str:
    """Write a date as an office does: 2025年4月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def read_source(path: Path) -> Source:
    """Parse one source file. Raises KeyError or ValueError when its header is incomplete (a bug of ours)."""
    _, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in header.splitlines())}
    form = fields["format"]
    return Source(
        file_name=f"{path.stem}.{_EXTENSIONS.get(form, form)}",
        format=form,  # type: ignore[arg-type]
        title=fields["title"],
        number=fields["number"],
        kind=fields["kind"],
        owner=fields["owner"],
        status=fields.get("status", "published"),
        published=date.fromisoformat(fields["published"]),
        effective=date.fromisoformat(fields["effective"]) if fields["effective"] else None,
        auto_numbered=fields.get("numbering") == "auto",
        elements=tuple(_elements(body)),
    )


def split_article(text: str) -> tuple[str, str]:
    """Part "第三条 借款人……" into its article name and the rest; the name is "" for other paragraphs."""
    found = _ARTICLE.match(text)
    return (found.group(1), text[found.end() :]) if found else ("", text)


def article_of(source: Source, quote: str) -> str:
    """Name what a person would cite for `quote`: 第三条, 三（三）, 第4问, or the heading of the sheet or slide.

    A table cell that is the quote goes before a sentence that holds it. Raises LookupError when neither exists.
    """
    cells, sentences = [], []
    place, part, question = "", "", 0
    for element in source.elements:
        label = _LABEL.match(element.text)
        if element.kind == "heading" and element.level == 1:
            place = part = label.group(1) if label and label.group(1) else element.text
        elif element.kind == "heading" and label:
            place = part + label.group(0)
        elif element.text.startswith("问："):
            question += 1
            place = f"第{question}问"
        elif element.kind == "paragraph":
            place = split_article(element.text)[0] or (label.group(1) if label and label.group(1) else place)
        cells += [place for row in element.rows if quote in row]
        sentences += [place] if quote in element.text or any(quote in " | ".join(row) for row in element.rows) else []
    if not cells + sentences:
        raise LookupError(f"{source.file_name}: {quote}")
    return (cells + sentences)[0]


def _elements(body: str) -> list[Element]:
    elements: list[Element] = []
    rows: list[tuple[str, ...]] = []
    for line in [*body.splitlines(), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            continue
        if rows:
            elements.append(Element("table", rows=tuple(rows)))
            rows = []
        if line.strip():
            elements.append(_element(line.strip()))
    return elements


def _element(line: str) -> Element:
    if line.startswith("#"):
        marks, _, text = line.partition(" ")
        return Element("heading", text, level=len(marks) - 1)
    if _NUMBERED.match(line):
        return Element("item", _NUMBERED.sub("", line), numbered=line[0] != "-")
    return Element("paragraph", line)
