"""Group commit: one thread writes the effects and records of many callers in one transaction, then tells them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from yinshu.kernel.audit.chain import canonical
from yinshu.kernel.audit.errors import LedgerBusy, LedgerClosed
from yinshu.kernel.audit.origin import current_origin
from yinshu.kernel.audit.ports import MaskText
from yinshu.kernel.audit.records import Act, Origin
from yinshu.kernel.audit.store import append_acts
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, writing

BATCH_ACTS_MAX = 256
WAITING_ACTS_MAX = 10_000
Result = TypeVar("Result")
Effect = Callable[[Connection], Result]


@dataclass(frozen=True)
class _Order:
    act: Act
    origin: Origin | None
    effect: Effect[Any] | None
    done: Future[Any]


class LedgerWriter:
    """Writes acts durably, many in one commit. Any thread may call it; it starts its own thread at the first act.

    An effect runs in the same transaction as its record: if it fails, it alone is undone and its record is not
    written. The others of its group are then run again, so an effect must touch nothing but the database. Nobody is
    told of success before the commit has reached the disk.
    """

    def __init__(self, engine: Engine, clock: Clock, mask: MaskText | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._mask = mask
        self._orders: queue.Queue[_Order | None] = queue.Queue(WAITING_ACTS_MAX)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, act: Act, effect: Effect[Result] | None = None) -> Future[Result | None]:
        """Queue an act; the future holds what `effect` gave, once both are durable, or what went wrong.

        Raises LedgerBusy when too many acts wait, LedgerClosed after `close`.
        """
        done: Future[Result | None] = Future()
        order = _Order(self.masked(act), current_origin(), effect, done)
        with self._lock:
            if self._closed:
                raise LedgerClosed("台账已停止写入，服务正在关闭，请稍后重试。")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
                self._thread.start()
            try:
                self._orders.put_nowait(order)
            except queue.Full:
                raise LedgerBusy("等待写入台账的操作太多，请过几秒再试。") from None
        return done

    def write(self, act: Act, effect: Effect[Result] | None = None) -> Result | None:
        """`submit` and wait until it is durable. Raises what the effect or the database raised."""
        return self.submit(act, effect).result()

    def masked(self, act: Act) -> Act:
        """The act with its free text masked and moved into its detail."""
        if not act.content:
            return act
        mask = self._mask or (lambda text: text)
        content = {name: mask(text) for name, text in act.content.items()}
        return Act(**{**vars(act), "content": {}, "detail": {**act.detail, "content": dict(content)}})

    def close(self) -> None:
        """Write what waits, then end."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._orders.put(None)
            thread.join()

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            self._commit(batch)

    def _next_batch(self) -> list[_Order] | None:
        first = self._orders.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < BATCH_ACTS_MAX:
            try:
                order = self._orders.get_nowait()
            except queue.Empty:
                break
            if order is None:
                self._orders.put_nowait(None)
                break
            batch.append(order)
        return batch

    def _commit(self, batch: list[_Order]) -> None:
        try:
            outcomes = self._write(batch, apart=False)
        except Exception:  # noqa: BLE001 # one act of the batch fails: written again, each for itself, to find which
            try:
                outcomes = self._write(batch, apart=True)
            except Exception as error:  # noqa: BLE001 # nothing was written; every caller is told
                outcomes = [error] * len(batch)
        for order, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Exception):
                order.done.set_exception(outcome)
            else:
                order.done.set_result(outcome)

    def _write(self, batch: list[_Order], *, apart: bool) -> list[Any]:
        """What each effect gave, or with `apart` the exception that it raised behind its own savepoint."""
        with writing(self._engine) as connection:
            outcomes = [_run_apart(connection, one) if apart else _run(connection, one.effect) for one in batch]
            written = [
                (order.act, order.origin)
                for order, outcome in zip(batch, outcomes, strict=True)
                if not isinstance(outcome, Exception)
            ]
            append_acts(connection, self._clock, written)
        return outcomes


def _run(connection: Connection, effect: Effect[Any] | None) -> Any:
    return None if effect is None else effect(connection)


def _run_apart(connection: Connection, order: _Order) -> Any:
    try:
        canonical(order.act.payload())
        with connection.begin_nested():
            return _run(connection, order.effect)
    except Exception as error:  # noqa: BLE001 # handed to the caller, whose effect it is
        return error
