"""A follow-up question completed from its conversation, without any model: what stands on its own is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from yinshu.kernel.assistant.records import Turn, Understood


def understand(question: str, before: Sequence[Turn], today: date, *, as_written: bool = False) -> Understood:
    """The question as it will be asked, given the turns before it (oldest first)."""
    return Understood(question)
