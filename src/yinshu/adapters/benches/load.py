"""The load: so many connections, each sending one request after the other; every request has words of its own.

A client of a few lines, because an ordinary one would cost as much as what is measured.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

SUBJECTS = ("单位卡", "结算账户", "支票", "汇票", "存单", "网银转账", "预算单位", "个人账户", "外汇账户", "基本户")
ASKS = ("能不能支取现金", "开立需要哪些材料", "多久要年检一次", "遗失了怎么办", "最多可以开几个", "由谁审批")
REQUEST_SECONDS_MAX = 300.0
READ_BYTES = 65_536
_numbers = itertools.count()
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Load:
    """What was measured: requests a second, milliseconds, and how many failed."""

    requests: int
    failed: int
    seconds: float
    latencies_ms: tuple[float, ...]

    @property
    def per_second(self) -> float:
        """Good requests a second."""
        return (self.requests - self.failed) / self.seconds

    @property
    def p50_ms(self) -> float:
        """The median."""
        return median(self.latencies_ms) if self.latencies_ms else 0.0

    @property
    def p95_ms(self) -> float:
        """19 of 20 were quicker."""
        ordered = sorted(self.latencies_ms)
        return ordered[int(len(ordered) * 0.95)] if ordered else 0.0


def bodies(model: str, *, stream: bool) -> Iterator[bytes]:
    """Requests without end, no two alike in all loads of a run, so that nothing remembered makes them cheap."""
    for number in _numbers:
        subject, asked = SUBJECTS[number % len(SUBJECTS)], ASKS[number // len(SUBJECTS) % len(ASKS)]
        content = f"请问{subject}{asked}？这是我行第{number}号咨询，客户经理想了解办理流程和所依据的制度条款。"
        body: dict[str, object] = {"model": model, "messages": [{"role": "user", "content": content}]}
        if stream:
            body["stream"] = True
        yield json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


async def run_load(url: str, key: str, model: str, *, requests: int, connections: int, stream: bool) -> Load:
    """Send `requests` over `connections`; a stream counts when its end has come."""
    parts = urlsplit(url)
    content = bodies(model, stream=stream)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {key}\r\ncontent-length: "
    ).encode()
    left = itertools.repeat(None, requests)
    latencies: list[float] = []
    failures: list[str] = []

    async def one_connection() -> None:
        reader = writer = None
        for _ in left:
            body = next(content)
            started = time.perf_counter()
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=READ_BYTES * 4)
                assert reader is not None
                writer.write(head + str(len(body)).encode() + _HEAD_END + body)
                async with asyncio.timeout(REQUEST_SECONDS_MAX):
                    good = await _answered(reader, stream=stream)
            except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
                failures.append(type(error).__name__)
                if writer is not None:
                    writer.close()
                reader = writer = None
                continue
            if good:
                latencies.append((time.perf_counter() - started) * 1_000)
            else:
                failures.append("status")
        if writer is not None:
            writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(connections)))
    return Load(requests, len(failures), time.perf_counter() - started, tuple(latencies))


async def _answered(reader: asyncio.StreamReader, *, stream: bool) -> bool:
    head = (await reader.readuntil(_HEAD_END)).lower()
    good = head.startswith((b"http/1.1 200", b"http/1.0 200"))
    if b"transfer-encoding: chunked" in head:
        done = False
        while (size := int((await reader.readline()).strip() or b"0", 16)) > 0:
            piece = await reader.readexactly(size + 2)
            done = done or b"[DONE]" in piece
        await reader.readline()
        return good and (done or not stream)
    at = head.find(b"content-length:")
    await reader.readexactly(int(head[at + 15 :].split(b"\r\n", 1)[0]))
    return good
