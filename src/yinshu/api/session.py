"""Signing in and out, one's own password, sessions, keys and preferences."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from yinshu.api.auth import (
    COOKIE,
    Caller,
    InSession,
    Wired,
    is_https,
    public_base,
    require_caller,
    session_of,
    visitor_of,
)
from yinshu.api.errors import NotSignedIn
from yinshu.api.platform import Platform
from yinshu.api.render import JsonObject
from yinshu.api.render_people import pages_of, render_key, render_self, render_session
from yinshu.api.requests_people import KeyRequest, PasswordRequest, PreferencesRequest, SignInRequest
from yinshu.kernel.base.errors import YinshuError
from yinshu.kernel.identity import Subject
from yinshu.kernel.identity.persons import OpenedSession
from yinshu.kernel.identity.sign_in import OIDC_MINUTES_MAX, SignedIn
from yinshu.kernel.identity.tokens import csrf_token

router = APIRouter(prefix="/api", tags=["session"])
STATE_COOKIE = "yinshu_sign_in"
SIGN_IN_PATH = "/api/sign-in"
SESSION_PATH = "/api/session"
REFUSED_COOKIE = "yinshu_refused"
"""Why single sign-on failed, for the sign-in page: a cookie, because words in an address could be anybody's."""
REFUSED_SECONDS = 120


@router.get("/session")
def show_session(request: Request, platform: Wired) -> JsonObject:
    """Who is signed in and what they may open; `person` is null when nobody is."""
    signed_in = session_of(request)
    if signed_in is None:
        refused = unquote(request.cookies.get(REFUSED_COOKIE, ""))
        return {"person": None, "version": platform.version, "sign_in": _ways_in(platform), "refused": refused}
    return _session(platform, signed_in, request.cookies[COOKIE])


@router.post("/session")
def sign_in(request: Request, response: Response, platform: Wired, given: SignInRequest) -> JsonObject:
    """Sign in with a password of this house or of the bank's directory."""
    door = platform.people.sign_in
    enter = door.with_ldap if given.method == "ldap" else door.with_password
    opened = enter(given.login, given.password, visitor_of(request))
    signed_in = door.who(opened.token)
    if signed_in is None:
        raise NotSignedIn("登录刚刚被结束，请重新登录。")
    _set_cookie(request, response, platform, opened)
    return _session(platform, signed_in, opened.token)


@router.delete("/session", status_code=204)
def sign_out(response: Response, platform: Wired, signed_in: InSession) -> None:
    """End this session."""
    platform.people.sign_in.end(signed_in.subject, signed_in.session.id)
    response.delete_cookie(COOKIE, path="/")


@router.post("/session/password", status_code=204)
def change_password(platform: Wired, signed_in: InSession, given: PasswordRequest) -> None:
    """Set a new password; every other session of the person ends."""
    platform.people.sign_in.change_password(signed_in, given.old, given.new)


@router.get("/sign-in/oidc/{provider}")
def begin_oidc(request: Request, platform: Wired, provider: str) -> RedirectResponse:
    """Send the browser to the provider."""
    begun = platform.people.sign_in.begin_oidc(provider, _callback(request, provider))
    answer = RedirectResponse(begun.url, status_code=303)
    answer.set_cookie(
        STATE_COOKIE,
        begun.state,
        max_age=OIDC_MINUTES_MAX * 60,
        path=SIGN_IN_PATH,
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )
    return answer


@router.get("/sign-in/oidc/{provider}/callback")
def finish_oidc(
    request: Request, platform: Wired, provider: str, state: str = "", code: str = "", error: str = ""
) -> RedirectResponse:
    """The browser comes back from the provider; whatever goes wrong is told on the sign-in page."""
    try:
        opened = platform.people.sign_in.finish_oidc(
            provider,
            _callback(request, provider),
            state=state,
            browser_state=request.cookies.get(STATE_COOKIE, ""),
            code="" if error else code,
            visitor=visitor_of(request),
        )
    except YinshuError as refused:
        return _told(request, refused.message)
    answer = RedirectResponse("/", status_code=303)
    _set_cookie(request, answer, platform, opened)
    answer.delete_cookie(STATE_COOKIE, path=SIGN_IN_PATH)
    return answer


def _told(request: Request, message: str) -> RedirectResponse:
    answer = RedirectResponse("/login?error=oidc", status_code=303)
    answer.set_cookie(
        REFUSED_COOKIE,
        quote(message),
        max_age=REFUSED_SECONDS,
        path=SESSION_PATH,
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )
    return answer


def _callback(request: Request, provider: str) -> str:
    return f"{public_base(request)}{SIGN_IN_PATH}/oidc/{quote(provider, safe='')}/callback"


def _set_cookie(request: Request, response: Response, platform: Platform, opened: OpenedSession) -> None:
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=platform.people.sign_in.policy.session_hours_max * 3_600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )


def _ways_in(platform: Platform) -> JsonObject:
    door = platform.people.sign_in
    return {
        "password": door.policy.passwords,
        "ldap": door.ldap is not None,
        "oidc": [{"id": one.id, "name": one.name} for one in door.oidc.values()],
    }


def _session(platform: Platform, signed_in: SignedIn, token: str) -> JsonObject:
    return {
        "person": render_self(signed_in.person),
        "csrf_token": csrf_token(token),
        "pages": pages_of(signed_in.subject),
        "version": platform.version,
        "sign_in": _ways_in(platform),
    }


# ---- what is one's own ----


@router.get("/me/sessions")
def my_sessions(platform: Wired, signed_in: InSession) -> JsonObject:
    """Where one is signed in."""
    found = platform.people.sign_in.sessions(signed_in.person.id)
    return {"items": [render_session(one, current=signed_in.session.id) for one in found], "next": None}


@router.delete("/me/sessions/{session_id}", status_code=204)
def end_my_session(platform: Wired, signed_in: InSession, session_id: str) -> None:
    """End one of one's own sessions."""
    platform.people.sign_in.end(signed_in.subject, session_id, person_id=signed_in.person.id)


@router.get("/me/keys")
def my_keys(platform: Wired, signed_in: InSession) -> JsonObject:
    """One's own API keys."""
    return {"items": [render_key(one) for one in platform.people.keys.list_keys(signed_in.person.id)], "next": None}


@router.post("/me/keys", status_code=201)
def make_my_key(request: Request, platform: Wired, signed_in: InSession, given: KeyRequest) -> JsonObject:
    """A new API key; only a person at the portal can make one, and `key` is told this once."""
    require_caller(request)
    made, key = platform.people.keys.create(signed_in.subject, given.name, given.scopes, given.days)
    return {**render_key(made), "key": key}


@router.delete("/me/keys/{key_id}", status_code=204)
def withdraw_my_key(platform: Wired, signed_in: InSession, key_id: str) -> None:
    """Withdraw one of one's own keys."""
    platform.people.keys.withdraw(signed_in.subject, key_id, person_id=signed_in.person.id)


@router.get("/me/preferences")
def my_preferences(platform: Wired, caller: Caller) -> dict[str, Any]:
    """What one chose."""
    return platform.people.sign_in.preferences(_person_id(caller))


@router.put("/me/preferences")
def choose(platform: Wired, caller: Caller, given: PreferencesRequest) -> dict[str, Any]:
    """Keep what one chooses."""
    chosen = given.model_dump(exclude_none=True)
    platform.people.sign_in.set_preferences(_person_id(caller), chosen)
    return chosen


def _person_id(caller: Subject) -> str:
    return caller.id
