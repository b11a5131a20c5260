"""A model server that answers at once, so that only the way to it is measured: `python -m ... PORT`.

It speaks just enough HTTP/1.1: POST with a length, whole answers and event streams. Its work is a few microseconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import cast

WORDS = "根据规定，单位卡一律不得支取现金，其账户资金一律从基本存款账户转账存入。"
STREAM_PIECES = 12
USAGE = {"prompt_tokens": 48, "completion_tokens": 32, "total_tokens": 80}
_HEAD_END = b"\r\n\r\n"


def _whole() -> bytes:
    message = {"role": "assistant", "content": WORDS}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "mock", "choices": [choice]}
    body = json.dumps({**answer, "usage": USAGE}, ensure_ascii=False).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


def _events() -> bytes:
    size = -(-len(WORDS) // STREAM_PIECES)
    frame = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "mock"}
    deltas = [{"content": WORDS[at : at + size]} for at in range(0, len(WORDS), size)]
    choices: list[dict[str, object]] = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": "stop"})
    events = [*({**frame, "choices": [one]} for one in choices), {**frame, "choices": [], "usage": USAGE}]
    lines = [b"data: " + json.dumps(one, ensure_ascii=False).encode() + b"\n\n" for one in events]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(line), line) for line in [*lines, b"data: [DONE]\n\n"])
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    return head + chunks + b"0\r\n\r\n"


class MockServer(asyncio.Protocol):
    """One connection, kept open."""

    whole = _whole()
    events = _events()

    def __init__(self) -> None:
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._rest += data
        while (end := self._rest.find(_HEAD_END)) >= 0:
            head = self._rest[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            start = end + len(_HEAD_END)
            if len(self._rest) < start + length:
                return
            body, self._rest = self._rest[start : start + length], self._rest[start + length :]
            assert self._transport is not None
            streamed = b'"stream":true' in body or b'"stream": true' in body
            self._transport.write(self.events if streamed else self.whole)


async def serve(port: int) -> None:
    """Serve on the loopback until the process ends."""
    server = await asyncio.get_running_loop().create_server(MockServer, "127.0.0.1", port, backlog=2_048)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(int(sys.argv[1])))
