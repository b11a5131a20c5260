"""Sentences of models that contradicted their clause: a reviewer finds them, reads them beside the clause, page by
page; who may not read the clause does not learn of it this way."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.api import operations
from yinshu.api.model_cases import CasesRequest
from yinshu.api.platform import Platform
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.base.errors import NotAllowed
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.gateway.records import ModelCase
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.reading import file_reader

RULE = "单位现金管理办法\n第一条 单位卡不得支取现金。\n第二条 本办法自2020年1月1日起施行。\n"
WRONG = "单位卡可以支取现金。"


@pytest.fixture
def clause_id(platform: Platform, tmp_path: Path) -> int:
    """A clause of a published rule."""
    index = SqliteIndex()
    with writing(platform.engine) as connection:
        index.create(connection)
    file = tmp_path / "现金.txt"
    file.write_text(RULE, "utf-8")
    ingester = Ingester(platform.engine, index, platform.desk.originals, platform.clock, file_reader())
    ingester.ingest([file], "制度", published=True, actor="local")
    with reading(platform.engine) as connection:
        version_id = connection.execute(text("SELECT id FROM versions")).scalar_one()
        clauses = store.list_clauses(connection, version_id)
    return next(clause.clause_id for clause in clauses if clause.article == "第一条")


def keep(platform: Platform, clause_id: int, model: str = "qwen", sentence: str = WRONG) -> ModelCase:
    """A case as the wording of an answer leaves it."""
    at = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
    case = ModelCase(new_id("case"), at, "run_1", model, sentence, clause_id, (("negation", "不得"),))
    platform.models.keep_cases([case])
    return case


def test_a_case_is_read_beside_the_clause_it_contradicts(
    client: TestClient, platform: Platform, clause_id: int
) -> None:
    kept = keep(platform, clause_id)
    page = client.get("/api/models/cases").json()
    [case] = page["items"]
    assert page["next"] is None
    assert (case["id"], case["run_id"], case["model"], case["sentence"]) == (kept.id, "run_1", "qwen", WRONG)
    assert case["faults"] == [["negation", "不得"]]
    assert (case["document"], case["article"]) == ("单位现金管理办法", "第一条")
    assert "不得支取现金" in case["clause"]
    assert client.get(f"/api/knowledge/documents/{case['document_id']}").status_code == 200


def test_cases_come_newest_first_page_by_page_and_by_model(
    client: TestClient, platform: Platform, clause_id: int
) -> None:
    kept = [keep(platform, clause_id, model) for model in ("a", "b", "a")]
    newest = [case.id for case in sorted(kept, key=lambda case: case.id, reverse=True)]
    first = client.get("/api/models/cases", params={"limit": 2}).json()
    rest = client.get("/api/models/cases", params={"limit": 2, "after": first["next"]}).json()
    assert [case["id"] for case in (*first["items"], *rest["items"])] == newest
    assert rest["next"] is None
    of_model = client.get("/api/models/cases", params={"model": "b"}).json()["items"]
    assert [case["model"] for case in of_model] == ["b"]


def test_who_may_not_read_the_clause_does_not_read_what_a_model_made_of_it(platform: Platform, clause_id: int) -> None:
    keep(platform, clause_id)
    keep(platform, clause_id=10**6, sentence="已删除的文件里的话。")
    operator = Subject("per_1", "运维", roles=frozenset({"operator"}))
    found = operations.perform(platform, operator, "model_cases", CasesRequest())["items"]
    assert [(case["readable"], case["sentence"], case["clause"], case["faults"]) for case in found] == [
        (False, "", "", [])
    ] * 2
    assert {case["model"] for case in found} == {"qwen"}


def test_cases_are_not_everybodys(platform: Platform, anonymous: TestClient) -> None:
    assert anonymous.get("/api/models/cases").status_code == 401
    with pytest.raises(NotAllowed):
        operations.perform(platform, Subject("per_2", "李四"), "model_cases", CasesRequest())
