"""The whole product on PostgreSQL: one server, its restart, and two servers that share one database."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.product.running import COLLECTION, DOCUMENTS, START_SECONDS, YINSHU, Server, environment, serving, yinshu
from tests.product.test_commands import QUESTION, post

FILES = 40
RULES_PER_FILE = 8
RECOVERY_SECONDS = 600
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
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
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


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_when_one_of_two_servers_is_killed_the_other_goes_on_with_its_jobs(
    documents: Path, tmp_path: Path, postgres_url: str
) -> None:
    home, where = tmp_path / "home", {"YINSHU_DATABASE_URL": postgres_url}
    assert yinshu(home, "init", "--json", **where).code == 0
    files = Path(shutil.copytree(documents, tmp_path / "files"))
    for number in range(FILES):
        rules = [
            f"第{place + 1}条 第{number}号尾箱在{place}时交接，登记{number}号簿。" for place in range(RULES_PER_FILE)
        ]
        (files / f"rule{number}.txt").write_text("\n".join([f"尾箱办法{number}", *rules]), "utf-8")
    one, first = start(home, tmp_path / "one.log", **where)
    two: subprocess.Popen[bytes] | None = None
    try:
        given = ["--collection", COLLECTION, "--published", "--json"]
        assert yinshu(home, "knowledge", "ingest", str(files), *given, **where).code == 0
        two, second = start(home, tmp_path / "two.log", **where)
        assert [ask(server)["status"] for server in (first, second)] == ["answered", "answered"]
        documents_all, clauses, vectors = counts(home, **where)
        assert vectors < clauses, "the job was over before the server was killed"
        os.kill(one.pid, signal.SIGKILL)
        one.wait(START_SECONDS)
        assert ask(second)["status"] == "answered"
        deadline = time.monotonic() + RECOVERY_SECONDS
        while vectors < clauses:
            assert time.monotonic() < deadline, (tmp_path / "two.log").read_text()
            time.sleep(1)
            _, _, vectors = counts(home, **where)
        assert counts(home, **where) == (documents_all, clauses, clauses)
        assert documents_all == FILES + len(DOCUMENTS)
    finally:
        for process in (one, two):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(START_SECONDS)
