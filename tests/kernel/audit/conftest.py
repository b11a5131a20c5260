"""A ledger with a writer and an office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from yinshu.kernel.audit.office import AuditOffice, OfficeKeys
from yinshu.kernel.audit.writer import LedgerWriter
from yinshu.kernel.base.clock import Clock


@pytest.fixture
def office(engine: Engine, clock: Clock, tmp_path: Path) -> Iterator[AuditOffice]:
    """An office whose keys lie in the test's folder and whose mask hides digits."""
    writer = LedgerWriter(engine, clock, lambda text: "".join("*" if one.isdigit() else one for one in text))
    made = AuditOffice(engine, clock, writer, OfficeKeys(tmp_path / "ledger.key", tmp_path / "auditors.pub"))
    yield made
    made.close()
