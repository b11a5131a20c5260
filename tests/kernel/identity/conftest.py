"""An office on a test's database, with a clock that can be moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.identity.office import PeopleOffice, open_office
from yinshu.kernel.identity.sign_in import SignIn, SignInPolicy


class MovingTime:
    """A time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 4, tzinfo=UTC)

    def pass_(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
def time() -> MovingTime:
    """The time of the office."""
    return MovingTime()


@pytest.fixture
def office(engine: Engine, time: MovingTime) -> PeopleOffice:
    """An office without people."""
    clock = Clock(now=lambda: time.now)
    return open_office(engine, clock, SignIn(engine, clock, SignInPolicy(failures_max=3, address_failures_max=6)))
