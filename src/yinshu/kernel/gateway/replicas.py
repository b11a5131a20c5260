"""The endpoints of a model as replicas: the least busy healthy one is taken, a failing one rests for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from yinshu.kernel.gateway.errors import ModelBusy, ModelDown
from yinshu.kernel.gateway.records import Endpoint, Model

FAILURES_TO_OPEN = 5
"""So many failures in a row open the circuit: the endpoint gets no calls."""
OPEN_SECONDS = 10.0
"""After this one call is let through; if it succeeds, the circuit closes."""
RETRIES_PER_CALL = 0.2
RETRIES_SAVED_MAX = 50.0
"""Retries are paid from a budget that calls fill, so that a failing upstream is not hit twice as hard."""
LATENCY_WEIGHT = 0.1


@dataclass
class Replica:
    """What is known of one endpoint now. Used on one event loop."""

    endpoint_id: str
    in_flight: int = 0
    failures: int = 0
    opened_until: float = 0.0
    trying: bool = False
    healthy: bool | None = None
    checked_at: float = 0.0
    calls: int = 0
    failed_calls: int = 0
    latency_ms: float = 0.0

    def state(self, now: float) -> str:
        """closed (calls pass), open (no calls) or half_open (one call may try)."""
        if self.failures < FAILURES_TO_OPEN:
            return "closed"
        return "open" if now < self.opened_until or self.trying else "half_open"


class Replicas:
    """Chooses endpoints and remembers how they did."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._replicas: dict[str, Replica] = {}
        self._budget = RETRIES_SAVED_MAX

    def of(self, endpoint_id: str) -> Replica:
        """The replica of an endpoint."""
        replica = self._replicas.get(endpoint_id)
        if replica is None:
            replica = self._replicas[endpoint_id] = Replica(endpoint_id)
        return replica

    def circuit(self, endpoint_id: str) -> str:
        """closed, open or half_open."""
        return self.of(endpoint_id).state(self._now())

    def take(self, model: Model, tried: Collection[str] = ()) -> Endpoint:
        """The least busy usable endpoint, now counted as busy by one more.

        Raises ModelBusy when all usable ones are full, ModelDown when none is usable.
        """
        now = self._now()
        best: Endpoint | None = None
        best_rank: tuple[int, float] | None = None
        full = False
        for endpoint in model.endpoints:
            replica = self.of(endpoint.id)
            if endpoint.state != "active" or endpoint.id in tried or replica.state(now) == "open":
                continue
            if replica.in_flight >= endpoint.in_flight_max:
                full = True
                continue
            rank = (replica.in_flight + (1_000_000 if replica.healthy is False else 0), replica.latency_ms)
            if best_rank is None or rank < best_rank:
                best, best_rank = endpoint, rank
        if best is None:
            if full:
                raise ModelBusy(f"模型“{model.name}”正忙，请过几秒再试。")
            raise ModelDown(f"模型“{model.name}”暂时没有可用的服务，请稍后重试或联系模型管理员。")
        chosen = self.of(best.id)
        chosen.trying = chosen.state(now) == "half_open"
        chosen.in_flight += 1
        chosen.calls += 1
        self._budget = min(RETRIES_SAVED_MAX, self._budget + RETRIES_PER_CALL)
        return best

    def succeed(self, endpoint_id: str, latency_ms: float, *, keep: bool = False) -> None:
        """The endpoint answered after `latency_ms`; with `keep` the call goes on and is released later."""
        replica = self.of(endpoint_id)
        replica.in_flight -= 0 if keep else 1
        replica.failures, replica.trying, replica.healthy = 0, False, True
        weight = LATENCY_WEIGHT if replica.latency_ms else 1.0
        replica.latency_ms += weight * (latency_ms - replica.latency_ms)

    def release(self, endpoint_id: str) -> None:
        """The call ended for a reason that says nothing of the endpoint (the caller left, the request was wrong)."""
        replica = self.of(endpoint_id)
        replica.in_flight -= 1
        replica.trying = False

    def fail(self, endpoint_id: str) -> None:
        """The endpoint did not do its work."""
        self.release(endpoint_id)
        self.broke(endpoint_id)

    def may_retry(self) -> bool:
        """Whether the budget pays one more retry; it is paid at once."""
        if self._budget < 1.0:
            return False
        self._budget -= 1.0
        return True

    def broke(self, endpoint_id: str) -> None:
        """An answer broke off on its way; the call is released apart."""
        replica = self.of(endpoint_id)
        replica.failures += 1
        replica.failed_calls += 1
        if replica.failures >= FAILURES_TO_OPEN:
            replica.opened_until = self._now() + OPEN_SECONDS

    def probed(self, endpoint_id: str, healthy: bool) -> None:
        """What a health probe found; a healthy answer lets an open circuit be tried at once."""
        replica = self.of(endpoint_id)
        replica.healthy, replica.checked_at = healthy, self._now()
        if healthy and replica.failures >= FAILURES_TO_OPEN:
            replica.opened_until = 0.0
