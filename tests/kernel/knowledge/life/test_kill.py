"""A kill in the middle of publishing leaves every version wholly published or wholly not."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.kernel.knowledge.life.conftest import CASH, COLLECTION
from yinshu.kernel.audit.store import read_entries, verify_chain
from yinshu.kernel.base.database import Engine, reading
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.tables import clauses, reviews, version_steps, versions

DOCUMENTS = 10
VERSIONS_EACH = 3
KILLS = 12
ROUNDS_MAX = 60
SECONDS_MAX = 240


def fill(ingester: Ingester, home: Path) -> str:
    for edition in range(VERSIONS_EACH):
        folder = home / f"edition_{edition}"
        folder.mkdir()
        for number in range(DOCUMENTS):
            text = CASH.replace("现金管理", f"现金管理之{number}").replace("十万元", f"{edition + 1}万元")
            (folder / f"{number}.txt").write_text(text, "utf-8")
        ingester.ingest([folder], COLLECTION, actor="maker")
    with reading(ingester.engine) as connection:
        return store.get_collection(connection, COLLECTION).id


def run(url: str, home: Path, collection_id: str, kill_after_s: float | None) -> bool:
    """Let the process work; whether it came to its end by itself."""
    command = [sys.executable, "-m", "tests.kernel.knowledge.life.publishing_process", url, str(home), collection_id]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if kill_after_s is None:
            assert process.wait(SECONDS_MAX) == 0
            return True
        time.sleep(kill_after_s)
        process.send_signal(signal.SIGKILL)
        return process.wait(SECONDS_MAX) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def check(engine: Engine) -> int:
    """Every version is of one piece, and history, reviews and ledger tell the same; how many have been published."""
    with reading(engine) as connection:
        pieces = connection.execute(
            select(versions.c.id, versions.c.status, clauses.c.status).join(
                clauses, clauses.c.version_id == versions.c.id
            )
        ).all()
        assert [row for row in pieces if row[1] != row[2]] == []
        published = connection.execute(
            select(versions.c.document_id, func.count())
            .where(versions.c.status == "published")
            .group_by(versions.c.document_id)
        ).all()
        assert all(count == 1 for _, count in published)
        live = set(
            connection.execute(
                select(versions.c.id).where(versions.c.status.in_(("published", "superseded")))
            ).scalars()
        )
        steps = (
            connection.execute(select(version_steps.c.version_id).where(version_steps.c.step == "published"))
            .scalars()
            .all()
        )
        told = [one.subject for one in read_entries(connection, limit=10_000) if one.action == "knowledge.published"]
        approved = (
            connection.execute(select(reviews.c.version_id).where(reviews.c.outcome == "approved")).scalars().all()
        )
        assert sorted(live) == sorted(steps) == sorted(told) == sorted(approved)
        assert verify_chain(connection).ok
    return len(live)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_a_kill_in_the_middle_of_publishing_loses_and_doubles_nothing(
    engine: Engine, database_url: str, ingester: Ingester, tmp_path: Path
) -> None:
    collection_id = fill(ingester, tmp_path)
    rng = random.Random(20_261_122)
    kills = 0
    for _ in range(ROUNDS_MAX):
        finished = run(database_url, tmp_path, collection_id, rng.uniform(0.0, 0.4))
        kills += not finished
        done = check(engine)
        if finished or kills >= KILLS:
            break
    run(database_url, tmp_path, collection_id, None)
    assert check(engine) == DOCUMENTS * VERSIONS_EACH
    assert kills > 0
    assert done <= DOCUMENTS * VERSIONS_EACH
