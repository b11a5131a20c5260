"""Desks for tests: the life of documents on a test's database and folder."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.life.pages import PageImages
from yinshu.kernel.knowledge.originals import Originals
from yinshu.kernel.knowledge.ports import ClauseIndex


def make_desk(engine: Engine, index: ClauseIndex, clock: Clock, home: Path) -> Desk:
    """A desk whose originals are those of the `ingester` fixture of the same folder."""
    originals = Originals(home / "originals")
    return Desk(engine, index, clock, originals, PageImages(home / "pages", originals))
