"""Plain text: find the encoding, then one paragraph a line."""

from __future__ import annotations

import codecs
import re

from yinshu.kernel.documents import errors
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.records import Block

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_STRAY_BYTES_MAX = 0.02
_USUAL = re.compile("[\t\n\r -~\u2014\u2018-\u201d\u2026\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_USUAL_SHARE = 0.95
_UTF16_BYTES_MIN = 4
_SAMPLE_BYTES = 64 * 1024


def decode(data: bytes) -> tuple[str, str]:
    """The text of `data` and the name of its encoding: a mark decides, then UTF-8, then GB18030, Big5, UTF-16.

    A few broken bytes (at most 2 %) are shown as U+FFFD. Raises UnicodeDecodeError when nothing fits.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding.removesuffix("-sig")
    unmarked = bare_utf16(data[:_SAMPLE_BYTES])
    if unmarked is not None:
        return data.decode(unmarked, errors="replace"), unmarked
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    best = min(("utf-8", "gb18030"), key=lambda name: data.decode(name, errors="replace").count("\ufffd"))
    text = data.decode(best, errors="replace")
    if text.count("\ufffd") > _STRAY_BYTES_MAX * len(text) + 1:
        return str(data, "utf-8"), "utf-8"  # raises, since strict UTF-8 failed above
    return text, best


def bare_utf16(sample: bytes) -> str | None:
    """The UTF-16 byte order of a text without a mark, when most of what it then holds is Chinese or ASCII."""
    if len(sample) < _UTF16_BYTES_MIN or b"\x00" not in sample:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(encoding, errors="replace")
        if len(_USUAL.findall(text)) >= _USUAL_SHARE * len(text):
            return encoding
    return None


def clean(text: str) -> str:
    """Without control characters and zero-width marks, which no reader sees; other characters stay as they are."""
    return _CONTROLS.sub("", text)


def lines_of(text: str) -> list[str]:
    """Non-empty lines without the white space around them."""
    return [line for line in (clean(raw).strip() for raw in _LINE_END.split(text)) if line]


def decode_file(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Text and warnings of a text file. Raises DamagedFile when no encoding fits."""
    try:
        text, _ = decode(data)
    except UnicodeDecodeError as error:
        raise errors.DamagedFile(
            name, "的文字编码无法识别", "请用记事本打开并另存为 UTF-8 编码后再上传", detail=repr(error)
        ) from error
    broken = text.count("\ufffd")
    warnings = (f"文件“{name}”有 {broken} 处文字无法解码，已用“\ufffd”代替",) if broken else ()
    return text, warnings


def parse_text(data: bytes, name: str, limits: ParseLimits) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Blocks (one paragraph for each non-empty line) and warnings."""
    text, warnings = decode_file(data, name)
    if len(text) > limits.chars_max:
        raise errors.FileTooLarge(
            name, f"有 {len(text)} 个字符，超过 {limits.chars_max} 个的上限", "请拆分成几个文件后上传"
        )
    return tuple(Block("paragraph", line) for line in lines_of(text)), warnings
