"""What must be settled before a model is called: the right, the models that may serve, the quota, the guard's word."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.gateway.errors import BadModel, LevelTooHigh, NoSuchModel
from yinshu.kernel.gateway.records import Call, Caller, CallStatus, Capability, GuardWord, Model, Tokens
from yinshu.kernel.gateway.registry import Registry
from yinshu.kernel.gateway.screen import Inward
from yinshu.kernel.identity import Resource, may, require

MODEL = Resource("model")
DROPPED_FIELDS = frozenset({"model", "messages", "user", "metadata", "store", "safety_identifier"})
"""Set by us, or about the person who asks: no server needs to know them."""
PROMPT_VERSION_FIELD = "prompt_version"
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


@dataclass
class Task:
    """One call on its way through the gateway; what is known of it grows."""

    caller: Caller
    capability: Capability
    chain: tuple[Model, ...]
    streamed: bool
    prompt_sha256: str = ""
    verdict_in: GuardWord = field(default_factory=GuardWord)
    verdict_out: GuardWord = field(default_factory=GuardWord)
    tokens: Tokens = field(default_factory=Tokens)
    model: Model | None = None
    endpoint_id: str = ""
    attempts: int = 0
    prompt_version: str = ""
    id: str = field(default_factory=lambda: new_id("call"))
    started: float = field(default_factory=time.perf_counter)
    recorded: bool = False

    def call(self, status: CallStatus, result_sha256: str = "", error: str = "") -> Call:
        """The record of the call as it stands."""
        model = self.model or self.chain[0]
        return Call(
            id=self.id,
            caller=self.caller,
            capability=self.capability,
            model=model.name,
            endpoint_id=self.endpoint_id,
            status=status,
            tokens=self.tokens,
            cost=model.cost(self.tokens.input, self.tokens.output) if self.tokens.total else Decimal(0),
            currency=model.currency,
            prompt_sha256=self.prompt_sha256,
            result_sha256=result_sha256,
            verdict_in=self.verdict_in,
            verdict_out=self.verdict_out,
            streamed=self.streamed,
            latency_ms=(time.perf_counter() - self.started) * 1_000,
            attempts=self.attempts,
            error=error,
            prompt_version=self.prompt_version,
        )


def chain_of(registry: Registry, caller: Caller, name: object, capability: Capability) -> tuple[Model, ...]:
    """The model asked for and its fallbacks, those that the caller may use for this; the first that is named leads.

    Raises NotAllowed, NoSuchModel, BadModel, LevelTooHigh.
    """
    require(caller.subject, "use", MODEL)
    wanted = _wanted(registry, name, capability)
    usable = [
        model
        for model in (wanted, *(registry.find(one) for one in wanted.fallbacks))
        if capability in model.capabilities and _stage_allows(model, caller)
    ]
    if not usable:
        raise NoSuchModel(
            f"模型“{wanted.name}”不能用于此类调用，或还在试用、已停用。请用 GET /v1/models 查看可用的模型。"
        )
    fitting = tuple(model for model in usable if caller.data_level <= model.data_level_max)
    if not fitting:
        raise LevelTooHigh(
            f"数据级别 {caller.data_level} 高于模型“{wanted.name}”允许的 {wanted.data_level_max} 级。"
            "请改用级别更高的模型，或去掉敏感内容后降级重试。"
        )
    return fitting


def _wanted(registry: Registry, name: object, capability: Capability) -> Model:
    if name is None or name == "":
        first = registry.first(capability)
        if first is None:
            raise NoSuchModel("还没有可用的模型。请先执行 yinshu models pull 或 yinshu models add 登记一个模型。")
        return first
    if not isinstance(name, str):
        raise BadModel("model 应为模型名称，请对照 GET /v1/models 修改。")
    return registry.find(name)


def _stage_allows(model: Model, caller: Caller) -> bool:
    if model.stage == "approved":
        return True
    return model.stage == "trial" and (
        model.owner == caller.subject.id or may(caller.subject, "configure", MODEL).allowed
    )


def within_customer_level(chain: tuple[Model, ...], level: int) -> tuple[Model, ...]:
    """Those that may receive what is left of customers' data after masking. Raises LevelTooHigh when none may."""
    fitting = tuple(model for model in chain if level <= model.customer_level_max)
    if not fitting:
        raise LevelTooHigh(f"内容含客户信息（C{level}），没有模型可以接收。请去掉客户信息，或改用允许接收的模型。")
    return fitting


def worded_fields(body: Mapping[str, Any]) -> dict[str, Any]:
    """What goes to the server beside the messages and may hold words: tools, schemas, stop words, anything unknown."""
    return {
        key: value
        for key, value in body.items()
        if isinstance(value, (str, list, dict)) and key not in DROPPED_FIELDS and key != PROMPT_VERSION_FIELD
    }


def chat_payload(body: Mapping[str, Any], inward: Inward, *, streamed: bool) -> dict[str, Any]:
    """What goes to the server, but for the model's name there."""
    payload = {key: value for key, value in body.items() if key not in DROPPED_FIELDS and key != PROMPT_VERSION_FIELD}
    payload |= {**inward.fields, "messages": inward.messages}
    if streamed:
        options = payload.get("stream_options")
        payload["stream_options"] = {**(options if isinstance(options, dict) else {}), "include_usage": True}
    else:
        payload.pop("stream_options", None)
    payload["stream"] = streamed
    return payload


def digest(content: object) -> str:
    """SHA-256 (hex) of the canonical JSON of what was sent."""
    text = _CANONICAL.encode(content)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
