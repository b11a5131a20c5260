"""Models over HTTP for the portal: registry, matrix, playground, quotas, usage and cascades."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import Field

from yinshu.api import modelling, operations
from yinshu.api.auth import Caller, Wired
from yinshu.api.events import Event, event_stream
from yinshu.api.model_cases import CasesRequest
from yinshu.api.platform import Platform
from yinshu.api.render_models import usage_csv
from yinshu.api.requests import NoParameters, Request, RequiredName
from yinshu.kernel.base.errors import YinshuError
from yinshu.kernel.gateway.records import Caller as ModelCaller
from yinshu.kernel.gateway.records import EndpointState
from yinshu.kernel.gateway.sse import DATA, DONE
from yinshu.kernel.identity import Resource, Subject, require

router = APIRouter(prefix="/api", tags=["models"])

PLAYGROUND_MODELS_MAX = 2
PROMPT_CHARS_MAX = 20_000
PLAYGROUND = "playground"


class StateFields(Request):
    """The state an endpoint should have."""

    state: EndpointState


class ThresholdFields(Request):
    """The threshold a cascade should have."""

    threshold: float = Field(ge=0, le=1)


class PlaygroundRequest(Request):
    """One prompt to one or two models, side by side."""

    models: list[RequiredName] = Field(min_length=1, max_length=PLAYGROUND_MODELS_MAX)
    prompt: str = Field(min_length=1, max_length=PROMPT_CHARS_MAX)
    system: str = Field(default="", max_length=PROMPT_CHARS_MAX)
    max_tokens: int = Field(default=512, ge=1, le=32_000)
    temperature: float = Field(default=0.7, ge=0, le=2)


@router.get("/models")
def list_models(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Every model with its endpoints and how they do."""
    return operations.perform(platform, caller, "models", NoParameters())


