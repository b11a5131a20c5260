"""Writes sample documents as text PDF, and as the pictures that a scanner or a phone would make of them."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from time import struct_time
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from yinshu.sample.source import BANK, Source, chinese_date

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable

_FONT_VARIABLE = "YINSHU_SAMPLE_FONT"
_FONT_PATHS = ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",)
_SCAN_SIZE_PX = (1240, 1754)
_SCAN_TILT_DEGREES = 1.8
_SCAN_NOISE = 7.0
_SCAN_JPEG_QUALITY = 55
_NOTICE_SIZE_PX = (1000, 760)
_LINE_SPACING = 1.75
_PDF_TIME = struct_time((2026, 1, 1, 0, 0, 0, 3, 1, 0))


def chinese_font() -> Path | None:
    """Find a TrueType font with Chinese outlines: YINSHU_SAMPLE_FONT, else fonts-wqy-microhei; None when absent."""
    places = [os.environ.get(_FONT_VARIABLE, ""), *_FONT_PATHS]
    return next((Path(place) for place in places if place and Path(place).is_file()), None)


def write_pdf(source: Source, font: Path) -> bytes:
    """Lay out a policy on A4 with running head, page numbers and ruled tables; the font is embedded as a subset."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import SimpleDocTemplate

    pdfmetrics.registerFont(TTFont("Sample", str(font), subfontIndex=0))
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=A4, topMargin=28 * mm, bottomMargin=24 * mm, leftMargin=26 * mm, rightMargin=26 * mm,
        title=source.title, author=BANK, invariant=1,
    )  # fmt: skip

    def furniture(canvas: Canvas, page: SimpleDocTemplate) -> None:
        width, height = A4
        canvas.setFont("Sample", 9)
        canvas.drawString(26 * mm, height - 16 * mm, f"{BANK}　{source.title}")
        canvas.line(26 * mm, height - 18 * mm, width - 26 * mm, height - 18 * mm)
        canvas.drawCentredString(width / 2, 12 * mm, f"第 {page.page} 页")

    document.build(_story(source, document.width), onFirstPage=furniture, onLaterPages=furniture)
    return buffer.getvalue()


def write_scan(source: Source, font: Path) -> bytes:
    """Make a one-page PDF that holds only a tilted, noisy picture of the page, as a flat-bed scanner would."""
    page = Image.new("RGB", _SCAN_SIZE_PX, "white")
    pen = ImageDraw.Draw(page)
    red = (190, 30, 30)
    _centred(pen, 150, "示范银行文件", ImageFont.truetype(str(font), 72), red)
    _centred(pen, 270, source.number, ImageFont.truetype(str(font), 30), "black")
    pen.line((140, 325, _SCAN_SIZE_PX[0] - 140, 325), fill=red, width=4)
    _centred(pen, 370, source.title, ImageFont.truetype(str(font), 42), "black")
    text = ImageFont.truetype(str(font), 30)
    below = _paragraphs(pen, [element.text for element in source.elements], (150, 470), _SCAN_SIZE_PX[0] - 170, text)
    for offset, line in ((40, BANK), (92, chinese_date(source.published))):
        pen.text((700, below + offset), line, font=text, fill="black")
    pen.ellipse((790, below - 10, 990, below + 190), outline=red, width=5)
    tilted = page.rotate(_SCAN_TILT_DEGREES, Image.Resampling.BICUBIC, fillcolor="white")
    buffer = io.BytesIO()
    _noisy(tilted).save(
        buffer, "PDF", resolution=150, quality=_SCAN_JPEG_QUALITY, creationDate=_PDF_TIME, modDate=_PDF_TIME
    )
    return buffer.getvalue()


def write_png(source: Source, font: Path) -> bytes:
    """Make a picture of a notice board."""
    page = Image.new("RGB", _NOTICE_SIZE_PX, (247, 244, 236))
    pen = ImageDraw.Draw(page)
    _centred(pen, 50, source.title, ImageFont.truetype(str(font), 46), (20, 60, 120))
    text = ImageFont.truetype(str(font), 27)
    below = _paragraphs(pen, [element.text for element in source.elements], (60, 150), _NOTICE_SIZE_PX[0] - 70, text)
    pen.text((640, below + 16), BANK, font=text, fill="black")
    pen.text((640, below + 60), chinese_date(source.published), font=text, fill="black")
    buffer = io.BytesIO()
    page.quantize(16).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _story(source: Source, width: float) -> list[Flowable]:
    from reportlab.lib import colors
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Spacer, Table, TableStyle

    body = ParagraphStyle("body", fontName="Sample", fontSize=11, leading=19, firstLineIndent=22, wordWrap="CJK")
    middle = ParagraphStyle("middle", body, firstLineIndent=0, alignment=TA_CENTER)
    head = ParagraphStyle("head", middle, fontSize=13, leading=24, spaceBefore=8)
    cell = ParagraphStyle("cell", body, firstLineIndent=0, fontSize=9.5, leading=14)
    rule = TableStyle([("GRID", (0, 0), (-1, -1), 0.6, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    story: list[Flowable] = [
        Paragraph(source.title, ParagraphStyle("title", middle, fontSize=18, leading=30)),
        Paragraph(source.number, middle),
        Paragraph(source.dateline, ParagraphStyle("dateline", middle, fontSize=10)),
        Spacer(1, 10),
    ]
    for element in source.elements:
        if element.kind == "table":
            rows = [[Paragraph(text, cell) for text in row] for row in element.rows]
            story += [Table(rows, [width / len(rows[0])] * len(rows[0]), repeatRows=1, style=rule), Spacer(1, 8)]
        else:
            story.append(Paragraph(element.text, head if element.kind == "heading" else body))
    signed = ParagraphStyle("signed", body, alignment=TA_RIGHT)
    story += [Spacer(1, 14), Paragraph(BANK, signed), Paragraph(chinese_date(source.published), signed)]
    return story


def _centred(pen: ImageDraw.ImageDraw, top: int, line: str, font: ImageFont.FreeTypeFont, fill: object) -> None:
    left = (pen.im.size[0] - pen.textlength(line, font=font)) / 2
    pen.text((left, top), line, font=font, fill=fill)  # type: ignore[arg-type]


def _paragraphs(
    pen: ImageDraw.ImageDraw, texts: Sequence[str], origin: tuple[int, int], right: int, font: ImageFont.FreeTypeFont
) -> int:
    """Draw indented paragraphs that end at `right`; return the y below the last line."""
    left, top = origin
    for text in texts:
        line = "　　"
        for mark in text:
            if pen.textlength(line + mark, font=font) > right - left and mark not in "，。、；：）":
                pen.text((left, top), line, font=font, fill="black")
                top += int(font.size * _LINE_SPACING)
                line = ""
            line += mark
        pen.text((left, top), line, font=font, fill="black")
        top += int(font.size * _LINE_SPACING)
    return top


def _noisy(page: Image.Image) -> Image.Image:
    grain = np.random.default_rng(20260910).normal(-4.0, _SCAN_NOISE, (*page.size[::-1], 1))
    return Image.fromarray(np.clip(np.asarray(page) + grain, 0, 255).astype(np.uint8))
