"""Quotas: tokens a day, requests a minute and streams at once, of a person, every department above and the application.

Counted in this process. The tokens of the day are read again from the usage rows, and requests and streams are told
to the other processes on the database, so that all of them agree within seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from yinshu.kernel.gateway.errors import QuotaSpent
from yinshu.kernel.gateway.records import Caller, Quota

MINUTE_SECONDS = 60
HOLDERS_MAX = 50_000
"""Counters kept at once; beyond it those of past minutes are dropped."""
EVERYONE = "*"
"""A quota of this holder id bounds every holder of its kind that has none of its own."""
_NAMES = {"person": "您", "department": "您所在部门", "application": "该应用"}
Holder = tuple[str, str]


class QuotaBook:
    """Admits calls and counts them. Thread-safe; nothing in it waits."""

    def __init__(self, today: Callable[[], date], now: Callable[[], float] = time.time) -> None:
        self._today = today
        self._now = now
        self._lock = threading.Lock()
        self._quotas: Mapping[Holder, Quota] = {}
        self._day = today()
        self._tokens: dict[Holder, int] = {}
        self._minute = 0
        self._requests: dict[Holder, int] = {}
        self._streams: dict[Holder, int] = {}
        self._elsewhere: Mapping[Holder, tuple[int, int]] = {}

    def load(self, quotas: Sequence[Quota], spent: Mapping[Holder, int], day: date) -> None:
        """Take the quotas and the tokens spent on a day as the database knows them."""
        with self._lock:
            self._quotas = {(one.holder_kind, one.holder_id): one for one in quotas}
            if day >= self._day:
                kept = self._tokens if day == self._day else {}
                self._day = day
                self._tokens = {
                    holder: max(tokens, kept.get(holder, 0)) for holder, tokens in {**kept, **rolled_up(spent)}.items()
                }

    @property
    def watched(self) -> bool:
        """Whether any quota is set."""
        return bool(self._quotas)

    def counted(self) -> tuple[int, dict[Holder, tuple[int, int]]]:
        """The minute (since 1970), and requests in it and streams now by holder, for holders that a quota bounds."""
        with self._lock:
            self._turn(self._now())
            holders = {*self._requests, *self._streams}
            counts = {
                holder: (self._requests.get(holder, 0), self._streams.get(holder, 0))
                for holder in holders
                if self._quota_of(holder) is not None
            }
            return self._minute, counts

    def heard(self, minute: int, elsewhere: Mapping[Holder, tuple[int, int]]) -> None:
        """Take what other processes counted in a minute: requests and streams by holder."""
        with self._lock:
            self._turn(self._now())
            if minute == self._minute:
                self._elsewhere = elsewhere

    def admit(self, caller: Caller, *, stream: bool) -> None:
        """Count one request, and one stream where it is one. Raises QuotaSpent and counts nothing when one is spent."""
        now = self._now()
        with self._lock:
            self._turn(now)
            holders = [(holder, self._quota_of(holder)) for holder in holders_of(caller)]
            for holder, quota in holders:
                if quota is not None:
                    self._check(holder, quota, now, stream=stream)
            for holder, _ in holders:
                self._requests[holder] = self._requests.get(holder, 0) + 1
                if stream:
                    self._streams[holder] = self._streams.get(holder, 0) + 1

    def settle(self, caller: Caller, tokens: int, *, stream: bool) -> None:
        """Count what a call that was admitted has used; its stream is over."""
        with self._lock:
            for holder in holders_of(caller):
                self._tokens[holder] = self._tokens.get(holder, 0) + tokens
                if stream:
                    left = self._streams.get(holder, 1) - 1
                    if left > 0:
                        self._streams[holder] = left
                    else:
                        self._streams.pop(holder, None)

    def spent(self, holder: Holder) -> tuple[int, int, int]:
        """Tokens today, requests this minute, streams now."""
        with self._lock:
            self._turn(self._now())
            return self._tokens.get(holder, 0), *self._used(holder)

    def _used(self, holder: Holder) -> tuple[int, int]:
        """Requests this minute and streams now, here and elsewhere."""
        requests, streams = self._elsewhere.get(holder, (0, 0))
        return self._requests.get(holder, 0) + requests, self._streams.get(holder, 0) + streams

    def _turn(self, now: float) -> None:
        minute = int(now // MINUTE_SECONDS)
        if minute != self._minute:
            self._minute = minute
            self._requests = {}
            self._elsewhere = {holder: (0, streams) for holder, (_, streams) in self._elsewhere.items()}
            today = self._today()
            if today != self._day or len(self._tokens) > HOLDERS_MAX:
                self._day, self._tokens = today, {}

    def _quota_of(self, holder: Holder) -> Quota | None:
        return self._quotas.get(holder) or self._quotas.get((holder[0], EVERYONE))

    def _check(self, holder: Holder, quota: Quota, now: float, *, stream: bool) -> None:
        name, (requests, streams) = _NAMES[holder[0]], self._used(holder)
        if quota.tokens_per_day is not None and self._tokens.get(holder, 0) >= quota.tokens_per_day:
            raise QuotaSpent(
                f"{name}今天的模型用量（{quota.tokens_per_day} 词元）已用完，请明天再试，或向管理员申请提高配额。",
                retry_after_seconds=3_600,
            )
        if quota.requests_per_minute is not None and requests >= quota.requests_per_minute:
            raise QuotaSpent(
                f"{name}每分钟最多 {quota.requests_per_minute} 次模型调用，请稍后再试。",
                retry_after_seconds=max(1, int(MINUTE_SECONDS - now % MINUTE_SECONDS)),
            )
        if stream and quota.streams_max is not None and streams >= quota.streams_max:
            raise QuotaSpent(
                f"{name}同时最多 {quota.streams_max} 路流式输出，请等一路结束后再试。", retry_after_seconds=5
            )


def holders_of(caller: Caller) -> Iterator[Holder]:
    """The person, each department from their own up to the top, and the application."""
    yield "person", caller.subject.id
    yield from _departments(caller.subject.department)
    if caller.application:
        yield "application", caller.application


def _departments(path: str) -> Iterator[Holder]:
    while path:
        yield "department", path
        path = path.rpartition("/")[0]


def rolled_up(spent: Mapping[Holder, int]) -> dict[Holder, int]:
    """Tokens of departments added to every department above."""
    sums: dict[Holder, int] = {}
    for (kind, key), tokens in spent.items():
        holders = list(_departments(key)) if kind == "department" else [(kind, key)]
        for holder in holders:
            sums[holder] = sums.get(holder, 0) + tokens
    return sums
