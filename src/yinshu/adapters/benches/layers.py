"""What each layer of a call costs by itself: microseconds of processor time, in this process, on texts that differ."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import open_engine
from yinshu.kernel.base.migrate import upgrade
from yinshu.kernel.gateway.prepare import Task, digest
from yinshu.kernel.gateway.quota import QuotaBook
from yinshu.kernel.gateway.recorder import Recorder
from yinshu.kernel.gateway.records import Caller, Model, Tokens
from yinshu.kernel.gateway.screen import Screen
from yinshu.kernel.guard import default_guard
from yinshu.kernel.identity import local_operator

TURNS = 200
RECORDED = 640
CALLERS = 64
ASKED = "请问单位卡能不能支取现金？这是我行第{}号咨询，客户经理想了解办理流程和所依据的制度条款。"
SAID = "根据规定，单位卡一律不得支取现金，其账户资金一律从基本存款账户转账存入（第{}号）。"


def layers_us() -> dict[str, float]:
    """Microseconds a call spends in each layer; `record` is its share of a group commit under 64 callers."""
    numbers = itertools.count()
    screen, quotas, caller = Screen(default_guard), QuotaBook(Clock().today), Caller(local_operator())
    inward = screen.inward([{"role": "user", "content": "预热"}], "")
    tokens = {b"0" * 16: caller}
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": ASKED}]}, ensure_ascii=False).encode()

    def authenticate() -> None:
        tokens.get(hashlib.blake2b(b"ysk_0123456789abcdef", digest_size=16).digest())

    def admit() -> None:
        quotas.admit(caller, stream=False)
        quotas.settle(caller, 80, stream=False)

    def guard_in() -> None:
        screen.inward([{"role": "user", "content": ASKED.format(next(numbers))}], "")

    def guard_out() -> None:
        screen.outward("", inward).whole(SAID.format(next(numbers)))

    def read_and_digest() -> None:
        digest(json.loads(body)["messages"])

    return {
        "authenticate": _each(authenticate),
        "quota": _each(admit),
        "guard_in": _each(guard_in),
        "guard_out": _each(guard_out),
        "json_and_digest": _each(read_and_digest),
        "record": asyncio.run(_record_us(caller)),
    }


def _each(work: Callable[[], None]) -> float:
    work()
    # Processor time, so that other programs on the machine do not count.
    started = time.thread_time()
    for _ in range(TURNS):
        work()
    return round((time.thread_time() - started) / TURNS * 1e6, 1)


async def _record_us(caller: Caller) -> float:
    model = Model("mod_1", "m", "openai", ("chat",))
    with tempfile.TemporaryDirectory(prefix="yinshu-bench-") as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        upgrade(engine)
        recorder = Recorder(engine, Clock())
        left = itertools.repeat(None, RECORDED)

        async def one_caller() -> None:
            for _ in left:
                await recorder.record(Task(caller, "chat", (model,), False, tokens=Tokens(48, 32)).call("ok"))

        started = time.process_time()
        await asyncio.gather(*(one_caller() for _ in range(CALLERS)))
        seconds = time.process_time() - started
        recorder.close()
        engine.dispose()
    return round(seconds / RECORDED * 1e6, 1)
