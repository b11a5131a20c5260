"""Conversations over HTTP: the order of events, retries, failures, and who is let in."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert

from tests.api.stand_in import Stub
from yinshu.api.platform import AnsweredRun, Asked, OnEvidence, Platform
from yinshu.api.pool import WorkPool
from yinshu.api.turns import _Stream
from yinshu.kernel.assistant import TurnRequest
from yinshu.kernel.base.database import writing
from yinshu.kernel.base.errors import DependencyDown, YinshuError
from yinshu.kernel.identity.store.organisation import add_department
from yinshu.kernel.knowledge.records import AnswerSentence
from yinshu.kernel.knowledge.tables import collections, documents, versions

QUESTION = "单位卡能取现金吗"


@pytest.fixture(autouse=True)
def cited(platform: Platform) -> None:
    """The version that the stand-in's answer cites."""
    now = platform.clock.now()
    with writing(platform.engine) as connection:
        connection.execute(insert(collections).values(id="col_1", name="制度", axes={}, created_at=now))
        connection.execute(
            insert(documents).values(
                id="doc_1", collection_id="col_1", file_name="a.txt", title="单位卡", created_at=now
            )
        )
        row = {"id": "ver_1", "document_id": "doc_1", "collection_id": "col_1", "ordinal": 1, "status": "published"}
        file = {
            "content_sha256": "x",
            "media_type": "text/plain",
            "size_bytes": 1,
            "title": "单位卡",
            "created_at": now,
        }
        connection.execute(insert(versions).values(**row, **file))


def new(client: TestClient) -> str:
    response = client.post("/api/conversations", json={})
    assert response.status_code == 201
    identity: str = response.json()["id"]
    return identity


def ask(client: TestClient, conversation_id: str, **fields: Any) -> list[tuple[str, dict[str, Any]]]:
    """The events of one turn."""
    events = []
    body = {"question": QUESTION, **fields}
    with client.stream("POST", f"/api/conversations/{conversation_id}/turns", json=body) as response:
        assert response.status_code == 200, response.read()
        name = ""
        for line in response.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                events.append((name, json.loads(line.removeprefix("data: "))))
    return events


def test_the_events_come_in_the_order_in_which_they_are_shown(client: TestClient) -> None:
    events = ask(client, new(client))
    assert [name for name, _ in events] == ["question", "evidence", "sentence", "answer"]
    assert events[0][1]["understood_as"] == QUESTION
    assert events[0][1]["follow_up"] is False
    first = events[1][1]["hits"][0]
    assert first["document"] == "单位卡办法"
    assert first["document_id"]
    assert first["version_id"]
    assert events[2][1] == {"n": 1, "text": "单位卡不得支取现金。", "citations": [1], "verified": True}


def test_an_answered_turn_has_what_ask_gives_and_what_a_card_shows(client: TestClient) -> None:
    conversation_id = new(client)
    shown = ask(client, conversation_id)[-1][1]["turn"]
    plain = client.post("/api/ask", json={"question": QUESTION}).json()
    assert {key: shown["answer"][key] for key in plain if key != "citations"} == {
        key: value for key, value in plain.items() if key != "citations"
    }
    source = shown["answer"]["citations"][0]
    assert {key: source[key] for key in plain["citations"][0]} == plain["citations"][0]
    assert (source["version_id"], source["clause_id"], source["may_open"]) == ("ver_1", 7, True)
    assert shown["answer"]["status_words"] == "已核验"
    assert "人工智能" in shown["answer"]["ai_label"]
    assert client.get(f"/api/conversations/{conversation_id}").json()["turns"] == [shown]


def test_the_question_stands_before_the_answer_and_lives_when_it_fails(client: TestClient, stub: Stub) -> None:
    stub.ask_error = DependencyDown("向量模型没有回应，请稍后再试。")
    conversation_id = new(client)
    events = ask(client, conversation_id)
    assert [name for name, _ in events] == ["question", "evidence", "error"]
    turn = client.get(f"/api/conversations/{conversation_id}").json()["turns"][0]
    assert (turn["state"], turn["question"], turn["answer"]) == ("failed", QUESTION, None)
    assert turn["error"] == "向量模型没有回应，请稍后再试。"
    stub.ask_error = None
    again = ask(client, conversation_id, retry_turn_id=turn["id"])
    assert again[-1][1]["turn"]["id"] == turn["id"]
    assert len(client.get(f"/api/conversations/{conversation_id}").json()["turns"]) == 1


