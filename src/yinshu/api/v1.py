"""The OpenAI-compatible door under /v1: a plain ASGI application in front of the rest, because speed counts here.

It takes the same keys as everything else. What a stream's reader does not take is not read from the model's server;
a caller who leaves ends the call.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from yinshu.api.errors import NotSignedIn, TooLarge, Unexpected
from yinshu.api.metrics import MODEL_CALL_SECONDS
from yinshu.api.platform import Platform
from yinshu.kernel.audit.origin import coming_from
from yinshu.kernel.audit.records import Origin
from yinshu.kernel.base.errors import BadArgument, NotFound, YinshuError
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.gateway.errors import QuotaSpent
from yinshu.kernel.gateway.records import Caller, Model
from yinshu.kernel.gateway.screen import EVIDENCE_FIELD
from yinshu.kernel.identity import Resource, Subject, require

log = structlog.get_logger("yinshu.api")

PREFIX = "/v1/"
APPLICATION_CHARS_MAX = 120
LEVELS = {str(level).encode(): level for level in range(1, 6)}
EVENTS_PER_TURN = 16
WATCHED_AFTER_SECONDS = 0.1
"""A caller who leaves sooner is noticed then; most calls that end sooner need no watching."""
KNOWN_SECONDS = 2.0
KNOWN_MAX = 10_000
NESTED_MAX = 100
_HALF_SIGN = b"\\ud"
JSON_TYPE = (b"content-type", b"application/json")
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_EVENTS_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
_ERROR_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
Json = dict[str, Any]
SubjectOf = Callable[[str], Subject | None]
"""Who stands behind a bearer token, None when nobody does."""


@dataclass
class _Exchange:
    """One request and what went out for it."""

    scope: Scope
    receive: Receive
    send: Send
    request_id: str
    status: int = 0

    def header(self, name: bytes) -> bytes:
        """A header's value, b"" when it was not sent."""
        return next((value for key, value in self.scope["headers"] if key == name), b"")

    async def answer(self, status: int, content: Json, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        """A whole answer as JSON."""
        body = _COMPACT.encode(content).encode("utf-8", "replace")
        self.status = status
        own = [JSON_TYPE, (b"content-length", str(len(body)).encode()), (b"x-request-id", self.request_id.encode())]
        start: Message = {"type": "http.response.start", "status": status, "headers": [*own, *(headers or [])]}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body})


