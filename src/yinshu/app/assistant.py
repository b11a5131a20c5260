"""Wiring of conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yinshu.kernel.assistant import Assistant

if TYPE_CHECKING:
    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.base.database import Engine
    from yinshu.settings import Settings

CLAIM_MARGIN_SECONDS = 15
"""Beyond the time an answer may take: until then nobody takes its turn over."""


def wire_assistant(settings: Settings, engine: Engine, clock: Clock) -> Assistant:
    """The assistant room. On SQLite this process is the only one, so what was being answered before it began is lost."""
    assistant = Assistant(engine, clock, settings.ask_timeout_seconds + CLAIM_MARGIN_SECONDS)
    if settings.uses_sqlite:
        assistant.interrupt_all()
    return assistant