def test_an_unforeseen_failure_shows_nothing_of_itself(client: TestClient, stub: Stub) -> None:
    stub.ask_error = ValueError("私密")
    events = ask(client, new(client))
    assert events[-1][0] == "error"
    assert "私密" not in json.dumps(events, ensure_ascii=False)


def test_a_retry_with_the_same_key_does_not_ask_twice(client: TestClient, stub: Stub) -> None:
    conversation_id = new(client)
    first = ask(client, conversation_id, key="k1")
    second = ask(client, conversation_id, key="k1")
    assert [name for name, _ in second] == ["question", "sentence", "answer"]
    assert second[-1] == first[-1]
    assert len(stub.asked) == 1


def test_a_retry_while_the_first_is_under_way_is_told_to_wait(client: TestClient, stub: Stub) -> None:
    conversation_id = new(client)
    stub.gate.clear()
    first = threading.Thread(target=ask, args=(client, conversation_id), kwargs={"key": "k1"})
    first.start()
    for _ in range(200):
        if stub.asked:
            break
        time.sleep(0.01)
    body = {"question": QUESTION, "key": "k1"}
    response = client.post(f"/api/conversations/{conversation_id}/turns", json=body)
    assert (response.status_code, response.json()["code"]) == (409, "still_answering")
    stub.gate.set()
    first.join()


def test_collections_and_the_day_reach_the_library(client: TestClient, stub: Stub) -> None:
    ask(client, new(client), collection_ids=["col_1"], as_of="2021-05-01")
    assert stub.asked[0].collection_ids == ("col_1",)
    assert str(stub.asked[0].as_of) == "2021-05-01"


@pytest.mark.parametrize(
    "fields", [{"question": ""}, {"question": "长" * 41}, {"question": QUESTION, "as_of": "昨天"}, {"words": "x"}]
)
def test_a_wrong_question_is_refused_before_the_stream_and_not_recorded(client: TestClient, fields: object) -> None:
    conversation_id = new(client)
    response = client.post(f"/api/conversations/{conversation_id}/turns", json=fields)
    assert response.status_code == 422
    assert client.get(f"/api/conversations/{conversation_id}").json()["turns"] == []


def test_a_conversation_is_renamed_listed_and_deleted(client: TestClient) -> None:
    conversation_id = new(client)
    assert client.patch(f"/api/conversations/{conversation_id}", json={"title": "单位卡"}).json()["title"] == "单位卡"
    listed = client.get("/api/conversations").json()
    assert [(one["id"], one["title"]) for one in listed["items"]] == [(conversation_id, "单位卡")]
    assert client.delete(f"/api/conversations/{conversation_id}").status_code == 204
    missing = client.get(f"/api/conversations/{conversation_id}")
    assert (missing.status_code, missing.json()["code"]) == (404, "no_conversation")


def test_a_share_is_given_and_taken_back(client: TestClient, platform: Platform) -> None:
    conversation_id = new(client)
    with writing(platform.engine) as connection:
        department_id = add_department(connection, None, "总行", platform.clock.now())
    holder = {"holder": {"kind": "department", "id": department_id}}
    path = f"/api/conversations/{conversation_id}/shares"
    assert client.post(path, json=holder).status_code == 201
    assert client.get(path).json()["items"][0]["holder"] == {**holder["holder"], "name": "总行"}
    assert client.request("DELETE", path, json=holder).status_code == 204
    assert client.get(path).json()["items"] == []
    assert client.post(path, json={"holder": {"kind": "everybody", "id": "x"}}).status_code == 422
    assert client.post(path, json={"holder": {"kind": "person", "id": "per_none"}}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/conversations"),
        ("POST", "/api/conversations"),
        ("GET", "/api/conversations/c"),
        ("GET", "/api/shared/c"),
        ("PATCH", "/api/conversations/c"),
        ("DELETE", "/api/conversations/c"),
        ("POST", "/api/conversations/c/turns"),
        ("GET", "/api/conversations/c/shares"),
        ("POST", "/api/conversations/c/shares"),
    ],
)
def test_nobody_comes_in_unknown(anonymous: TestClient, method: str, path: str) -> None:
    assert anonymous.request(method, path, json={"question": QUESTION}).status_code == 401


