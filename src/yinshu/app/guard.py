"""Wiring of the guard: the desk, and questions screened by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from yinshu.adapters.embeddings.request_reader import shipped_request_reader
from yinshu.kernel.guard import Guard, default_guard
from yinshu.kernel.guard.classifier import default_classifier
from yinshu.kernel.guard.desk import GuardDesk
from yinshu.kernel.guard.second import TwiceRead, default_blend
from yinshu.kernel.knowledge.recorder import Screened

if TYPE_CHECKING:
    from collections.abc import Callable

    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.base.database import Engine

ASK_CHANNEL = "ask"


def wire_guard(engine: Engine, clock: Clock) -> GuardDesk:
    """The desk; what the quick classifier leaves uncertain is read a second time."""
    return GuardDesk(engine, clock, classifier=classifier_of_product())


def classifier_of_product() -> TwiceRead:
    """The quick classifier with the reader that comes with the package."""
    return TwiceRead(default_classifier(), shipped_request_reader(), default_blend())


def product_guard() -> Guard:
    """The guard with what is shipped, as the product wires it."""
    return replace(default_guard(), classifier=classifier_of_product())


def question_screen(desk: GuardDesk) -> Callable[[str, str], Screened]:
    """Screens a person's question: what may be asked and kept, the guard's words, and the original for auditors."""

    def screen(person: str, question: str) -> Screened:
        found = desk.screen(person, question, channel=ASK_CHANNEL)
        return Screened(found.text, found.words, found.original)

    return screen
