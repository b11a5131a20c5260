"""The whole product on PostgreSQL: one server, its restart, and two servers that share one database."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from tests.product.running import COLLECTION, DOCUMENTS, START_SECONDS, YINSHU, Server, environment, serving, yinshu
from tests.product.staff import Person, Reply, as_operator, form, new_person
from tests.product.test_commands import QUESTION, post

FILES = 40
RULES_PER_FILE = 30
PEOPLE = 3
UPLOADED = 6
LOOK_SECONDS = 0.1
RECOVERY_SECONDS = 900
_VECTORS = "SELECT count(*) FROM clause_vectors"
_KEYS = "SELECT count(DISTINCT vector_key) FROM clauses"
_UNFINISHED = (
    "SELECT count(*) FROM dbos.workflow_status WHERE name = 'yinshu.job' AND status IN ('ENQUEUED', 'PENDING')"
)
_AT_WORK = "SELECT executor_id FROM dbos.workflow_status WHERE name = 'yinshu.job' AND status = 'PENDING'"
SAMPLE_SECONDS = 900


def ask(server: Server, collection: str = COLLECTION) -> dict[str, Any]:
    answer = post(server, "/api/ask", {"question": QUESTION, "collection": collection})
    assert "status" in answer, f"{answer}\n{server.log.read_text()[-4_000:]}"
    return answer


@pytest.mark.timeout(300)
def test_the_product_runs_on_postgresql_and_after_a_restart(documents: Path, tmp_path: Path, postgres_url: str) -> None:
    home, where = tmp_path / "home", {"YINSHU_DATABASE_URL": postgres_url}
    assert yinshu(home, "init", "--json", **where).code == 0
    filled = yinshu(
        home, "knowledge", "ingest", str(documents), "--collection", COLLECTION, "--published", "--wait", "--json",
        **where,
    )  # fmt: skip
    assert filled.json["vectors"]["done"] == filled.json["vectors"]["total"] > 0
    answers = []
    for attempt in range(2):
        with serving(home, tmp_path / f"{attempt}.log", **where) as server:
            answers.append(ask(server))
    assert [answer["status"] for answer in answers] == ["answered", "answered"]
    assert answers[0]["citations"] == answers[1]["citations"]
    assert answers[0]["citations"][0]["quote"] in DOCUMENTS["现金管理办法.txt"]
    assert not (home / "yinshu.sqlite").exists()


def start(home: Path, log: Path, **settings: str) -> tuple[subprocess.Popen[bytes], Server]:
    """A server that the test itself ends, as it likes."""
    with log.open("w") as err:
        process = subprocess.Popen([str(YINSHU), "serve"], env=environment(home, **settings), stderr=err)
    deadline = time.monotonic() + START_SECONDS
    while not (found := re.search(r"http://\S+?:\d+", log.read_text())):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            pytest.fail(f"the server did not start: {log.read_text()}")
        time.sleep(0.05)
    return process, Server(found[0], (home / "token").read_text().strip(), log)


def counts(home: Path, **settings: str) -> tuple[int, int, int]:
    """Documents, clauses and vectors of the collection."""
    listed = yinshu(home, "knowledge", "collections", "--json", **settings).json["collections"]
    one = next(one for one in listed if one["name"] == COLLECTION)
    return one["documents"], one["clauses"], one["vectors"]


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_the_sample_library_is_made_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    home, where = tmp_path / "home", {"YINSHU_DATABASE_URL": postgres_url}
    process = subprocess.Popen([str(YINSHU), "init", "--sample"], env=environment(home, **where))
    assert process.wait(SAMPLE_SECONDS) == 0
    for attempt in range(2):
        with serving(home, tmp_path / f"{attempt}.log", **where) as server:
            assert ask(server, "示范银行")["status"] == "answered"


@dataclass
class Bank:
    """Two servers on one database, and what the tests need of them."""

    home: Path
    where: dict[str, str]
    engine: Engine
    processes: dict[int, subprocess.Popen[bytes]]
    servers: dict[int, Server]

    def number(self, query: str) -> int:
        """The one number that a query gives."""
        with self.engine.connect() as connection:
            return int(connection.execute(text(query)).scalar_one() or 0)

    def worker(self) -> int | None:
        """The number of the process that is at work on a job, as the job itself says; None while none is."""
        with self.engine.connect() as connection:
            found = connection.execute(text(_AT_WORK)).scalars().first()
        return int(str(found).rpartition(".")[2]) if found else None

    def wait(self, reached: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + RECOVERY_SECONDS
        while not reached():
            assert time.monotonic() < deadline, (
                f"{what}: {[one.log.read_text()[-2_000:] for one in self.servers.values()]}"
            )
            time.sleep(LOOK_SECONDS)

    def other(self, pid: int) -> Server:
        """The server that is not this one."""
        return next(server for number, server in self.servers.items() if number != pid)


@pytest.fixture
def bank(documents: Path, tmp_path: Path, postgres_url: str) -> Iterator[Bank]:
    """A library of two rules, vectors complete, served by two servers."""
    home, where = tmp_path / "home", {"YINSHU_DATABASE_URL": postgres_url}
    assert yinshu(home, "init", "--json", **where).code == 0
    given = ["--collection", COLLECTION, "--published", "--wait", "--json"]
    assert yinshu(home, "knowledge", "ingest", str(documents), *given, **where).code == 0
    engine = create_engine(postgres_url, poolclass=NullPool)
    bank = Bank(home, where, engine, {}, {})
    try:
        for name in ("one", "two"):
            process, server = start(home, tmp_path / f"{name}.log", **where)
            bank.processes[process.pid], bank.servers[process.pid] = process, server
        yield bank
    finally:
        for process in bank.processes.values():
            if process.poll() is None:
                process.terminate()
                process.wait(START_SECONDS)
        engine.dispose()


def rules(count: int) -> dict[str, str]:
    """Made-up rules, no two sentences the same."""
    made = {}
    for number in range(count):
        lines = [
            f"第{place}条 第{number}号尾箱在{place}时交接，登记{number}号簿。" for place in range(1, RULES_PER_FILE + 1)
        ]
        made[f"rule{number}.txt"] = "\n".join([f"尾箱办法{number}", *lines])
    return made


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_when_the_server_at_work_is_killed_the_other_ends_its_job(bank: Bank, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for name, body in rules(FILES).items():
        (files / name).write_text(body, "utf-8")
    before = bank.number(_VECTORS)
    given = ["--collection", COLLECTION, "--published", "--json"]
    submitted = subprocess.Popen(
        [str(YINSHU), "knowledge", "ingest", str(files), *given], env=environment(bank.home, **bank.where)
    )
    bank.wait(lambda: bank.number(_VECTORS) > before and bank.worker() is not None, "no vector was computed")
    killed = bank.worker()
    assert killed in bank.processes
    os.kill(killed, signal.SIGKILL)
    bank.processes[killed].wait(START_SECONDS)
    left = bank.number(_KEYS) - bank.number(_VECTORS)
    assert left > 0, "the job was over before its server was killed"
    submitted.wait(START_SECONDS)
    assert ask(bank.other(killed))["status"] == "answered"
    bank.wait(lambda: bank.number(_KEYS) == bank.number(_VECTORS) and bank.number(_UNFINISHED) == 0, "the job stopped")
    everything = (FILES + len(DOCUMENTS), bank.number("SELECT count(*) FROM clauses"))
    assert counts(bank.home, **bank.where) == (*everything, everything[1])
    assert bank.number("SELECT count(*) FROM ingest_batches WHERE state <> 'done'") == 0
    assert yinshu(bank.home, "audit", "verify", "--json", **bank.where).code == 0


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_when_a_server_is_killed_nobody_signs_in_again_and_no_upload_is_lost(bank: Bank) -> None:
    gone, stays = bank.servers
    first, second = bank.servers[gone], bank.servers[stays]
    people = [new_person(first, f"clerk{number}", f"柜员{number}") for number in range(PEOPLE)]
    made = as_operator(first, "POST", "/api/knowledge/collections", {"name": "柜面制度", "kind": "enterprise"})
    assert made.status in (200, 201), made.body
    collection_id = str(made.json["id"])
    for one in people:
        own = one.ask(first, "GET", "/api/session").json["person"]
        for action in ("read", "ask", "ingest"):
            grant = {
                "resource": {"kind": "collection", "id": collection_id},
                "holder": {"kind": "person", "id": own["id"]},
                "action": action,
                "effect": "allow",
            }
            assert as_operator(first, "POST", "/api/grants", grant).status == 201
    conversations = [str(one.ask(first, "POST", "/api/conversations", {"title": "现金"}).json["id"]) for one in people]
    batches = []
    for number, (one, conversation) in enumerate(zip(people, conversations, strict=True)):
        asked = one.ask(first, "POST", f"/api/conversations/{conversation}/turns", {"question": QUESTION})
        assert asked.status == 200, asked.body
        names = {f"{number}-{name}": body for name, body in rules(UPLOADED).items()}
        taken = one.upload(first, collection_id, names)
        assert taken.status == 202, taken.body
        batches.append(str(taken.json["batch_id"]))
    cut = _half_an_upload(first, people[0], collection_id)
    os.kill(gone, signal.SIGKILL)
    bank.processes[gone].wait(START_SECONDS)
    cut.close()
    for number, (one, conversation) in enumerate(zip(people, conversations, strict=True)):
        seen = one.ask(second, "GET", "/api/session").json
        assert seen["person"]["login"] == f"clerk{number}"
        assert seen["csrf_token"] == one.csrf
        turns = one.ask(second, "GET", f"/api/conversations/{conversation}").json["turns"]
        assert [turn["state"] for turn in turns] == ["answered"]
        assert one.ask(second, "PATCH", f"/api/conversations/{conversation}", {"title": "尾箱"}).status == 200
    again = people[0].upload(second, collection_id, {"cut.txt": "断点办法\n第一条 断点应当续传。\n"})
    assert again.status == 202
    batches[0:0] = [str(again.json["batch_id"])]
    for one, batch in zip([people[0], *people], batches, strict=True):
        path = f"/api/knowledge/uploads/{batch}"
        bank.wait(lambda one=one, path=path: _is_done(one.ask(second, "GET", path)), "an upload was lost")  # type: ignore[misc]
        items = one.ask(second, "GET", path).json["items"]
        assert {item["outcome"] for item in items} == {"added"}, items
    assert (
        bank.number(f"SELECT count(*) FROM documents WHERE collection_id = '{collection_id}'") == PEOPLE * UPLOADED + 1
    )
    assert yinshu(bank.home, "audit", "verify", "--json", **bank.where).code == 0


def _is_done(reply: Reply) -> bool:
    return reply.status == 200 and reply.json["done"] == reply.json["total"]


def _half_an_upload(server: Server, person: Person, collection_id: str) -> socket.socket:
    """An upload of which the server has only the first half."""
    body, kind = form({"collection_id": collection_id}, {"cut.txt": "断点办法\n第一条 断点应当续传。\n" * 1_000})
    address = urlsplit(server.url)
    head = (
        f"POST /api/knowledge/uploads HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {person.cookie}\r\n"
        f"X-CSRF-Token: {person.csrf}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    opened = socket.create_connection((str(address.hostname), address.port), START_SECONDS)
    opened.sendall(head.encode() + body[: len(body) // 2])
    return opened
