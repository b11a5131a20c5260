"""How fast and how right files are read: PDF pages a second, OCR seconds a page and share of characters read.

Run: .venv/bin/python -m bench.documents [--pages 3]
The pages are made here; printed text is the bank's own wording, set in an open font from the development packages.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import time
from difflib import SequenceMatcher

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path, serif_path
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from yinshu.adapters.ocr.rapidocr_engine import RapidOcrEngine
from yinshu.kernel.documents import parse

PDF_PAGES = 50
A4_PIXELS = (1654, 2339)
LINES = 30
LETTER_PIXELS = 33
SENTENCES = (
    "存款人申请开立单位银行结算账户，应当提交申请书及证明文件，"
    "经办人员应当核对原件与复印件是否一致，并在{}个工作日内完成审核。"
)


def lines_of_page(page: int) -> list[str]:
    """Thirty full lines of 38 characters."""
    text = "".join(f"第{number}条　" + SENTENCES.format(number) for number in range(page * 40 + 1, page * 40 + 41))
    return [text[start : start + 38] for start in range(0, LINES * 38, 38)]


def measure_pdf() -> dict[str, float]:
    """Pages of 30 lines a second."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    page = canvas.Canvas(file)
    for number in range(PDF_PAGES):
        page.setFont("STSong-Light", 12)
        for place, line in enumerate(lines_of_page(number)):
            page.drawString(60, 780 - 22 * place, line)
        page.showPage()
    page.save()
    started = time.perf_counter()
    parse(file.getvalue(), "bench.pdf")
    return {"pdf_pages_per_second": round(PDF_PAGES / (time.perf_counter() - started), 1)}


def measure_ocr(pages: int) -> dict[str, float]:
    """Seconds and processor seconds a page at 200 dpi, and the share of characters read in their order."""
    engine = RapidOcrEngine()
    fonts = [ImageFont.truetype(str(path), LETTER_PIXELS) for path in (serif_path(), sans_path())]
    parse(_scan(lines_of_page(0)[:2], fonts[0]), "warm.png", ocr=engine)
    matched = total = 0
    started, worked = time.perf_counter(), time.process_time()
    for number in range(pages):
        lines = lines_of_page(number)
        printed = "".join("".join(lines).split())
        blocks = parse(_scan(lines, fonts[number % 2]), "bench.png", ocr=engine).blocks
        found = "".join("".join(block.text for block in blocks).split())
        matched += sum(
            part.size for part in SequenceMatcher(None, printed, found, autojunk=False).get_matching_blocks()
        )
        total += len(printed)
    return {
        "ocr_seconds_per_page": round((time.perf_counter() - started) / pages, 1),
        "ocr_cpu_seconds_per_page": round((time.process_time() - worked) / pages, 1),
        "ocr_characters_read": round(matched / total, 4),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _scan(lines: list[str], font: ImageFont.FreeTypeFont) -> bytes:
    picture = Image.new("RGB", A4_PIXELS, "white")
    draw = ImageDraw.Draw(picture)
    for place, line in enumerate(lines):
        draw.text((190, 190 + place * 64), line, font=font, fill=(20, 20, 20))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=3, help="pages to read by OCR")
    print(json.dumps(measure_pdf() | measure_ocr(arguments.parse_args().pages)))
