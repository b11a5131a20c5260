"""Operations on models, quotas, usage and cascades: requests, work and results."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import structlog
from pydantic import Field

from yinshu.api.model_cases import CasesRequest, list_cases
from yinshu.api.platform import Platform
from yinshu.api.render import JsonObject
from yinshu.api.render_models import render_cascade, render_model, render_quota, render_usage
from yinshu.api.requests import Name, NoParameters, Request, RequiredName
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.gateway.cascade import shipped_intents
from yinshu.kernel.gateway.cascade_bench import bench_cascade, evenly, read_labelled
from yinshu.kernel.gateway.errors import BadModel
from yinshu.kernel.gateway.records import (
    CAPABILITIES,
    Caller,
    Capability,
    Endpoint,
    EndpointState,
    HolderKind,
    Model,
    ModelKind,
    Quota,
    SizeClass,
    Stage,
    UsageFilter,
)
from yinshu.kernel.gateway.registry import EMBEDDED_URL, ENDPOINTS_MAX
from yinshu.kernel.gateway.routed import RoutedChat
from yinshu.kernel.gateway.store.usage import UsageGroup
from yinshu.kernel.gateway.swap import read_swap_cases, swap_test
from yinshu.kernel.identity import Action, Subject

log = structlog.get_logger("yinshu.api")

USAGE_DAYS = 30
USAGE_DAYS_MAX = 3_660
TEST_PROMPT = "请只回答两个字：你好"
TEST_TOKENS = 16
GGUF = b"GGUF"
COUNT_CEILING = 2_000_000_000
Price = Annotated[Decimal, Field(ge=0, le=1_000_000)]


class EndpointFields(Request):
    """A server that runs a model. `key` None keeps the one there is, "" removes it."""

    id: Name = ""
    url: str = Field(min_length=1, max_length=2_000)
    upstream_model: Name = ""
    key: str | None = Field(default=None, max_length=4_096, repr=False)
    in_flight_max: int = Field(default=256, ge=1, le=100_000)
    state: EndpointState = "active"


class ModelRequest(Request):
    """A model to register, or the fields of one that change (`id` set, None keeps)."""

    id: Name = ""
    name: Name | None = None
    kind: ModelKind | None = None
    capabilities: list[Capability] | None = None
    size_class: SizeClass | None = None
    context_tokens: int | None = Field(default=None, ge=1, le=100_000_000)
    price_input: Price | None = None
    price_output: Price | None = None
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    data_level_max: int | None = Field(default=None, ge=1, le=5)
    customer_level_max: int | None = Field(default=None, ge=0, le=3)
    owner: Name | None = None
    stage: Stage | None = None
    licence: Name | None = None
    fallbacks: list[RequiredName] | None = None
    timeout_seconds: float | None = Field(default=None, gt=0, le=3_600)
    endpoints: list[EndpointFields] | None = Field(default=None, max_length=ENDPOINTS_MAX)


class EmbeddedRequest(Request):
    """A GGUF file of this machine to run in our own process."""

    name: RequiredName
    path: RequiredName
    licence: Name = ""
    context_tokens: int = Field(default=8_192, ge=256, le=1_000_000)


class ModelIdRequest(Request):
    """One model, by id or by name."""

    id: RequiredName


class StateRequest(ModelIdRequest):
    """Take an endpoint out of use, or back."""

    endpoint_id: RequiredName
    state: EndpointState


class SwapRequest(Request):
    """Two models and a case file of this machine."""

    first: RequiredName
    second: RequiredName
    cases: RequiredName
    out: Name = ""


class CascadeBenchRequest(Request):
    """A case file of this machine, how many of its cases to take (0: all), and how many may go to the large model."""

    cases: RequiredName
    name: RequiredName = "banking-intents"
    model: Name = ""
    limit: int = Field(default=0, ge=0)
    large_cases: int = Field(default=40, ge=0, le=10_000)


class QuotaRequest(Request):
    """A holder's quota; None does not bound, all None removes it."""

    holder_kind: HolderKind
    holder_id: RequiredName
    tokens_per_day: int | None = Field(default=None, ge=0, le=COUNT_CEILING)
    requests_per_minute: int | None = Field(default=None, ge=0, le=COUNT_CEILING)
    streams_max: int | None = Field(default=None, ge=0, le=COUNT_CEILING)


class UsageRequest(Request):
    """Usage by a group between two days (both included); by default the last thirty days by model."""

    by: UsageGroup = "model"
    first_day: date | None = Field(default=None, alias="from")
    last_day: date | None = Field(default=None, alias="to")
    model: Name = ""
    subject: Name = ""
    department: Name = ""
    application: Name = ""


class ThresholdRequest(Request):
    """A cascade's point, chosen from its curve."""

    name: RequiredName
    threshold: float = Field(ge=0, le=1)


def find(platform: Platform, name_or_id: str) -> Model:
    """The model of this id or name. Raises NoSuchModel."""
    models = platform.models.registry.models()
    return next((one for one in models if one.id == name_or_id), None) or platform.models.registry.find(name_or_id)


