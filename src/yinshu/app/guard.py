"""Wiring of the guard: the desk, and questions screened by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yinshu.kernel.guard.desk import GuardDesk
from yinshu.kernel.knowledge.recorder import Screened

if TYPE_CHECKING:
    from collections.abc import Callable

    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.base.database import Engine

ASK_CHANNEL = "ask"


def wire_guard(engine: Engine, clock: Clock) -> GuardDesk:
    """The desk."""
    return GuardDesk(engine, clock)


def question_screen(desk: GuardDesk) -> Callable[[str, str], Screened]:
    """Screens a person's question: what may be asked and kept, the guard's words, and the original for auditors."""

    def screen(person: str, question: str) -> Screened:
        found = desk.screen(person, question, channel=ASK_CHANNEL)
        return Screened(found.text, found.words, found.original)

    return screen
