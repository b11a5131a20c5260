"""Failures of the identity room.

YinshuError
├─ SignInRefused   401  wrong name or password, a disabled person, an answer that does not match
├─ SignInLocked    429  too many failures; says when to try again
├─ Conflict        409  the name is taken, or somebody still depends on it
└─ BadArgument
   └─ WeakPassword 422  the new password does not keep the policy
"""

from __future__ import annotations

from yinshu.kernel.base.errors import BadArgument, YinshuError


class SignInRefused(YinshuError):
    """The person could not prove who they are. The message never says which part was wrong."""

    code = "sign_in_refused"
    exit_code = 4
    http_status = 401


class SignInLocked(YinshuError):
    """Too many failures from this login or address."""

    code = "sign_in_locked"
    exit_code = 4
    http_status = 429

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Conflict(YinshuError):
    """The change does not fit what is there."""

    code = "conflict"
    exit_code = 3
    http_status = 409


class WeakPassword(BadArgument):
    """The new password does not keep the policy; the message says which rule."""

    code = "weak_password"
