"""Wiring of conversations."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from yinshu.kernel.assistant import Assistant
from yinshu.kernel.assistant.attach import FILE_BYTES_MAX, Attachments

if TYPE_CHECKING:
    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.base.database import Engine
    from yinshu.kernel.knowledge.reading import FileReader, PageProgress
    from yinshu.kernel.knowledge.records import FreshVersion, Hints
    from yinshu.settings import Settings

PAGES_MAX = 300
OCR_PAGES_MAX = 5
READ_SECONDS_MAX = 30
CLAIM_MARGIN_SECONDS = 15
"""Beyond the time an answer may take: until then nobody takes its turn over."""


def wire_assistant(settings: Settings, engine: Engine, clock: Clock) -> Assistant:
    """The assistant room. On SQLite nobody else answers, so what was being answered before this process is lost."""
    files = Attachments(engine, clock, _reader(settings))
    assistant = Assistant(engine, clock, settings.ask_timeout_seconds + CLAIM_MARGIN_SECONDS, files)
    if settings.uses_sqlite:
        assistant.interrupt_all()
    return assistant


def _reader(settings: Settings) -> FileReader:
    """Reads a file while its person waits: little time, few pages; the parsers are loaded with the first file."""

    @lru_cache(maxsize=1)
    def reader() -> FileReader:
        from yinshu.adapters.ocr.rapidocr_engine import RapidOcrEngine
        from yinshu.kernel.documents import ParseLimits
        from yinshu.kernel.knowledge.reading import file_reader

        limits = ParseLimits(
            file_bytes_max=FILE_BYTES_MAX, pages_max=PAGES_MAX, ocr_pages_max=OCR_PAGES_MAX, seconds=READ_SECONDS_MAX
        )
        ocr = RapidOcrEngine(threads=settings.ocr_threads) if settings.ocr_pages_max else None
        return file_reader(ocr=ocr, limits=limits)

    def read(content: bytes, name: str, hints: Hints, progress: PageProgress) -> FreshVersion:
        return reader()(content, name, hints, progress)

    return read
