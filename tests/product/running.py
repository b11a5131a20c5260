"""The product as a user has it: commands in processes of their own, and a server with its local socket."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

YINSHU = Path(sys.executable).with_name("yinshu")
COLLECTION = "试验"
COMMAND_SECONDS = 240
START_SECONDS = 120
STOP_SECONDS = 60
TODAY = "2026-11-22"

DOCUMENTS = {
    "现金管理办法.txt": (
        "单位现金管理办法\n"
        "第一条 为加强现金管理，制定本办法。\n"
        "第二条 单位卡账户的资金一律从其基本存款账户转账存入，单位卡不得支取现金。\n"
        "第三条 单位支取现金超过十万元的，应当至少提前一个工作日预约。\n"
        "第四条 本办法自2020年1月1日起施行。\n"
    ),
    "账户年检办法.txt": (
        "银行结算账户年检办法\n"
        "第一条 单位银行结算账户每年年检一次，年检期限为每年三月一日至五月三十一日。\n"
        "第二条 年检时单位应当提交营业执照和法定代表人身份证件。\n"
        "第三条 本办法自2021年7月1日起施行。\n"
    ),
}


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The variables of a command on this data folder."""
    return {**os.environ, "YINSHU_HOME": str(home), "YINSHU_TODAY": TODAY, "YINSHU_PORT": "0", **settings}


@dataclass(frozen=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object of its standard output."""
        (line,) = self.out.splitlines()
        return dict(json.loads(line))


def yinshu(home: Path, *arguments: str, before: Sequence[str] = (), **settings: str) -> Done:
    """Run a command to its end."""
    done = subprocess.run(
        [*before, str(YINSHU), *arguments],
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Server:
    """A running server; `log` is its standard error."""

    url: str
    token: str
    log: Path


@contextmanager
def serving(home: Path, log: Path, **settings: str) -> Iterator[Server]:
    """Serve until the block ends; the server must then stop by itself at SIGTERM."""
    with log.open("w") as err:
        process = subprocess.Popen([str(YINSHU), "serve"], env=environment(home, **settings), stderr=err)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not (found := re.search(r"http://\S+?:\d+", log.read_text())):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)
            yield Server(found[0], (home / "token").read_text().strip(), log)
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOP_SECONDS) == 0, log.read_text()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(STOP_SECONDS)
