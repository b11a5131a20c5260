"""Text hidden in an encoding: base64, hexadecimal, percent and \\u escapes, decoded so that the rules can read it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

MAX_RUNS = 8
MAX_RUN_CHARS = 8_000
MIN_DECODED_CHARS = 4
_RUN = re.compile(r"[!-~]{16,}")
# Whole runs only, nothing given back: each letter of a long run is looked at once.
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}+={0,2}(?![A-Za-z0-9+/=])")
_HEX = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{16,}+")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}[A-Za-z0-9]{0,3}){6,1200}")
_ESCAPED = re.compile(r"(?:\\u[0-9a-fA-F]{4}){3,1200}")
_ENTITIES = re.compile(r"(?:&#x?[0-9a-fA-F]{2,6};){3,1200}")


def decoded(text: str) -> Iterator[tuple[int, int, str]]:
    """Stretches of a text that decode to readable text, as (start, end, decoded)."""
    found = 0
    for run in _RUN.finditer(text):
        for sign, pattern, decode in _ENCODINGS:
            if sign not in run[0]:
                continue
            for match in pattern.finditer(text, run.start(), run.end()):
                plain = decode(match[0][:MAX_RUN_CHARS])
                if len(plain) < MIN_DECODED_CHARS or not _readable(plain):
                    continue
                yield match.start(), match.end(), plain
                found += 1
                if found >= MAX_RUNS:
                    return


def _base64(run: str) -> str:
    body = run.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        return ""
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _hex(run: str) -> str:
    try:
        return bytes.fromhex(run[len(run) % 2 :]).decode("utf-8")
    except ValueError:
        return ""


def _escaped(run: str) -> str:
    return "".join(chr(int(code, 16)) for code in re.findall(r"\\u([0-9a-fA-F]{4})", run))


def _entity(run: str) -> str:
    codes = re.findall(r"&#(x?)([0-9a-fA-F]{2,6});", run)
    return "".join(chr(int(code, 16 if base else 10)) for base, code in codes if base or code.isdigit())


def _readable(text: str) -> bool:
    good = sum(letter.isalnum() or letter.isspace() or letter in ",.;:!?'\"-，。；：！？、“”（）()" for letter in text)
    return good >= 0.9 * len(text)


_ENCODINGS: tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...] = (
    ("", _BASE64, _base64),
    ("", _HEX, _hex),
    ("%", _PERCENT, unquote),
    ("\\u", _ESCAPED, _escaped),
    ("&#", _ENTITIES, _entity),
)
"""A sign without which there is nothing to decode, the pattern of a stretch, and its decoder."""
