"""A platform with a stand-in for retrieval and answers, and clients of its edge."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient

from tests.api.model_servers import make_model_desk
from tests.api.stand_in import LIMITS, TOKEN, Stub
from tests.desks import make_desk
from tests.kernel.assistant.people import make_assistant
from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.api.application import create_api
from yinshu.api.platform import Platform
from yinshu.kernel.audit.office import AuditOffice, OfficeKeys
from yinshu.kernel.audit.writer import LedgerWriter
from yinshu.kernel.base.clock import fixed_clock
from yinshu.kernel.base.database import metadata, open_engine
from yinshu.kernel.base.logs import configure_logs
from yinshu.kernel.guard.desk import GuardDesk
from yinshu.kernel.identity import local_operator
from yinshu.kernel.identity.office import open_office
from yinshu.kernel.identity.sign_in import SignIn
from yinshu.kernel.knowledge import store


@pytest.fixture(autouse=True)
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Logs as the server writes them, to the standard error that the test can read."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs("info", "keyvalue")
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def stub() -> Stub:
    """The stand-in behind `client`."""
    return Stub()


@pytest.fixture
def platform(stub: Stub, tmp_path: Path) -> Iterator[Platform]:
    """A platform on an empty database."""
    engine = open_engine(f"sqlite:///{tmp_path / 'yinshu.sqlite'}")
    metadata.create_all(engine)
    jobs: Any = stub.jobs
    clock = fixed_clock(date(2026, 11, 22))
    keys = OfficeKeys(tmp_path / "ledger.key", tmp_path / "auditors.pub")
    office = AuditOffice(engine, clock, LedgerWriter(engine, clock), keys)
    models = make_model_desk(engine, clock, tmp_path)
    yield Platform(
        home=tmp_path,
        token=TOKEN,
        version="0.0.0",
        composer="extractive",
        limits=LIMITS,
        operator=local_operator(),
        engine=engine,
        clock=fixed_clock(date(2026, 11, 22)),
        jobs=jobs,
        ask=stub.ask,
        search=stub.search,
        submit_ingest=stub.submit_ingest,
        submit_sample=lambda _actor: "job_1",
        count_vectors=lambda _collection_id: 0,
        calibrate=lambda _order: {},
        check_ready=lambda: {"database": stub.ready},
        forget_words=lambda: None,
        get_ready=lambda _processes: None,
        ledger=office,
        back_up=lambda _target, _actor: {},
        guard=GuardDesk(engine, clock),
        replay=stub.replay,
        models=models,
        people=open_office(engine, clock, SignIn(engine, clock), store.hand_over),
        desk=make_desk(engine, SqliteIndex(), fixed_clock(date(2026, 11, 22)), tmp_path),
        assistant=make_assistant(engine, fixed_clock(date(2026, 11, 22))),
    )
    models.close()
    office.close()
    engine.dispose()


@pytest.fixture
def anonymous(platform: Platform) -> Iterator[TestClient]:
    """A client without a token."""
    with TestClient(create_api(platform)) as client:
        yield client


@pytest.fixture
def client(anonymous: TestClient) -> TestClient:
    """A client with the operator's token."""
    anonymous.headers["Authorization"] = f"Bearer {TOKEN}"
    return anonymous


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Waits until something holds, for what happens on another thread."""

    def wait(holds: Callable[[], bool], seconds_max: float = 10) -> None:
        deadline = time.monotonic() + seconds_max
        while not holds():
            assert time.monotonic() < deadline, "it never held"
            time.sleep(0.01)

    return wait
