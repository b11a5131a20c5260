"""The real OCR engine on printed pages: read, turned upright, straightened, and without a download."""

from __future__ import annotations

import io
import pickle
import socket
from difflib import SequenceMatcher

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import serif_path

from yinshu.adapters.ocr.rapidocr_engine import RapidOcrEngine
from yinshu.kernel.documents import parse

LINES = (
    "关于单位银行结算账户管理有关事项的通知",
    "一、单位卡账户的资金一律从其基本存款账户转账存入，",
    "二、逾期利率为年利率3.85%，最高不超过人民币50万元，",
    "三、本通知自2026年1月1日起施行，特此通知。",
)
TEXT = "".join(LINES)
ACCURACY_MIN = 0.97


@pytest.fixture(scope="module")
def engine() -> RapidOcrEngine:
    return RapidOcrEngine()


@pytest.fixture(scope="module")
def page() -> Image.Image:
    font = ImageFont.truetype(str(serif_path()), 30)
    picture = Image.new("RGB", (980, 420), "white")
    draw = ImageDraw.Draw(picture)
    for place, line in enumerate(LINES):
        draw.text((70, 70 + place * 75), line, font=font, fill="black")
    return picture


def accuracy(data: bytes, engine: RapidOcrEngine, name: str = "扫描.png") -> float:
    """Share of the printed characters that were read in their order."""
    found = "".join(block.text for block in parse(data, name, ocr=engine).blocks)
    matched = SequenceMatcher(None, TEXT, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matched) / len(TEXT)


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("angle", [90, 180, 270, 4])
def test_turned_and_slanted_pages_read_as_upright_ones(engine, page, angle):
    turned = page.rotate(angle, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    assert accuracy(saved(turned), engine) >= ACCURACY_MIN


def test_boxes_lie_on_the_picture_as_it_was_given(engine, page):
    turned = page.rotate(-90, expand=True)
    block = parse(saved(turned), "a.png", ocr=engine).blocks[0]
    left, top, right, bottom = (edge * side for edge, side in zip(block.box, turned.size * 2, strict=True))
    ink = np.asarray(turned.convert("L").crop((int(left), int(top), int(right), int(bottom)))) < 128
    assert ink.any()
    assert bottom - top > right - left


def test_the_orientation_mark_of_a_camera_is_followed(engine, page):
    exif = Image.Exif()
    exif[0x0112] = 6
    assert (
        accuracy(saved(page.rotate(90, expand=True), "JPEG", exif=exif, quality=92), engine, "照片.jpg") >= ACCURACY_MIN
    )


def test_the_engine_reads_nothing_from_the_network(page, monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("the engine opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert accuracy(saved(page), RapidOcrEngine()) >= ACCURACY_MIN


def test_the_engine_travels_to_another_process(engine):
    assert pickle.loads(pickle.dumps(engine)) == engine


def test_a_blank_page_has_no_lines(engine):
    assert len(engine.read(np.full((200, 300, 3), 255, dtype=np.uint8))) == 0
