"""Why a file cannot be read, each with the file's name and what the user can do next.

DocumentError (BadInput)
├── EmptyFile            0 bytes, or nothing to read in it
├── UnsupportedFormat    a format we do not read
├── EncryptedFile        a password stands before the content
├── DamagedFile          truncated, or not what its format demands
├── DangerousFile        zip bomb, entity expansion
├── FileTooLarge         bytes, pages, rows, pixels or blocks over a limit
├── OcrUnavailable       a scan, and no OCR engine
├── ParseTimeout         the reading took longer than its limit
└── ParseOutOfMemory     the reading took more memory than its limit
"""

from __future__ import annotations

from typing import ClassVar

from yinshu.kernel.base.errors import BadInput


class DocumentError(BadInput):
    """The root: `file_name` as the user knows it, `reason` and `remedy` in Chinese, joined into the message."""

    code: ClassVar[str] = "document_unreadable"

    def __init__(self, file_name: str, reason: str, remedy: str, *, detail: str = "") -> None:
        super().__init__(f"文件“{file_name}”{reason}。{remedy}。", detail=detail)
        self.file_name = file_name
        self.reason = reason
        self.remedy = remedy


class EmptyFile(DocumentError):
    """0 bytes, or not one character to read."""

    code = "document_empty"


class UnsupportedFormat(DocumentError):
    """A format that is recognised, or not, but not read."""

    code = "document_unsupported"
    http_status = 415


class EncryptedFile(DocumentError):
    """A password is needed to open it."""

    code = "document_encrypted"


class DamagedFile(DocumentError):
    """Truncated or broken."""

    code = "document_damaged"


class DangerousFile(DocumentError):
    """Built to exhaust the reader."""

    code = "document_dangerous"


class FileTooLarge(DocumentError):
    """Over one of `ParseLimits`."""

    code = "document_too_large"
    http_status = 413


class OcrUnavailable(DocumentError):
    """Only pictures of text, and no engine to read them."""

    code = "document_needs_ocr"


class ParseTimeout(DocumentError):
    """Stopped at the time limit."""

    code = "document_timeout"


class ParseOutOfMemory(DocumentError):
    """Stopped at the memory limit."""

    code = "document_out_of_memory"


def damaged(file_name: str, *, detail: str = "") -> DamagedFile:
    """The usual message for a broken file."""
    return DamagedFile(
        file_name,
        "已损坏或不完整，无法读取",
        "请用原软件打开确认并另存一份，或重新下载、重新导出后再上传",
        detail=detail,
    )


def encrypted(file_name: str) -> EncryptedFile:
    """The usual message for a file behind a password."""
    return EncryptedFile(file_name, "已加密，需要密码才能打开", "请先解除密码保护，另存为未加密的文件后再上传")


def empty(file_name: str) -> EmptyFile:
    """The usual message for a file of 0 bytes."""
    return EmptyFile(file_name, "是空文件（0 字节）", "请检查原文件是否保存成功，重新导出或重新复制后再上传")


def nothing_to_read(file_name: str) -> EmptyFile:
    """The usual message for a file that opens but holds no text."""
    return EmptyFile(file_name, "中没有可读的文字", "请确认上传的是正文文件；若内容是图片，请上传清晰的扫描件或图片")
