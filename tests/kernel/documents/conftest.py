"""Files of every format, made by the tests themselves, and an engine that finds no text."""

from __future__ import annotations

import io
import operator
import struct
import zipfile
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import docx
import openpyxl
import pptx
import pytest
from openpyxl.styles import Font
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

FONT = "STSong-Light"
ARTICLES = (
    "第一条　为规范单位银行结算账户的开立、使用和撤销，防范账户风险，保护存款人合法权益，制定本办法。",
    "第二条　单位卡账户的资金一律从其基本存款账户转账存入，不得交存现金，不得将销货收入的款项存入单位卡账户。",
    "第三条　存款人申请开立基本存款账户，应当出具营业执照正本、法定代表人身份证件，经办机构应当在2个工作日内审核完毕。",
    "第四条　逾期未支用的授信额度按年利率3.85%计收承诺费，最高不超过人民币50万元，法律、行政法规另有规定的除外。",
    "第五条　本办法由示范银行运营管理部负责解释，自2026年1月1日起施行，原《单位账户管理规定》同时废止。",
)


class Maker:
    """Makes small files with known content."""

    def __init__(self) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))

    def docx(self, edit: Callable[[docx.document.Document], object] | None = None) -> bytes:
        """A rule with a title, a chapter, articles and a table."""
        document = docx.Document()
        document.add_heading("单位账户管理办法", 0)
        document.add_heading("第一章　总则", 1)
        for article in ARTICLES:
            document.add_paragraph(article)
        table = document.add_table(3, 2)
        for place, text in enumerate(("项目", "标准", "跨行转账", "5元/笔", "挂失", "10元/户")):
            table.cell(place // 2, place % 2).text = text
        if edit is not None:
            edit(document)
        return _saved(document.save)

    def xlsx(self, edit: Callable[[openpyxl.Workbook], object] | None = None) -> bytes:
        """A fee table: caption, a head of two rows with merged cells, formats, a note."""
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "收费"
        for row in (
            ("示范银行服务收费标准", None, None, None),
            ("项目", "标准", None, "生效日"),
            (None, "对公", "对私", None),
            ("跨行转账", 0.0005, 5, "2026-01-01"),
            ("挂失", 0.1, 12345.5, "2026-01-01"),
            ("注：本表由运营管理部负责解释", None, None, None),
        ):
            sheet.append(row)
        for span in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
            sheet.merge_cells(span)
        sheet["B4"].number_format = "0.00%"
        sheet["B5"].number_format = "0%"
        sheet["C5"].number_format = '#,##0.00"元"'
        sheet["A2"].font = Font(bold=True)
        if edit is not None:
            edit(book)
        return _saved(book.save)

    def pptx(self) -> bytes:
        """One slide: title, two points, a table, a note."""
        deck = pptx.Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = "账户新规培训"
        slide.placeholders[1].text = "单位卡不得交存现金\n开户审核两个工作日"
        inch = pptx.util.Inches
        table = slide.shapes.add_table(2, 2, inch(1), inch(5), inch(4), inch(1)).table
        for place, text in enumerate(("项目", "标准", "挂失", "10元")):
            table.cell(place // 2, place % 2).text = text
        slide.notes_slide.notes_text_frame.text = "讲解时强调第二条"
        return _saved(deck.save)

    def pdf(
        self, paragraphs: Sequence[str | Sequence[Sequence[str]]] = ARTICLES, *, head: str = "示范银行内部文件"
    ) -> bytes:
        """Justified paragraphs with a first-line indent, ruled tables, a running head and page numbers."""
        body = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
        title = ParagraphStyle("title", fontName=FONT, fontSize=18, leading=30, alignment=1, wordWrap="CJK")
        flow: list[Flowable] = [Paragraph("单位账户管理办法", title)]
        ruled = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), FONT, 10)]
        flow += [
            Paragraph(part, body) if isinstance(part, str) else Table([list(row) for row in part], style=ruled)
            for part in paragraphs
        ]

        def decorate(page: canvas.Canvas, document: SimpleDocTemplate) -> None:
            page.setFont(FONT, 9)
            page.drawString(72, 805, head)
            page.drawCentredString(297, 30, f"— {document.page} —")

        file = io.BytesIO()
        SimpleDocTemplate(file, pagesize=A4, pageCompression=0).build(flow, onFirstPage=decorate, onLaterPages=decorate)
        return file.getvalue()

    def drawn_pdf(
        self, draw: Callable[[canvas.Canvas], object], *, pages: int = 1, password: str | None = None
    ) -> bytes:
        """Pages drawn by hand; with `password`, one is needed to open the file."""
        file = io.BytesIO()
        lock = StandardEncryption(password, ownerPassword="owner") if password else None
        page = canvas.Canvas(file, pagesize=A4, encrypt=lock)
        for _ in range(pages):
            page.setFont(FONT, 12)
            draw(page)
            page.showPage()
        page.save()
        return file.getvalue()

    def picture(self, lines: Sequence[str] = ARTICLES[:3], *, size: int = 28) -> Image.Image:
        """Lines of print on white paper, as a good scan shows them."""
        font = ImageFont.truetype(str(sans_path()), size)
        wrapped = [line[start : start + 24] for line in lines for start in range(0, len(line), 24)]
        picture = Image.new("RGB", (size * 28, size * 2 * len(wrapped) + size * 4), "white")
        draw = ImageDraw.Draw(picture)
        for place, line in enumerate(wrapped):
            draw.text((size * 2, size * 2 + place * size * 2), line, font=font, fill="black")
        return picture

    def png(self, picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
        """A picture's bytes."""
        file = io.BytesIO()
        picture.save(file, kind, **options)
        return file.getvalue()

    def scanned_pdf(self, *pictures: Image.Image) -> bytes:
        """A PDF of pictures only."""
        file = io.BytesIO()
        pictures[0].save(file, "PDF", save_all=True, append_images=list(pictures[1:]), resolution=150)
        return file.getvalue()

    def ole(self, stream: str, content: bytes) -> bytes:
        """A compound file (old Office, encrypted new Office) with one stream."""
        sector = 512
        content = content.ljust(max(4096, -(-len(content) // sector) * sector), b"\0")
        count = len(content) // sector
        chain = [*range(1, count), -2, -2, -3]
        table = struct.pack(f"<{len(chain)}i", *chain).ljust(sector, b"\xff")
        header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
        header += struct.pack("<IIiIIiIiI", 0, 1, count, 0, 4096, -2, 0, -2, 0)
        header += struct.pack("<i", count + 1) + b"\xff" * (108 * 4)
        folder = b"".join(
            name.encode("utf-16-le").ljust(64, b"\0")
            + struct.pack("<HBBiii", len(name) * 2 + 2, kind, 1, -1, -1, child)
            + bytes(36)
            + struct.pack("<iQ", start, length)
            for name, kind, child, start, length in (("Root Entry", 5, 1, -2, 0), (stream, 2, -1, 0, len(content)))
        )
        return header + content + folder.ljust(sector, b"\0") + table

    def xls(self, rows: Sequence[Sequence[str | float]] = (("项目", "标准"), ("挂失", 10.0))) -> bytes:
        """A BIFF8 workbook with one sheet, 收费."""

        def record(number: int, body: bytes) -> bytes:
            return struct.pack("<HH", number, len(body)) + body

        def begin(kind: int) -> bytes:
            return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))

        name = "收费".encode("utf-16-le")
        cells = b""
        for row, line in enumerate(rows):
            for column, value in enumerate(line):
                place = struct.pack("<HHH", row, column, 0)
                if isinstance(value, str):
                    text = value.encode("utf-16-le")
                    cells += record(0x0204, place + struct.pack("<HB", len(value), 1) + text)
                else:
                    cells += record(0x0203, place + struct.pack("<d", value))
        before = begin(0x0005) + record(0x0042, struct.pack("<H", 1200))
        sheet_length = 4 + 8 + len(name)
        offset = len(before) + sheet_length + 4
        listed = record(0x0085, struct.pack("<IBBBB", offset, 0, 0, 2, 1) + name)
        size = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, 2, 0))
        return self.ole(
            "Workbook", before + listed + record(0x0A, b"") + begin(0x0010) + size + cells + record(0x0A, b"")
        )

    def repacked(self, archive: bytes, changes: dict[str, bytes]) -> bytes:
        """A ZIP with parts replaced or added."""
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                if name not in changes:
                    new.writestr(name, old.read(name))
            for name, content in changes.items():
                new.writestr(name, content)
        return file.getvalue()

    def part(self, archive: bytes, name: str) -> bytes:
        """One part of a ZIP."""
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return opened.read(name)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


@pytest.fixture(scope="session")
def make() -> Maker:
    return Maker()


@pytest.fixture
def blank_engine() -> SimpleNamespace:
    """An OCR engine that finds no line. The reading process cannot import test code, so it is made of builtins:
    the `dtype.shape` of any image is the empty tuple."""
    return SimpleNamespace(read=operator.attrgetter("dtype.shape"))
