"""Wiring of ingest: parsers, originals and jobs."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from yinshu import sample
from yinshu.api.platform import IngestOrder
from yinshu.kernel.base.leftovers import sweep
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.knowledge.life.desk import TakenIn, Upload

if TYPE_CHECKING:
    from yinshu.adapters.jobs.on_demand import OnDemandJobs
    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.base.database import Engine
    from yinshu.kernel.knowledge.intake_jobs import IntakeJobs
    from yinshu.kernel.knowledge.ports import ClauseIndex
    from yinshu.kernel.knowledge.reading import FindForbidden
    from yinshu.kernel.knowledge.vectorise import Vectoriser
    from yinshu.settings import Settings

SAMPLE_COLLECTION = "示范银行"
UPLOAD_AGE_SECONDS = 3_600
"""No upload takes that long to keep, so what is older belongs to a server that was killed."""


class Intake:
    """Taking documents in; the parsers are loaded when jobs first run, so that a question need not wait for them."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        index: ClauseIndex,
        vectoriser: Vectoriser,
        clock: Clock,
        jobs: OnDemandJobs,
        forbidden: FindForbidden,
    ) -> None:
        self._forbidden = forbidden
        self._settings = settings
        self._engine = engine
        self._index = index
        self._vectoriser = vectoriser
        self._clock = clock
        self._port = jobs
        jobs.around_start(self._register, self._resume)

    @cached_property
    def _jobs(self) -> IntakeJobs:
        from yinshu.adapters.ocr.rapidocr_engine import RapidOcrEngine
        from yinshu.kernel.knowledge.ingest import Ingester
        from yinshu.kernel.knowledge.intake_jobs import IntakeJobs
        from yinshu.kernel.knowledge.originals import Originals
        from yinshu.kernel.knowledge.reading import file_reader, screened_reader

        settings = self._settings
        ocr = RapidOcrEngine(threads=settings.ocr_threads) if settings.ocr_pages_max else None
        originals = Originals(settings.home / "originals")
        reader = screened_reader(file_reader(ocr=ocr, limits=parse_limits(settings)), self._forbidden)
        ingester = Ingester(
            self._engine, self._index, originals, self._clock, reader, file_bytes_max=settings.file_bytes_max
        )
        return IntakeJobs(self._port, ingester, self._vectoriser)

    def _register(self) -> None:
        self._jobs.register()

    def _resume(self) -> None:
        # Taken up first: this is done once for each start, and nothing that the sweep meets may prevent it.
        self._jobs.resume()
        sweep_uploads(self._settings.home / "uploads")

    def submit(self, order: IngestOrder) -> str:
        """Keep the originals and queue the reading; the job's id."""
        from yinshu.kernel.knowledge.scan import read_index

        # Started first, because the start takes up every batch that is open, and this one is to be told how it ends.
        self._port.start()
        batch = self._jobs.ingester.open(
            order.paths,
            order.collection,
            hints=read_index(order.index) if order.index else None,
            skip=[order.index] if order.index else [],
            published=order.published,
            actor=order.actor,
        )
        return self._jobs.submit_ingest(batch.batch_id, wait_for_vectors=order.wait, owner=order.actor)

    def take_in(self, upload: Upload) -> TakenIn:
        """Keep what somebody uploaded and queue the reading."""
        self._port.start()
        batch = self._jobs.ingester.open(
            upload.paths,
            upload.collection_name,
            published=upload.published,
            actor=upload.actor,
            note_unchanged=True,
        )
        job_id = self._jobs.submit_ingest(batch.batch_id, wait_for_vectors=False, owner=upload.actor)
        return TakenIn(batch.batch_id, job_id)

    def submit_vectors(self) -> None:
        """Queue the computing of the vectors that are missing."""
        self._port.start()
        self._jobs.submit_vectors()


def sweep_uploads(folder: Path) -> int:
    """Remove what killed servers left of uploads that they had not taken in; returns how many."""
    return sweep(folder, "*", UPLOAD_AGE_SECONDS)


def parse_limits(settings: Settings) -> ParseLimits:
    """What one file may cost, as the settings say."""
    return ParseLimits(
        file_bytes_max=settings.file_bytes_max,
        pages_max=settings.pages_max,
        ocr_pages_max=settings.ocr_pages_max,
        seconds=settings.parse_timeout_seconds,
    )


def sample_order(actor: str) -> IngestOrder:
    return IngestOrder(
        paths=tuple(sample.library_files()),
        collection=SAMPLE_COLLECTION,
        index=sample.index_file(),
        published=True,
        wait=True,
        actor=actor,
    )
