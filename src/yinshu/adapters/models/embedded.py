"""The embedded llama.cpp: a process of its own, started when first needed and again when it dies."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from yinshu.kernel.gateway.errors import BadModel, ModelDown

log = structlog.get_logger("yinshu.models")

START_SECONDS_MAX = 180
RESTART_PAUSES_SECONDS = (0.0, 1.0, 5.0, 15.0, 60.0)
"""How long to wait before the next start, by the number of deaths in a row."""
STABLE_SECONDS = 120
"""A process that lived this long starts the count of deaths anew."""
KEY_BYTES = 24
STOP_SECONDS = 5


@dataclass(frozen=True)
class EmbeddedOptions:
    """Which weights to serve and with how much of the machine."""

    path: Path
    threads: int
    context_tokens: int
    slots: int = 2


@dataclass(frozen=True)
class Running:
    """Where the process listens, and the key that it wants."""

    url: str
    key: str


class EmbeddedRuntime:
    """Keeps the process alive. `running` may be called from any thread and blocks while the weights are loaded."""

    def __init__(self, options: EmbeddedOptions) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._running: Running | None = None
        self._started_at = 0.0
        self._deaths = 0
        self._closed = False

    def running(self) -> Running:
        """The address of a living process. Raises BadModel without weights, ModelDown when it does not start."""
        with self._lock:
            if self._closed:
                raise ModelDown("服务正在停止，内置模型已关闭，请稍后重试。")
            if self._process is not None and self._process.poll() is not None:
                self._count_death(self._process.returncode)
            if self._process is None or self._running is None:
                self._start()
            assert self._running is not None
            return self._running

    @property
    def pid(self) -> int | None:
        """The process, when one lives."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def _count_death(self, status: int) -> None:
        lived = time.monotonic() - self._started_at
        self._deaths = 1 if lived >= STABLE_SECONDS else self._deaths + 1
        log.error("embedded.died", status=status, lived_s=round(lived), deaths=self._deaths)
        if self._process is not None:
            _discard(self._process)
        self._process, self._running = None, None

    def _start(self) -> None:
        if not self._options.path.is_file():
            raise BadModel(
                "内置模型的权重文件不在。请先执行 yinshu models pull，或用 yinshu models add 登记一个 GGUF 文件。"
            )
        pause = RESTART_PAUSES_SECONDS[min(self._deaths, len(RESTART_PAUSES_SECONDS) - 1)]
        if time.monotonic() - self._started_at < pause:
            raise ModelDown("内置模型刚刚异常退出，正在等待重新启动，请稍后重试。")
        self._started_at = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "yinshu.adapters.models.embedded_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        key = secrets.token_urlsafe(KEY_BYTES)
        try:
            address = self._hand_over(process, key)
        except BaseException:
            process.kill()
            _discard(process)
            self._deaths += 1
            raise
        self._process, self._running = process, Running(f"{address}/v1", key)
        log.info("embedded.started", pid=process.pid, seconds=round(time.monotonic() - self._started_at, 1))

    def _hand_over(self, process: subprocess.Popen[str], key: str) -> str:
        options = self._options
        order = {
            "path": str(options.path),
            "threads": options.threads,
            "context_tokens": options.context_tokens,
            "slots": options.slots,
            "key": key,
        }
        assert process.stdin is not None
        assert process.stdout is not None
        timer = threading.Timer(START_SECONDS_MAX, process.kill)
        timer.start()
        try:
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        finally:
            timer.cancel()
        answer = json.loads(line) if line.startswith("{") else {}
        if "address" not in answer:
            raise ModelDown(
                "内置模型没有启动成功。请确认权重文件完整、内存足够（约 2 GB），再重试。",
                detail=str(answer.get("error", "no answer"))[:200],
            )
        return str(answer["address"])

    def close(self) -> None:
        """End the process: its standard input closes, and one that does not heed it is killed."""
        with self._lock:
            self._closed = True
            process, self._process, self._running = self._process, None, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        _discard(process)


def _discard(process: subprocess.Popen[str]) -> None:
    """Reap a process that has ended or was killed, and close its pipes."""
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # What is left in a pipe whose reader is gone cannot be written any more.
            with contextlib.suppress(OSError):
                pipe.close()


def default_threads() -> int:
    """All processors but one, at least one."""
    return max(1, (os.cpu_count() or 2) - 1)
