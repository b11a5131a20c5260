"""A bank's library of any earlier revision, with everything that it held, opens in this release as it was."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, MetaData, insert, select, text

from yinshu.adapters.indexes.postgres_index import PostgresIndex
from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.api.application import create_api
from yinshu.api.auth import COOKIE
from yinshu.api.platform import IngestOrder, Platform
from yinshu.app import open_application
from yinshu.kernel.base.database import metadata, open_engine, reading, writing
from yinshu.kernel.base.migrate import current_revision, is_current, upgrade_within
from yinshu.kernel.identity.persons import NewPerson, Visitor
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.ports import IndexedText, TextQuery
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, SearchScope
from yinshu.kernel.knowledge.wording import grams
from yinshu.settings import Settings

pytestmark = pytest.mark.timeout(300)

TODAY = date(2026, 11, 22)
REVISIONS = [f"{number:04}" for number in range(1, 8)]
COLLECTION = "制度"
OLD = "尾箱管理办法\n第一条 尾箱交接应当双人会同，登记交接簿。\n第二条 本办法自2020年1月1日起施行。\n"
NEW = (
    "尾箱业务管理办法\n第一条 尾箱交接应当三人会同，登记交接簿。\n"
    "第二条 本办法自2026年1月1日起施行，《尾箱管理办法》同时废止。\n"
)
QUESTION = "尾箱交接要几个人会同？"
JOB_SECONDS = 60.0
FILLED_SINCE = {
    "0001": {"collections", "documents", "versions", "clauses", "links", "synonyms", "answers", "ledger", "ledger_head"}
    | {"ingest_batches", "ingest_items", "vectors"},
    "0002": {"departments", "posts", "people", "person_posts", "person_roles", "grants", "sessions", "api_keys"},
    "0003": {"reviews", "version_steps", "corrections", "faqs", "faq_clauses", "feedback"},
    "0004": {"conversations", "turns", "conversation_shares", "conversation_attachments"},
    "0005": {"ledger_signed_heads", "ledger_settings"},
    "0006": {"models", "model_endpoints", "quotas"},
    "0007": {"guard_policies"},
}
"""The tables that the bank of this test has rows in, by the revision that made them."""
OLD_SQLITE_INDEX = (
    "CREATE VIRTUAL TABLE clause_text USING fts5(title, path, body, tokenize = 'ascii', detail = 'full')",
    "CREATE VIRTUAL TABLE clause_term USING fts5vocab('clause_text', 'row')",
    """CREATE TABLE index_scope (clause_id INTEGER PRIMARY KEY, collection_id TEXT NOT NULL, status TEXT NOT NULL,
       effective_from TEXT, effective_to TEXT, vector_key TEXT NOT NULL)""",
    "CREATE INDEX ix_index_scope_vector_key ON index_scope (vector_key)",
    "CREATE TABLE index_changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, clause_id INTEGER NOT NULL)",
    """CREATE TRIGGER index_clause_added AFTER INSERT ON clauses BEGIN INSERT OR REPLACE INTO index_scope VALUES
       (NEW.id, NEW.collection_id, NEW.status, NEW.effective_from, NEW.effective_to, NEW.vector_key);
       INSERT INTO index_changes (clause_id) VALUES (NEW.id); END""",
)
"""The search index as the release of the first revision made it."""


@dataclass(frozen=True)
class Source:
    """The bank as this release made it; `rows` by table. `session` is the token of a person who is signed in."""

    home: Path
    rows: dict[str, list[dict[str, Any]]]
    session: str
    conversation: str


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A small bank with something in every room."""
    folder = tmp_path_factory.mktemp("source")
    settings = Settings(home=folder / "home", today=TODAY)
    with open_application(settings, create=True) as application:
        platform = application.platform
        with TestClient(create_api(platform), headers={"Authorization": f"Bearer {platform.token}"}) as client:
            session, conversation = _fill(platform, client, folder)
        platform.ledger.sign()
        with reading(platform.engine) as connection:
            rows = _rows(connection, metadata)
    return Source(settings.home, rows, session, conversation)


def _rows(connection: Connection, tables: MetaData) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for table in tables.sorted_tables
    }


def _done(client: TestClient, method: str, path: str, **given: Any) -> Any:
    answer = client.request(method, path, **given)
    assert answer.status_code < 300, (path, answer.text)
    is_json = answer.content and answer.headers.get("content-type", "").startswith("application/json")
    return answer.json() if is_json else None


