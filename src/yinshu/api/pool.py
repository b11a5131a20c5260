"""A bounded pool of threads for questions: so many in work, so many waiting, and no more."""

from __future__ import annotations

import asyncio
import contextvars
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from yinshu.api.errors import TooBusy, TooSlow
from yinshu.api.metrics import ASKS_WAITING

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class WorkPool:
    """Runs blocking work off the event loop, first come first served.

    Few threads are best: the work is Python's own, so that more threads only take turns more often.
    """

    def __init__(self, *, threads: int, queue_max: int, timeout_seconds: float) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="ask")
        self._unfinished_max = threads + queue_max
        self._timeout_seconds = timeout_seconds
        self._unfinished = 0

    async def run(
        self, work: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Result:
        """The result of `work`. Raises TooBusy when the queue is full, TooSlow when waiting and work took too long."""
        if self._unfinished >= self._unfinished_max:
            raise TooBusy("现在提问的人太多，请过几秒再试。")
        self._count(+1)
        future = self._executor.submit(contextvars.copy_context().run, functools.partial(work, *arguments, **named))
        loop = asyncio.get_running_loop()
        # Counted down when the thread is done, not when the caller stops waiting: abandoned work still takes a thread.
        future.add_done_callback(lambda _: _call_on(loop, functools.partial(self._count, -1)))
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise TooSlow("这个问题没有在限定时间内答完，请稍后再试，或把问题问得更具体。") from None

    def _count(self, change: int) -> None:
        self._unfinished += change
        ASKS_WAITING.set(self._unfinished)

    def close(self) -> None:
        """Let the work under way end; what waits is dropped."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def _call_on(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
