"""Who stands behind a bearer token at the model door."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from yinshu.api.auth import subject_of_bearer
from yinshu.api.platform import Platform
from yinshu.kernel.identity import Subject


def subject_of(platform: Platform) -> Callable[[str], Subject | None]:
    """Looks a token up: the local operator's own, or an API key."""
    return partial(subject_of_bearer, platform)
