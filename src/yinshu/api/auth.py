"""Who calls: for now the local operator, known by the token in the data folder."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends, Request

from yinshu.api.errors import NotSignedIn
from yinshu.api.platform import Platform
from yinshu.kernel.identity import Subject

SCHEME = "bearer "


def platform_of(request: Request) -> Platform:
    """The wired platform of this server."""
    platform: Platform = request.app.state.platform
    return platform


def require_operator(request: Request) -> Subject:
    """The local operator, if the request carries their token. Raises NotSignedIn."""
    platform = platform_of(request)
    header = request.headers.get("authorization", "")
    given = header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else ""
    if not secrets.compare_digest(given.encode(), platform.token.encode()):
        raise NotSignedIn("请在请求头带上访问口令：Authorization: Bearer <口令>。口令在数据文件夹的 token 文件里。")
    return platform.operator


Wired = Annotated[Platform, Depends(platform_of)]
Caller = Annotated[Subject, Depends(require_operator)]