class OpenAiDoor:
    """Serves what `serves` says is its own."""

    def __init__(self, platform: Platform, subject_of: SubjectOf, bytes_max: int, data_level: int) -> None:
        self._desk = platform.models
        self._subject_of = subject_of
        self._bytes_max = bytes_max
        self._data_level = data_level
        self._known: dict[bytes, tuple[Subject, float]] = {}
        self._routes: dict[tuple[str, str], Callable[[_Exchange], Awaitable[None]]] = {
            ("POST", "/v1/chat/completions"): self._chat,
            ("POST", "/v1/embeddings"): self._embeddings,
            ("POST", "/v1/rerank"): self._rerank,
            ("POST", "/v1/audio/transcriptions"): self._transcriptions,
            ("GET", "/v1/models"): self._models,
        }

    @staticmethod
    def serves(scope: Scope) -> bool:
        """Whether a request is for this door."""
        return scope["type"] == "http" and str(scope["path"]).startswith(PREFIX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever goes wrong is answered in OpenAI's form."""
        exchange = _Exchange(scope, receive, send, new_id("req"))
        started = time.perf_counter()
        client = scope.get("client")
        origin = Origin(ip=client[0] if client else "", channel="v1", request_id=exchange.request_id)
        route = "other"
        try:
            with coming_from(origin):
                serve, route = self._route(scope)
                await serve(exchange)
        except YinshuError as error:
            await _refuse(exchange, error)
        except Exception as error:
            # The boundary of a request, as in `edge`: logged here, an id for the caller.
            log.error("request.failed", request_id=exchange.request_id, exc_info=error)
            await _refuse(exchange, Unexpected())
        finally:
            MODEL_CALL_SECONDS.labels(route, str(exchange.status)).observe(time.perf_counter() - started)

    def _route(self, scope: Scope) -> tuple[Callable[[_Exchange], Awaitable[None]], str]:
        serve = self._routes.get((scope["method"], scope["path"]))
        if serve is not None:
            return serve, scope["path"]
        if scope["method"] == "GET" and scope["path"].startswith("/v1/models/"):
            return self._model, "/v1/models/{name}"
        raise NotFound(
            "没有这个接口。可用的有 /v1/chat/completions、embeddings、rerank、audio/transcriptions、models。"
        )

    async def _subject(self, token: bytes) -> Subject | None:
        """Who stands behind a token; asked again after `KNOWN_SECONDS`, so that a revoked key soon opens nothing."""
        key = hashlib.blake2b(token, digest_size=16).digest()
        now = time.monotonic()
        known = self._known.get(key)
        if known is not None and known[1] > now:
            return known[0]
        subject = await asyncio.to_thread(self._subject_of, token.decode("latin-1"))
        if subject is None:
            self._known.pop(key, None)
            return None
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        self._known[key] = (subject, now + KNOWN_SECONDS)
        return subject

    async def _caller(self, exchange: _Exchange) -> Caller:
        """Who calls, by the bearer token. Raises NotSignedIn, BadArgument."""
        given = exchange.header(b"authorization")
        token = given[7:].strip() if given[:7].lower() == b"bearer " else b""
        subject = await self._subject(token) if token else None
        if subject is None:
            raise NotSignedIn("请在请求头带上有效的访问密钥：Authorization: Bearer ysk_…。密钥可在“我的密钥”中生成。")
        # A key's application is the name it was made with; only the machine's own operator may say another.
        application = subject.application
        if subject.scopes is None:
            application = exchange.header(b"x-application").decode("utf-8", "replace")[:APPLICATION_CHARS_MAX]
        level = self._data_level
        if declared := exchange.header(b"x-data-level"):
            if declared not in LEVELS:
                raise BadArgument("X-Data-Level 应为 1 至 5，请修改请求头后重试。")
            level = LEVELS[declared]
        return Caller(subject, application, level, exchange.request_id)

    async def _body(self, exchange: _Exchange) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while True:
            message = await exchange.receive()
            if message["type"] == "http.disconnect":
                raise BadArgument("请求没有发送完整，请重试。")
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
            if size > self._bytes_max:
                raise TooLarge(f"请求超过上限 {self._bytes_max // 1024} KB，请减少内容后重试。")
            if not message.get("more_body"):
                return b"".join(pieces)

    async def _object(self, exchange: _Exchange) -> Json:
        return read_object(await self._body(exchange))

    async def _chat(self, exchange: _Exchange) -> None:
        caller = await self._caller(exchange)
        body = _without_own_fields(await self._object(exchange))
        work = self._stream(exchange, caller, body) if body.get("stream") else self._whole(exchange, caller, body)
        await _unless_gone(exchange.receive, work)

    async def _whole(self, exchange: _Exchange, caller: Caller, body: Json) -> None:
        await exchange.answer(200, await self._desk.gateway.chat(caller, body))

    async def _stream(self, exchange: _Exchange, caller: Caller, body: Json) -> None:
        async with self._desk.gateway.stream(caller, body) as events:
            exchange.status = 200
            headers = [*_EVENTS_HEADERS, (b"x-request-id", exchange.request_id.encode())]
            await exchange.send({"type": "http.response.start", "status": 200, "headers": headers})
            count = 0
            async for event in events:
                await exchange.send({"type": "http.response.body", "body": event, "more_body": True})
                count += 1
                if count % EVENTS_PER_TURN == 0:
                    # Neither reading nor sending waits while both sides are quick; others have their turn.
                    await asyncio.sleep(0)
        await exchange.send({"type": "http.response.body", "body": b""})

    async def _embeddings(self, exchange: _Exchange) -> None:
        caller = await self._caller(exchange)
        await exchange.answer(200, await self._desk.other.embed(caller, await self._object(exchange)))

    async def _rerank(self, exchange: _Exchange) -> None:
        caller = await self._caller(exchange)
        await exchange.answer(200, await self._desk.other.rerank(caller, await self._object(exchange)))

    async def _transcriptions(self, exchange: _Exchange) -> None:
        caller = await self._caller(exchange)
        body = await self._body(exchange)

        async def again() -> Message:
            return {"type": "http.request", "body": body}

        try:
            async with Request(exchange.scope, again).form(max_files=1, max_fields=20) as form:
                file = form.get("file")
                if file is None or isinstance(file, str):
                    raise BadArgument("请用表单字段 file 上传录音文件。")
                fields = {name: value for name, value in form.items() if isinstance(value, str)}
                content = (file.filename or "audio", await file.read())
        except MultiPartException:
            raise BadArgument("表单读不懂：应为 multipart/form-data，含一个录音文件，请对照接口说明修改。") from None
        await exchange.answer(200, await self._desk.other.transcribe(caller, fields, content))

    async def _models(self, exchange: _Exchange) -> None:
        caller = await self._caller(exchange)
        require(caller.subject, "use", Resource("model"))
        listed = [one for one in self._desk.registry.models() if one.stage == "approved"]
        await exchange.answer(200, {"object": "list", "data": [_model(one) for one in listed]})

    async def _model(self, exchange: _Exchange) -> None:
        caller = await self._caller(exchange)
        require(caller.subject, "use", Resource("model"))
        name = exchange.scope["path"].removeprefix("/v1/models/")
        await exchange.answer(200, _model(self._desk.registry.find(name)))


def _model(model: Model) -> Json:
    return {"id": model.name, "object": "model", "created": 0, "owned_by": model.owner or "yinshu"}


def read_object(body: bytes) -> Json:
    """The object that a request's body is. Raises BadArgument."""
    try:
        content = _DECODER.decode(body.decode("utf-8-sig"))
        if _HALF_SIGN in body.lower():
            # Half of a character, which only an escape can bring in, can neither be read nor passed on.
            _COMPACT.encode(content).encode()
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise BadArgument("请求体应为 JSON 对象，其中的文字应为完整的 Unicode 字符，数应为有限的数，请检查格式后重试。")
    if body.count(b"[") + body.count(b"{") > NESTED_MAX and _nested_deeper(content, NESTED_MAX):
        raise BadArgument(f"请求体嵌套超过 {NESTED_MAX} 层，请简化后重试。")
    return content


def _nested_deeper(content: object, most: int) -> bool:
    level = [content]
    for _ in range(most):
        inner = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, (dict, list))]
        level = [child for children in inner for child in children if isinstance(child, (dict, list))]
    return bool(level)


