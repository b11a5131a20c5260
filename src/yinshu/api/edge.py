"""What every request passes first: an id, a limit of bytes, a limit of time, a measurement and a log line."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass

import structlog
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yinshu.api.errors import TooLarge, TooSlow, Unexpected, error_body
from yinshu.api.metrics import REQUEST_SECONDS, REQUESTS_RUNNING
from yinshu.kernel.audit.origin import coming_from
from yinshu.kernel.audit.records import Origin
from yinshu.kernel.base.errors import YinshuError
from yinshu.kernel.base.ids import new_id

log = structlog.get_logger("yinshu.api")

REQUEST_ID_SHAPE = re.compile(rb"[A-Za-z0-9_.-]{1,64}")
UPLOAD_PATHS = ("/api/knowledge/ingest", "/api/knowledge/uploads")
_ATTACHING = re.compile(r"/api/conversations/[^/]+/attachments")
_SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]


@dataclass(frozen=True)
class EdgeLimits:
    """Bytes of a request body (uploads apart) and seconds of a whole request."""

    request_bytes_max: int
    upload_bytes_max: int
    request_seconds_max: float


class Edge:
    """An ASGI wrapper around the whole application."""

    def __init__(self, app: ASGIApp, limits: EdgeLimits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = _request_id(scope)
        response = _Response(send, scope["request_id"])
        started = time.perf_counter()
        REQUESTS_RUNNING.inc()
        try:
            with coming_from(_origin(scope)):
                await self._within_limits(scope, receive, response)
        finally:
            REQUESTS_RUNNING.dec()
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "other")
            REQUEST_SECONDS.labels(scope["method"], route, str(response.status)).observe(seconds)
            log.info(
                "request.done",
                request_id=scope["request_id"],
                method=scope["method"],
                route=route,
                status=response.status,
                duration_ms=round(seconds * 1000, 1),
            )

    async def _within_limits(self, scope: Scope, receive: Receive, response: _Response) -> None:
        uploading = scope["path"] in UPLOAD_PATHS or bool(_ATTACHING.fullmatch(scope["path"]))
        bytes_max = self._limits.upload_bytes_max if uploading else self._limits.request_bytes_max
        body = _CountedBody(scope, receive, bytes_max)
        refusal: YinshuError | None = body.refusal
        if refusal is None:
            try:
                async with asyncio.timeout(self._limits.request_seconds_max):
                    await self._app(scope, body.receive, body.unless_refused(response.send))
            except TimeoutError:
                refusal = TooSlow("这个请求没有在限定时间内完成，请稍后重试，或把问题问得更具体。")
            except Exception as error:
                # The boundary of a request: what nobody foresaw is logged here, and the caller gets an id to report.
                log.error("request.failed", request_id=scope["request_id"], exc_info=error)
                refusal = Unexpected()
            else:
                refusal = body.refusal
        if refusal is not None and not response.started:
            content = error_body(refusal.code, refusal.message, scope["request_id"])
            await JSONResponse(content, status_code=refusal.http_status)(scope, receive, response.send)


class _Response:
    """Remembers the status that went out and adds the headers that every response carries."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status = 0

    @property
    def started(self) -> bool:
        return self.status != 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = list(message.get("headers", []))
            names = {name.lower() for name, _ in given}
            own = [header for header in _SECURITY_HEADERS if header[0] not in names]
            message = {**message, "headers": [*given, (b"x-request-id", self._request_id.encode()), *own]}
        await self._send(message)


def _origin(scope: Scope) -> Origin:
    client = scope.get("client")
    channel = "http" if client else "cli"
    return Origin(ip=client[0] if client else "", channel=channel, request_id=scope["request_id"])


def _request_id(scope: Scope) -> str:
    """The caller's own id where it is harmless, otherwise a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID_SHAPE.fullmatch(value):
            return str(value.decode("ascii"))
    return new_id("req")


class _CountedBody:
    """The request's body, refused as soon as it is known to exceed `bytes_max`.

    The web framework turns what `receive` raises into an answer of its own; that answer is dropped for ours.
    """

    def __init__(self, scope: Scope, receive: Receive, bytes_max: int) -> None:
        self._receive = receive
        self._bytes_max = bytes_max
        self._received_bytes = 0
        self.refusal: TooLarge | None = None
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if announced.isdigit() and int(announced) > bytes_max:
            self._refuse()

    def _refuse(self) -> TooLarge:
        self.refusal = TooLarge(f"请求超过上限 {self._bytes_max // 1024} KB，请减少内容或分批提交。")
        return self.refusal

    async def receive(self) -> Message:
        message = await self._receive()
        self._received_bytes += len(message.get("body", b""))
        if self._received_bytes > self._bytes_max:
            raise self._refuse()
        return message

    def unless_refused(self, send: Send) -> Send:
        async def send_unless_refused(message: Message) -> None:
            if self.refusal is None:
                await send(message)

        return send_unless_refused
