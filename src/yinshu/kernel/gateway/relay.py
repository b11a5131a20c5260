"""Passes a streamed answer on, event by event: every text checked, values restored, tokens counted, a clean end."""

from __future__ import annotations

import hashlib
from typing import Any

from yinshu.kernel.gateway.records import Tokens
from yinshu.kernel.gateway.screen import Outward, OutwardText
from yinshu.kernel.gateway.tokens import estimate_tokens

TEXT_FIELDS = ("content", "reasoning_content", "refusal")
STOPPED = "content_filter"
CHOICES_MAX = 16
TOOL_CALLS_MAX = 128


class Relay:
    """One answer. `model` is the name under which the caller knows it."""

    def __init__(self, outward: Outward, model: str, *, wants_usage: bool) -> None:
        self.outward = outward
        self._model = model
        self._wants_usage = wants_usage
        self._texts: dict[tuple[int, str], OutwardText] = {}
        self._ended: set[int] = set()
        self._frame: dict[str, Any] = {}
        self._digest = hashlib.sha256()
        self._words: list[str] = []
        self.usage: Tokens | None = None

    @property
    def stopped(self) -> bool:
        """The guard has ended the answer."""
        return any(text.stopped for text in self._texts.values())

    @property
    def result_sha256(self) -> str:
        """SHA-256 (hex) of everything shown."""
        return self._digest.hexdigest()

    def tokens(self, prompt: str) -> Tokens:
        """What the server counted, or our reckoning."""
        if self.usage is not None:
            return self.usage
        return Tokens(estimate_tokens(prompt), estimate_tokens("".join(self._words)), estimated=True)

    def pass_on(self, event: dict[str, Any]) -> dict[str, Any] | None:
        """The event as the caller gets it; None when there is nothing to show yet."""
        usage = tokens_of(event.get("usage"))
        if usage is not None:
            self.usage = usage
        self._frame = {key: event[key] for key in ("id", "object", "created") if key in event} or self._frame
        choices = event.get("choices")
        if not isinstance(choices, list):
            return None
        if not choices:
            return self._with_frame([], event) if self._wants_usage and usage is not None else None
        passed = [one for one in (self._choice(choice) for choice in choices[:CHOICES_MAX]) if one is not None]
        return self._with_frame(passed, event) if passed else None

    def finish(self) -> dict[str, Any] | None:
        """What is still held back when the server ends without saying so."""
        left = [index for index in {index for index, _ in self._texts} if index not in self._ended]
        passed = []
        for index in left:
            delta = self._rest(index)
            passed.append({"index": index, "delta": delta, "finish_reason": self._reason(index, "stop")})
        return self._with_frame(passed, {}) if passed else None

    def _with_frame(self, choices: list[dict[str, Any]], event: dict[str, Any]) -> dict[str, Any]:
        whole = {**self._frame, "object": "chat.completion.chunk", "model": self._model, "choices": choices}
        if self._wants_usage:
            whole["usage"] = event.get("usage") if not choices else None
        return whole

    def _choice(self, choice: object) -> dict[str, Any] | None:
        if not isinstance(choice, dict):
            return None
        index = choice.get("index", 0)
        if not isinstance(index, int) or index in self._ended:
            return None
        given = choice.get("delta")
        delta = self._delta(index, given if isinstance(given, dict) else {})
        reason = choice.get("finish_reason")
        if reason is not None or self._is_stopped(index):
            for key, rest in self._rest(index).items():
                delta[key] = delta[key] + rest if isinstance(rest, str) and key in delta else rest
            self._ended.add(index)
            return {"index": index, "delta": delta, "finish_reason": self._reason(index, reason)}
        return {"index": index, "delta": delta, "finish_reason": None} if delta else None

    def _delta(self, index: int, given: dict[str, Any]) -> dict[str, Any]:
        delta: dict[str, Any] = {}
        for key, value in given.items():
            if key in TEXT_FIELDS and isinstance(value, str):
                shown = self._feed(index, key, value)
                if shown or (key == "content" and not value and "role" in given):
                    delta[key] = shown
            elif key == "tool_calls" and isinstance(value, list):
                calls = [self._tool_call(index, call) for call in value[:TOOL_CALLS_MAX] if isinstance(call, dict)]
                delta[key] = calls
            elif value is not None:
                delta[key] = value
        return delta

    def _tool_call(self, index: int, call: dict[str, Any]) -> dict[str, Any]:
        function = call.get("function")
        if not isinstance(function, dict) or not isinstance(function.get("arguments"), str):
            return call
        shown = self._feed(index, f"tool:{call.get('index', 0)}", function["arguments"])
        return {**call, "function": {**function, "arguments": shown}}

    def _feed(self, index: int, key: str, piece: str) -> str:
        text = self._texts.get((index, key))
        if text is None:
            text = self._texts[index, key] = self.outward.stream()
        return self._shown(text.feed(piece))

    def _rest(self, index: int) -> dict[str, Any]:
        """The ends of every text of a choice."""
        delta: dict[str, Any] = {}
        calls: list[dict[str, Any]] = []
        for (owner, key), text in self._texts.items():
            if owner != index:
                continue
            rest = self._shown(text.finish())
            if rest and key.startswith("tool:"):
                calls.append({"index": int(key.removeprefix("tool:")), "function": {"arguments": rest}})
            elif rest:
                delta[key] = rest
        if calls:
            delta["tool_calls"] = calls
        return delta

    def _shown(self, text: str) -> str:
        if text:
            self._digest.update(text.encode("utf-8", "replace"))
            if self.usage is None:
                self._words.append(text)
        return text

    def _is_stopped(self, index: int) -> bool:
        return any(text.stopped for (owner, _), text in self._texts.items() if owner == index)

    def _reason(self, index: int, given: object) -> object:
        return STOPPED if self._is_stopped(index) else given


def tokens_of(usage: object) -> Tokens | None:
    """What a server says it counted; None when it does not."""
    if not isinstance(usage, dict):
        return None
    given, made = usage.get("prompt_tokens"), usage.get("completion_tokens", 0)
    if not isinstance(given, int) or not isinstance(made, int) or min(given, made) < 0:
        return None
    return Tokens(given, made)
