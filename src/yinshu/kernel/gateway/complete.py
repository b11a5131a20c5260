"""Completions through the gateway: the one place from which a chat model is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.gateway.ports import ChatModel, Completion, Message, OnText

OUTPUT_TOKENS_MAX = 1_024
TIMEOUT_S = 60.0


def complete(
    model: ChatModel | None,
    messages: Sequence[Message],
    *,
    max_output_tokens: int = OUTPUT_TOKENS_MAX,
    timeout_s: float = TIMEOUT_S,
    on_text: OnText | None = None,
    json_schema: Mapping[str, Any] | None = None,
) -> Completion:
    """The model's next turn, an object of `json_schema` where one is given.

    Raises `DependencyDown` when no model is configured or the model does not answer.
    """
    if model is None:
        raise DependencyDown("还没有配置大模型。请改用摘录式作答（--composer extractive），或先配置一个大模型。")
    return model.complete(
        messages, max_output_tokens=max_output_tokens, timeout_s=timeout_s, on_text=on_text, json_schema=json_schema
    )
