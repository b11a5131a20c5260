"""A kill at any moment of an ingest loses nothing and doubles nothing, once the process has run again."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from yinshu.kernel.audit.store import read_entries, verify_chain
from yinshu.kernel.base.database import metadata, open_engine, reading
from yinshu.kernel.knowledge import tables

PROCESS = Path(__file__).with_name("ingest_process.py")
FILES = 16
KILLS = 30
KILLS_EACH = 3
ROUNDS_MAX = 40


class Processes:
    """Starts, kills and awaits processes that ingest; one at a time."""

    def __init__(self) -> None:
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
        self._forker = subprocess.Popen(
            [sys.executable, str(PROCESS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def start(self, url: str, home: Path, folder: Path) -> int:
        """Start one; returns its pid when it has opened the database and is about to work."""
        assert self._forker.stdin is not None
        self._forker.stdin.write(json.dumps([url, str(home), str(folder)]) + "\n")
        self._forker.stdin.flush()
        word, pid = self._line().split()
        assert word == "ready"
        return int(pid)

    def rest(self) -> list[str]:
        """What it says until it ends; the last line is "exit CODE"."""
        lines = [self._line()]
        while not lines[-1].startswith("exit"):
            lines.append(self._line())
        return lines

    def _line(self) -> str:
        assert self._forker.stdout is not None
        line = self._forker.stdout.readline()
        assert line, "the forking process is gone"
        return line.strip()

    def close(self) -> None:
        self._forker.kill()
        self._forker.communicate()


@dataclass(frozen=True)
class Place:
    """A library that is being filled: its database, its data folder and the files that go in."""

    processes: Processes
    url: str
    home: Path
    folder: Path

    def finish(self) -> float:
        """Run to the end, undisturbed; returns the seconds it took."""
        self.processes.start(self.url, self.home, self.folder)
        started_s = time.monotonic()
        done, code = self.processes.rest()
        assert code == "exit 0"
        assert done.startswith("done")
        assert not {"failed", "queued", "running"} & set(done.replace("'", " ").split()), done
        return time.monotonic() - started_s

    def kill_after(self, seconds: float) -> bool:
        """Run and kill; False when the process was faster."""
        pid = self.processes.start(self.url, self.home, self.folder)
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return self.processes.rest()[-1] == f"exit {-signal.SIGKILL}"


@pytest.fixture
def processes() -> Iterator[Processes]:
    made = Processes()
    yield made
    made.close()


@pytest.fixture
def place(database_url: str, tmp_path: Path, processes: Processes) -> Place:
    made = Place(processes, database_url, tmp_path / "home", tmp_path / "files")
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
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        connection = stack.enter_context(reading(engine))
        counts = {
            name: connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
            for name in ("documents", "versions", "clauses", "links")
        }
        counts["searchable"] = connection.execute(text("SELECT count(*) FROM clause_text")).scalar_one()
        keys = set(connection.execute(select(tables.clauses.c.vector_key)).scalars())
        table = "vectors" if engine.dialect.name == "sqlite" else "clause_vectors"
        vectors = connection.execute(text(f"SELECT key FROM {table}")).scalars().all()
        if engine.dialect.name == "postgresql":
            counted = connection.execute(text("SELECT sum(clauses) FROM clause_term WHERE term <> ''")).scalar_one()
            assert counted == connection.execute(text("SELECT sum(length(terms)) FROM clause_text")).scalar_one()
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
    kept = [one for one in (place.home / "originals").rglob("[!.]*") if one.is_file()]
    assert sorted(hashlib.sha256(one.read_bytes()).hexdigest() for one in kept) == hashes
    assert sorted(one.name for one in kept) == hashes
    counts["vectors"] = len(vectors)
    return counts


def expected(place: Place, tmp_path: Path) -> tuple[dict[str, int], float]:
    """What an undisturbed run of the same files makes, and how long it takes."""
    home = tmp_path / "undisturbed"
    home.mkdir()
    calm = Place(place.processes, f"sqlite:///{home / 'yinshu.db'}", home, place.folder)
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
    for round_number in range(ROUNDS_MAX):
        if round_number:
            place = _fresh(place, tmp_path / f"round_{round_number}", request)
        for _ in range(KILLS_EACH):
            killed = place.kill_after(rng.uniform(0, seconds))
            kills += killed
            # A moment behind the end is no kill: look earlier, whatever else the machine does.
            seconds *= 1.0 if killed else 0.8
        place.finish()
        assert everything(place) == whole, f"round {round_number}"
        if kills >= KILLS:
            return
    pytest.fail(f"only {kills} kills fell into the work")


def _fresh(place: Place, home: Path, request: pytest.FixtureRequest) -> Place:
    """An empty library beside the one before, in the same kind of database."""
    home.mkdir()
    if place.url.startswith("sqlite"):
        return Place(place.processes, f"sqlite:///{home / 'yinshu.db'}", home, place.folder)
    make = request.getfixturevalue("new_postgres_url")
    return Place(place.processes, make(), home, place.folder)
