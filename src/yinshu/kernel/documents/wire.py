"""How a parsed document and its errors travel from the reading process: length-prefixed JSON, never pickles."""

from __future__ import annotations

import base64
import json
import struct
from typing import BinaryIO, cast

from yinshu.kernel.documents import errors
from yinshu.kernel.documents.records import Block, BlockKind, Box, ParsedDocument

HEADER = struct.Struct(">Q")
MESSAGE_BYTES_MAX = 1 << 30
_ERRORS: dict[str, type[errors.DocumentError]] = {
    kind.__name__: kind
    for kind in (
        errors.DocumentError, errors.EmptyFile, errors.UnsupportedFormat, errors.EncryptedFile, errors.DamagedFile,
        errors.DangerousFile, errors.FileTooLarge, errors.OcrUnavailable, errors.ParseTimeout, errors.ParseOutOfMemory,
    )
}  # fmt: skip
Message = dict[str, object]


def send(stream: BinaryIO, payload: bytes) -> None:
    """Write one message."""
    stream.write(HEADER.pack(len(payload)) + payload)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """Read one message; None at the end of the stream."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    if length > MESSAGE_BYTES_MAX:
        return None
    payload = stream.read(length)
    return payload if len(payload) == length else None


def pack(message: Message) -> bytes:
    """A message as bytes."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="replace")


def pack_document(document: ParsedDocument) -> bytes:
    """A document as one message."""
    blocks = [
        [block.kind, block.text, block.page, block.box, block.level, block.rows, block.header, block.sheet]
        for block in document.blocks
    ]
    about = [document.media_type, document.page_count, document.from_ocr, document.title_hint, document.warnings]
    return pack({"document": [about, blocks]})


def pack_error(error: errors.DocumentError) -> bytes:
    """An error as one message."""
    return pack({"error": [type(error).__name__, error.file_name, error.reason, error.remedy, error.detail]})


def pack_picture(picture: bytes) -> bytes:
    """A drawn page as one message."""
    return pack({"picture": base64.b64encode(picture).decode("ascii")})


def read_picture(field: object) -> bytes:
    """The bytes that `pack_picture` packed."""
    return base64.b64decode(str(field))


def read_error(fields: object) -> errors.DocumentError:
    """The error that `pack_error` packed."""
    kind, name, reason, remedy, detail = (str(part) for part in cast("list[object]", fields))
    return _ERRORS.get(kind, errors.DamagedFile)(name, reason, remedy, detail=detail)


def read_progress(fields: object) -> tuple[int, int]:
    """Pages done and pages in all."""
    done, total = cast("list[int]", fields)
    return int(done), int(total)


def read_document(fields: object) -> ParsedDocument:
    """The document that `pack_document` packed."""
    about, blocks = cast("tuple[list[object], list[list[object]]]", fields)
    media_type, page_count, from_ocr, title, warnings = about
    return ParsedDocument(
        str(media_type),
        tuple(_read_block(block) for block in blocks),
        int(cast("int", page_count)),
        bool(from_ocr),
        None if title is None else str(title),
        tuple(str(warning) for warning in cast("list[object]", warnings)),
    )


def _read_block(fields: list[object]) -> Block:
    kind, text, page, box, level, rows, header, sheet = fields
    return Block(
        cast("BlockKind", kind),
        str(text),
        None if page is None else int(cast("int", page)),
        None if box is None else cast("Box", tuple(float(edge) for edge in cast("list[float]", box))),
        None if level is None else int(cast("int", level)),
        tuple(tuple(str(cell) for cell in row) for row in cast("list[list[object]]", rows)),
        bool(header),
        None if sheet is None else str(sheet),
    )
