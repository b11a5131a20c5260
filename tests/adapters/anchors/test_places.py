"""Signed heads go to a file or a URL outside, and a place that fails is named with the remedy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import Engine

from yinshu.adapters.anchors.places import FileAnchor, HttpAnchor, open_anchor
from yinshu.kernel.audit.heads import read_head_text
from yinshu.kernel.audit.office import AuditOffice, OfficeKeys
from yinshu.kernel.audit.records import Act
from yinshu.kernel.audit.writer import LedgerWriter
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import metadata, open_engine
from yinshu.kernel.base.errors import BadArgument, DependencyDown


class Notary(BaseHTTPRequestHandler):
    received: list[str]

    def do_POST(self) -> None:
        self.received.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Silence."""


@pytest.fixture
def notary() -> Iterator[tuple[str, list[str]]]:
    received: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Own", (Notary,), {"received": received}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/heads?token=secret", received
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Engine]:
    engine = open_engine(sqlite_url)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def office_with(engine: Engine, clock: Clock, folder: Path, place: str) -> AuditOffice:
    keys = OfficeKeys(folder / "ledger.key", folder / "auditors.pub")
    return AuditOffice(engine, clock, LedgerWriter(engine, clock), keys, [open_anchor(place)])


def test_a_file_gets_a_line_for_each_head_and_loses_none(sqlite: Engine, clock: Clock, tmp_path: Path) -> None:
    office = office_with(sqlite, clock, tmp_path, str(tmp_path / "anchor"))
    for number in range(2):
        office.record(Act("p", "test.act", str(number)))
        office.anchor()
    lines = (tmp_path / "anchor").read_text().splitlines(keepends=True)
    assert [read_head_text(line).head.seq for line in lines] == [1, 2]
    assert office.heads()[0][1] == str(tmp_path / "anchor")
    office.close()


def test_a_url_gets_the_head_and_its_token_is_not_recorded(
    sqlite: Engine, clock: Clock, tmp_path: Path, notary: tuple[str, list[str]]
) -> None:
    url, received = notary
    office = office_with(sqlite, clock, tmp_path, url)
    office.record(Act("p", "test.act", "1"))
    office.anchor()
    assert read_head_text(received[0]).head.seq == 1
    assert "secret" not in office.heads()[0][1]
    office.close()


def test_a_started_office_anchors_by_itself(sqlite: Engine, clock: Clock, tmp_path: Path) -> None:
    office = office_with(sqlite, clock, tmp_path, str(tmp_path / "anchor"))
    office.record(Act("p", "test.act", "1"))
    office.start()
    deadline = threading.Event()
    while not (tmp_path / "anchor").exists() and not deadline.wait(0.05):
        pass
    office.close()
    assert read_head_text((tmp_path / "anchor").read_text()).head.seq == 1


@pytest.mark.parametrize("place", [FileAnchor(Path("/nowhere/at/all")), HttpAnchor("http://127.0.0.1:9/")])
def test_a_place_that_fails_is_named(
    place: FileAnchor | HttpAnchor, sqlite: Engine, clock: Clock, tmp_path: Path
) -> None:
    office = office_with(sqlite, clock, tmp_path, str(tmp_path / "anchor"))
    with pytest.raises(DependencyDown, match="YINSHU_LEDGER_ANCHOR"):
        place.publish(office.sign())
    office.close()


def test_another_scheme_is_refused() -> None:
    with pytest.raises(BadArgument):
        open_anchor("ftp://host/x")