def test_a_file_is_taken_in_used_as_evidence_and_removed(client: TestClient, stub: Stub) -> None:
    conversation_id = new(client)
    path = f"/api/conversations/{conversation_id}/attachments"
    response = client.post(path, files={"file": ("合同.txt", "第一条 甲方应当在15日内付款。".encode())})
    assert response.status_code == 201
    added = response.json()
    ask(client, conversation_id)
    assert {one.version.document_id for one in stub.asked[0].attached} == {added["id"]}
    original = client.get(f"{path}/{added['id']}/original")
    assert original.text == "第一条 甲方应当在15日内付款。"
    assert original.headers["content-disposition"].startswith("attachment")
    assert client.delete(f"{path}/{added['id']}").status_code == 204
    assert client.get(f"{path}/{added['id']}/original").status_code == 404


@pytest.mark.parametrize(("form", "begins"), [("md", b"---\nAIGC"), ("docx", b"PK")])
def test_a_conversation_is_exported_with_its_name(client: TestClient, form: str, begins: bytes) -> None:
    conversation_id = new(client)
    assert client.get(f"/api/conversations/{conversation_id}/export?format={form}").status_code == 404
    turn = ask(client, conversation_id)[-1][1]["turn"]
    response = client.get(f"/api/conversations/{conversation_id}/export?format={form}&turn_id={turn['id']}")
    assert response.status_code == 200
    assert response.content.startswith(begins)
    assert response.headers["content-disposition"].endswith(f".{form}")


def test_the_home_page_shows_recent_conversations_and_what_waits(client: TestClient) -> None:
    conversation_id = new(client)
    home = client.get("/api/home").json()
    assert set(home) == {"to_review", "to_confirm", "overdue", "recent", "changed"}
    assert [one["id"] for one in home["recent"]] == [conversation_id]


def test_the_top_search_finds_documents_clauses_conversations_and_pages(client: TestClient) -> None:
    conversation_id = new(client)
    ask(client, conversation_id)
    found = client.get("/api/find", params={"q": "单位卡"}).json()
    assert [one["document_id"] for one in found["documents"]] == ["doc_1"]
    assert found["clauses"][0]["version_id"] == "ver_1"
    assert [one["id"] for one in found["conversations"]] == [conversation_id]
    assert client.get("/api/find", params={"q": "知识"}).json()["pages"][0]["id"] == "knowledge"
    assert client.get("/api/find", params={"q": " "}).json()["documents"] == []


def test_closing_the_stream_stops_an_answer_that_has_not_begun(platform: Platform, stub: Stub) -> None:
    pool = WorkPool(threads=1, queue_max=4, timeout_seconds=30)
    caller = platform.operator
    conversation_id = platform.assistant.create(caller).id

    async def leave_second() -> None:
        first = platform.assistant.begin(caller, conversation_id, TurnRequest(QUESTION))
        second = platform.assistant.begin(caller, conversation_id, TurnRequest("柜员密码多久换一次"))
        busy, left = (_Stream(pool, platform, caller, "req").events(one) for one in (first, second))
        await anext(busy)
        await anext(busy)
        await anext(left)
        waiting = asyncio.ensure_future(anext(left))
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await left.aclose()
        stub.gate.set()
        async for _event in busy:
            pass

    stub.gate.clear()
    asyncio.run(leave_second())
    pool.close()
    states = [one.state for one in platform.assistant.open(caller, conversation_id).turns]
    assert states == ["answered", "stopped"]
    assert len(stub.asked) == 1


@pytest.mark.parametrize("silent", [False, True])
def test_closing_the_stream_ends_what_a_model_still_says(platform: Platform, stub: Stub, *, silent: bool) -> None:
    pool = WorkPool(threads=1, queue_max=4, timeout_seconds=30)
    caller = platform.operator
    conversation_id = platform.assistant.create(caller).id
    heard: list[str] = []

    def talkative(asked: Asked, on_evidence: OnEvidence | None = None) -> AnsweredRun:
        run = stub.ask(asked, on_evidence)
        assert asked.on_sentence is not None
        assert asked.check_wanted is not None
        asked.on_sentence(AnswerSentence("开头。", (1,), True))
        for number in range(1000):
            try:
                if silent:
                    asked.check_wanted()
                else:
                    asked.on_sentence(AnswerSentence(f"第{number}句。", (1,), True))
            except YinshuError as error:
                heard.append(error.code)
                return run
            time.sleep(0.01)
        return run

    async def leave() -> None:
        turn = platform.assistant.begin(caller, conversation_id, TurnRequest(QUESTION))
        events = _Stream(pool, replace(platform, ask=talkative), caller, "req").events(turn)
        async for name, _content in events:
            if name == "sentence":
                break
        await events.aclose()

    asyncio.run(leave())
    pool.close()
    assert heard == ["reader_left"]
    assert platform.assistant.open(caller, conversation_id).turns[0].state == "answered"
