"""A kill at any moment of an ingest loses nothing and doubles nothing, once the process has run again."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from yinshu.kernel.audit.store import read_entries, verify_chain
from yinshu.kernel.base.database import metadata, open_engine, reading
from yinshu.kernel.knowledge import tables

PROCESS = Path(__file__).with_name("ingest_process.py")
RUN_TIMEOUT_S = 110
FILES = 16
KILLS_EACH = 3


@dataclass(frozen=True)
class Place:
    """A library that is being filled: its database, its data folder and the files that go in."""

    url: str
    home: Path
    folder: Path

    def start(self) -> subprocess.Popen[str]:
        """Start the process; returns when it has opened the database and is about to work."""
        command = [sys.executable, str(PROCESS), self.url, str(self.home), str(self.folder)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def finish(self) -> float:
        """Run to the end, undisturbed; returns the seconds it took."""
        process = self.start()
        started_s = time.monotonic()
        output, _ = process.communicate(timeout=RUN_TIMEOUT_S)
        assert process.returncode == 0
        assert output.startswith("done")
        assert "failed" not in output
        return time.monotonic() - started_s

    def kill_after(self, seconds: float) -> bool:
        """Run and kill; False when the process was faster."""
        process = self.start()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        return process.returncode != 0


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Place:
    made = Place(database_url, tmp_path / "home", tmp_path / "files")
    made.home.mkdir()
    made.folder.mkdir()
    for number in range(FILES):
        (made.folder / f"rule_{number}.txt").write_text(rule_text(number), "utf-8")
    return made


def rule_text(number: int) -> str:
    articles = [f"第一条 本办法规定示范业务{number}。"]
    articles += [f"第{one}条 第{number}号业务的第{one}项资料保存期限为{number + 1}天。" for one in "二三四五六"]
    ending = f"第七条 本办法自2024年1月1日起施行，《示范业务{number - 1}管理办法》同时废止。"
    return "\n".join([f"示范业务{number}管理办法", *articles, ending, ""])


def everything(place: Place) -> dict[str, int]:
    """How much there is of everything; fails when parts do not agree with each other."""
    engine = open_engine(place.url)
    with reading(engine) as connection:
        counts = {
            name: connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
            for name in ("documents", "versions", "clauses", "links")
        }
        counts["searchable"] = connection.execute(text("SELECT count(*) FROM clause_text")).scalar_one()
        keys = set(connection.execute(select(tables.clauses.c.vector_key)).scalars())
        vectors = connection.execute(text("SELECT key FROM vectors")).scalars().all()
        assert sorted(vectors) == sorted(keys)
        assert (
            connection.execute(
                select(func.count()).select_from(tables.ingest_batches).where(tables.ingest_batches.c.state == "open")
            ).scalar_one()
            == 0
        )
        assert verify_chain(connection).ok
        told = [one.subject for one in read_entries(connection) if one.action == "knowledge.ingest"]
        assert sorted(told) == sorted(connection.execute(select(tables.versions.c.id)).scalars())
        hashes = sorted(connection.execute(select(tables.versions.c.content_sha256)).scalars())
    engine.dispose()
    kept = [one for one in (place.home / "originals").rglob("[!.]*") if one.is_file()]
    assert sorted(hashlib.sha256(one.read_bytes()).hexdigest() for one in kept) == hashes
    assert sorted(one.name for one in kept) == hashes
    counts["vectors"] = len(vectors)
    return counts


def expected(place: Place, tmp_path: Path) -> tuple[dict[str, int], float]:
    """What an undisturbed run of the same files makes, and how long it takes."""
    home = tmp_path / "undisturbed"
    home.mkdir()
    calm = Place(f"sqlite:///{home / 'yinshu.db'}", home, place.folder)
    seconds = calm.finish()
    return everything(calm), seconds


@pytest.mark.timeout(300)
def test_a_kill_in_the_middle_of_an_ingest_loses_and_doubles_nothing(place: Place, tmp_path: Path) -> None:
    whole, seconds = expected(place, tmp_path)
    assert whole["documents"] == FILES
    place.kill_after(seconds / 2)
    place.finish()
    assert everything(place) == whole


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_thirty_kills_at_random_moments_lose_and_double_nothing(
    request: pytest.FixtureRequest, place: Place, tmp_path: Path
) -> None:
    whole, seconds = expected(place, tmp_path)
    rng = random.Random(20_261_122)
    kills = 0
    for round_number in range(10):
        if round_number:
            place = _fresh(place, tmp_path / f"round_{round_number}", request)
        kills += sum(place.kill_after(rng.uniform(0, seconds)) for _ in range(KILLS_EACH))
        place.finish()
        assert everything(place) == whole, f"round {round_number}"
    assert kills >= 20, "most kills must have fallen into the work"


def _fresh(place: Place, home: Path, request: pytest.FixtureRequest) -> Place:
    """An empty library beside the one before, in the same kind of database."""
    home.mkdir()
    if place.url.startswith("sqlite"):
        return Place(f"sqlite:///{home / 'yinshu.db'}", home, place.folder)
    make = request.getfixturevalue("new_postgres_url")
    return Place(make(), home, place.folder)
