"""From where the present work is asked for; set once at a door and written into every entry made on its behalf."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from yinshu.kernel.audit.records import Origin

_origin: ContextVar[Origin | None] = ContextVar("yinshu_origin", default=None)


def current_origin() -> Origin | None:
    """The origin of the work under way in this context, or None (a job, a test)."""
    return _origin.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Everything recorded inside the block came from there."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)
