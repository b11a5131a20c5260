"""Server-sent events: named JSON objects on one open response."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi.responses import StreamingResponse

Event = tuple[str, dict[str, Any]]


def event_stream(events: AsyncIterator[Event]) -> StreamingResponse:
    """The events as they come; the response ends with the last one."""
    return StreamingResponse(_written(events), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _written(events: AsyncIterator[Event]) -> AsyncIterator[str]:
    async for name, content in events:
        yield f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n"
