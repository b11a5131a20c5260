"""What a file really is: its content decides, its extension is only checked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from yinshu.kernel.documents import errors
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.text import bare_utf16

Format = Literal["text", "markdown", "html", "csv", "docx", "xlsx", "xls", "pptx", "pdf", "image"]

MEDIA_TYPES: dict[Format, str] = {
    "text": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "image": "image/*",
}

EXTENSIONS: dict[str, Format] = {
    ".txt": "text", ".text": "text", ".log": "text", ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".csv": "csv", ".tsv": "csv",
    ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".dotm": "docx",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xltx": "xlsx", ".xltm": "xlsx", ".xls": "xls", ".et": "xls",
    ".pptx": "pptx", ".pptm": "pptx", ".ppsx": "pptx", ".potx": "pptx",
    ".pdf": "pdf", ".png": "image", ".jpg": "image", ".jpeg": "image", ".bmp": "image",
    ".tif": "image", ".tiff": "image", ".webp": "image",
}  # fmt: skip
SUPPORTED = "请转换为支持的格式后上传：PDF、DOCX、XLSX、XLS、PPTX、HTML、MD、TXT、CSV、PNG、JPG"

_HEAD_BYTES = 4096
_ZIP_ENTRY = b"PK\x01\x02"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGE_MAGICS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*")
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_FOREIGN_MAGICS: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "RTF 文档", "请用 Word 或 WPS 打开后另存为 .docx"),
    (b"Rar!", "RAR 压缩包", "请解压后上传其中的文件"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "请解压后上传其中的文件"),
    (b"\x1f\x8b", "GZIP 压缩包", "请解压后上传其中的文件"),
    (b"%!PS", "PostScript 文件", "请转换为 PDF 后上传"),
    (b"GIF8", "GIF 图片", "请另存为 PNG 或 JPG 后上传"),
    (b"MZ", "可执行程序", "请上传文档文件"),
    (b"\x7fELF", "可执行程序", "请上传文档文件"),
    (b"SQLite format 3\x00", "数据库文件", "请导出为 XLSX 或 CSV 后上传"),
)
_MACRO_PARTS = ("vbaproject.bin", "macrosheets/")
_NAME_MAX = 120


@dataclass(frozen=True)
class Sniffed:
    """What the content says, and what is worth a warning."""

    format: Format
    media_type: str
    warnings: tuple[str, ...] = ()


def shown_name(file_name: str) -> str:
    """The file's own name for messages: no folders, no control characters, at most 120 characters."""
    name = re.split(r"[\\/]", file_name)[-1]
    return re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", name)[:_NAME_MAX] or "未命名"


def sniff(data: bytes, file_name: str, limits: ParseLimits) -> Sniffed:
    """Tell the format of `data`.

    Raises EmptyFile, FileTooLarge, EncryptedFile, UnsupportedFormat, DangerousFile or DamagedFile.
    """
    name = shown_name(file_name)
    if not data:
        raise errors.empty(name)
    if len(data) > limits.file_bytes_max:
        raise errors.FileTooLarge(
            name,
            f"有 {len(data) / 1e6:.0f} MB，超过单个文件 {limits.file_bytes_max / 1e6:.0f} MB 的上限",
            "请拆分成几个文件后上传，或请管理员调高上限",
        )
    suffix = PurePath(name).suffix.lower()
    expected = EXTENSIONS.get(suffix)
    warnings: list[str] = []
    found = _by_content(data, name, limits, expected, warnings.append)
    media_type = MEDIA_TYPES[found]
    if found == "image":
        media_type = _image_media_type(data)
    if expected != found and not (expected is None and found == "text"):
        warnings.append(f"文件“{name}”的扩展名与内容不符，已按实际内容（{found.upper()}）读取")
    return Sniffed(found, media_type, tuple(warnings))


def is_plain_text(data: bytes, file_name: str, limits: ParseLimits) -> bool:
    """Whether the content is text without markup, so that reading it costs little and cannot go wrong."""
    if not data or len(data) > limits.file_bytes_max or PurePath(file_name).suffix.lower() not in (".txt", ".text", ""):
        return False
    known = (b"PK", _OLE_MAGIC, b"RIFF", *_IMAGE_MAGICS, *(magic for magic, _, _ in _FOREIGN_MAGICS))
    if data.startswith(known) or b"%PDF-" in data[:1024] or not _looks_like_text(data):
        return False
    return _in_text(data, shown_name(file_name), "text") == "text"


