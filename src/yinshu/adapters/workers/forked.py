"""Processes forked from a warm server, because one Python process computes only one answer at a time.

They share what the parent has loaded (model, index) page by page, read the database by connections of their own and
write nothing. They end when the parent does: their pipe closes.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Literal

import structlog

from yinshu.kernel.base.errors import YinshuError

log = structlog.get_logger("yinshu.workers")

Tell = Callable[[Any], None]
"""Sends an interim message to whoever waits for the result."""
Work = Callable[[Any, Tell], Any]
"""What a worker does with a request; request, messages and result must be picklable."""
_Kind = Literal["told", "done", "refused", "crashed"]


class WorkerLost(Exception):
    """The worker died while it worked, or none is left; the work may be done again elsewhere."""


class _Crashed(Exception):
    """Something that the worker did not expect; `args` name the type and the place, not the words."""


class ForkedWorkers:
    """Hands requests to free workers. Fork before any thread is started; call from any thread."""

    def __init__(self, count: int, work: Work) -> None:
        """The caller has closed what two processes must not share, above all its connections to the database."""
        self._free: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        for _ in range(count):
            worker = _fork(work, [one.pipe for one in self._workers])
            self._workers.append(worker)
            self._free.put(worker)

    def run(self, request: Any, tell: Tell, timeout_seconds: float) -> Any:
        """The result of the work; interim messages go to `tell`.

        Raises the YinshuError that the work raised, WorkerLost when it should be done elsewhere.
        """
        worker = self._take(timeout_seconds)
        try:
            result = worker.run(request, tell, timeout_seconds)
        except WorkerLost:
            worker.end()
            log.error("worker.lost", pid=worker.pid)
            raise
        except BaseException:
            self._give_back(worker)
            raise
        self._give_back(worker)
        return result

    def _take(self, timeout_seconds: float) -> _Worker:
        if not any(worker.alive for worker in self._workers):
            raise WorkerLost
        try:
            return self._free.get(timeout=timeout_seconds)
        except queue.Empty:
            raise WorkerLost from None

    def _give_back(self, worker: _Worker) -> None:
        if worker.alive:
            self._free.put(worker)

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.end()


class _Worker:
    """The parent's end of one worker."""

    def __init__(self, pid: int, pipe: Connection) -> None:
        self.pid = pid
        self.pipe = pipe
        self.alive = True

    def run(self, request: Any, tell: Tell, timeout_seconds: float) -> Any:
        """Send, pass on what it tells, return what it gives."""
        try:
            self.pipe.send(request)
            while True:
                if not self.pipe.poll(timeout_seconds):
                    raise WorkerLost
                kind, content = self.pipe.recv()
                if kind != "told":
                    break
                tell(content)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise WorkerLost from error
        if kind == "refused":
            assert isinstance(content, YinshuError)
            raise content
        if kind == "crashed":
            raise _Crashed(content)
        return content

    def end(self) -> None:
        """Close the pipe and reap the process; one that does not heed it is killed."""
        if not self.alive:
            return
        self.alive = False
        self.pipe.close()
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def _fork(work: Work, others: list[Connection]) -> _Worker:
    mine, its = Pipe()
    pid = os.fork()
    if pid:
        its.close()
        return _Worker(pid, mine)
    status = 1
    try:
        # The ends of the other pipes would keep their workers alive after the parent.
        for pipe in (mine, *others):
            pipe.close()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        _serve(its, work)
        status = 0
    finally:
        # Never back into the parent's stack: its cleaning up is not ours to do.
        os._exit(status)


def _serve(pipe: Connection, work: Work) -> None:
    """Work until the parent closes the pipe."""

    def send(kind: _Kind, content: Any) -> None:
        pipe.send((kind, content))

    while True:
        try:
            request = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            result = work(request, lambda message: send("told", message))
        except YinshuError as error:
            send("refused", error)
        except Exception as error:
            log.error("worker.crashed", exc_info=error)
            send("crashed", type(error).__name__)
        else:
            send("done", result)
