"""A chat model for code that runs in a thread: every call goes through the gateway, streamed when somebody listens."""

from __future__ import annotations

import asyncio
import json
import queue
from collections.abc import Mapping, Sequence
from typing import Any

from yinshu.kernel.gateway.desk import ModelDesk
from yinshu.kernel.gateway.errors import ModelDown, ModelTooSlow
from yinshu.kernel.gateway.ports import Completion, Message, OnText
from yinshu.kernel.gateway.records import Caller
from yinshu.kernel.gateway.screen import EVIDENCE_FIELD
from yinshu.kernel.gateway.sse import DATA, DONE

TEMPERATURE = 0.0
SILENCE_SECONDS = 0.25
"""A listener is asked so often whether it still listens while a model thinks."""
SCHEMA_NAME = "answer"
TOO_SLOW = "模型没有在限定时间内回答，请稍后重试，或改用摘录方式。"


class RoutedChat:
    """One caller's way to one model; `name` is the registered model, "" for the default. Implements `ChatModel`."""

    def __init__(self, desk: ModelDesk, caller: Caller, name: str = "", prompt_version: str = "") -> None:
        self._desk = desk
        self._caller = caller
        self._name = name
        self._prompt_version = prompt_version

    @property
    def name(self) -> str:
        """The model's name in the registry, "" when there is none to use."""
        first = self._desk.registry.first("chat")
        return self._name or (first.name if first else "")

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_output_tokens: int,
        timeout_s: float,
        on_text: OnText | None = None,
        json_schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """The model's next turn. Raises YinshuError: no model, a quota, the guard, no answer in time."""
        body: dict[str, Any] = {
            "model": self._name,
            "messages": [_as_message(message) for message in messages],
            "max_tokens": max_output_tokens,
            "temperature": TEMPERATURE,
            "prompt_version": self._prompt_version,
        }
        if json_schema is not None:
            named = {"name": SCHEMA_NAME, "schema": json_schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        if on_text is not None:
            return self._streamed(body, timeout_s, on_text)

        async def ask() -> dict[str, Any]:
            async with asyncio.timeout(timeout_s):
                return await self._desk.gateway.chat(self._caller, body)

        try:
            answer = self._desk.submit(ask()).result()
        except TimeoutError:
            raise ModelTooSlow(TOO_SLOW) from None
        text = str((answer["choices"][0].get("message") or {}).get("content") or "")
        return _completion(text, answer)

    def _streamed(self, body: dict[str, Any], timeout_s: float, on_text: OnText) -> Completion:
        """Pieces come from the loop by a queue, so that `on_text` may take its time without holding up other calls."""
        pieces: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        last: dict[str, Any] = {}

        async def read() -> None:
            wanted = {**body, "stream_options": {"include_usage": True}}
            try:
                async with (
                    asyncio.timeout(timeout_s),
                    self._desk.gateway.stream(self._caller, wanted) as events,
                ):
                    async for event in events:
                        _hear(event, last, pieces)
            finally:
                pieces.put(None)

        future = self._desk.submit(read())
        said: list[str] = []
        try:
            while (piece := _next(pieces)) is not None:
                said.append(piece)
                on_text(piece)
        except BaseException:
            # Nobody wants the rest: the server need not go on.
            future.cancel()
            raise
        try:
            future.result()
        except TimeoutError:
            raise ModelTooSlow(TOO_SLOW) from None
        if "error" in last:
            raise ModelDown("模型在回答途中断开，请稍后重试，或改用摘录方式。")
        return _completion("".join(said), last)


def _next(pieces: queue.SimpleQueue[str | None]) -> str | None:
    """The next piece, None at the end, "" when none came for a while."""
    try:
        return pieces.get(timeout=SILENCE_SECONDS)
    except queue.Empty:
        return ""


def _as_message(message: Message) -> dict[str, Any]:
    plain: dict[str, Any] = {"role": message.role, "content": message.text}
    return {**plain, EVIDENCE_FIELD: message.evidence} if message.evidence else plain


def _hear(event: bytes, last: dict[str, Any], pieces: queue.SimpleQueue[str | None]) -> None:
    content = event[len(DATA) :].strip()
    if content == DONE:
        return
    chunk = json.loads(content)
    last.update({key: chunk[key] for key in ("model", "usage", "error") if chunk.get(key)})
    for choice in chunk.get("choices", []):
        text = (choice.get("delta") or {}).get("content")
        if text:
            pieces.put(text)


def _completion(text: str, answer: dict[str, Any]) -> Completion:
    usage = answer.get("usage") or {}
    return Completion(
        text, str(answer.get("model", "")), usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0)
    )
