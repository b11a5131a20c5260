"""Who calls: a signed-in browser by its cookie, a program by its key, or the local operator by the machine's token."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends, Request

from yinshu.api.errors import NotSignedIn, PasswordMustChange, WrongPage
from yinshu.api.platform import Platform
from yinshu.kernel.identity import Subject
from yinshu.kernel.identity.persons import Visitor
from yinshu.kernel.identity.sign_in import SignedIn
from yinshu.kernel.identity.tokens import KEY_PREFIX, csrf_token, same

SCHEME = "bearer "
COOKIE = "yinshu_session"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_CHARS_MAX = 200
_NOT_SIGNED_IN = "请先登录。程序调用请在请求头带上访问密钥：Authorization: Bearer ysk_…。"
_BAD_KEY = "访问密钥或口令不对、已撤销或已过期。请在“我的密钥”中重新创建。"


def platform_of(request: Request) -> Platform:
    """The wired platform of this server."""
    platform: Platform = request.app.state.platform
    return platform


def bearer_of(request: Request) -> str | None:
    """The bearer token of a request, None when it has none."""
    header = request.headers.get("authorization", "")
    return header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else None


def subject_of_bearer(platform: Platform, token: str) -> Subject | None:
    """Who stands behind a bearer token: the local operator, or the owner of an API key within its scopes."""
    if len(token) > TOKEN_CHARS_MAX:
        return None
    if secrets.compare_digest(token.encode(), platform.token.encode()):
        return platform.operator
    return platform.people.keys.who(token) if token.startswith(KEY_PREFIX) else None


def session_of(request: Request) -> SignedIn | None:
    """The session of this browser, None when it has none or it has ended.

    A request that changes something must carry the session's own token too: another site can make a browser send a
    cookie, but not read the token. Raises WrongPage without it.
    """
    token = request.cookies.get(COOKIE, "")
    if not token or len(token) > TOKEN_CHARS_MAX:
        return None
    signed_in = platform_of(request).people.sign_in.who(token)
    if signed_in is None:
        return None
    if request.method not in SAFE_METHODS and not same(request.headers.get(CSRF_HEADER, ""), csrf_token(token)):
        raise WrongPage("这个页面已过期，请刷新后重试。")
    return signed_in


def require_session(request: Request) -> SignedIn:
    """The session of this browser, even while its first password must be changed. Raises NotSignedIn."""
    signed_in = session_of(request)
    if signed_in is None:
        raise NotSignedIn(_NOT_SIGNED_IN)
    return signed_in


def require_caller(request: Request) -> Subject:
    """Whoever calls, with their rights as they are now. Raises NotSignedIn, WrongPage or PasswordMustChange."""
    token = bearer_of(request)
    if token is not None:
        subject = subject_of_bearer(platform_of(request), token)
        if subject is None:
            raise NotSignedIn(_BAD_KEY)
        return subject
    signed_in = require_session(request)
    if signed_in.person.must_change_password:
        raise PasswordMustChange("请先设置新密码，再使用其他功能。")
    return signed_in.subject


def visitor_of(request: Request) -> Visitor:
    """From where the request comes; the address that a trusted proxy tells, otherwise the connection's own."""
    peer = request.client.host if request.client else "local"
    told = request.headers.get("x-forwarded-for", "").split(",")[-1].strip()
    address = told if told and peer in platform_of(request).trusted_proxies else peer
    return Visitor(address, request.headers.get("user-agent", ""))


def is_https(request: Request) -> bool:
    """Whether the browser came by TLS, here or at the proxy in front."""
    return public_base(request).startswith("https://")


def public_base(request: Request) -> str:
    """The address by which browsers know this server, without a slash at the end."""
    return platform_of(request).public_url.rstrip("/") or str(request.base_url).rstrip("/")


Wired = Annotated[Platform, Depends(platform_of)]
Caller = Annotated[Subject, Depends(require_caller)]
InSession = Annotated[SignedIn, Depends(require_session)]
