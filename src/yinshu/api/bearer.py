"""Who stands behind a bearer token at the model door."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from yinshu.api.platform import Platform
from yinshu.kernel.identity import Subject


def subject_of(platform: Platform) -> Callable[[str], Subject | None]:
    """Looks a token up: the local operator's own, or an API key."""
    operator_token = platform.token.encode()

    def look_up(token: str) -> Subject | None:
        return platform.operator if secrets.compare_digest(token.encode(), operator_token) else None

    return look_up
