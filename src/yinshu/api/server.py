"""Serves the API on a network address and on the data folder's unix socket, until a signal stops it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from yinshu.kernel.base.errors import BadArgument, DependencyDown

log = structlog.get_logger("yinshu.server")

BACKLOG = 2_048
KEEP_ALIVE_SECONDS = 30
STOP_SECONDS = 15
CONNECTIONS_MAX = 4_096
UNIX_PATH_BYTES_MAX = 107


@dataclass(frozen=True)
class Address:
    """Where to listen. `port` 0 lets the system choose."""

    host: str
    port: int
    socket_file: Path
    connections_max: int = CONNECTIONS_MAX


def serve_until_stopped(api: FastAPI, address: Address, on_ready: Callable[[str], None]) -> None:
    """Serve; `on_ready` gets the URL once requests are answered. Raises DependencyDown when the port is taken."""
    network = _listen_on_network(address)
    try:
        local = _listen_on_unix(address.socket_file)
    except BaseException:
        network.close()
        raise
    own = address.socket_file.stat().st_ino
    host, port = network.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    # uvicorn stops in an orderly way at these signals and then raises them again, for us to ignore.
    handlers = {number: signal.signal(number, _ignore) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        config = _server_config(api, address.connections_max)
        server = _AnnouncingServer(config, lambda: on_ready(url))
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(server.serve(sockets=[network, local]))
        log.info("server.stopped")
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        network.close()
        local.close()
        _leave(address.socket_file, own)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Nothing is left to do: the server has stopped."""


def _server_config(api: FastAPI, connections_max: int) -> uvicorn.Config:
    return uvicorn.Config(
        api,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=connections_max,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


class _AnnouncingServer(uvicorn.Server):
    """Tells when requests are answered."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            log.info("server.started")
            self._on_ready()


def _listen_on_network(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address.host, address.port))
    except OSError as error:
        listening.close()
        message = f"无法监听 {address.host}:{address.port}，可能已被占用。请用 --port 换一个端口，或停止占用它的程序。"
        raise DependencyDown(message, detail=error.strerror or "") from None
    listening.listen(BACKLOG)
    return listening


def _leave(path: Path, inode: int) -> None:
    """Remove our socket, not that of a server which started after us and shares the folder."""
    try:
        if path.stat().st_ino == inode:
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return


def _listen_on_unix(path: Path) -> socket.socket:
    """A socket only its owner can open, in the place of one that a dead server left behind.

    On PostgreSQL a living server may share the folder: commands then go to whoever started last.
    """
    if len(os.fsencode(path)) > UNIX_PATH_BYTES_MAX:
        raise BadArgument(f"数据文件夹的路径太长（{path}），请把 YINSHU_HOME 设为较短的路径。")
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        listening.bind(str(path))
    finally:
        os.umask(mask)
    listening.listen(BACKLOG)
    return listening
