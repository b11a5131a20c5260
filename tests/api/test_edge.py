"""The HTTP edge: who may in, what is refused and how it says so, and that it hides what it should."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from tests.api.stand_in import GATE_SECONDS_MAX, LIMITS, TOKEN, Stub
from yinshu.api.application import create_api
from yinshu.api.knowledge import safe_name
from yinshu.api.platform import Platform
from yinshu.kernel.base.errors import BadInput, DependencyDown, NotFound

QUESTION = "单位卡能取现金吗"


def ask(client: TestClient, **fields: object) -> object:
    return client.post("/api/ask", json={"question": QUESTION, **fields})


def test_health_needs_no_token(anonymous: TestClient) -> None:
    assert anonymous.get("/healthz").json() == {"status": "ok"}
    assert anonymous.get("/readyz").status_code == 200


def test_not_ready_says_what_is_missing(anonymous: TestClient, stub: Stub) -> None:
    stub.ready = False
    response = anonymous.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {"database": False}


def test_metrics_count_questions_by_outcome_and_hold_no_words(client: TestClient) -> None:
    client.post("/api/ask", json={"question": QUESTION})
    text = client.get("/metrics").text
    assert 'yinshu_asks_total{status="answered"}' in text
    assert "单位卡" not in text


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic test-token", "Bearer ", "Bearer 口令".encode()])
def test_without_the_right_token_nothing_is_answered(
    anonymous: TestClient, stub: Stub, header: str | bytes | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = anonymous.post("/api/ask", json={"question": QUESTION}, headers=headers)  # type: ignore[arg-type]
    assert response.status_code == 401
    assert response.json()["code"] == "not_signed_in"
    assert stub.asked == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/knowledge/collections"),
        ("GET", "/api/knowledge/documents"),
        ("GET", "/api/knowledge/links"),
        ("POST", "/api/knowledge/ingest"),
        ("GET", "/api/jobs"),
        ("GET", "/api/jobs/job_1"),
        ("POST", "/api/jobs/job_1/cancel"),
        ("POST", "/api/search"),
        ("POST", "/api/ask/stream"),
        ("POST", "/local/collections"),
    ],
)
def test_every_resource_wants_the_token(anonymous: TestClient, method: str, path: str) -> None:
    files = {"files": ("a.txt", b"x")} if path.endswith("ingest") else None
    json_body = None if files or method == "GET" else {"question": QUESTION}
    response = anonymous.request(method, path, files=files, data={"collection": "c"} if files else None, json=json_body)
    assert response.status_code == 401


def test_an_answer_has_the_shape_of_the_command_line(client: TestClient, stub: Stub) -> None:
    body = client.post("/api/ask", json={"question": QUESTION, "as_of": "2021-05-01"}).json()
    assert body["status"] == "answered"
    assert body["sentences"] == [{"text": "单位卡不得支取现金。", "citations": [1], "verified": True}]
    assert body["citations"][0]["bbox"] == [0.1, 0.2, 0.3, 0.4]
    assert body["citations"][0]["effective_from"] == "2020-01-01"
    assert body["citations"][0]["effective_to"] is None
    assert body["latency_ms"] == {"evidence": 3.0, "answer": 9.0}
    assert body["run_id"] == "run_1"
    assert str(stub.asked[0].as_of) == "2021-05-01"


def test_without_a_date_the_clock_says_today(client: TestClient, stub: Stub) -> None:
    ask(client)
    assert str(stub.asked[0].as_of) == "2026-11-22"


def test_a_search_is_held_to_its_limit(client: TestClient) -> None:
    body = client.post("/api/search", json={"question": QUESTION, "limit": 900}).json()
    assert len(body["hits"]) == LIMITS.search_hits_max
    assert body["hits"][0]["file"] == "a.txt"
    assert body["hits"][0]["text"] == "不得支取现金"


def test_evidence_comes_before_the_answer(client: TestClient) -> None:
    with client.stream("POST", "/api/ask/stream", json={"question": QUESTION}) as response:
        events = [line.removeprefix("event: ") for line in response.iter_lines() if line.startswith("event: ")]
    assert events == ["evidence", "answer"]


@pytest.mark.parametrize(
    ("error", "code"), [(NotFound("没有这个资料库，请核对名称。"), "not_found"), (ValueError("私密"), "internal")]
)
def test_a_stream_that_fails_says_so_as_an_event(client: TestClient, stub: Stub, error: Exception, code: str) -> None:
    stub.ask_error = error
    with client.stream("POST", "/api/ask/stream", json={"question": QUESTION}) as response:
        data = [line.removeprefix("data: ") for line in response.iter_lines() if line.startswith("data: ")]
    assert json.loads(data[-1])["code"] == code
    assert "私密" not in data[-1]


@pytest.mark.parametrize(
    "fields",
    [
        {"question": ""},
        {"question": "   "},
        {"question": "长" * (LIMITS.question_chars_max + 1)},
        {"question": QUESTION, "as_of": "昨天"},
        {"question": QUESTION, "colection": "x"},
        {"question": QUESTION, "composer": "poet"},
        {"question": 5},
    ],
)
def test_a_wrong_request_is_refused_in_chinese_without_repeating_it(client: TestClient, fields: object) -> None:
    response = client.post("/api/ask", json=fields)
    body = response.json()
    assert response.status_code == 422
    assert body["code"] == "bad_argument"
    assert "请" in body["message"]
    assert "长长长" not in body["message"]
    assert body["request_id"]


def test_an_expected_failure_keeps_its_status_and_message(client: TestClient, stub: Stub) -> None:
    stub.ask_error = DependencyDown("向量模型没有回应，请稍后再试。")
    response = client.post("/api/ask", json={"question": QUESTION})
    assert response.status_code == 503
    assert response.json()["message"] == "向量模型没有回应，请稍后再试。"


def test_an_unexpected_failure_shows_nothing_but_its_id(
    client: TestClient, stub: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.ask_error = ZeroDivisionError("私密的客户文字")
    response = client.post("/api/ask", json={"question": QUESTION}, headers={"X-Request-ID": "mine-1"})
    assert response.status_code == 500
    assert response.json() == {
        "code": "internal",
        "message": "服务内部出错，已记入日志。请把请求编号告诉系统管理员。",
        "request_id": "mine-1",
    }
    logged = capsys.readouterr().err
    assert "ZeroDivisionError" in logged
    assert "mine-1" in logged
    assert "私密" not in logged


def test_the_log_tells_of_a_question_without_its_words(
    client: TestClient, stub: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(client)
    client.post("/api/search", json={"question": QUESTION})
    client.post("/api/ask", json={"question": QUESTION, "as_of": "昨天"})
    logged = capsys.readouterr().err
    assert logged.count("event=request.done") == 3
    assert QUESTION not in logged
    assert "支取现金" not in logged
    assert TOKEN not in logged


def test_nobody_can_be_acted_for_who_is_not_there(client: TestClient, stub: Stub) -> None:
    response = client.post("/api/ask", json={"question": QUESTION, "as_user": "行长"})
    assert response.status_code == 404
    assert "没有登录名" in response.json()["message"]
    assert stub.asked == []


@pytest.mark.parametrize("given", ["a b", "x" * 65, "换行"])
def test_a_harmful_request_id_is_replaced(client: TestClient, given: str) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": given.encode()})
    assert response.headers["x-request-id"] != given
    assert response.headers["x-request-id"].startswith("req_")


def test_a_large_body_is_refused_by_its_announced_length(client: TestClient, stub: Stub) -> None:
    response = client.post("/api/ask", json={"question": "x" * LIMITS.request_bytes_max})
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"
    assert stub.asked == []


def test_a_large_body_is_refused_while_it_streams(client: TestClient) -> None:
    response = client.post("/api/ask", content=iter([b"x" * 1_000] * 20), headers={"Content-Type": "application/json"})
    assert response.status_code == 413


def test_unknown_addresses_and_methods_are_told_in_the_one_shape(client: TestClient) -> None:
    assert client.get("/api/nothing").json()["code"] == "not_found"
    assert client.get("/api/ask").json()["code"] == "method_not_allowed"


def test_the_network_cannot_reach_the_command_lines_entrance(client: TestClient) -> None:
    assert client.post("/local/collections", json={}).status_code == 404


@pytest.mark.parametrize("limit", ["ask_seconds_max", "request_seconds_max"])
def test_a_slow_answer_ends_with_a_message(platform: Platform, stub: Stub, limit: str) -> None:
    stub.ask_seconds = 1.0
    hurried = replace(platform, limits=replace(LIMITS, **{limit: 0.2}))  # type: ignore[arg-type]
    with TestClient(create_api(hurried), headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        response = client.post("/api/ask", json={"question": QUESTION})
    assert response.status_code == 504
    assert response.json()["code"] == "too_slow"


def test_a_full_queue_refuses_at_once_and_says_when_to_return(client: TestClient, stub: Stub) -> None:
    stub.gate.clear()
    room = LIMITS.ask_threads + LIMITS.ask_queue_max
    outcomes: list[tuple[int, str | None]] = []

    def one(_: int) -> None:
        response = client.post("/api/ask", json={"question": QUESTION})
        outcomes.append((response.status_code, response.headers.get("retry-after")))

    with ThreadPoolExecutor(room * 3) as threads:
        waiting = [threads.submit(one, number) for number in range(room * 3)]
        refused_by = time.monotonic() + GATE_SECONDS_MAX / 2
        while len(outcomes) < room * 2 and time.monotonic() < refused_by:
            time.sleep(0.01)
        stub.gate.set()
    assert all(one.exception() is None for one in waiting)
    assert outcomes.count((503, "2")) == room * 2
    assert len(stub.asked) <= room


def test_uploads_are_saved_under_safe_names_handed_on_and_cleared_away(
    client: TestClient, stub: Stub, tmp_path: object
) -> None:
    files = [("files", ("../../etc/制度.txt", b"one")), ("files", ("b.txt", b"two"))]
    response = client.post("/api/knowledge/ingest", files=files, data={"collection": "运营"})
    assert response.status_code == 202
    assert response.json() == {"job_id": "job_1"}
    assert stub.uploads == {"制度.txt": b"one", "b.txt": b"two"}
    assert not stub.orders[0].paths[0].exists()
    assert stub.orders[0].published is False


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ([("files", ("a.txt", b"x" * (LIMITS.file_bytes_max + 1)))], 413),
        ([("files", (f"{number}.txt", b"x")) for number in range(LIMITS.upload_files_max + 1)], 413),
        ([("files", ("a.txt", b"x")), ("files", ("A/a.txt", b"y"))], 400),
        ([("files", ("...", b"x"))], 400),
    ],
)
def test_an_upload_beyond_its_limits_is_refused_whole(
    client: TestClient, stub: Stub, files: list[tuple[str, tuple[str, bytes]]], status: int
) -> None:
    response = client.post("/api/knowledge/ingest", files=files, data={"collection": "运营"})
    assert response.status_code == status
    assert stub.orders == []


def test_jobs_can_be_followed_and_cancelled(client: TestClient, stub: Stub) -> None:
    assert client.get("/api/jobs/job_1").json()["done"] == 3
    assert client.post("/api/jobs/job_1/cancel").status_code == 200
    assert stub.jobs.cancelled == ["job_1"]
    assert client.get("/api/jobs/none").status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("制度.docx", "制度.docx"),
        ("C:\\desk\\a b.pdf", "a b.pdf"),
        ("../../../etc/passwd", "passwd"),
        (".hidden", "hidden"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("a\nb:c?.txt", "a_b_c_.txt"),
    ],
)
def test_a_file_name_is_made_safe(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_file_name_keeps_its_ending() -> None:
    name = safe_name("长" * 300 + ".pdf")
    assert name.endswith("长.pdf")
    assert len(name.encode()) <= 200


@pytest.mark.parametrize("given", ["", "..", "/", "\u200b"])
def test_a_file_name_of_nothing_is_refused(given: str) -> None:
    with pytest.raises(BadInput):
        safe_name(given)