def list_models(platform: Platform, _subject: Subject, _request: NoParameters) -> JsonObject:
    """Every model with its endpoints and how they do."""
    models = platform.models.registry.models()
    return {"items": [render_model(model, platform.models.report(model)) for model in models]}


def save(platform: Platform, subject: Subject, request: ModelRequest) -> JsonObject:
    """Register a model or change one."""
    if request.id:
        base = find(platform, request.id)
        if base.kind == "builtin":
            raise BadModel("随产品附带的模型不能修改。")
    else:
        if request.name is None or not request.capabilities:
            raise BadArgument("新模型至少要有 name、capabilities 和 endpoints。")
        if any(one.name == request.name for one in platform.models.registry.models()):
            raise BadModel(f"已有名为“{request.name}”的模型，请换一个名称，或修改已有的模型。")
        base = Model(id="", name=request.name, kind=request.kind or "openai", capabilities=())
    if base.kind == "openai" and request.kind == "embedded":
        raise BadModel("内置模型请用 yinshu models add FILE.gguf 登记。")
    changes = request.model_dump(exclude={"id", "kind", "endpoints"}, exclude_none=True)
    changes = {key: tuple(value) if isinstance(value, list) else value for key, value in changes.items()}
    model, keys = _with_endpoints(replace(base, **changes), request.endpoints)
    saved = platform.models.registry.save(subject, model, keys)
    return render_model(saved, platform.models.report(saved))


def _with_endpoints(model: Model, given: list[EndpointFields] | None) -> tuple[Model, dict[str, str]]:
    if given is None:
        return model, {}
    keys: dict[str, str] = {}
    endpoints: list[Endpoint] = []
    for one in given:
        endpoint_id = one.id or new_id("end")
        if one.key is not None:
            keys[endpoint_id] = one.key
        upstream = one.upstream_model or model.name
        endpoints.append(Endpoint(endpoint_id, model.id, one.url, upstream, one.state, one.in_flight_max))
    return replace(model, endpoints=tuple(endpoints)), keys


def add_embedded(platform: Platform, subject: Subject, request: EmbeddedRequest) -> JsonObject:
    """Register a GGUF file; it is run by our own llama.cpp process."""
    path = Path(request.path)
    if not path.is_file():
        raise BadModel(f"没有找到文件 {path}，请核对路径。")
    with path.open("rb") as weights:
        if weights.read(len(GGUF)) != GGUF:
            raise BadModel(f"文件 {path} 不是 GGUF 权重，请核对后重试。")
    known = {one.name: one for one in platform.models.registry.models()}
    model = known.get(request.name) or Model(id="", name=request.name, kind="embedded", capabilities=("chat",))
    if model.kind != "embedded":
        raise BadModel(f"已有名为“{request.name}”的其他模型，请换一个名称。")
    model = replace(
        model,
        size_class="small",
        context_tokens=request.context_tokens,
        # Nothing leaves the machine.
        data_level_max=5,
        customer_level_max=3,
        stage="approved",
        licence=request.licence,
        source=str(path.resolve()),
        endpoints=model.endpoints or (Endpoint("", "", EMBEDDED_URL, request.name, in_flight_max=64),),
    )
    saved = platform.models.registry.save(subject, model)
    return render_model(saved, platform.models.report(saved))


def remove(platform: Platform, subject: Subject, request: ModelIdRequest) -> JsonObject:
    """Take a model out of the registry."""
    model = find(platform, request.id)
    platform.models.registry.remove(subject, model.name)
    return {"id": model.id, "name": model.name}


def set_state(platform: Platform, subject: Subject, request: StateRequest) -> JsonObject:
    """Drain an endpoint, switch it off or on."""
    model = find(platform, request.id)
    changed = platform.models.registry.set_state(subject, model.name, request.endpoint_id, request.state)
    return render_model(changed, platform.models.report(changed))


def probe(platform: Platform, _subject: Subject, request: ModelIdRequest) -> JsonObject:
    """Ask the endpoints whether they are there."""
    model = find(platform, request.id)
    platform.models.submit(platform.models.probe([model])).result()
    return render_model(model, platform.models.report(model))


def test(platform: Platform, subject: Subject, request: ModelIdRequest) -> JsonObject:
    """One short call through the whole gateway."""
    model = find(platform, request.id)
    started = time.perf_counter()
    caller = Caller(subject, "models-test", data_level=1)
    if "chat" in model.capabilities:
        message = {"role": "user", "content": TEST_PROMPT}
        body: dict[str, Any] = {"model": model.name, "messages": [message], "max_tokens": TEST_TOKENS}
        answer = platform.models.submit(platform.models.gateway.chat(caller, body)).result()
        text = str((answer["choices"][0].get("message") or {}).get("content") or "")
    elif "embed" in model.capabilities:
        body = {"model": model.name, "input": TEST_PROMPT}
        answer = platform.models.submit(platform.models.other.embed(caller, body)).result()
        text = f"{len(answer['data'][0]['embedding'])} 维"
    else:
        raise BadArgument("只能试用对话和向量模型。")
    latency_ms = round((time.perf_counter() - started) * 1_000, 1)
    return {"name": model.name, "ok": bool(text), "text": text, "latency_ms": latency_ms}


