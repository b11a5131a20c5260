"""One door for every format: bytes in, blocks with their place out."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable

from lxml import etree

from yinshu.kernel.documents import errors
from yinshu.kernel.documents.docx import parse_docx
from yinshu.kernel.documents.html import parse_html
from yinshu.kernel.documents.image import parse_image
from yinshu.kernel.documents.limits import DEFAULT, ParseLimits
from yinshu.kernel.documents.markdown import parse_markdown
from yinshu.kernel.documents.pdf import parse_pdf
from yinshu.kernel.documents.ports import OcrEngine
from yinshu.kernel.documents.records import Block, ParsedDocument
from yinshu.kernel.documents.sheet import parse_csv, parse_xls, parse_xlsx
from yinshu.kernel.documents.slides import parse_pptx
from yinshu.kernel.documents.sniff import Sniffed, shown_name, sniff
from yinshu.kernel.documents.text import parse_text

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all) while a long file is read."""

_BROKEN = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError, EOFError,
    NotImplementedError, AssertionError, RuntimeError, SyntaxError, StopIteration, struct.error, zipfile.BadZipFile,
    zlib.error, etree.LxmlError,
)  # fmt: skip
"""What parsing libraries raise on files that are not what they promise to be."""


def parse(
    data: bytes,
    file_name: str,
    *,
    ocr: OcrEngine | None = None,
    limits: ParseLimits = DEFAULT,
    progress: Progress | None = None,
) -> ParsedDocument:
    """Read a file whole, in reading order.

    The content decides the format; an extension that says otherwise becomes a warning. Raises one of
    `errors.DocumentError`, whose Chinese message names the file and the remedy. Untrusted files belong into
    `parse_isolated`, which adds limits of time and memory.
    """
    name = shown_name(file_name)
    sniffed = sniff(data, file_name, limits)
    try:
        parsed = _READERS[sniffed.format](data, name, sniffed, ocr, limits, progress)
    except _BROKEN as error:
        raise errors.damaged(name, detail=repr(error)) from error
    except MemoryError as error:
        raise out_of_memory(name) from error
    if not parsed.blocks:
        raise errors.nothing_to_read(name)
    return parsed


def out_of_memory(name: str) -> errors.ParseOutOfMemory:
    """The message of a file that needs more memory than it may have."""
    return errors.ParseOutOfMemory(
        name, "内容过大或结构异常，读取时超出内存上限", "请拆分成几个文件，或另存一份后再上传"
    )


def _done(
    sniffed: Sniffed, blocks: tuple[Block, ...], title: str | None = None, warnings: tuple[str, ...] = ()
) -> ParsedDocument:
    return ParsedDocument(sniffed.media_type, blocks, title_hint=title, warnings=sniffed.warnings + warnings)


def _read_text(
    data: bytes, name: str, sniffed: Sniffed, _ocr: OcrEngine | None, limits: ParseLimits, _progress: Progress | None
) -> ParsedDocument:
    blocks, warnings = parse_text(data, name, limits)
    return _done(sniffed, blocks, warnings=warnings)


def _read_markdown(
    data: bytes, name: str, sniffed: Sniffed, _ocr: OcrEngine | None, limits: ParseLimits, _progress: Progress | None
) -> ParsedDocument:
    return _done(sniffed, *parse_markdown(data, name, limits))


def _read_html(
    data: bytes, name: str, sniffed: Sniffed, _ocr: OcrEngine | None, limits: ParseLimits, _progress: Progress | None
) -> ParsedDocument:
    return _done(sniffed, *parse_html(data, name, limits))


def _read_docx(
    data: bytes, name: str, sniffed: Sniffed, _ocr: OcrEngine | None, limits: ParseLimits, _progress: Progress | None
) -> ParsedDocument:
    return _done(sniffed, *parse_docx(data, name, limits))


def _read_xlsx(
    data: bytes, name: str, sniffed: Sniffed, _ocr: OcrEngine | None, limits: ParseLimits, _progress: Progress | None
) -> ParsedDocument:
    read = parse_xlsx(data, name, limits)
    return _done(sniffed, tuple(read.blocks), warnings=tuple(read.warnings))


def _read_xls(
    data: bytes, name: str, sniffed: Sniffed, _ocr: OcrEngine | None, limits: ParseLimits, _progress: Progress | None
) -> ParsedDocument:
    read = parse_xls(data, name, limits)
    return _done(sniffed, tuple(read.blocks), warnings=tuple(read.warnings))


def _read_csv(
    data: bytes, name: str, sniffed: Sniffed, _ocr: OcrEngine | None, limits: ParseLimits, _progress: Progress | None
) -> ParsedDocument:
    read = parse_csv(data, name, limits)
    return _done(sniffed, tuple(read.blocks), warnings=tuple(read.warnings))


def _read_pptx(
    data: bytes, name: str, sniffed: Sniffed, _ocr: OcrEngine | None, limits: ParseLimits, _progress: Progress | None
) -> ParsedDocument:
    read = parse_pptx(data, name, limits)
    warnings = sniffed.warnings + tuple(read.warnings)
    return ParsedDocument(sniffed.media_type, tuple(read.blocks), read.page_count, False, read.title, warnings)


def _read_pdf(
    data: bytes, name: str, sniffed: Sniffed, ocr: OcrEngine | None, limits: ParseLimits, progress: Progress | None
) -> ParsedDocument:
    read = parse_pdf(data, name, limits, ocr, progress)
    warnings = sniffed.warnings + tuple(read.warnings)
    return ParsedDocument(sniffed.media_type, read.blocks, read.page_count, read.from_ocr, read.title, warnings)


def _read_image(
    data: bytes, name: str, sniffed: Sniffed, ocr: OcrEngine | None, limits: ParseLimits, progress: Progress | None
) -> ParsedDocument:
    blocks, pages, warnings = parse_image(data, name, limits, ocr, progress)
    return ParsedDocument(sniffed.media_type, blocks, pages, True, None, sniffed.warnings + warnings)


_READERS: dict[str, Callable[[bytes, str, Sniffed, OcrEngine | None, ParseLimits, Progress | None], ParsedDocument]] = {
    "text": _read_text,
    "markdown": _read_markdown,
    "html": _read_html,
    "docx": _read_docx,
    "xlsx": _read_xlsx,
    "xls": _read_xls,
    "csv": _read_csv,
    "pptx": _read_pptx,
    "pdf": _read_pdf,
    "image": _read_image,
}
