"""Server-sent events as model servers write them: bytes in, the JSON of each `data:` line out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

EVENT_BYTES_MAX = 1024 * 1024
DONE = b"[DONE]"
DATA = b"data:"
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class BrokenStream(Exception):
    """The server sent something that is no event stream."""


async def events_of(pieces: AsyncIterator[bytes]) -> AsyncIterator[dict[str, Any]]:
    """Each event's object until the server says that it is done. Raises BrokenStream."""
    rest = b""
    async for piece in pieces:
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        if len(rest) > EVENT_BYTES_MAX:
            raise BrokenStream
        for line in lines:
            if not line.startswith(DATA):
                continue
            content = line[len(DATA) :].strip()
            if content == DONE:
                return
            yield _object(content)


def _object(content: bytes) -> dict[str, Any]:
    try:
        event = json.loads(content)
    except (ValueError, RecursionError):
        raise BrokenStream from None
    if not isinstance(event, dict):
        raise BrokenStream
    return event


def written(event: dict[str, Any]) -> bytes:
    """One event as it goes to the caller."""
    return b"data: " + _COMPACT.encode(event).encode("utf-8", "replace") + b"\n\n"
