"""The one way to a chat model: right, level, quota, guard in, the model, guard out, record; then it is shown."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from typing import Any

from yinshu.kernel.gateway.errors import ContentBlocked, GatewayError, ModelDown
from yinshu.kernel.gateway.ports import Unreachable
from yinshu.kernel.gateway.prepare import (
    PROMPT_VERSION_FIELD,
    Task,
    chain_of,
    chat_payload,
    digest,
    within_customer_level,
    worded_fields,
)
from yinshu.kernel.gateway.quota import QuotaBook
from yinshu.kernel.gateway.recorder import Recorder
from yinshu.kernel.gateway.records import Caller, CallStatus, Tokens
from yinshu.kernel.gateway.registry import Registry
from yinshu.kernel.gateway.relay import STOPPED, Relay, tokens_of
from yinshu.kernel.gateway.screen import BLOCKED_IN, Inward, Outward, Screen
from yinshu.kernel.gateway.send import Sender
from yinshu.kernel.gateway.sse import BrokenStream, events_of, written
from yinshu.kernel.gateway.tokens import estimate_tokens
from yinshu.kernel.guard.second import TakesTime

CHAT_PATH = "/chat/completions"
LONG_TEXT_CHARS = 4_000
"""From here on the guard reads in a thread, so that other calls need not wait."""
BUSY_CALLS = 128
"""With more calls under way the guard reads in threads, so that connections are served while texts are read."""
END = b"data: [DONE]\n\n"
Json = dict[str, Any]


class Gateway:
    """Calls of chat models. Used on one event loop; `kernel.gateway.other.OtherCalls` has the other kinds."""

    def __init__(
        self, registry: Registry, sender: Sender, quotas: QuotaBook, screen: Screen, recorder: Recorder
    ) -> None:
        self.registry = registry
        self.sender = sender
        self.quotas = quotas
        self.screen = screen
        self.recorder = recorder
        self._active = 0

    async def chat(self, caller: Caller, body: Mapping[str, Any]) -> Json:
        """A whole answer in OpenAI's form. Raises YinshuError; a call that reached a model is on record either way."""
        task, inward = await self._admitted(caller, body, streamed=False)
        try:
            answer = await self.sender.post(task, CHAT_PATH, chat_payload(body, inward, streamed=False))
            outward = self.screen.outward(caller.application, inward)
            shown: Json = await self._maybe_in_thread(answer, _screened, answer, outward)
            assert task.model is not None
            shown["model"] = task.model.name
            task.verdict_out = outward.word
            task.tokens = tokens_of(answer.get("usage")) or _estimated(inward, shown)
            await self._record(task, _ended(task), result=_digest_of(shown))
        except GatewayError as error:
            await self._record_failure(task, error)
            raise
        finally:
            self._settle(task)
        return shown

    @asynccontextmanager
    async def stream(self, caller: Caller, body: Mapping[str, Any]) -> AsyncIterator[AsyncIterator[bytes]]:
        """The answer as server-sent events. Leaving the block early ends the call upstream and records it."""
        task, inward = await self._admitted(caller, body, streamed=True)
        try:
            async with AsyncExitStack() as stack:
                try:
                    pieces = await self.sender.open(task, CHAT_PATH, chat_payload(body, inward, streamed=True), stack)
                except GatewayError as error:
                    await self._record_failure(task, error)
                    raise
                stack.callback(self.sender.replicas.release, task.endpoint_id)
                await self.recorder.record(task.call("ok"), opening=True)
                assert task.model is not None
                options = body.get("stream_options")
                wants_usage = isinstance(options, dict) and bool(options.get("include_usage"))
                relay = Relay(self.screen.outward(caller.application, inward), task.model.name, wants_usage=wants_usage)
                async with aclosing(self._relayed(task, relay, pieces, inward)) as relayed:
                    yield relayed
        finally:
            self._settle(task)

    async def _relayed(
        self, task: Task, relay: Relay, pieces: AsyncIterator[bytes], inward: Inward
    ) -> AsyncGenerator[bytes, None]:
        status, failure = "failed", ""
        outward = relay.outward
        try:
            async for event in events_of(pieces):
                passed = relay.pass_on(event)
                if passed is not None:
                    yield written(passed)
                if relay.stopped:
                    break
            left = relay.finish()
            if left is not None:
                yield written(left)
            status = "ok"
        except (Unreachable, BrokenStream) as error:
            failure = type(error).__name__
        except (GeneratorExit, asyncio.CancelledError):
            status = "cancelled"
            raise
        finally:
            task.verdict_out = outward.word
            task.tokens = relay.tokens(_prompt_text(inward))
            if status == "cancelled":
                task.recorded = True
                self.recorder.note(task.call("cancelled", relay.result_sha256))
        if failure:
            self.sender.replicas.broke(task.endpoint_id)
            await self._record(task, "failed", result=relay.result_sha256, error=failure)
            yield written(_broken(task))
            return
        await self._record(task, _ended(task), result=relay.result_sha256)
        yield END

    async def _admitted(self, caller: Caller, body: Mapping[str, Any], *, streamed: bool) -> tuple[Task, Inward]:
        """Everything before the model is called. Raises YinshuError; what the guard blocks is on record."""
        chain = chain_of(self.registry, caller, body.get("model"), "chat")
        task = Task(caller, "chat", chain, streamed, prompt_version=str(body.get(PROMPT_VERSION_FIELD, ""))[:80])
        self.quotas.admit(caller, stream=streamed)
        self._active += 1
        try:
            inward = await self._screened_in(body.get("messages"), worded_fields(body), caller.application)
            task.verdict_in = inward.word
            task.prompt_sha256 = digest(inward.messages)
            if inward.blocked:
                await self._record(task, "blocked")
                raise ContentBlocked(BLOCKED_IN, detail=",".join(inward.word.rules))
            task.chain = within_customer_level(chain, inward.customer_level)
        except BaseException:
            self._settle(task)
            raise
        return task, inward

    async def _record(self, task: Task, status: CallStatus, *, result: str = "", error: str = "") -> None:
        task.recorded = True
        await self.recorder.record(task.call(status, result, error))

    async def _record_failure(self, task: Task, error: GatewayError) -> None:
        if not task.recorded:
            await self._record(task, "failed", error=error.code)

    async def _screened_in(self, messages: object, fields: Json, application: str) -> Inward:
        """What the guard lets in; a request that it must read a second time is read beside the event loop."""
        if self._active <= BUSY_CALLS and _size_of(messages) + _size_of(fields) <= LONG_TEXT_CHARS:
            with suppress(TakesTime):
                return self.screen.inward(messages, application, fields, at_once=True)
        return await asyncio.to_thread(self.screen.inward, messages, application, fields)

    async def _maybe_in_thread(self, content: object, work: Any, *arguments: Any) -> Any:
        """The guard's work on a content, in a thread when there is much to read or many wait."""
        if self._active > BUSY_CALLS or _size_of(content) > LONG_TEXT_CHARS:
            return await asyncio.to_thread(work, *arguments)
        return work(*arguments)

    def _settle(self, task: Task) -> None:
        """Count what was used; a call that nobody waits for any more is recorded without waiting."""
        self._active -= 1
        if task.attempts and not task.recorded:
            task.recorded = True
            self.recorder.note(task.call("cancelled"))
        self.quotas.settle(task.caller, task.tokens.total, stream=task.streamed)


