"""Wiring of the life of documents."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.life.pages import PageImages
from yinshu.kernel.knowledge.life.publish import publish_due
from yinshu.kernel.knowledge.life.stale import flag_all_stale
from yinshu.kernel.knowledge.originals import Originals

if TYPE_CHECKING:
    from yinshu.app.intake import Intake
    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.base.database import Engine
    from yinshu.kernel.knowledge.ports import ClauseIndex
    from yinshu.kernel.knowledge.vectorise import Vectoriser
    from yinshu.settings import Settings

DAY_CHECK_SECONDS = 60.0
STOP_SECONDS = 10.0
log = structlog.get_logger("yinshu.app")
COUNT_AGE_SECONDS = 5.0
"""How old the count of a collection's vectors may be while some are missing."""


class VectorCounts:
    """How many clauses of a collection have their vector, without reading all of them at every look."""

    def __init__(self, vectoriser: Vectoriser) -> None:
        self._vectoriser = vectoriser
        self._known: dict[str, tuple[int, int, float]] = {}
        self._lock = threading.Lock()

    def __call__(self, collection_id: str, clauses: int) -> int:
        """Those of `clauses` that have theirs; counted anew when the number changed or some were missing."""
        now = time.monotonic()
        with self._lock:
            known = self._known.get(collection_id)
            if (
                known is not None
                and known[0] == clauses
                and (known[1] >= clauses or now - known[2] < COUNT_AGE_SECONDS)
            ):
                return known[1]
            done = self._vectoriser.count(collection_id).done
            self._known[collection_id] = (clauses, done, now)
            return done


@contextmanager
def keeping_days(desk: Desk) -> Iterator[None]:
    """Publish what is due and flag what has ended, every minute while the block lasts, in a thread of its own.

    Several processes may do so at once: whoever comes second finds it done.
    """
    over = threading.Event()

    def keep() -> None:
        while not over.wait(DAY_CHECK_SECONDS):
            try:
                publish_due(desk)
                flag_all_stale(desk.engine, desk.clock)
            except Exception as error:
                # The boundary of this thread: a database that is away now may be back in a minute.
                log.error("days.failed", exc_info=error)

    thread = threading.Thread(target=keep, name="days", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(STOP_SECONDS)


def wire_desk(
    settings: Settings, engine: Engine, index: ClauseIndex, clock: Clock, vectoriser: Vectoriser, intake: Intake
) -> Desk:
    """The desk of this process; drawn pages lie in the data folder."""
    originals = Originals(settings.home / "originals")
    return Desk(
        engine=engine,
        index=index,
        clock=clock,
        originals=originals,
        pages=PageImages(settings.home / "pages", originals),
        vectors_wanted=intake.submit_vectors,
        take_in=intake.take_in,
        count_vectors=VectorCounts(vectoriser),
    )
