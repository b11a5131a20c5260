"""Sends a call to an endpoint of the first model that can serve it: retries within a budget, then the fallbacks."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any

from yinshu.kernel.gateway.errors import GatewayError, ModelBusy, ModelDown, ModelTooSlow, UpstreamRefused
from yinshu.kernel.gateway.ports import Reply, Target, Unreachable, Upstream
from yinshu.kernel.gateway.prepare import Task
from yinshu.kernel.gateway.records import Endpoint, Model
from yinshu.kernel.gateway.replicas import Replicas

ATTEMPTS_PER_MODEL_MAX = 3
TOO_MANY = 429
SERVER_FAULT = 500
CLIENT_FAULT = 400
ERROR_CHARS_MAX = 300
ERROR_BYTES_MAX = 64 * 1024
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

Resolve = Callable[[Model, Endpoint], Awaitable[Target]]
"""Where an endpoint listens now, with its key. Raises GatewayError when it cannot be started."""
Try = Callable[[Target, Endpoint, float], Awaitable[Any]]


class Sender:
    """Used on one event loop."""

    def __init__(self, upstream: Upstream, replicas: Replicas, resolve: Resolve) -> None:
        self.upstream = upstream
        self.replicas = replicas
        self._resolve = resolve

    async def post(self, task: Task, path: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The server's JSON. Raises GatewayError."""

        async def attempt(target: Target, endpoint: Endpoint, timeout_s: float) -> Reply:
            return await self.upstream.post(target, path, encoded(payload, endpoint), timeout_s)

        reply = await self._attempts(task, attempt)
        return parsed(reply.body)

    async def upload(
        self, task: Task, path: str, fields: Sequence[tuple[str, str]], file: tuple[str, bytes]
    ) -> dict[str, Any]:
        """The server's JSON for a form with a file. Raises GatewayError."""

        async def attempt(target: Target, endpoint: Endpoint, timeout_s: float) -> Reply:
            named = [*fields, ("model", endpoint.upstream_model)]
            return await self.upstream.upload(target, path, named, file, timeout_s)

        reply = await self._attempts(task, attempt)
        return parsed(reply.body)

    async def open(
        self, task: Task, path: str, payload: Mapping[str, Any], stack: AsyncExitStack
    ) -> AsyncIterator[bytes]:
        """The answer as it comes; the connection is put on the stack. Raises GatewayError.

        The endpoint stays counted as busy until the stack is left.
        """

        async def attempt(target: Target, endpoint: Endpoint, timeout_s: float) -> Reply | AsyncIterator[bytes]:
            opened = self.upstream.stream(target, path, encoded(payload, endpoint), timeout_s)
            status, pieces = await opened.__aenter__()
            if status >= CLIENT_FAULT:
                try:
                    return Reply(status, await _beginning(pieces))
                finally:
                    await opened.__aexit__(None, None, None)
            stack.push_async_exit(opened)
            return pieces

        pieces: AsyncIterator[bytes] = await self._attempts(task, attempt, keep=True)
        return pieces

    async def _attempts(self, task: Task, attempt: Try, *, keep: bool = False) -> Any:
        """What the first attempt gave that went well; with `keep` its endpoint stays busy."""
        last: GatewayError | None = None
        tried: set[str] = set()
        for model in task.chain:
            for _ in range(ATTEMPTS_PER_MODEL_MAX):
                try:
                    endpoint = self.replicas.take(model, tried)
                except (ModelDown, ModelBusy) as error:
                    last = last or error
                    break
                if task.attempts and not self.replicas.may_retry():
                    self.replicas.release(endpoint.id)
                    raise last or ModelDown(f"模型“{model.name}”暂时没有可用的服务，请稍后重试。")
                task.attempts += 1
                task.model, task.endpoint_id = model, endpoint.id
                outcome = await self._one(model, endpoint, attempt, keep=keep)
                if not isinstance(outcome, GatewayError):
                    return outcome
                last = outcome
                tried.add(endpoint.id)
        raise last or ModelDown("暂时没有可用的模型服务，请稍后重试。")

    async def _one(self, model: Model, endpoint: Endpoint, attempt: Try, *, keep: bool) -> Any:
        """What one attempt gave, or the error after which another endpoint may be tried. Raises UpstreamRefused."""
        started = time.perf_counter()
        try:
            target = await self._resolve(model, endpoint)
            outcome = await attempt(target, endpoint, model.timeout_seconds)
        except Unreachable as error:
            self.replicas.fail(endpoint.id)
            return _no_answer(model, error)
        except GatewayError as error:
            self.replicas.fail(endpoint.id)
            return error
        except BaseException:
            self.replicas.release(endpoint.id)
            raise
        if isinstance(outcome, Reply) and outcome.status >= CLIENT_FAULT:
            return self._bad_status(model, endpoint, outcome)
        self.replicas.succeed(endpoint.id, (time.perf_counter() - started) * 1_000, keep=keep)
        return outcome

    def _bad_status(self, model: Model, endpoint: Endpoint, reply: Reply) -> GatewayError:
        detail = f"status={reply.status}"
        if reply.status >= SERVER_FAULT:
            self.replicas.fail(endpoint.id)
            return ModelDown(f"模型“{model.name}”的服务出错，请稍后重试或联系模型管理员。", detail=detail)
        self.replicas.release(endpoint.id)
        if reply.status == TOO_MANY:
            return ModelBusy(f"模型“{model.name}”的服务限流，请稍后再试。", detail=detail)
        if reply.status in (401, 403):
            return ModelDown(f"模型“{model.name}”的服务不接受所配的密钥，请联系模型管理员更新密钥。", detail=detail)
        raise UpstreamRefused(f"模型服务不接受这个请求：{_reason(reply.body)}。请修改参数后重试。", detail=detail)


def _no_answer(model: Model, error: Unreachable) -> GatewayError:
    if error.slow:
        return ModelTooSlow(f"模型“{model.name}”没有在限定时间内回答，请稍后重试。", detail=error.reason)
    return ModelDown(f"连不上模型“{model.name}”的服务，请稍后重试或联系模型管理员。", detail=error.reason)


async def _beginning(pieces: AsyncIterator[bytes]) -> bytes:
    body = b""
    async for piece in pieces:
        body += piece
        if len(body) > ERROR_BYTES_MAX:
            break
    return body


def _reason(body: bytes) -> str:
    """The server's own words, cut short."""
    try:
        content = json.loads(body)
        error = content.get("error", content) if isinstance(content, dict) else content
        words = error.get("message", "") if isinstance(error, dict) else str(error)
    except ValueError:
        words = body.decode("utf-8", "replace")
    return str(words)[:ERROR_CHARS_MAX] or "没有说明原因"


def encoded(payload: Mapping[str, Any], endpoint: Endpoint) -> bytes:
    """The request's bytes for one endpoint, which may call the model by another name."""
    return _COMPACT.encode({"model": endpoint.upstream_model, **payload}).encode("utf-8", "replace")


def parsed(body: bytes) -> dict[str, Any]:
    """The server's answer as an object. Raises ModelDown when it is none."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise ModelDown("模型服务返回的内容无法识别，请联系模型管理员检查服务。", detail=f"bytes={len(body)}")
    return content
