"""The gateway as the doors see it: one event loop for every call, the registry, quotas and usage, and their upkeep."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

import structlog

from yinshu.kernel.audit.records import Act
from yinshu.kernel.audit.store import append_acts
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Engine, reading, writing
from yinshu.kernel.base.ids import new_id
from yinshu.kernel.gateway import store
from yinshu.kernel.gateway.call import Gateway
from yinshu.kernel.gateway.other import OtherCalls
from yinshu.kernel.gateway.records import Cascade, Endpoint, HolderKind, Model, ModelCase, Quota, UsageFilter, UsageRow
from yinshu.kernel.gateway.send import Resolve
from yinshu.kernel.gateway.store.usage import UsageGroup
from yinshu.kernel.identity import Subject

log = structlog.get_logger("yinshu.gateway")

REFRESH_SECONDS = 2.0
PROBE_SECONDS = 15.0
PROBE_SECONDS_MAX = 3.0
DRAIN_SECONDS_MAX = 10.0
SILENT_AFTER = timedelta(seconds=10)
"""A process that told nothing for so long is taken for dead: its streams count no more."""
FORGOTTEN_AFTER = timedelta(hours=1)
Result = TypeVar("Result")


@dataclass(frozen=True)
class EndpointReport:
    """How an endpoint does at the moment; `healthy` is None before the first probe or call."""

    endpoint: Endpoint
    circuit: str
    healthy: bool | None
    in_flight: int
    calls: int
    failed_calls: int
    latency_ms: float


class ModelDesk:
    """Calls run on one event loop: the server's once `start` was called there, otherwise a thread's of our own."""

    def __init__(self, engine: Engine, clock: Clock, gateway: Gateway, other: OtherCalls, resolve: Resolve) -> None:
        self.gateway = gateway
        self.other = other
        self.registry = gateway.registry
        self._engine = engine
        self._clock = clock
        self._resolve = resolve
        self._process = new_id("proc")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._agreeing = threading.Lock()
        self._tending: asyncio.Task[None] | None = None
        self._closing: list[Callable[[], None]] = []

    def refresh(self) -> None:
        """Read models, quotas and the day's tokens from the database."""
        self.registry.refresh()
        day = self._clock.today()
        with reading(self._engine) as connection:
            quotas = store.list_quotas(connection)
            spent = store.tokens_of_day(connection, day) if quotas else {}
        self.gateway.quotas.load(quotas, spent, day)
        if quotas and self._engine.dialect.name != "sqlite":
            self._agree_with_others()

    def _agree_with_others(self) -> None:
        """Tell the other processes on the database what was counted here, and hear what they counted.

        A SQLite folder belongs to one process, which has nobody to agree with. One thread at a time: the upkeep and a
        quota that is saved would otherwise both replace the rows of this process, and one would fail.
        """
        with self._agreeing:
            minute, counts = self.gateway.quotas.counted()
            now = self._clock.now()
            with writing(self._engine) as connection:
                store.publish_counts(connection, self._process, minute, counts, now)
                store.forget_counts(connection, now - FORGOTTEN_AFTER)
                elsewhere = store.counts_of_others(connection, self._process, minute, now - SILENT_AFTER)
            self.gateway.quotas.heard(minute, elsewhere)

    async def start(self) -> None:
        """Take this event loop for every call from now on, and look after models and quotas in the background."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self.refresh)
        await asyncio.to_thread(self.gateway.screen.get_ready)
        self._tending = asyncio.create_task(self._tend())

    async def stop(self) -> None:
        """End the upkeep and close the connections; what is recorded is kept."""
        if self._tending is not None:
            self._tending.cancel()
            await asyncio.gather(self._tending, return_exceptions=True)
        await self.gateway.sender.upstream.close()
        self._loop = None

    def close(self) -> None:
        """Write what waits and end everything of ours; for the composition root."""
        loop, thread = self._loop, self._thread
        if thread is not None and loop is not None:
            asyncio.run_coroutine_threadsafe(self.gateway.sender.upstream.close(), loop).result(DRAIN_SECONDS_MAX)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(DRAIN_SECONDS_MAX)
            loop.close()
            self._loop, self._thread = None, None
        self.gateway.recorder.close()
        for work in reversed(self._closing):
            work()

    def on_close(self, work: Callable[[], None]) -> None:
        """Something to end with the desk (a model's process)."""
        self._closing.append(work)

    def submit(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Run a call from a thread that is not the loop's."""
        return asyncio.run_coroutine_threadsafe(work, self._home())

    def _home(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=loop.run_forever, name="gateway-loop", daemon=True)
                self._thread.start()
                self._loop = loop
            return self._loop

    async def _tend(self) -> None:
        probed = 0.0
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            try:
                await asyncio.to_thread(self.refresh)
                if time.monotonic() - probed >= PROBE_SECONDS:
                    probed = time.monotonic()
                    await self.probe(self.registry.models())
            except Exception as error:
                # The upkeep goes on: a database that is down now may be up in two seconds.
                log.warning("gateway.upkeep_failed", exc_info=error)

    async def probe(self, models: Sequence[Model]) -> None:
        """Ask every active endpoint of remote models whether it is there."""
        remote = [
            (model, endpoint)
            for model in models
            if model.kind == "openai" and model.stage != "retired"
            for endpoint in model.endpoints
            if endpoint.state != "off"
        ]
        await asyncio.gather(*(self._probe(model, endpoint) for model, endpoint in remote))

    async def _probe(self, model: Model, endpoint: Endpoint) -> None:
        target = await self._resolve(model, endpoint)
        healthy = await self.gateway.sender.upstream.probe(target, PROBE_SECONDS_MAX)
        self.gateway.sender.replicas.probed(endpoint.id, healthy)

    def report(self, model: Model) -> list[EndpointReport]:
        """How the endpoints of a model do."""
        replicas = self.gateway.sender.replicas
        reports = []
        for endpoint in model.endpoints:
            one = replicas.of(endpoint.id)
            reports.append(
                EndpointReport(
                    endpoint,
                    replicas.circuit(endpoint.id),
                    one.healthy,
                    one.in_flight,
                    one.calls,
                    one.failed_calls,
                    one.latency_ms,
                )
            )
        return reports

    def quotas(self) -> list[tuple[Quota, tuple[int, int, int]]]:
        """Every quota with what is spent: tokens today, requests this minute, streams now."""
        with reading(self._engine) as connection:
            listed = store.list_quotas(connection)
        return [(one, self.gateway.quotas.spent((one.holder_kind, one.holder_id))) for one in listed]

    def save_quota(self, actor: Subject, quota: Quota) -> None:
        """Set a quota; the change is in the ledger."""
        detail: dict[str, Any] = {
            "tokens_per_day": quota.tokens_per_day,
            "requests_per_minute": quota.requests_per_minute,
            "streams_max": quota.streams_max,
        }
        self._change_quota(actor, "gateway.quota_saved", quota.holder_kind, quota.holder_id, detail, quota)

    def delete_quota(self, actor: Subject, holder_kind: HolderKind, holder_id: str) -> None:
        """Remove a quota; the change is in the ledger."""
        self._change_quota(actor, "gateway.quota_removed", holder_kind, holder_id, {}, None)

    def _change_quota(
        self,
        actor: Subject,
        action: str,
        kind: HolderKind,
        holder_id: str,
        detail: Mapping[str, Any],
        quota: Quota | None,
    ) -> None:
        act = Act(actor.id, action, f"{kind}:{holder_id}"[:200], right="model:configure", detail=dict(detail))
        with writing(self._engine) as connection:
            if quota is None:
                store.delete_quota(connection, kind, holder_id)
            else:
                store.save_quota(connection, quota)
            append_acts(connection, self._clock, [(act, None)])
        self.refresh()

    def usage(self, by: UsageGroup, wanted: UsageFilter) -> list[UsageRow]:
        """Usage summed by a group."""
        with reading(self._engine) as connection:
            return store.sum_usage(connection, by, wanted)

    def cascades(self) -> list[Cascade]:
        """Every cascade with its curve."""
        with reading(self._engine) as connection:
            return store.list_cascades(connection)

    def cascade(self, name: str) -> Cascade:
        """One cascade. Raises NoSuchModel."""
        with reading(self._engine) as connection:
            return store.get_cascade(connection, name)

    def cases(self, model: str = "", after: str = "", limit: int = 50) -> list[ModelCase]:
        """Sentences of models that contradicted their clause, newest first; `after` is the id of the last one seen."""
        with reading(self._engine) as connection:
            return store.list_cases(connection, model, after, limit)

    def keep_cases(self, cases: Sequence[ModelCase]) -> None:
        """Keep such sentences."""
        with writing(self._engine) as connection:
            store.add_cases(connection, cases)

    def save_cascade(self, actor: Subject, cascade: Cascade) -> Cascade:
        """Keep a cascade's chosen point with its evidence; the choice is in the ledger."""
        chosen = replace(cascade, chosen_at=self._clock.now(), chosen_by=actor.id)
        act = Act(
            actor.id,
            "gateway.cascade_chosen",
            cascade.name,
            right="model:configure",
            detail={"threshold": cascade.threshold, "cases_sha256": cascade.cases_sha256, "steps": list(cascade.steps)},
        )
        with writing(self._engine) as connection:
            store.save_cascade(connection, chosen)
            append_acts(connection, self._clock, [(act, None)])
        return chosen
