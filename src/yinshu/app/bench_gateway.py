"""`yinshu bench gateway`: the served product, LiteLLM's proxy and a bare proxy before one mock, in one run."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from yinshu.adapters.benches import litellm_proxy
from yinshu.adapters.benches.layers import layers_us
from yinshu.adapters.benches.load import Load, run_load
from yinshu.kernel.base.errors import DependencyDown

ROUNDS = 3
"""Everybody is measured in turn, so that a busy moment of the machine falls on all."""
WARM_UP_REQUESTS = 40
SLOW_SHARE = 10
"""LiteLLM gets a tenth of the requests; a rate does not depend on how long it is measured."""
SINGLE_REQUESTS = 200
MANY_STREAMS = 1_000
READY_SECONDS_MAX = 420
STOP_SECONDS = 10
CHAT = "/v1/chat/completions"
Say = Callable[[str], None]


@dataclass
class _Side:
    """One of the compared: where it listens, its key, its loads."""

    name: str
    url: str
    key: str
    share: int = 1
    pid: int = 0
    whole: list[Load] = field(default_factory=list)
    streams: list[Load] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def rps(self) -> float:
        """Good requests a second, the median of the rounds."""
        return median(load.per_second for load in self.whole)

    def streams_per_second(self) -> float:
        """Good streams a second, the median of the rounds."""
        return median(load.per_second for load in self.streams)

    def cpu_us(self) -> float:
        """Microseconds of its processor time for a whole answer, over all rounds; other programs do not count."""
        return sum(self.seconds) / sum(load.requests for load in self.whole) * 1e6

    def failed(self) -> int:
        """Requests that failed, in all rounds."""
        return sum(load.failed for load in [*self.whole, *self.streams])


def bench_gateway(requests: int, connections: int, litellm_folder: Path, say: Say) -> dict[str, Any]:
    """Measure everybody and compare. Without LiteLLM its figures are None and `skipped` says why."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yinshu-bench-")))
        upstream, _ = _start(stack, folder, "mock", ["-m", "yinshu.adapters.benches.mock_server"])
        sides = {"bare": _bare(stack, folder, upstream)}
        sides["yinshu"] = _ours(stack, folder, upstream)
        skipped = ""
        try:
            sides["litellm"] = _litellm(stack, folder, litellm_folder, upstream, say)
        except litellm_proxy.NotInstalled as reason:
            skipped = f"没有比较 LiteLLM：{reason.args[0]}"
            say(skipped)
        direct = _Side("direct", upstream, "")
        measured = asyncio.run(_measured(sides, direct, requests, connections, say))
        return {**measured, "layers_us": layers_us(), "skipped": skipped}