def _fill(platform: Platform, client: TestClient, folder: Path) -> tuple[str, str]:
    _take_in(platform, folder / "a", {"尾箱.txt": OLD, "尾箱业务.txt": NEW}, published=True)
    _take_in(platform, folder / "b", {"尾箱业务.txt": NEW.replace("三人", "四人")}, published=False)
    session = _staff(platform, client)
    collection = next(one for one in _done(client, "GET", "/api/knowledge/collections")["collections"])
    mine = {"headers": {"Authorization": "", "Cookie": f"{COOKIE}={session}"}}
    mine["headers"]["X-CSRF-Token"] = client.get("/api/session", **mine).json()["csrf_token"]
    conversation = _done(client, "POST", "/api/conversations", json={"title": "尾箱"}, **mine)["id"]
    _done(client, "POST", f"/api/conversations/{conversation}/turns", json={"question": QUESTION}, **mine)
    attached = {"file": ("备注.txt", "尾箱备注\n第一条 尾箱每日盘点。\n".encode(), "text/plain")}
    _done(client, "POST", f"/api/conversations/{conversation}/attachments", files=attached, **mine)
    boss = next(one for one in _done(client, "GET", "/api/people")["items"] if one["login"] == "boss")
    share = {"holder": {"kind": "person", "id": boss["id"]}}
    _done(client, "POST", f"/api/conversations/{conversation}/shares", json=share, **mine)
    turn = _done(client, "GET", f"/api/conversations/{conversation}", **mine)["turns"][0]
    given = {"run_id": turn["answer"]["run_id"], "verdict": "right", "comment": "对"}
    _done(client, "POST", "/api/knowledge/feedback", json=given, **mine)
    _life(platform, client, collection["id"])
    _offices(client)
    return session, conversation


def _take_in(platform: Platform, folder: Path, files: dict[str, str], *, published: bool) -> None:
    folder.mkdir()
    for name, body in files.items():
        (folder / name).write_text(body, "utf-8")
    order = IngestOrder((folder,), COLLECTION, None, published=published, wait=True, actor="local")
    assert platform.jobs.wait(platform.submit_ingest(order), JOB_SECONDS).state == "done"


def _staff(platform: Platform, client: TestClient) -> str:
    office, by = platform.people, platform.operator
    department = office.structure.add_department(by, "营业部", None)
    post = office.structure.add_post(by, "柜员", "")
    new = NewPerson(
        "teller", "张三", department_id=department.id, post_ids=(post.id,), roles=frozenset({"people_admin"})
    )
    person, password = office.staff.create(by, new, with_password=True)
    office.staff.create(by, NewPerson("boss", "李四"), with_password=False)
    collection = _done(client, "GET", "/api/knowledge/collections")["collections"][0]
    for action in ("read", "ask"):
        grant = {
            "resource": {"kind": "collection", "id": collection["id"]},
            "holder": {"kind": "person", "id": person.id},
            "action": action,
            "effect": "allow",
        }
        _done(client, "POST", "/api/grants", json=grant)
    visitor = Visitor("127.0.0.1", "test")
    signed_in = office.sign_in.who(office.sign_in.with_password("teller", password, visitor).token)
    assert signed_in is not None
    office.sign_in.change_password(signed_in, password, "Wx-73-blue-cabinet")
    office.keys.create(signed_in.subject, "报表", ["read"], 30)
    return office.sign_in.with_password("teller", "Wx-73-blue-cabinet", visitor).token


def _life(platform: Platform, client: TestClient, collection_id: str) -> None:
    with reading(platform.engine) as connection:
        listed = store.list_versions(connection, collection_id)
        drafts = store.list_versions(connection, collection_id, statuses=["draft"])
        now = next(one for one in listed if one.title == "尾箱业务管理办法")
        clause = store.list_clauses(connection, now.version_id)[0]
    faq = {
        "collection_id": collection_id,
        "question": QUESTION,
        "answer": clause.text,
        "citations": [{"clause_id": clause.clause_id}],
        "pinned": False,
    }
    _done(client, "POST", "/api/knowledge/faq", json=faq)
    _done(client, "POST", f"/api/knowledge/versions/{drafts[0].version_id}/submit", json={"comment": "请审核"})
    change = {"fields": {"number": "银尾〔2020〕1号"}, "confirm": [], "comment": "补文号"}
    assert _done(client, "PATCH", f"/api/knowledge/versions/{listed[0].version_id}/card", json=change)["waiting"]


def _offices(client: TestClient) -> None:
    endpoint = {"url": "http://127.0.0.1:9/v1", "upstream_model": "m", "key": "sk-old"}
    _done(client, "POST", "/api/models", json={"name": "行内模型", "capabilities": ["chat"], "endpoints": [endpoint]})
    quota = {"holder_kind": "person", "holder_id": "*", "tokens_per_day": 1000}
    _done(client, "PUT", "/api/quotas", json=quota)
    policy = _done(client, "GET", "/api/guard/policies")["shipped"][0]["body"]
    _done(client, "POST", "/api/guard/policies", json={"body": policy})
    setting = _done(client, "GET", "/api/audit/settings")["settings"][0]
    _done(client, "POST", "/api/audit/settings", json={"name": setting["name"], "value": setting["least"]})


