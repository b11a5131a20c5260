"""A server of its own for a bench: started on a free port, asked over HTTP, stopped at the end."""

from __future__ import annotations

import http.client
import json
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
YINSHU = Path(sys.executable).with_name("yinshu")
START_SECONDS = 180
STOP_SECONDS = 30
ASK_SECONDS = 60


def shared_folder() -> Path:
    """The shared material; SystemExit with the remedy where there is none."""
    folder = Path(os.environ.get("YINSHU_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        raise SystemExit(f"no shared material at {folder}: set YINSHU_SHARED")
    return folder


def read_questions(path: Path) -> list[dict[str, Any]]:
    """The cases of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 1) if ordered else math.nan


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum, in the unit of the values."""
    return {"p50": percentile(values, 0.5), "p95": percentile(values, 0.95), "max": percentile(values, 1.0)}


def run_yinshu(home: Path, *arguments: str) -> dict[str, Any]:
    """Run a command with --json; its JSON. SystemExit with its error when it fails."""
    done = subprocess.run(
        [str(YINSHU), *arguments, "--json"],
        env={**os.environ, "YINSHU_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"yinshu {' '.join(arguments[:2])}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout))


@dataclass(frozen=True)
class Server:
    """A running server."""

    home: Path
    pid: int
    host: str
    port: int
    token: str

    def connect(self) -> http.client.HTTPConnection:
        """A connection that may be kept for many questions."""
        return http.client.HTTPConnection(self.host, self.port, timeout=ASK_SECONDS)

    def post(self, connection: http.client.HTTPConnection, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON of a POST; RuntimeError when it is not a success."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        content = json.loads(response.read())
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {content}")
        return dict(content)

    def memory_mb(self) -> dict[str, float]:
        """Resident memory of the server itself, without its workers, now and at its highest."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        now, highest = (int(re.findall(rf"{name}:\s+(\d+)", status)[0]) / 1024 for name in ("VmRSS", "VmHWM"))
        return {"resident": round(now, 1), "resident_max": round(highest, 1)}


@contextmanager
def running_server(home: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start `yinshu serve` on a free port of loopback; stop it when the block ends."""
    log = (home / "bench-server.log").open("w+")
    process = subprocess.Popen(
        [str(YINSHU), "serve", "--host", "127.0.0.1", "--port", "0"],
        env={**os.environ, **(settings or {}), "YINSHU_HOME": str(home), "YINSHU_LOG_LEVEL": "warning"},
        stdout=subprocess.DEVNULL,
        stderr=log,
    )
    try:
        url = urlsplit(_wait_for_url(process, home / "bench-server.log"))
        token = (home / "token").read_text("ascii").strip()
        yield Server(home, process.pid, str(url.hostname), int(url.port or 0), token)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)
        log.close()


def _wait_for_url(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"(http://\S+:\d+)", log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise SystemExit(f"the server did not start:\n{log.read_text()[-2000:]}")
