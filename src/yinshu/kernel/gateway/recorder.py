"""Writes calls into the ledger and the usage table, many in one durable commit; a caller waits for its own."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass

import structlog

from yinshu.kernel.audit.origin import current_origin
from yinshu.kernel.audit.records import Act, Json, Origin
from yinshu.kernel.audit.store import append_acts
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Engine, writing
from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.gateway import store
from yinshu.kernel.gateway.records import Call, GuardWord

log = structlog.get_logger("yinshu.gateway")

BATCH_CALLS_MAX = 256
CROWD_CALLS = 4
GATHER_SECONDS = 0.01
"""After a commit of a crowd the next waits this long for more calls: what a commit costs is then shared by many."""
WAITING_CALLS_MAX = 20_000
LEDGER_DOWN = "台账暂时无法写入，为保证有据可查，本次模型调用已中止。请稍后重试，并通知系统管理员检查数据库。"


@dataclass(frozen=True, slots=True)
class _Order:
    call: Call
    opening: bool
    origin: Origin | None
    loop: asyncio.AbstractEventLoop | None
    done: asyncio.Future[None] | None


class Recorder:
    """One thread of its own, started at the first call. No record, no effect: what is not durable is not shown."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.written = 0

    async def record(self, call: Call, *, opening: bool = False) -> None:
        """Return when the call is durable. `opening` says that its stream is about to begin (no usage row yet).

        Raises DependencyDown when the ledger cannot be written.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._put(_Order(call, opening, current_origin(), loop, done))
        await done

    def note(self, call: Call) -> None:
        """Record a call whose caller has gone; nobody waits."""
        self._put(_Order(call, False, current_origin(), None, None))

    def _put(self, order: _Order) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="gateway-recorder", daemon=True)
                    self._thread.start()
        if self._orders.qsize() >= WAITING_CALLS_MAX:
            raise DependencyDown(LEDGER_DOWN, detail="queue full")
        self._orders.put(order)

    def close(self) -> None:
        """Write what waits, then end."""
        if self._thread is not None:
            self._orders.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        batch: list[_Order] = []
        while (first := self._orders.get()) is not None:
            if len(batch) >= CROWD_CALLS and self._orders.qsize() < BATCH_CALLS_MAX:
                time.sleep(GATHER_SECONDS)
            batch = [first]
            ending = False
            while len(batch) < BATCH_CALLS_MAX and not ending:
                try:
                    order = self._orders.get_nowait()
                except queue.Empty:
                    break
                ending = order is None
                if order is not None:
                    batch.append(order)
            self._commit(batch)
            if ending:
                return

    def _commit(self, batch: list[_Order]) -> None:
        failure: DependencyDown | None = None
        try:
            with writing(self._engine) as connection:
                closed = [order.call for order in batch if not order.opening]
                store.add_usage(connection, closed, self._clock.now(), self._clock.today())
                append_acts(
                    connection, self._clock, [(act_of(one.call, opening=one.opening), one.origin) for one in batch]
                )
        except Exception as error:  # whatever the database says, every caller is told the same
            log.error("gateway.not_recorded", calls=len(batch), exc_info=error)
            failure = DependencyDown(LEDGER_DOWN, detail=type(error).__name__)
        else:
            self.written += len(batch)
        waiting: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = defaultdict(list)
        for order in batch:
            if order.loop is not None and order.done is not None:
                waiting[order.loop].append(order.done)
        for loop, futures in waiting.items():
            # A loop that closes meanwhile has nobody left who waits; the thread must live on for the others.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_tell, futures, failure)


def _tell(futures: list[asyncio.Future[None]], failure: DependencyDown | None) -> None:
    for future in futures:
        if future.done():
            continue
        if failure is None:
            future.set_result(None)
        else:
            future.set_exception(failure)


def act_of(call: Call, *, opening: bool = False) -> Act:
    """A call as the ledger keeps it: digests and figures, no words of the prompt or the answer."""
    detail: dict[str, Json] = {
        "application": call.caller.application,
        "department": call.caller.subject.department,
        "data_level": call.caller.data_level,
        "capability": call.capability,
        "endpoint": call.endpoint_id,
        "prompt_digest": call.prompt_sha256,
    }
    if opening:
        return Act(
            call.caller.subject.id,
            "gateway.stream_opened",
            call.id,
            right="model:use",
            model=call.model,
            prompt_version=call.prompt_version,
            guard=_guard_lines("in", call.verdict_in),
            detail=detail,
        )
    detail |= {
        "status": call.status,
        "streamed": call.streamed,
        "attempts": call.attempts,
        "tokens_estimated": call.tokens.estimated,
        "latency_ms": round(call.latency_ms, 1),
    }
    if call.error:
        detail["error"] = call.error
    in_cny = call.currency == "CNY"
    if not in_cny:
        detail["cost"] = f"{call.cost} {call.currency}"
    return Act(
        call.caller.subject.id,
        f"gateway.{'called' if call.status == 'ok' else call.status}",
        call.id,
        right="model:use",
        model=call.model,
        prompt_version=call.prompt_version,
        guard=(*_guard_lines("in", call.verdict_in), *_guard_lines("out", call.verdict_out)),
        tokens_in=call.tokens.input,
        tokens_out=call.tokens.output,
        cost_cny=str(call.cost) if in_cny and call.cost else "",
        result_digest=call.result_sha256,
        detail=detail,
    )


def _guard_lines(side: str, word: GuardWord) -> tuple[str, ...]:
    if not word.policy:
        return ()
    return tuple(f"{side}:{word.policy}:{rule}:{word.action}" for rule in word.rules or ("none",))