def _ended(task: Task) -> CallStatus:
    return "blocked" if task.verdict_out.action == "block" else "ok"


def _size_of(content: object) -> int:
    """About how many characters of text the guard would read."""
    if isinstance(content, str):
        return len(content)
    if isinstance(content, dict):
        # Keys and numbers are not read; most values are short strings.
        return sum([len(value) if isinstance(value, str) else _size_of(value) for value in content.values()])
    if isinstance(content, list):
        return sum([_size_of(one) for one in content])
    return 0


def _screened(answer: Json, outward: Outward) -> Json:
    """The answer with every text checked. Raises ModelDown when it has no choices."""
    choices = answer.get("choices")
    if not isinstance(choices, list) or not choices:
        raise ModelDown("模型服务返回的内容里没有回答，请联系模型管理员检查服务。")
    return {**answer, "choices": [_choice(choice, outward) for choice in choices if isinstance(choice, dict)]}


def _choice(choice: Json, outward: Outward) -> Json:
    message = choice.get("message")
    if not isinstance(message, dict):
        return choice
    shown, stopped = dict(message), False
    for field in ("content", "reasoning_content", "refusal"):
        if isinstance(message.get(field), str):
            shown[field], blocked = outward.whole(message[field])
            stopped = stopped or blocked
    calls = message.get("tool_calls")
    if isinstance(calls, list):
        shown["tool_calls"], blocked = _tool_calls(calls, outward)
        stopped = stopped or blocked
    if stopped:
        shown.pop("tool_calls", None)
    return {**choice, "message": shown, "finish_reason": STOPPED if stopped else choice.get("finish_reason")}


def _tool_calls(calls: list[Any], outward: Outward) -> tuple[list[Any], bool]:
    passed: list[Any] = []
    stopped = False
    for call in calls:
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict) and isinstance(function.get("arguments"), str):
            arguments, blocked = outward.whole(function["arguments"])
            stopped = stopped or blocked
            passed.append({**call, "function": {**function, "arguments": arguments}})
        else:
            passed.append(call)
    return passed, stopped


def _texts_of(shown: Json) -> list[str]:
    messages = [choice.get("message") or {} for choice in shown.get("choices", [])]
    return [str(message.get("content") or "") for message in messages if isinstance(message, dict)]


def _digest_of(shown: Json) -> str:
    return hashlib.sha256("\n".join(_texts_of(shown)).encode("utf-8", "replace")).hexdigest()


def _prompt_text(inward: Inward) -> str:
    return "\n".join(str(message.get("content") or "") for message in inward.messages)


def _estimated(inward: Inward, shown: Json) -> Tokens:
    said = estimate_tokens("".join(_texts_of(shown)))
    return Tokens(estimate_tokens(_prompt_text(inward)), said, estimated=True)


def _broken(task: Task) -> Json:
    return {
        "error": {
            "message": "模型服务在回答途中断开，以上内容可能不完整，请重试。",
            "type": "server_error",
            "code": "model_down",
            "call_id": task.id,
        }
    }
