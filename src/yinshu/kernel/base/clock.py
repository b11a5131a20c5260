"""The one source of "now" and "today", so that tests and replays can hold time still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BANK_ZONE = ZoneInfo("Asia/Shanghai")


def _system_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """`now` gives an aware UTC time; `today` is the date in the bank's time zone."""

    now: Callable[[], datetime] = _system_now

    def today(self) -> date:
        return self.now().astimezone(BANK_ZONE).date()


def fixed_clock(day: date) -> Clock:
    """A clock that stands at noon, bank time, of one day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=BANK_ZONE).astimezone(UTC)
    return Clock(now=lambda: noon)
