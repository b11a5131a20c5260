"""The root of every error tree: a code, a Chinese message with the remedy, an exit code and an HTTP status."""

from __future__ import annotations

from typing import ClassVar


class YinshuError(Exception):
    """An expected failure.

    `message` is shown to the user as it is, in Chinese, and names the remedy. `detail` is for the log only.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class BadArgument(YinshuError):
    """The caller asked for something that cannot be meant (exit 2)."""

    code = "bad_argument"
    exit_code = 2
    http_status = 422


class BadInput(YinshuError):
    """A file or a row that cannot be used as it is (exit 3)."""

    code = "bad_input"
    exit_code = 3
    http_status = 400


class NotAllowed(YinshuError):
    """The caller has no right to it, or it does not exist for the caller (exit 4)."""

    code = "not_allowed"
    exit_code = 4
    http_status = 403


class NotFound(YinshuError):
    """The named thing does not exist (exit 3)."""

    code = "not_found"
    exit_code = 3
    http_status = 404


class DependencyDown(YinshuError):
    """A model, a database or another service does not answer (exit 5)."""

    code = "dependency_down"
    exit_code = 5
    http_status = 503