@router.get("/models/matrix")
def matrix(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Which model serves what."""
    return operations.perform(platform, caller, "model_matrix", NoParameters())


@router.get("/models/cases")
def list_cases(platform: Wired, caller: Caller, wanted: Annotated[CasesRequest, Query()]) -> dict[str, Any]:
    """Sentences of models that contradicted their clause, with what the clause says."""
    return operations.perform(platform, caller, "model_cases", wanted)


@router.post("/models")
def add_model(platform: Wired, caller: Caller, model: modelling.ModelRequest) -> dict[str, Any]:
    """Register a model."""
    return operations.perform(platform, caller, "model_save", model.model_copy(update={"id": ""}))


@router.patch("/models/{model_id}")
def change_model(platform: Wired, caller: Caller, model_id: str, model: modelling.ModelRequest) -> dict[str, Any]:
    """Change the fields that are given."""
    return operations.perform(platform, caller, "model_save", model.model_copy(update={"id": model_id}))


@router.delete("/models/{model_id}")
def remove_model(platform: Wired, caller: Caller, model_id: str) -> dict[str, Any]:
    """Take a model out of the registry."""
    return operations.perform(platform, caller, "model_remove", modelling.ModelIdRequest(id=model_id))


@router.post("/models/{model_id}/probe")
def probe_model(platform: Wired, caller: Caller, model_id: str) -> dict[str, Any]:
    """Ask the model's endpoints whether they are there."""
    return operations.perform(platform, caller, "model_probe", modelling.ModelIdRequest(id=model_id))


@router.post("/models/{model_id}/test")
def test_model(platform: Wired, caller: Caller, model_id: str) -> dict[str, Any]:
    """One short call."""
    return operations.perform(platform, caller, "model_test", modelling.ModelIdRequest(id=model_id))


@router.post("/models/{model_id}/endpoints/{endpoint_id}/state")
def set_state(platform: Wired, caller: Caller, model_id: str, endpoint_id: str, fields: StateFields) -> dict[str, Any]:
    """Drain an endpoint, switch it off or on."""
    wanted = modelling.StateRequest(id=model_id, endpoint_id=endpoint_id, state=fields.state)
    return operations.perform(platform, caller, "model_endpoint_state", wanted)


@router.get("/quotas")
def list_quotas(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Every quota and what is spent."""
    return operations.perform(platform, caller, "quotas", NoParameters())


@router.put("/quotas")
def save_quota(platform: Wired, caller: Caller, quota: modelling.QuotaRequest) -> dict[str, Any]:
    """Set a quota; without any bound it is removed."""
    return operations.perform(platform, caller, "quota_save", quota)


@router.get("/usage")
def usage(platform: Wired, caller: Caller, wanted: Annotated[modelling.UsageRequest, Query()]) -> dict[str, Any]:
    """Usage by person, department, application, model or day."""
    return operations.perform(platform, caller, "usage", wanted)


@router.get("/usage.csv")
def usage_as_csv(platform: Wired, caller: Caller, wanted: Annotated[modelling.UsageRequest, Query()]) -> Response:
    """The same as CSV."""
    text = usage_csv(operations.perform(platform, caller, "usage", wanted))
    headers = {"Content-Disposition": 'attachment; filename="usage.csv"'}
    # The mark tells spreadsheets that the file is UTF-8.
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/cascades")
def list_cascades(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Every cascade with its curve and the chosen point."""
    return operations.perform(platform, caller, "cascades", NoParameters())


@router.post("/cascades/{name}/threshold")
def choose_point(platform: Wired, caller: Caller, name: str, fields: ThresholdFields) -> dict[str, Any]:
    """Choose another point of the curve."""
    wanted = modelling.ThresholdRequest(name=name, threshold=fields.threshold)
    return operations.perform(platform, caller, "cascade_choose", wanted)


@router.post("/playground")
async def playground(platform: Wired, caller: Caller, wanted: PlaygroundRequest) -> StreamingResponse:
    """Server-sent events from both models at once: `piece`, then `done` or `error`, each naming its model."""
    require(caller, "use", Resource("model"))
    return event_stream(_both(platform, caller, wanted))


async def _both(platform: Platform, caller: Subject, wanted: PlaygroundRequest) -> AsyncIterator[Event]:
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    places = list(enumerate(wanted.models))
    tasks = [asyncio.create_task(_one(platform, caller, wanted, place, events)) for place, _ in places]
    try:
        for _ in tasks:
            while (event := await events.get()) is not None:
                yield event
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _one(
    platform: Platform, caller: Subject, wanted: PlaygroundRequest, place: int, events: asyncio.Queue[Event | None]
) -> None:
    name = wanted.models[place]
    about = {"model": name, "place": place}
    messages = [{"role": "system", "content": wanted.system}] if wanted.system else []
    body: dict[str, Any] = {
        "model": name,
        "messages": [*messages, {"role": "user", "content": wanted.prompt}],
        "max_tokens": wanted.max_tokens,
        "temperature": wanted.temperature,
        "stream_options": {"include_usage": True},
    }
    started = time.perf_counter()
    seen: dict[str, Any] = {}
    try:
        async with platform.models.gateway.stream(ModelCaller(caller, PLAYGROUND), body) as chunks:
            async for chunk in chunks:
                text = _heard(chunk, seen)
                if text:
                    seen.setdefault("first_ms", (time.perf_counter() - started) * 1_000)
                    events.put_nowait(("piece", {**about, "text": text}))
        usage = seen.get("usage") or {}
        model = platform.models.registry.find(str(seen.get("model") or name))
        given, made = usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0)
        done = {
            "answered_by": model.name,
            "input_tokens": given,
            "output_tokens": made,
            "cost": str(model.cost(given, made)),
            "currency": model.currency,
            "first_ms": round(seen.get("first_ms", 0.0), 1),
            "latency_ms": round((time.perf_counter() - started) * 1_000, 1),
            "finish_reason": seen.get("finish_reason"),
        }
        events.put_nowait(("error", {**about, **seen["error"]}) if "error" in seen else ("done", {**about, **done}))
    except YinshuError as error:
        events.put_nowait(("error", {**about, "code": error.code, "message": error.message}))
    finally:
        events.put_nowait(None)


def _heard(chunk: bytes, seen: dict[str, Any]) -> str:
    content = chunk[len(DATA) :].strip()
    if content == DONE:
        return ""
    event = json.loads(content)
    seen.update({key: event[key] for key in ("model", "usage", "error") if event.get(key)})
    text = ""
    for choice in event.get("choices", []):
        seen["finish_reason"] = choice.get("finish_reason") or seen.get("finish_reason")
        text += (choice.get("delta") or {}).get("content") or ""
    return text
