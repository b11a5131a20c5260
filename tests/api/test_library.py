"""The library over HTTP: shapes that the portal relies on, and what is hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.api.platform import Platform
from yinshu.kernel.base.database import writing
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.reading import file_reader

RULE = "单位现金管理办法\n第一条 单位卡不得支取现金。\n第二条 本办法自2020年1月1日起施行。\n"


@pytest.fixture
def ingester(platform: Platform) -> Ingester:
    """Takes files into the platform's library."""
    index = SqliteIndex()
    with writing(platform.engine) as connection:
        index.create(connection)
    return Ingester(platform.engine, index, platform.desk.originals, platform.clock, file_reader())


@pytest.fixture
def document(client: TestClient, ingester: Ingester, tmp_path: Path) -> dict[str, object]:
    """A published rule, as its list shows it."""
    file = tmp_path / "现金.txt"
    file.write_text(RULE, "utf-8")
    ingester.ingest([file], "制度", published=True, actor="local")
    collection = client.get("/api/knowledge/collections").json()["collections"][0]
    listed = client.get(f"/api/knowledge/collections/{collection['id']}/documents").json()
    assert listed["next"] is None
    assert listed["total"] == 1
    return dict(listed["items"][0])


def test_a_collection_tells_its_size_and_what_the_caller_may_do(
    client: TestClient, document: dict[str, object]
) -> None:
    (collection,) = client.get("/api/knowledge/collections").json()["collections"]
    assert collection["name"] == "制度"
    assert collection["kind"] == "enterprise"
    assert (collection["documents"], collection["clauses"], collection["vectors"]) == (1, 3, 3)
    assert "read" in collection["may"]


def test_the_card_shows_each_value_with_its_place(client: TestClient, document: dict[str, object]) -> None:
    card = client.get(f"/api/knowledge/documents/{document['id']}").json()
    field = card["fields"]["effective_from"]
    assert field["value"] == "2020-01-01"
    assert field["mark"] == "machine_proposed"
    text = client.get(f"/api/knowledge/documents/{document['id']}/versions/{card['version_id']}/text").json()
    place = next(clause for clause in text["clauses"] if clause["clause_id"] == field["clause_id"])
    assert field["quote"] in place["text"]
    assert field["article"] == place["article"] == "第二条"
    assert text["pages"] is None


def test_the_original_is_a_download_with_its_own_name(client: TestClient, document: dict[str, object]) -> None:
    base = f"/api/knowledge/documents/{document['id']}/versions/{document['version_id']}"
    answer = client.get(f"{base}/original")
    assert answer.content == RULE.encode()
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E7%8E%B0%E9%87%91.txt"
    assert client.get(f"{base}/pages/1.png").status_code == 404


@pytest.mark.parametrize(
    "path", ["collections/col_none/documents", "documents/doc_none", "documents/doc_none/versions/ver_none/text"]
)
def test_what_does_not_exist_is_not_found(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/knowledge/{path}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_token_of_another_list_is_refused(client: TestClient, document: dict[str, object]) -> None:
    answer = client.get(f"/api/knowledge/collections/{document['collection_id']}/documents?after=xyz")
    assert answer.status_code == 422
    assert "第一页" in answer.json()["message"]


def test_nobody_reads_the_library_without_signing_in(anonymous: TestClient) -> None:
    assert anonymous.get("/api/knowledge/collections").status_code == 401
