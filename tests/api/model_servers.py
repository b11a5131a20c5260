"""A model desk whose servers are played by functions, so that no test needs a network."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tests.conftest import TinyEmbedder
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.gateway.call import Gateway
from yinshu.kernel.gateway.desk import ModelDesk
from yinshu.kernel.gateway.keys import load_key_ring
from yinshu.kernel.gateway.other import OtherCalls
from yinshu.kernel.gateway.ports import Reply, Target
from yinshu.kernel.gateway.quota import QuotaBook
from yinshu.kernel.gateway.recorder import Recorder
from yinshu.kernel.gateway.records import Endpoint, Model
from yinshu.kernel.gateway.registry import Registry
from yinshu.kernel.gateway.replicas import Replicas
from yinshu.kernel.gateway.screen import Screen
from yinshu.kernel.gateway.send import Sender
from yinshu.kernel.guard import default_guard

Answer = Callable[[str, dict[str, Any]], tuple[int, Any]]
"""Plays a server: URL and request in, status and JSON (or a list of events to stream) out; may raise Unreachable."""

BUILTIN = Model(
    id="builtin-tiny",
    name="tiny",
    kind="builtin",
    capabilities=("embed", "rerank"),
    data_level_max=5,
    customer_level_max=3,
    stage="approved",
)


def says(text: str, *, prompt_tokens: int = 7, completion_tokens: int = 5) -> Answer:
    """A server that always says the same."""
    usage = {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}

    def answer(_url: str, request: dict[str, Any]) -> tuple[int, Any]:
        if request.get("stream"):
            chunks: list[dict[str, Any]] = [
                {"id": "c", "choices": [{"index": 0, "delta": {"content": text[at : at + 3]}, "finish_reason": None}]}
                for at in range(0, len(text), 3)
            ]
            end = {"id": "c", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
            return 200, [*chunks, end, {"id": "c", "choices": [], "usage": usage}]
        message = {"role": "assistant", "content": text}
        return 200, {"id": "c", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage}

    return answer


class PlayedServers:
    """An `Upstream` without a network. `asked` keeps what was sent, `open_streams` how many are being read."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.targets: list[Target] = []
        self.open_streams = 0
        self.left_early = 0

    async def post(self, target: Target, path: str, body: bytes, timeout_s: float) -> Reply:
        status, content = self._ask(target, path, json.loads(body))
        return Reply(status, json.dumps(content).encode())

    @asynccontextmanager
    async def stream(
        self, target: Target, path: str, body: bytes, timeout_s: float
    ) -> AsyncIterator[tuple[int, AsyncIterator[bytes]]]:
        status, content = self._ask(target, path, json.loads(body))
        self.open_streams += 1
        ended: list[bool] = []
        try:
            yield status, _events(content, ended) if status < 400 else _once(content)
        finally:
            self.open_streams -= 1
            self.left_early += 0 if ended else 1

    async def upload(
        self, target: Target, path: str, fields: Sequence[tuple[str, str]], file: tuple[str, bytes], timeout_s: float
    ) -> Reply:
        status, content = self._ask(target, path, {**dict(fields), "file": file[0]})
        return Reply(status, json.dumps(content).encode())

    async def probe(self, target: Target, timeout_s: float) -> bool:
        return True

    async def close(self) -> None:
        pass

    def _ask(self, target: Target, path: str, request: dict[str, Any]) -> tuple[int, Any]:
        self.asked.append((target.url, path, request))
        self.targets.append(target)
        return self.answer(target.url, request)


async def _events(content: Sequence[Any], ended: list[bool]) -> AsyncIterator[bytes]:
    for event in content:
        if isinstance(event, Exception):
            raise event
        yield f"data: {json.dumps(event)}\n\n".encode()
    ended.append(True)
    yield b"data: [DONE]\n\n"


async def _once(content: Any) -> AsyncIterator[bytes]:
    yield json.dumps(content).encode()


def make_model_desk(
    engine: Engine, clock: Clock, home: Path, servers: PlayedServers | None = None, replicas: Replicas | None = None
) -> ModelDesk:
    """A desk on an engine that has its tables."""
    registry = Registry(engine, clock, load_key_ring(home), [BUILTIN])

    async def resolve(_model: Model, endpoint: Endpoint) -> Target:
        return Target(endpoint.url, registry.key_of(endpoint))

    sender = Sender(servers or PlayedServers(says("好的。")), replicas or Replicas(), resolve)
    gateway = Gateway(
        registry,
        sender,
        QuotaBook(clock.today, lambda: clock.now().timestamp()),
        Screen(default_guard),
        Recorder(engine, clock),
    )
    desk = ModelDesk(engine, clock, gateway, OtherCalls(gateway, TinyEmbedder()), resolve)
    desk.refresh()
    return desk