def _as_it_was(source: Source, engine: Engine, revision: str) -> MetaData:
    """Make the tables of a revision with the index of its time, and put in what the bank would have had then."""
    index = SqliteIndex() if engine.dialect.name == "sqlite" else PostgresIndex()
    first_sqlite = revision == "0001" and engine.dialect.name == "sqlite"
    with writing(engine) as connection:
        upgrade_within(connection, () if first_sqlite else (index.create,), revision)
        for statement in OLD_SQLITE_INDEX if first_sqlite else ():
            connection.exec_driver_sql(statement)
    then = MetaData()
    then.reflect(engine, only=lambda name, _: name in source.rows)
    texts = _indexed(source)
    with writing(engine) as connection:
        for table in then.sorted_tables:
            rows = [{name: value for name, value in row.items() if name in table.c} for row in source.rows[table.name]]
            if rows:
                connection.execute(insert(table), rows)
        if first_sqlite:
            rows = [
                (one.clause_id, *(" ".join(grams(part)) for part in (one.title, one.path, one.body))) for one in texts
            ]
            connection.exec_driver_sql("INSERT INTO clause_text (rowid, title, path, body) VALUES (?, ?, ?, ?)", rows)
        else:
            index.add(connection, texts)
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT setval(pg_get_serial_sequence('clauses', 'id'), max(id)) FROM clauses"))
    return then


def _indexed(source: Source) -> list[IndexedText]:
    titles = {row["id"]: row["title"] for row in source.rows["versions"]}
    return [
        IndexedText(row["id"], titles[row["version_id"]], " ".join((*row["path"], row["article"])), row["text"])
        for row in source.rows["clauses"]
    ]


def _settings(source: Source, tmp_path: Path, url: str) -> Settings:
    """The bank's folder beside another database."""
    home = Path(shutil.copytree(source.home, tmp_path / "home"))
    for left in home.glob("yinshu.sqlite*"):
        left.unlink()
    return Settings(home=home, today=TODAY, database_url=url)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_bank_of_an_earlier_revision_opens_as_it_was(
    revision: str, source: Source, database_url: str, tmp_path: Path
) -> None:
    engine = open_engine(database_url)
    then = _as_it_was(source, engine, revision)
    with reading(engine) as connection:
        assert current_revision(connection) == revision
        before = _rows(connection, then)
    expected = set().union(*(tables for since, tables in FILLED_SINCE.items() if since <= revision))
    assert {name for name, rows in before.items() if rows} >= expected
    with open_application(_settings(source, tmp_path, database_url)) as application:
        assert is_current(engine)
        _holds(application.platform, source, revision)
        with reading(engine) as connection:
            after = _rows(connection, then)
    # What was read just now is in the ledger, so that its end has moved on.
    del before["ledger_head"]
    for row in (*before.get("sessions", []), *after.get("sessions", [])):
        del row["seen_at"]
    for name, rows in before.items():
        kept = [{key: value for key, value in row.items() if key in rows[0]} for row in after[name]] if rows else []
        assert kept[: len(rows)] == rows, name
    engine.dispose()


def _holds(platform: Platform, source: Source, revision: str) -> None:
    """The bank works: its chain is whole, its rules are found, its people are signed in, its conversations are read."""
    report, failing = platform.ledger.verify("local")
    assert (report.ok, failing) == (True, [])
    assert report.records >= len(source.rows["ledger"])
    with TestClient(create_api(platform), headers={"Authorization": f"Bearer {platform.token}"}) as client:
        collection = _done(client, "GET", "/api/knowledge/collections")["collections"][0]
        assert collection["clauses"] == sum(row["status"] in SEARCHABLE_STATUSES for row in source.rows["clauses"])
        with reading(platform.engine) as connection:
            found = platform.desk.index.search_text(
                connection, TextQuery((("会同", 1.0),)), SearchScope((collection["id"],), TODAY), 10
            )
            texts = [one.text for one in store.get_clauses(connection, [clause_id for clause_id, _ in found])]
        assert any("三人会同" in one for one in texts)
        _done(client, "POST", "/api/knowledge/glossary", json={"term": "款箱", "standard": "尾箱"})
        mine = {"headers": {"Authorization": "", "Cookie": f"{COOKIE}={source.session}"}}
        person = client.get("/api/session", **mine).json()["person"]
        assert (person is not None) == (revision >= "0002")
        if revision >= "0004":
            turns = _done(client, "GET", f"/api/conversations/{source.conversation}", **mine)["turns"]
            assert "会同" in turns[0]["answer"]["answer"]
        if revision >= "0006":
            assert "行内模型" in {one["name"] for one in _done(client, "GET", "/api/models")["items"]}
            assert platform.models.registry.key_of(platform.models.registry.find("行内模型").endpoints[0]) == "sk-old"
    run = source.rows["answers"][0]["run_id"]
    assert platform.replay(run) is not None


def test_what_is_taken_in_after_an_upgrade_takes_its_place_beside_the_old(
    source: Source, database_url: str, tmp_path: Path
) -> None:
    engine = open_engine(database_url)
    _as_it_was(source, engine, "0001")
    with open_application(_settings(source, tmp_path, database_url)) as application:
        _take_in(application.platform, tmp_path / "new", {"尾箱.txt": OLD.replace("双人", "两名柜员")}, published=True)
        with reading(engine) as connection:
            listed = store.list_versions(connection, store.get_collection(connection, COLLECTION).id)
        assert [one.ordinal for one in listed if one.file_name == "尾箱.txt"] == [1, 2]
        assert application.platform.ledger.verify("local")[0].ok
    engine.dispose()
