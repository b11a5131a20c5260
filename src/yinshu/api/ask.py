"""Questions over HTTP: the whole answer at once, or the evidence first and then the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from yinshu.api import operations
from yinshu.api.auth import Caller, Wired
from yinshu.api.errors import Unexpected, error_body
from yinshu.api.platform import Platform
from yinshu.api.pool import WorkPool
from yinshu.api.render import render_hit
from yinshu.api.requests import AskRequest, SearchRequest
from yinshu.kernel.base.errors import YinshuError
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.records import Hit

log = structlog.get_logger("yinshu.api")
router = APIRouter(prefix="/api", tags=["ask"])

EVIDENCE_SHOWN = 10
Event = tuple[str, dict[str, Any]]


def pool_of(request: Request) -> WorkPool:
    """The threads that answer."""
    pool: WorkPool = request.app.state.pool
    return pool


@router.post("/ask")
async def ask(request: Request, platform: Wired, caller: Caller, question: AskRequest) -> dict[str, Any]:
    """Answer a question; the same JSON as `yinshu ask --json`."""
    return await pool_of(request).run(operations.perform, platform, caller, "ask", question)


@router.post("/search")
async def search(request: Request, platform: Wired, caller: Caller, question: SearchRequest) -> dict[str, Any]:
    """Find clauses; the same JSON as `yinshu search --json`."""
    return await pool_of(request).run(operations.perform, platform, caller, "search", question)


@router.post("/ask/stream")
async def ask_stream(request: Request, platform: Wired, caller: Caller, question: AskRequest) -> StreamingResponse:
    """Server-sent events: `evidence` with the best clauses, then `answer` (or `error`)."""
    events = _answer_events(pool_of(request), platform, caller, question, str(request.scope["request_id"]))
    return StreamingResponse(_written(events), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _answer_events(
    pool: WorkPool, platform: Platform, caller: Subject, question: AskRequest, request_id: str
) -> AsyncIterator[Event]:
    queue: asyncio.Queue[Event] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def tell(hits: list[Hit], latency_ms: float) -> None:
        shown = [render_hit(hit) for hit in hits[:EVIDENCE_SHOWN]]
        event = ("evidence", {"hits": shown, "latency_ms": round(latency_ms, 1)})
        loop.call_soon_threadsafe(queue.put_nowait, event)

    async def answer() -> None:
        try:
            result = await pool.run(operations.perform_ask, platform, caller, question, tell)
            queue.put_nowait(("answer", result))
        except YinshuError as error:
            queue.put_nowait(("error", error_body(error.code, error.message, request_id)))
        except Exception as error:
            # The stream has begun, so the edge can no longer tell.
            log.error("request.failed", request_id=request_id, exc_info=error)
            hidden = Unexpected()
            queue.put_nowait(("error", error_body(hidden.code, hidden.message, request_id)))

    task = asyncio.create_task(answer())
    try:
        while True:
            event = await queue.get()
            yield event
            if event[0] != "evidence":
                return
    finally:
        task.cancel()


async def _written(events: AsyncIterator[Event]) -> AsyncIterator[str]:
    async for name, content in events:
        yield f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n"