def _refuse_number(name: str) -> float:
    raise ValueError(name)


def _finite(number: str) -> float:
    if math.isfinite(value := float(number)):
        return value
    raise ValueError(number)


_DECODER = json.JSONDecoder(parse_constant=_refuse_number, parse_float=_finite)
"""NaN and infinities (1e999 too) are no JSON; a model's server would choke on them."""


def _without_own_fields(body: Json) -> Json:
    """The body without what only our own code may say of a message."""
    messages = body.get("messages")
    if isinstance(messages, list):
        for message in messages:
            if isinstance(message, dict):
                message.pop(EVIDENCE_FIELD, None)
    return body


async def _unless_gone(receive: Receive, work: Awaitable[None]) -> None:
    """Do the work; when the caller leaves first, end it. Looked after once the work takes long enough to be left."""
    task = asyncio.current_task()
    assert task is not None
    watch = _Watch(task, receive)
    waiting = asyncio.get_running_loop().call_later(WATCHED_AFTER_SECONDS, watch.begin)
    try:
        await work
    except asyncio.CancelledError:
        if not watch.gone or task.uncancel():
            raise
    finally:
        waiting.cancel()
        watch.end()


class _Watch:
    """Cancels the work of a caller who has left."""

    def __init__(self, task: asyncio.Task[Any], receive: Receive) -> None:
        self._task = task
        self._receive = receive
        self._watching: asyncio.Task[None] | None = None
        self.gone = False

    def begin(self) -> None:
        """Wait for the caller to leave."""
        self._watching = asyncio.create_task(self._until_gone())

    def end(self) -> None:
        """The work is over."""
        if self._watching is not None:
            self._watching.cancel()

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self._task.cancel()


async def _refuse(exchange: _Exchange, error: YinshuError) -> None:
    """The failure in OpenAI's form; when an answer has begun, it just ends."""
    log.info("request.refused", code=error.code, detail=error.detail, request_id=exchange.request_id)
    if exchange.status:
        await exchange.send({"type": "http.response.body", "body": b""})
        return
    status = error.http_status
    kind = _ERROR_TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    headers = [(b"retry-after", str(error.retry_after_seconds).encode())] if isinstance(error, QuotaSpent) else []
    body = {
        "message": error.message,
        "type": kind,
        "param": None,
        "code": error.code,
        "request_id": exchange.request_id,
    }
    await exchange.answer(status, {"error": body}, headers)
