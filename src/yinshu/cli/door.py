"""One door for every command: a running server over its local socket, or the platform in this process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from yinshu.kernel.base.errors import BadArgument, NotFound

if TYPE_CHECKING:
    from yinshu.settings import Settings


class Door(Protocol):
    """Calls an operation of `yinshu.api.operations` by name; the same request gives the same result on either side."""

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """The operation's JSON result. Raises YinshuError with a Chinese message."""


def load_settings(*, host: str | None = None, port: int | None = None) -> Settings:
    """The settings of this process; the command's own options win. Raises BadArgument naming a wrong variable."""
    from pydantic import ValidationError

    from yinshu.kernel.base.faults import describe_faults
    from yinshu.settings import Settings

    chosen = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    try:
        return Settings(**chosen)  # type: ignore[arg-type] # pydantic checks each value
    except ValidationError as error:
        wrong = describe_faults(error.errors(), lambda name: f"YINSHU_{name.upper()}")
        raise BadArgument(f"设置的值不对：{wrong}。请对照 docs/settings.md 修改后重试。") from None


@contextmanager
def open_door(*, create: bool = False) -> Iterator[Door]:
    """Attach to the server that owns the data folder, or own it for the length of this command.

    With `create`, a data folder is made where there is none; otherwise its absence raises NotFound with the remedy.
    """
    from yinshu.cli.attached import attach

    settings = load_settings()
    if not create and not settings.token_file.exists():
        raise NotFound(f"数据文件夹 {settings.home} 还没有建立，请先执行 yinshu init（或 yinshu init --sample）。")
    attached = attach(settings)
    if attached is not None:
        with closing(attached):
            yield attached
        return
    from yinshu.app import open_application

    with open_application(settings, create=create) as application:
        yield application