async def _measured(
    sides: Mapping[str, _Side], direct: _Side, requests: int, connections: int, say: Say
) -> dict[str, Any]:
    for side in sides.values():
        for stream in (False, True):
            warm = await _load(side, WARM_UP_REQUESTS, 4, stream=stream)
            if warm.failed:
                raise DependencyDown(
                    f"{side.name} 预热时有 {warm.failed} 次失败，无法比较。请查看是否有别的程序占满机器。"
                )
    for number in range(ROUNDS):
        for side in sides.values():
            count = max(connections, requests // side.share)
            began = _processor_seconds(side.pid)
            side.whole.append(await _load(side, count, connections, stream=False))
            side.seconds.append(_processor_seconds(side.pid) - began)
            side.streams.append(await _load(side, count, connections, stream=True))
            whole, streams = side.whole[-1].per_second, side.streams[-1].per_second
            say(f"第 {number + 1} 轮 {side.name}：{whole:.0f} 次/秒，{streams:.0f} 路/秒")
    ours = sides["yinshu"]
    alone = {
        name: await _load(one, SINGLE_REQUESTS, 1, stream=False) for name, one in (("direct", direct), ("yinshu", ours))
    }
    many = await _load(ours, 2 * MANY_STREAMS, MANY_STREAMS, stream=True)
    return {
        **_compared(sides),
        "p50_added_ms": round(alone["yinshu"].p50_ms - alone["direct"].p50_ms, 3),
        "p50_ms": round(alone["yinshu"].p50_ms, 3),
        "many_streams": {
            "concurrent": MANY_STREAMS,
            "streams": many.requests,
            "failed": many.failed,
            "per_second": round(many.per_second, 1),
            "p95_ms": round(many.p95_ms, 1),
        },
    }


def _compared(sides: Mapping[str, _Side]) -> dict[str, Any]:
    ours, litellm = sides["yinshu"], sides.get("litellm")
    return {
        "ratio_to_litellm": round(ours.rps() / litellm.rps(), 2) if litellm else None,
        "ratio_stream": round(ours.streams_per_second() / litellm.streams_per_second(), 2) if litellm else None,
        "ratio_cpu": round(litellm.cpu_us() / ours.cpu_us(), 2) if litellm else None,
        "cpu_us": {name: round(side.cpu_us(), 1) for name, side in sides.items()},
        "rps": round(ours.rps(), 1),
        "streams_per_second": round(ours.streams_per_second(), 1),
        "failed": {name: side.failed() for name, side in sides.items()},
        "others": {
            name: {"rps": round(side.rps(), 1), "streams_per_second": round(side.streams_per_second(), 1)}
            for name, side in sides.items()
            if name != "yinshu"
        },
        "rounds": [
            {
                name: [round(side.whole[n].per_second, 1), round(side.streams[n].per_second, 1)]
                for name, side in sides.items()
            }
            for n in range(ROUNDS)
        ],
    }


async def _load(side: _Side, requests: int, connections: int, *, stream: bool) -> Load:
    """One load on one side."""
    return await run_load(side.url + CHAT, side.key, "mock", requests=requests, connections=connections, stream=stream)


def _processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _bare(stack: ExitStack, folder: Path, upstream: str) -> _Side:
    url, pid = _start(stack, folder, "bare", ["-m", "yinshu.adapters.benches.bare_proxy"], after=[upstream])
    return _Side("bare", url, "", pid=pid)


def _ours(stack: ExitStack, folder: Path, upstream: str) -> _Side:
    """The product as `yinshu serve` runs it, on SQLite, with everything on."""
    home = folder / "home"
    environment = {**os.environ, "YINSHU_HOME": str(home), "YINSHU_ASK_PROCESSES": "1", "YINSHU_LOG_LEVEL": "warning"}
    for name in ("YINSHU_DATABASE_URL", "YINSHU_TODAY"):
        environment.pop(name, None)
    add = [
        "models",
        "add",
        f"{upstream}/v1",
        "--name",
        "mock",
        "--stage",
        "approved",
        "--in-flight-max",
        str(2 * MANY_STREAMS),
    ]
    for command in (["init"], add):
        _run([sys.executable, "-m", "yinshu", *command], environment)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "yinshu", "serve", "--port", str(port)]
    pid = stack.enter_context(_process(command, folder / "yinshu.log", environment))
    _wait(f"{url}/v1/models", "yinshu", folder / "yinshu.log")
    return _Side("yinshu", url, (home / "token").read_text("ascii").strip(), pid=pid)


def _litellm(stack: ExitStack, folder: Path, environment_folder: Path, upstream: str, say: Say) -> _Side:
    if not (environment_folder / "bin" / "litellm").exists():
        say("正在安装 LiteLLM（独立的临时环境，需要几分钟）……")
    command = litellm_proxy.install(environment_folder)
    config = litellm_proxy.write_config(folder / "litellm.yaml", upstream)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    line = [str(command), "--config", str(config), "--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"]
    quiet = {**os.environ, "LITELLM_LOG": "ERROR", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    pid = stack.enter_context(_process(line, folder / "litellm.log", quiet))
    try:
        _wait(f"{url}/health/liveliness", "litellm", folder / "litellm.log")
    except DependencyDown as error:
        raise litellm_proxy.NotInstalled(error.message) from None
    return _Side("litellm", url, litellm_proxy.KEY, share=SLOW_SHARE, pid=pid)


def _start(
    stack: ExitStack, folder: Path, name: str, module: list[str], after: list[str] | None = None
) -> tuple[str, int]:
    port = _free_port()
    command = [sys.executable, *module, str(port), *(after or [])]
    pid = stack.enter_context(_process(command, folder / f"{name}.log", dict(os.environ)))
    url = f"http://127.0.0.1:{port}"
    _wait(url, name, folder / f"{name}.log", any_answer=True)
    return url, pid


@contextmanager
def _process(command: list[str], log_file: Path, environment: Mapping[str, str]) -> Iterator[int]:
    with log_file.open("wb") as log:
        # The commands are put together here, from our own modules and the environment made for the comparison.
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)  # noqa: S603
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)  # noqa: S603
    if done.returncode != 0:
        raise DependencyDown(f"评测准备失败：{' '.join(command[2:4])}。{done.stderr.strip()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, name: str, log_file: Path, *, any_answer: bool = False) -> None:
    """Until it answers (with `any_answer`: until it takes connections). Raises DependencyDown with its last words."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    host, port = url.removeprefix("http://").split("/")[0].split(":")
    while time.monotonic() < deadline:
        try:
            if any_answer:
                socket.create_connection((host, int(port)), timeout=1).close()
            else:
                urllib.request.urlopen(url, timeout=2).close()  # noqa: S310
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    tail = log_file.read_text("utf-8", "replace")[-300:]
    raise DependencyDown(f"{name} 没有在 {READY_SECONDS_MAX} 秒内启动，无法评测。", detail=tail)
