"""Opening the data folder and the platform in it, for one command or for a server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yinshu.api import operations
from yinshu.api.platform import Platform
from yinshu.app.desk import keeping_days
from yinshu.app.wire import wire
from yinshu.kernel.audit.origin import coming_from
from yinshu.kernel.audit.records import Origin
from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.base.lock import make_home, own_folder
from yinshu.kernel.base.logs import configure_logs
from yinshu.kernel.identity.office import FIRST_LOGIN

if TYPE_CHECKING:
    from yinshu.settings import Settings

NOT_CREATED = "数据文件夹 {home} 还没有建立，请先执行 yinshu init（或 yinshu init --sample）。"


@dataclass(frozen=True)
class Application:
    """A wired platform in this process; the command line's door when no server runs."""

    platform: Platform

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Run an operation of `yinshu.api.operations` as the local operator."""
        with coming_from(Origin(channel="cli")):
            return operations.call(self.platform, self.platform.operator, operation, request)


@contextmanager
def open_application(
    settings: Settings, *, create: bool = False, embed_threads: int | None = None
) -> Iterator[Application]:
    """Own the data folder and everything in it for the length of the block.

    Vectors are computed by `embed_threads`; when None by all processors, since nobody else waits for an answer.

    With `create`, a folder, a token and a database are made where they are missing; otherwise their absence raises
    NotFound. Raises FolderInUse when another process owns the folder, DependencyDown without a database.
    """
    configure_logs(settings.log_level, settings.log_format)
    if not create and not settings.token_file.exists():
        raise NotFound(NOT_CREATED.format(home=settings.home))
    with ExitStack() as stack:
        make_home(settings.home)
        if settings.uses_sqlite:
            stack.enter_context(own_folder(settings.home))
        yield Application(wire(settings, stack, embed_threads or os.cpu_count() or 1))


def serve(settings: Settings, announce: Callable[[Mapping[str, str]], None]) -> None:
    """Serve until a signal; `announce` gets url and token_file once requests are answered.

    At the very first start it also gets first_login and first_password: the administrator's, told this once.
    """
    from yinshu.api.application import create_api
    from yinshu.api.server import Address, serve_until_stopped

    with open_application(settings, embed_threads=settings.embed_threads) as application:
        platform = application.platform
        # Workers are forked before anything starts a thread.
        platform.get_ready(settings.ask_processes)
        platform.jobs.start()
        platform.ledger.start()
        password = platform.people.first_administrator()
        with keeping_days(platform.desk):
            serve_until_stopped(
                create_api(platform),
                Address(settings.host, settings.port, settings.socket_file, settings.gateway_connections_max),
                lambda url: announce(
                    {
                        "url": url,
                        "token_file": str(settings.token_file),
                        **({"first_login": FIRST_LOGIN, "first_password": password} if password else {}),
                    }
                ),
            )