def run_swap(platform: Platform, subject: Subject, request: SwapRequest) -> JsonObject:
    """The same cases to two models, and what differs."""
    cases = read_swap_cases(Path(request.cases))
    caller = Caller(subject, "swap-test", data_level=1)
    names = (find(platform, request.first).name, find(platform, request.second).name)
    return swap_test(platform.models, caller, names, cases, Path(request.out) if request.out else None)


def run_cascade_bench(platform: Platform, subject: Subject, request: CascadeBenchRequest) -> JsonObject:
    """The curve of the intent cascade over a case file; its best point is chosen and kept."""
    path, desk = Path(request.cases), platform.models
    cases = evenly(read_labelled(path), request.limit)
    model = find(platform, request.model) if request.model else desk.registry.first("chat")
    chat = RoutedChat(desk, Caller(subject, "cascade", data_level=1), model.name) if model is not None else None
    large = (model, chat) if model is not None and chat is not None else None

    def tell(done: int, total: int) -> None:
        log.info("cascade.asked", done=done, total=total)

    cascade = bench_cascade(
        request.name, path, cases, shipped_intents(), desk.other.embedder, large, request.large_cases, tell
    )
    return render_cascade(desk.save_cascade(subject, cascade))


def matrix(platform: Platform, _subject: Subject, _request: NoParameters) -> JsonObject:
    """Which model serves what, and which is taken when none is named."""
    desk = platform.models
    firsts = {capability: desk.registry.first(capability) for capability in CAPABILITIES}
    rows = [
        {
            **render_model(model, desk.report(model)),
            "cells": {
                one: "default" if (first := firsts[one]) is not None and first.name == model.name else "yes"
                for one in model.capabilities
            },
        }
        for model in desk.registry.models()
    ]
    services = [
        {"id": one, "default": first.name if (first := firsts[one]) is not None else None} for one in CAPABILITIES
    ]
    return {"services": services, "models": rows}


def list_quotas(platform: Platform, _subject: Subject, _request: NoParameters) -> JsonObject:
    """Every quota and what is spent."""
    return {"items": [render_quota(quota, spent) for quota, spent in platform.models.quotas()]}


def save_quota(platform: Platform, subject: Subject, request: QuotaRequest) -> JsonObject:
    """Set or remove a quota."""
    quota = Quota(**request.model_dump())
    if (quota.tokens_per_day, quota.requests_per_minute, quota.streams_max) == (None, None, None):
        platform.models.delete_quota(subject, quota.holder_kind, quota.holder_id)
    else:
        platform.models.save_quota(subject, quota)
    return list_quotas(platform, subject, NoParameters())


def usage(platform: Platform, _subject: Subject, request: UsageRequest) -> JsonObject:
    """Usage by a group, with its sum."""
    last = request.last_day or platform.clock.today()
    first = request.first_day or last - timedelta(days=USAGE_DAYS - 1)
    if first > last or (last - first).days > USAGE_DAYS_MAX:
        raise BadArgument("起止日期不对：开始应不晚于结束，且不超过十年。")
    wanted = UsageFilter(first, last, request.model, request.subject, request.department, request.application)
    rows = platform.models.usage(request.by, wanted)
    return render_usage(request.by, wanted, rows)


def list_cascades(platform: Platform, _subject: Subject, _request: NoParameters) -> JsonObject:
    """Every cascade with its curve and the chosen point."""
    return {"items": [render_cascade(one) for one in platform.models.cascades()]}


def choose_point(platform: Platform, subject: Subject, request: ThresholdRequest) -> JsonObject:
    """Choose another point of a cascade's curve."""
    cascade = platform.models.cascade(request.name)
    chosen = platform.models.save_cascade(subject, replace(cascade, threshold=request.threshold))
    return render_cascade(chosen)


OPERATIONS: tuple[tuple[str, type[Request], Action, str, Callable[..., JsonObject]], ...] = (
    ("models", NoParameters, "read", "model", list_models),
    ("model_save", ModelRequest, "configure", "model", save),
    ("model_add_embedded", EmbeddedRequest, "configure", "model", add_embedded),
    ("model_remove", ModelIdRequest, "configure", "model", remove),
    ("model_endpoint_state", StateRequest, "configure", "model", set_state),
    ("model_probe", ModelIdRequest, "read", "model", probe),
    ("model_test", ModelIdRequest, "configure", "model", test),
    ("model_swap_test", SwapRequest, "configure", "model", run_swap),
    ("cascade_bench", CascadeBenchRequest, "configure", "model", run_cascade_bench),
    ("model_matrix", NoParameters, "read", "model", matrix),
    ("model_cases", CasesRequest, "read", "model", list_cases),
    ("quotas", NoParameters, "read", "usage", list_quotas),
    ("quota_save", QuotaRequest, "configure", "model", save_quota),
    ("usage", UsageRequest, "read", "usage", usage),
    ("cascades", NoParameters, "read", "model", list_cascades),
    ("cascade_choose", ThresholdRequest, "configure", "model", choose_point),
)
"""Name, request, right, on what, and work, for the table of all operations."""
