"""Models over HTTP: registered, changed and tried by who may; keys never come back; usage as a table and as CSV."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.model_servers import PlayedServers, says
from yinshu.api.platform import Platform

NEW = {
    "name": "qwen",
    "capabilities": ["chat"],
    "stage": "approved",
    "price_input": "2",
    "price_output": "8",
    "endpoints": [{"url": "http://qwen.test/v1", "upstream_model": "qwen3", "key": "sk-secret-1"}],
}


@pytest.fixture
def model(client: TestClient) -> dict[str, Any]:
    made: dict[str, Any] = client.post("/api/models", json=NEW).json()
    return made


def test_a_model_is_registered_and_its_key_is_never_shown(client: TestClient, model: dict[str, Any]) -> None:
    listed = client.get("/api/models").text
    assert "sk-secret-1" not in listed + json.dumps(model)
    assert model["endpoints"][0]["has_key"] is True
    assert model["endpoints"][0]["circuit"] == "closed"
    assert [one["name"] for one in json.loads(listed)["items"]] == ["qwen", "tiny"]


def test_a_change_keeps_what_it_does_not_name(client: TestClient, model: dict[str, Any]) -> None:
    changed = client.patch(f"/api/models/{model['id']}", json={"stage": "retired", "data_level_max": 4}).json()
    assert (changed["stage"], changed["data_level_max"], changed["price_output"]) == ("retired", 4, "8")
    assert changed["endpoints"] == model["endpoints"]


@pytest.mark.parametrize(
    "wrong", [{"name": "qwen"}, {**NEW, "endpoints": []}, {**NEW, "name": "a b"}, {**NEW, "name": "qwen"}, {"x": 1}]
)
def test_what_cannot_be_meant_is_refused(client: TestClient, model: dict[str, Any], wrong: dict[str, Any]) -> None:
    response = client.post("/api/models", json=wrong)
    assert response.status_code in (400, 422)
    assert response.json()["message"]


def test_an_endpoint_is_drained_probed_and_removed_with_its_model(client: TestClient, model: dict[str, Any]) -> None:
    endpoint = model["endpoints"][0]["id"]
    drained = client.post(f"/api/models/{model['id']}/endpoints/{endpoint}/state", json={"state": "draining"}).json()
    assert drained["endpoints"][0]["state"] == "draining"
    assert client.post(f"/api/models/{model['id']}/probe").json()["endpoints"][0]["healthy"] is True
    assert client.delete(f"/api/models/{model['id']}").status_code == 200
    assert client.delete(f"/api/models/{model['id']}").status_code == 404


def test_the_matrix_says_who_serves_what(client: TestClient, model: dict[str, Any]) -> None:
    matrix = client.get("/api/models/matrix").json()
    defaults = {one["id"]: one["default"] for one in matrix["services"]}
    assert (defaults["chat"], defaults["embed"], defaults["asr"]) == ("qwen", "tiny", None)
    cells = {one["name"]: one["cells"] for one in matrix["models"]}
    assert cells == {"qwen": {"chat": "default"}, "tiny": {"embed": "default", "rerank": "default"}}


def test_the_playground_streams_two_models_side_by_side(
    client: TestClient, platform: Platform, model: dict[str, Any]
) -> None:
    servers = platform.models.gateway.sender.upstream
    assert isinstance(servers, PlayedServers)
    servers.answer = says("答案" * 80, prompt_tokens=1_000_000, completion_tokens=1_000_000)
    body = {"models": ["qwen", "nobody"], "prompt": "你好"}
    text = client.post("/api/playground", json=body).text
    events = [part.split("\n") for part in text.strip().split("\n\n")]
    named = [(lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))) for lines in events]
    said = "".join(data["text"] for name, data in named if name == "piece")
    [done] = [data for name, data in named if name == "done"]
    [error] = [data for name, data in named if name == "error"]
    assert said == "答案" * 80
    assert (done["place"], done["cost"], done["output_tokens"]) == (0, "10", 1_000_000)
    assert (error["place"], error["code"]) == (1, "model_not_found")


def test_quotas_are_set_and_removed(client: TestClient) -> None:
    quota = {"holder_kind": "department", "holder_id": "总行/科技部", "tokens_per_day": 1000}
    [kept] = client.put("/api/quotas", json=quota).json()["items"]
    assert (kept["tokens_per_day"], kept["tokens_today"]) == (1000, 0)
    assert client.put("/api/quotas", json={**quota, "tokens_per_day": None}).json()["items"] == []


def test_usage_is_summed_and_exported(client: TestClient, model: dict[str, Any], platform: Platform) -> None:
    body = {"model": "qwen", "messages": [{"role": "user", "content": "你好"}]}
    headers = {"X-Application": "=HYPERLINK(1)"}
    assert client.post("/v1/chat/completions", json=body, headers=headers).status_code == 200
    usage = client.get("/api/usage", params={"by": "model"}).json()
    assert (usage["total"]["calls"], usage["items"][0]["key"]) == (1, "qwen")
    assert usage["items"][0]["cost"] == "0.000054"
    exported = client.get("/api/usage.csv", params={"by": "application"}).text
    assert exported.splitlines()[1].startswith("'=HYPERLINK(1),1,")
    assert client.get("/api/usage", params={"from": "2026-12-01", "to": "2026-11-01"}).status_code == 422


@pytest.mark.parametrize("path", ["/api/models", "/api/models/matrix", "/api/quotas", "/api/usage", "/api/cascades"])
def test_nobody_sees_models_without_signing_in(anonymous: TestClient, path: str) -> None:
    assert anonymous.get(path).status_code == 401
