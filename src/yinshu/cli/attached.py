"""A command attached to the running server: requests over the data folder's unix socket, with the owner's token."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from yinshu.kernel.base.errors import BadArgument, BadInput, DependencyDown, NotAllowed, NotFound, YinshuError

if TYPE_CHECKING:
    from pathlib import Path

    from yinshu.settings import Settings

CONNECT_TIMEOUT_SECONDS = 2
CALL_TIMEOUT_SECONDS = 600


class Blocked(NotAllowed):
    """The guard stopped a question."""

    code = "blocked"


_ERRORS: dict[str, type[YinshuError]] = {
    **{error.code: error for error in (BadArgument, BadInput, DependencyDown, NotAllowed, NotFound)},
    # Named here, because the rooms that define them are too heavy for a command that only attaches.
    "blocked": Blocked,
    "conflict": BadInput,
    "weak_password": BadArgument,
}
_BY_STATUS: dict[int, type[YinshuError]] = {
    **{error.http_status: error for error in (BadArgument, BadInput, DependencyDown, NotAllowed, NotFound)},
    429: NotAllowed,
    502: DependencyDown,
    503: DependencyDown,
    504: DependencyDown,
}
"""What a failure with a code that is not known here amounts to."""


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout_seconds: float) -> None:
        super().__init__("localhost", timeout=timeout_seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class AttachedDoor:
    """Every call is one request; the connection is kept open between calls."""

    def __init__(self, socket_file: Path, token: str) -> None:
        self._connection = _UnixConnection(socket_file, CALL_TIMEOUT_SECONDS)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """The operation's JSON result from the server. Raises what the server raised, with its message."""
        body = json.dumps(request).encode()
        try:
            self._connection.request("POST", f"/local/{operation}", body, self._headers)
            response = self._connection.getresponse()
            result = json.loads(response.read())
        except TimeoutError:
            raise DependencyDown("服务没有在限定时间内回应，请查看服务日志，或稍后重试。") from None
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            raise DependencyDown("与正在运行的服务断开了，请确认 yinshu serve 仍在运行后重试。") from None
        if response.status != http.client.OK:
            raise _told(response.status, result)
        return dict(result)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _told(status: int, result: Mapping[str, Any]) -> YinshuError:
    """The server's failure, with its code and the exit code that a command without a server would end with."""
    code, message = str(result.get("code", "")), str(result.get("message", "服务出错，请查看服务日志。"))
    if code in _ERRORS:
        return _ERRORS[code](message)
    kind = _BY_STATUS.get(status, YinshuError)
    named: type[YinshuError] = type(kind.__name__, (kind,), {"code": code or kind.code})
    return named(message)


def attach(settings: Settings) -> AttachedDoor | None:
    """The server that listens on the data folder's socket, or None where there is no server."""
    if not settings.socket_file.exists():
        return None
    probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    probe.settimeout(CONNECT_TIMEOUT_SECONDS)
    try:
        probe.connect(str(settings.socket_file))
    except OSError:
        return None
    finally:
        probe.close()
    try:
        token = settings.token_file.read_text("ascii").strip()
    except OSError:
        raise NotAllowed(f"读不到口令文件 {settings.token_file}，请用启动服务的那个系统用户执行。") from None
    return AttachedDoor(settings.socket_file, token)
