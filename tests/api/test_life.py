"""The life of a document over HTTP, by people of different rights, from upload to archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.api.application import create_api
from yinshu.api.auth import require_caller
from yinshu.api.platform import Platform
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.identity import Grant, GrantedAction, Holder, Subject, local_operator
from yinshu.kernel.identity.store import grants_held
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.life.desk import TakenIn, Upload
from yinshu.kernel.knowledge.reading import file_reader
from yinshu.kernel.knowledge.records import Answer, Citation

RULE = (
    "单位现金管理办法\n第一条 单位卡不得支取现金。\n"
    "第二条 单位支取现金超过十万元的，应当提前一个工作日预约。\n第三条 本办法自2020年1月1日起施行。\n"
)
NEW_RULE = RULE.replace("十万元", "五万元").replace("2020年", "2026年")
RIGHTS: dict[str, tuple[GrantedAction, ...]] = {
    "maker": ("read", "ask", "ingest"),
    "checker": ("read", "ask", "publish"),
    "reader": ("read", "ask"),
}
Call = Callable[..., Any]


@pytest.fixture
def collection_id(platform: Platform) -> str:
    """An empty collection of the bank."""
    with writing(platform.engine) as connection:
        return store.ensure_collection(connection, "制度", platform.clock.now()).id


@pytest.fixture
def call(platform: Platform, collection_id: str) -> Iterator[Call]:
    """Calls the API as a person: call("maker", "post", "/uploads", ...)."""
    index = SqliteIndex()
    with writing(platform.engine) as connection:
        index.create(connection)
    ingester = Ingester(platform.engine, index, platform.desk.originals, platform.clock, file_reader())

    def take_in(upload: Upload) -> TakenIn:
        batch = ingester.open(
            upload.paths, upload.collection_name, published=upload.published, actor=upload.actor, note_unchanged=True
        )
        ingester.finish(batch.batch_id)
        return TakenIn(batch.batch_id, "job_1")

    def who(request: Request) -> Subject:
        name = request.headers["x-person"]
        if name == "local":
            return local_operator()
        holder = Holder("person", name)
        given = tuple(
            Grant(f"grt_{action}", "collection", collection_id, holder, action) for action in RIGHTS.get(name, ())
        )
        subject = Subject(name, name, clearance="internal", grants=given)
        with reading(platform.engine) as connection:
            return replace(subject, grants=(*given, *grants_held(connection, subject)))

    api = create_api(replace(platform, desk=replace(platform.desk, take_in=take_in)))
    api.dependency_overrides[require_caller] = who
    with TestClient(api) as client:

        def send(person: str, method: str, path: str, **options: Any) -> Any:
            return client.request(method, f"/api/knowledge{path}", headers={"x-person": person}, **options)

        yield send


def upload(call: Call, collection_id: str, text: str, name: str = "现金.txt", by: str = "maker", **form: str) -> Any:
    answer = call(
        by,
        "post",
        "/uploads",
        files=[("files", (name, text.encode(), "text/plain"))],
        data={"collection_id": collection_id, **form},
    )
    assert answer.status_code == 202, answer.text
    report = call(by, "get", f"/uploads/{answer.json()['batch_id']}").json()
    return report["items"][0]


def go_live(call: Call, version_id: str) -> None:
    assert call("maker", "post", f"/versions/{version_id}/submit", json={}).status_code == 200
    done = call("checker", "post", f"/versions/{version_id}/approve", json={"publish": True})
    assert done.json()["status"] == "published", done.text


def test_two_people_bring_a_document_from_upload_to_readers(call: Call, collection_id: str) -> None:
    item = upload(call, collection_id, RULE)
    assert item["outcome"] == "added"
    version, document = item["version_id"], item["document_id"]
    assert call("reader", "get", f"/documents/{document}").status_code == 404
    assert (
        call("maker", "post", f"/versions/{version}/submit", json={"comment": "请审"}).json()["status"] == "in_review"
    )
    (waiting,) = call("checker", "get", "/reviews").json()["items"]
    assert (waiting["waiting_for_me"], waiting["comment"], waiting["steps"]) == (True, "请审", ["approve", "return"])
    assert call("maker", "post", f"/versions/{version}/approve", json={}).status_code == 403
    assert call("checker", "post", f"/versions/{version}/approve", json={}).json()["status"] == "approved"
    assert call("checker", "post", f"/versions/{version}/publish").json()["status"] == "published"
    card = call("reader", "get", f"/documents/{document}").json()
    assert (card["status"], card["may"]) == ("published", ["read", "ask"])
    history = call("reader", "get", f"/versions/{version}/history").json()["items"]
    assert [one["step"] for one in history] == ["created", "submitted", "approved", "published"]
    assert {one["comment"] for one in history} == {""}
    history = call("maker", "get", f"/versions/{version}/history").json()["items"]
    assert [one["comment"] for one in history] == ["", "请审", "", ""]


def test_an_upload_as_a_new_version_keeps_the_document(call: Call, collection_id: str) -> None:
    first = upload(call, collection_id, RULE)
    go_live(call, first["version_id"])
    second = upload(call, "", NEW_RULE, name="新的名字.txt", document_id=first["document_id"])
    assert (second["outcome"], second["document_id"]) == ("new_version", first["document_id"])
    again = upload(call, collection_id, NEW_RULE)
    assert again["outcome"] == "unchanged"
    diff = call("checker", "get", f"/versions/{second['version_id']}/diff").json()
    assert diff["old"]["version_id"] == first["version_id"]
    changed = [row for row in diff["rows"] if row["kind"] == "changed"]
    assert [row["new"]["article"] for row in changed] == ["第二条", "第三条"]
    ((start, stop),) = changed[0]["spans"]["new"]
    assert changed[0]["new"]["text"][start:stop] == "五"


def test_an_upload_takes_the_right_and_a_batch_is_its_senders(call: Call, collection_id: str) -> None:
    sent = {"files": [("files", ("a.txt", b"x", "text/plain"))], "data": {"collection_id": collection_id}}
    assert call("reader", "post", "/uploads", **sent).status_code == 403
    assert call("nobody", "post", "/uploads", **sent).status_code == 404
    batch = call("maker", "post", "/uploads", **sent).json()["batch_id"]
    assert call("checker", "get", f"/uploads/{batch}").status_code == 404


def test_what_changes_is_told_for_whom(call: Call, platform: Platform, collection_id: str) -> None:
    first = upload(call, collection_id, RULE)
    go_live(call, first["version_id"])
    clauses = call("maker", "get", f"/documents/{first['document_id']}/versions/{first['version_id']}/text").json()
    booking = next(one for one in clauses["clauses"] if one["article"] == "第二条")
    asked = {
        "collection_id": collection_id,
        "question": "单位取现多少要预约？",
        "answer": "单位支取现金超过十万元的，应当提前一个工作日预约。",
        "citations": [{"clause_id": booking["clause_id"]}],
    }
    kept = call("maker", "post", "/faq", json=asked)
    assert kept.status_code == 201, kept.text
    _answered(platform, "run_1", "取十万要预约吗", collection_id, booking["clause_id"])
    second = upload(call, collection_id, NEW_RULE)
    impact = call("checker", "get", f"/versions/{second['version_id']}/impact").json()
    assert impact["changes"] == {"added": 0, "removed": 0, "changed": 2}
    assert [one["question"] for one in impact["faq"]] == [asked["question"]]
    assert [one["question"] for one in impact["answers"]] == ["取十万要预约吗"]
    assert impact["employees"] == []
    assert call("reader", "get", f"/versions/{first['version_id']}/impact").status_code == 403
    go_live(call, second["version_id"])
    (shown,) = call("reader", "get", "/faq").json()["items"]
    assert "第二条" in shown["stale_reason"]


def _answered(platform: Platform, run_id: str, question: str, collection_id: str, clause_id: int) -> None:
    citation = Citation(1, "单位现金管理办法", "现金.txt", "ver", "第二条", "", clause_id)
    answer = Answer("answered", "见原文", (), (citation,))
    with writing(platform.engine) as connection:
        store.save_answer(
            connection, run_id, answer, question=question, as_of=date(2026, 11, 22), subject="reader",
            now=platform.clock.now(), extra={"collections": [collection_id]},
        )  # fmt: skip


def test_a_card_is_corrected_at_once_in_a_draft_and_by_two_when_it_counts(call: Call, collection_id: str) -> None:
    item = upload(call, collection_id, RULE)
    card = f"/versions/{item['version_id']}/card"
    assert call("maker", "patch", card, json={"fields": {"effective_from": "明天"}}).status_code == 422
    done = call("maker", "patch", card, json={"fields": {"issuer": "运营部"}, "confirm": ["title"]}).json()
    assert (sorted(done["done"]), done["waiting"]) == (["issuer", "title"], [])
    go_live(call, item["version_id"])
    waiting = call("maker", "patch", card, json={"fields": {"effective_from": "2026-12-01"}}).json()["waiting"]
    assert len(waiting) == 1
    (shown,) = call("checker", "get", "/reviews").json()["corrections"]
    assert (shown["before"], shown["after"], shown["waiting_for_me"]) == ("2020-01-01", "2026-12-01", True)
    assert call("maker", "post", f"/corrections/{waiting[0]}/approve").status_code == 403
    assert call("checker", "post", f"/corrections/{waiting[0]}/approve").status_code == 204
    text = call("reader", "get", f"/documents/{item['document_id']}/versions/{item['version_id']}/text").json()
    assert {one["effective_from"] for one in text["clauses"]} == {"2026-12-01"}


def test_a_personal_collection_is_its_owners_alone(call: Call) -> None:
    made = call("reader", "post", "/collections", json={"name": "我的", "kind": "personal"})
    assert made.status_code == 201
    own = made.json()["id"]
    assert made.json()["may"] == ["read", "ask", "ingest", "manage", "publish"]
    item = upload(call, own, RULE, by="reader")
    listed = call("reader", "get", f"/collections/{own}/documents").json()["items"]
    assert [one["status"] for one in listed] == ["published"]
    for other in ("maker", "nobody", "local"):
        assert call(other, "get", f"/collections/{own}/documents").status_code == 404
        assert own not in [one["id"] for one in call(other, "get", "/collections").json()["collections"]]
    assert call("maker", "get", f"/documents/{item['document_id']}").status_code == 404
    assert call("nobody", "post", "/collections", json={"name": "我的", "kind": "personal"}).status_code == 201
    assert call("reader", "post", "/collections", json={"name": "全行", "kind": "enterprise"}).status_code == 403


def test_an_answer_that_its_clauses_do_not_support_is_not_kept(call: Call, collection_id: str) -> None:
    item = upload(call, collection_id, RULE)
    base = f"/documents/{item['document_id']}/versions/{item['version_id']}/text"
    clause = next(one for one in call("maker", "get", base).json()["clauses"] if one["article"] == "第二条")
    asked = {
        "collection_id": collection_id,
        "question": "取现多少要预约？",
        "citations": [{"clause_id": clause["clause_id"]}],
    }
    answer = {"answer": "单位支取现金超过二十万元的，应当提前一个工作日预约。"}
    draft = call(
        "maker", "post", "/faq", json={**asked, "answer": "单位支取现金超过十万元的，应当提前一个工作日预约。"}
    )
    assert (draft.status_code, draft.json()["code"]) == (422, "bad_argument")
    go_live(call, item["version_id"])
    wrong = call("maker", "post", "/faq", json={**asked, **answer})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "unsupported")
    assert call("maker", "get", "/faq").json()["items"] == []


def test_feedback_is_the_askers_and_feeds_the_gaps(call: Call, platform: Platform, collection_id: str) -> None:
    item = upload(call, collection_id, RULE)
    go_live(call, item["version_id"])
    base = f"/documents/{item['document_id']}/versions/{item['version_id']}/text"
    clause = call("maker", "get", base).json()["clauses"][1]
    _answered(platform, "run_1", "单位卡能取现吗", collection_id, clause["clause_id"])
    said = {"run_id": "run_1", "verdict": "wrong", "comment": "应当说明例外"}
    assert call("maker", "post", "/feedback", json=said).status_code == 404
    assert call("reader", "post", "/feedback", json={**said, "verdict": "right"}).status_code == 204
    assert call("reader", "post", "/feedback", json=said).status_code == 204
    assert call("reader", "get", "/gaps").json()["wrong"] == []
    (complaint,) = call("maker", "get", "/gaps").json()["wrong"]
    assert (complaint["question"], complaint["comment"]) == ("单位卡能取现吗", "应当说明例外")
    assert call("reader", "post", f"/feedback/{complaint['id']}/settle").status_code == 404
    assert call("maker", "post", f"/feedback/{complaint['id']}/settle").status_code == 204
    assert call("maker", "get", "/gaps").json()["wrong"] == []


def test_an_owner_and_a_day_of_review_are_named(call: Call, collection_id: str) -> None:
    item = upload(call, collection_id, RULE)
    path = f"/documents/{item['document_id']}"
    assert call("maker", "patch", path, json={"review_on": "2020-01-01"}).status_code == 422
    changed = call("maker", "patch", path, json={"review_on": "2027-01-01", "owner_id": "local"}).json()
    assert changed["owner"] == {"id": "local", "name": "本机操作员"}
    assert call("checker", "patch", path, json={"review_on": "2027-01-01"}).status_code == 403


def test_steps_that_do_not_fit_are_conflicts_with_a_remedy(call: Call, collection_id: str) -> None:
    item = upload(call, collection_id, RULE)
    version = item["version_id"]
    early = call("checker", "post", f"/versions/{version}/publish")
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    assert "提交审核" in early.json()["message"]
    assert call("maker", "post", f"/versions/{version}/nonsense").status_code == 422
    call("maker", "post", f"/versions/{version}/submit")
    assert call("checker", "post", f"/versions/{version}/return", json={}).status_code == 422
    assert (
        call("checker", "post", f"/versions/{version}/return", json={"comment": "补文号"}).json()["status"] == "draft"
    )
    go_live(call, version)
    assert (
        call("checker", "post", f"/versions/{version}/archive", json={"comment": "废"}).json()["status"] == "archived"
    )