def _by_content(
    data: bytes, name: str, limits: ParseLimits, expected: Format | None, warn: Callable[[str], None]
) -> Format:
    head = data[:_HEAD_BYTES]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_zip(data, name, limits, warn)
    if head.startswith(_OLE_MAGIC):
        return _in_ole(data, name, expected)
    if head.startswith(_IMAGE_MAGICS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    for magic, what, remedy in _FOREIGN_MAGICS:
        if head.startswith(magic):
            raise errors.UnsupportedFormat(name, f"是{what}，暂不支持", remedy)
    if expected in ("docx", "xlsx", "xls", "pptx", "pdf", "image") and not _looks_like_text(data):
        raise errors.damaged(name, detail=f"no {expected} signature")
    return _in_text(data, name, expected)


def _in_text(data: bytes, name: str, expected: Format | None) -> Format:
    if not _looks_like_text(data):
        raise errors.UnsupportedFormat(name, "不是可识别的文档（内容为二进制数据）", SUPPORTED)
    start = data[:_HEAD_BYTES]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.replace(b"\x00", b"")[2:]
    if _HTML_START.match(start.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    if expected in ("xls", "xlsx") and b"\t" in start:
        return "csv"
    return expected if expected in ("text", "markdown", "html", "csv") else "text"


def _looks_like_text(data: bytes) -> bool:
    """Text has no NUL outside UTF-16 and few control bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = data[: 64 * 1024]
    if bare_utf16(sample):
        return True
    controls = sum(sample.count(bytes([byte])) for byte in (*range(9), 14, 15, *range(16, 27), 28, 29, 30, 31, 127))
    return b"\x00" not in sample and controls * 50 <= len(sample)


def _in_ole(data: bytes, name: str, expected: Format | None) -> Format:
    """Old Office files and encrypted new ones share this container; the names of its streams tell which."""
    if _has_stream(data, "EncryptedPackage"):
        raise errors.encrypted(name)
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return "xls"
    if _has_stream(data, "WordDocument"):
        raise errors.UnsupportedFormat(
            name, "是旧版 Word（.doc/.wps）文档，暂不支持", "请用 Word 或 WPS 另存为 .docx 后上传"
        )
    if _has_stream(data, "PowerPoint Document"):
        raise errors.UnsupportedFormat(name, "是旧版 PowerPoint（.ppt）文档，暂不支持", "请另存为 .pptx 后上传")
    if expected is not None:
        raise errors.damaged(name, detail="compound file without a known stream")
    raise errors.UnsupportedFormat(name, "是旧版 Office 或其他复合文档，无法识别", SUPPORTED)


def _has_stream(data: bytes, stream: str) -> bool:
    return (stream + "\x00").encode("utf-16-le") in data


def _in_zip(data: bytes, name: str, limits: ParseLimits, warn: Callable[[str], None]) -> Format:
    names = check_archive(data, name, limits)
    lower = {entry.lower() for entry in names}
    if "encryptedpackage" in lower:
        raise errors.encrypted(name)
    found: Format | None = None
    if any(entry.startswith("word/") for entry in lower):
        found = "docx"
    elif any(entry.startswith("xl/") for entry in lower):
        found = "xlsx"
    elif any(entry.startswith("ppt/") for entry in lower):
        found = "pptx"
    if found is None:
        raise _foreign_zip(lower, name)
    if any(part in entry for entry in lower for part in _MACRO_PARTS):
        warn(f"文件“{name}”含有宏，宏已忽略、从未运行，只读取了文字和表格")
    if found == "xlsx" and "xl/workbook.bin" in lower:
        raise errors.UnsupportedFormat(name, "是二进制工作簿（.xlsb），暂不支持", "请另存为 .xlsx 后上传")
    return found


def _foreign_zip(lower: set[str], name: str) -> errors.UnsupportedFormat:
    if "ofd.xml" in lower:
        return errors.UnsupportedFormat(name, "是 OFD 版式文件，暂不支持", "请用阅读器转换或打印为 PDF 后上传")
    if "mimetype" in lower and "content.xml" in lower:
        return errors.UnsupportedFormat(name, "是 OpenDocument 文档，暂不支持", "请另存为 .docx、.xlsx 或 .pptx 后上传")
    return errors.UnsupportedFormat(name, "是压缩包或其他 ZIP 文件，暂不支持", "请解压后上传其中的文档")


def check_archive(data: bytes, name: str, limits: ParseLimits) -> list[str]:
    """Names of a ZIP's entries, after its directory was checked against the limits; nothing is inflated."""
    if data.count(_ZIP_ENTRY) > 2 * limits.archive_entries_max:
        raise errors.DangerousFile(name, "内含的部件过多，疑似压缩炸弹", "已拒绝读取；若确为正常文件，请拆分后上传")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise errors.damaged(name, detail=repr(error)) from error
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise errors.encrypted(name)
    total = sum(entry.file_size for entry in entries)
    small = 16 * 1024 * 1024
    reason = ""
    if len(entries) > limits.archive_entries_max:
        reason = f"内含 {len(entries)} 个部件，超过 {limits.archive_entries_max} 个的上限"
    elif total > limits.archive_bytes_max:
        reason = f"解压后有 {total / 1e6:.0f} MB，超过 {limits.archive_bytes_max / 1e6:.0f} MB 的上限"
    elif total > small and total > len(data) * limits.archive_ratio_max:
        reason = f"的压缩比异常（解压后为原来的 {total // len(data)} 倍），疑似压缩炸弹"
    if reason:
        raise errors.DangerousFile(name, reason, "已拒绝读取；若确为正常文件，请删除多余内容或拆分后上传")
    return [entry.filename for entry in entries]


def _image_media_type(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "image/png"
    if data.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if data.startswith(b"BM"):
        return "image/bmp"
    return "image/webp" if data.startswith(b"RIFF") else "image/tiff"
