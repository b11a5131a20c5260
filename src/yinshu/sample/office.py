"""Writes sample documents as DOCX, XLSX and PPTX, byte for byte the same on every run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

import docx
import pptx
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from pptx.util import Inches

from yinshu.sample.source import BANK, Element, Source, chinese_date, split_article

_FIXED_TIME = (2026, 1, 1, 0, 0, 0)
_FIXED_DATE = datetime(*_FIXED_TIME)  # noqa: DTZ001  (the libraries want a bare UTC time)
_FIRST_NUMBERING = 900
_COLUMN_WIDTH_CHARS = 28
_SAVE_TIME = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_docx(source: Source) -> bytes:
    """Lay out a policy or form with real heading styles, tables, lists and a page number field."""
    word = docx.Document()
    _prepare(word, source)
    numbering = _Numbering(word)
    running = numbering.add("第%1条", "chineseCountingThousand") if source.auto_numbered else 0
    current = 0
    for element in source.elements:
        if element.kind == "item" and element.numbered:
            current = current or numbering.add("%1.", "decimal")
            _number(word.add_paragraph(element.text), current)
            continue
        current = 0
        article, rest = split_article(element.text)
        if running and article:
            _number(word.add_paragraph(rest), running)
        else:
            _add(word, element)
    if source.kind != "表单":
        for line in (BANK, chinese_date(source.published)):
            word.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    buffer = io.BytesIO()
    word.save(buffer)
    return _same_every_time(buffer.getvalue())


def write_xlsx(source: Source) -> bytes:
    """Write one sheet per heading, its table below a bold, filled header row; the first sheet names the document."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    sheet = None
    for element in source.elements:
        if element.kind == "heading":
            sheet = book.create_sheet(element.text)
            sheet.append([f"{source.title}　{element.text}"])
            sheet["A1"].font = Font(bold=True, size=14)
        elif element.kind == "table":
            assert sheet is not None
            columns = len(element.rows[0])
            sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=columns)
            for row in element.rows:
                sheet.append(list(row))
            for cell in sheet[2]:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7F3")
            for number in range(1, columns + 1):
                sheet.column_dimensions[get_column_letter(number)].width = _COLUMN_WIDTH_CHARS
            sheet["A1"].alignment = Alignment(horizontal="center")
    book.properties.creator = BANK
    book.properties.created = book.properties.modified = _FIXED_DATE
    buffer = io.BytesIO()
    book.save(buffer)
    return _same_every_time(buffer.getvalue())


def write_pptx(source: Source) -> bytes:
    """Write a title slide and one slide per heading with its bullets and table."""
    show = pptx.Presentation()
    first = show.slides.add_slide(show.slide_layouts[0])
    first.shapes.title.text = source.title
    first.placeholders[1].text = f"{BANK}\n{source.owner}\n{chinese_date(source.published)}"
    slide = first
    for element in source.elements:
        if element.kind == "heading":
            slide = show.slides.add_slide(show.slide_layouts[1])
            slide.shapes.title.text = element.text
        elif element.kind == "item":
            frame = slide.placeholders[1].text_frame
            line = frame.paragraphs[0] if not frame.text else frame.add_paragraph()
            line.text = element.text
        elif element.kind == "table":
            size = (len(element.rows), len(element.rows[0]))
            table = slide.shapes.add_table(*size, Inches(1), Inches(5), Inches(8), Inches(1.6)).table
            for row_number, row in enumerate(element.rows):
                for column, text in enumerate(row):
                    table.cell(row_number, column).text = text
    show.core_properties.author = BANK
    show.core_properties.created = show.core_properties.modified = _FIXED_DATE
    buffer = io.BytesIO()
    show.save(buffer)
    return _same_every_time(buffer.getvalue())


class _Numbering:
    """Adds automatic numberings to a Word document, each starting at one."""

    def __init__(self, word: Word) -> None:
        self._root = word.part.numbering_part.element
        self._next = _FIRST_NUMBERING

    def add(self, pattern: str, numerals: str) -> int:
        identity, self._next = self._next, self._next + 1
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identity}"><w:multiLevelType w:val="singleLevel"/>'
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{numerals}"/><w:suff w:val="space"/>'
            f'<w:lvlText w:val="{pattern}"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
        )
        self._root.insert(0, abstract)
        self._root.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{identity}"><w:abstractNumId w:val="{identity}"/></w:num>')
        )
        return identity


def _prepare(word: Word, source: Source) -> None:
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = word.styles[name]
        style.font.name = "宋体" if name == "Normal" else "黑体"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), style.font.name)
    word.styles["Normal"].font.size = Pt(12)
    word.core_properties.author, word.core_properties.title = BANK, source.title
    word.core_properties.created = word.core_properties.modified = _FIXED_DATE
    word.sections[0].header.paragraphs[0].text = f"{BANK}内部资料　注意保管"
    _page_field(word.sections[0].footer.paragraphs[0])
    if source.number:
        word.add_paragraph(source.number).alignment = WD_ALIGN_PARAGRAPH.CENTER
    word.add_paragraph(source.title, style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    word.add_paragraph(source.dateline).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _add(word: Word, element: Element) -> None:
    if element.kind == "heading":
        word.add_heading(element.text, level=element.level)
    elif element.kind == "table":
        _table(word, element.rows)
    elif element.kind == "item":
        word.add_paragraph(element.text, style="List Bullet")
    else:
        word.add_paragraph(element.text).paragraph_format.first_line_indent = Pt(24)


def _table(word: Word, rows: Sequence[Sequence[str]]) -> None:
    table = word.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for target, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(target.cells, row, strict=True):
            cell.text = text
    word.add_paragraph()


def _number(paragraph: Paragraph, numbering: int) -> None:
    place = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{numbering}"/></w:numPr>'
    properties = paragraph._element.get_or_add_pPr()  # noqa: SLF001
    properties.append(parse_xml(place))  # type: ignore[arg-type]


def _page_field(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"/>'
    paragraph._element.append(parse_xml(field))  # type: ignore[arg-type]  # noqa: SLF001


def _same_every_time(package: bytes) -> bytes:
    """Write an OOXML package again with fixed times, so that an unchanged source gives an unchanged file."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            content = _SAVE_TIME.sub(rb"\g<1>2026-01-01T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
