"""The paper of a conversation as DOCX, with the AIGC object among its custom properties."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as DocxDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from yinshu.kernel.assistant.export import PRODUCER, Line, Paper, Style, foot

FONT = "Microsoft YaHei"
CORE_CHARS_MAX = 255
INK = RGBColor(0x1F, 0x3A, 0x5F)
GREY = RGBColor(0x66, 0x66, 0x66)
SIZES: dict[Style, float] = {"title": 18, "question": 13, "text": 11, "source": 10, "quote": 9.5, "note": 9.5}
INDENTS: dict[Style, float] = {"source": 12, "quote": 28}
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="AIGC">'
    "<vt:lpwstr>{aigc}</vt:lpwstr></property>"
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="3" name="ContentSHA256">'
    "<vt:lpwstr>{digest}</vt:lpwstr></property></Properties>"
)


def as_docx(paper: Paper) -> bytes:
    """The paper as a DOCX file."""
    document = Document()
    for line in paper.lines:
        _paragraph(document, line)
    for text in foot(paper):
        _paragraph(document, Line("note", text))
    _name(document, paper)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _paragraph(document: DocxDocument, line: Line) -> None:
    level = {"title": 0, "question": 2}.get(line.style)
    paragraph = document.add_paragraph() if level is None else document.add_heading(level=level)
    run = paragraph.add_run(_printable(line.text))
    run.font.size = Pt(SIZES[line.style])
    run.font.name = FONT
    run.font.color.rgb = INK if level is not None else GREY if line.style in ("note", "quote") else None
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - python-docx has no other way to it
    fonts.set(qn("w:eastAsia"), FONT)
    if line.style in INDENTS:
        paragraph.paragraph_format.left_indent = Pt(INDENTS[line.style])


def _printable(text: str) -> str:
    """Text that XML can hold."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\t\n\u3000")


def _name(document: DocxDocument, paper: Paper) -> None:
    core = document.core_properties
    core.author = PRODUCER
    core.title = _printable(paper.title)[:CORE_CHARS_MAX]
    core.comments = foot(paper)[0]
    core.keywords = "AIGC"
    core.created = core.modified = paper.exported_at.replace(tzinfo=None)
    blob = _CUSTOM.format(aigc=escape(paper.aigc), digest=paper.digest).encode()
    part = Part(PackURI("/docProps/custom.xml"), _CUSTOM_TYPE, blob, document.part.package)
    document.part.package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
