"""Bad input: each kind has a Chinese message that names the file and the remedy, and nothing crashes."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from PIL import Image

from yinshu.kernel.documents import ParseLimits, errors, parse

WORD = "word/document.xml"


def refusal(data: bytes, name: str, **options) -> errors.DocumentError:
    with pytest.raises(errors.DocumentError) as caught:
        parse(data, name, **options)
    error = caught.value
    assert f"“{name}”" in error.message
    assert "请" in error.message
    assert error.exit_code == 3
    return error


def test_an_empty_file():
    assert isinstance(refusal(b"", "空.docx"), errors.EmptyFile)


def test_a_file_without_text():
    assert isinstance(refusal(b" \n \n", "空白.txt"), errors.EmptyFile)


def test_an_encrypted_pdf(make):
    data = make.drawn_pdf(lambda page: page.drawString(80, 700, "正文"), password="secret")
    error = refusal(data, "加密.pdf")
    assert isinstance(error, errors.EncryptedFile)
    assert "请先解除密码保护" in error.message


@pytest.mark.parametrize("name", ["加密.docx", "加密.xlsx", "加密.pptx"])
def test_an_encrypted_office_file(make, name):
    assert isinstance(refusal(make.ole("EncryptedPackage", b"\x01" * 5000), name), errors.EncryptedFile)


@pytest.mark.parametrize(("stream", "remedy"), [("WordDocument", ".docx"), ("PowerPoint Document", ".pptx")])
def test_old_office_files_name_the_format_to_save_as(make, stream, remedy):
    error = refusal(make.ole(stream, b"\x01" * 5000), "旧.doc")
    assert isinstance(error, errors.UnsupportedFormat)
    assert remedy in error.message


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx", "xls"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_truncated_office_file(make, kind, share):
    data = getattr(make, kind)()
    assert isinstance(refusal(data[: int(len(data) * share)], f"截断.{kind}"), errors.DocumentError)


@pytest.mark.parametrize("length", [8, 40, 200])
def test_a_truncated_pdf(make, length):
    assert isinstance(refusal(make.pdf()[:length], "截断.pdf"), errors.DamagedFile)


def test_a_truncated_picture(make, blank_engine):
    data = make.png(make.picture())
    assert isinstance(refusal(data[: len(data) // 2], "截断.png", ocr=blank_engine), errors.DamagedFile)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("docx", "其实是文档.pdf"), ("pdf", "其实是版式.docx"), ("xlsx", "其实是表格.txt"), ("xls", "表.xlsx")],
)
def test_a_wrong_extension_is_read_by_content_with_a_warning(make, kind, name):
    parsed = parse(getattr(make, kind)(), name)
    assert parsed.blocks
    assert "扩展名与内容不符" in parsed.warnings[0]


def test_html_saved_as_xls_is_read_as_the_table_it_is():
    page = "<html><body><table><tr><td>项目<td>标准<tr><td>挂失<td>10</table></body></html>"
    parsed = parse(page.encode(), "导出.xls")
    assert parsed.blocks[0].rows == (("项目", "标准"), ("挂失", "10"))
    assert parsed.warnings


def test_a_compound_file_whose_sectors_run_in_a_circle(make):
    data = bytearray(make.xls())
    data[-512:-508] = struct.pack("<I", 0)
    assert isinstance(refusal(bytes(data), "循环.xls"), errors.DamagedFile)


def test_binary_garbage():
    data = bytes((index * 7919 + index // 251) % 256 for index in range(5000))
    for name in ("乱码.txt", "乱码.docx", "乱码"):
        refusal(data, name)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"{\\rtf1 abc}", "RTF"),
        (b"MZ\x90\x00", "可执行程序"),
    ],
)
def test_foreign_formats_are_named(data, what):
    error = refusal(data, "外来文件.docx")
    assert isinstance(error, errors.UnsupportedFormat)
    assert what in error.message


def test_ofd_is_named(make):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("OFD.xml", "<ofd/>")
    assert "OFD" in refusal(file.getvalue(), "公文.ofd").message


def test_a_zip_bomb_is_refused_before_it_is_inflated(make):
    data = make.repacked(make.docx(), {WORD: b"\0" * 60_000_000})
    assert len(data) < 200_000
    assert isinstance(refusal(data, "炸弹.docx"), errors.DangerousFile)


def test_a_zip_of_very_many_entries_is_refused(make):
    data = make.repacked(make.docx(), {f"word/part{number}.xml": b"" for number in range(300)})
    error = refusal(data, "多部件.docx", limits=ParseLimits(archive_entries_max=100))
    assert isinstance(error, errors.DangerousFile)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_entity_expansion_is_refused(make, kind):
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "boom"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    main = {"docx": WORD, "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}[kind]
    error = refusal(make.repacked(getattr(make, kind)(), {main: bomb}), f"实体.{kind}")
    assert isinstance(error, errors.DangerousFile)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_broken_xml_inside_is_a_damaged_file(make, kind):
    main = {"docx": WORD, "xlsx": "xl/worksheets/sheet1.xml", "pptx": "ppt/slides/slide1.xml"}[kind]
    error = refusal(make.repacked(getattr(make, kind)(), {main: b"<a><b></a>"}), f"坏.{kind}")
    assert isinstance(error, errors.DamagedFile)


def test_a_huge_picture_is_refused_before_it_is_decoded(make, blank_engine):
    data = make.png(Image.new("1", (20_000, 10_000)))
    error = refusal(data, "巨图.png", ocr=blank_engine)
    assert isinstance(error, errors.FileTooLarge)
    assert "万像素的上限" in error.message


def test_a_picture_without_text(make, blank_engine):
    error = refusal(make.png(Image.new("RGB", (400, 400), "white")), "白纸.png", ocr=blank_engine)
    assert isinstance(error, errors.EmptyFile)


def test_a_file_over_the_size_limit():
    assert isinstance(
        refusal("账户".encode() * 100, "大.txt", limits=ParseLimits(file_bytes_max=100)), errors.FileTooLarge
    )


def test_nesting_beyond_the_limit_is_refused_or_read():
    page = b"<html><body>" + b"<div>" * 50_000 + "深".encode() + b"</div>" * 50_000
    assert "嵌套过深" in refusal(page, "深.html").message


def test_names_in_messages_carry_no_folders_and_no_control_characters():
    with pytest.raises(errors.EmptyFile) as caught:
        parse(b"", "/data/in\u202e\n/坏\u202e\n名.txt")
    assert "“坏名.txt”" in caught.value.message
