"""Failures of the HTTP edge as JSON: {code, message, request_id}, in Chinese, with what to do next."""

from __future__ import annotations

from typing import ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from yinshu.kernel.base.errors import BadArgument, BadInput, DependencyDown, NotAllowed, YinshuError
from yinshu.kernel.base.faults import describe_faults
from yinshu.kernel.identity.errors import SignInLocked

log = structlog.get_logger("yinshu.api")

_HTTP_WORDS = {
    404: ("not_found", "没有这个地址，请对照 /api/openapi.json 检查。"),
    405: ("method_not_allowed", "这个地址不支持该请求方法，请对照 /api/openapi.json 检查。"),
}


class Unexpected(YinshuError):
    """Our own fault; the log has the particulars under the request's id."""

    code = "internal"

    def __init__(self) -> None:
        super().__init__("服务内部出错，已记入日志。请把请求编号告诉系统管理员。")


class NotSignedIn(YinshuError):
    """No token, or not the right one."""

    code = "not_signed_in"
    exit_code = 4
    http_status = 401


class WrongPage(NotAllowed):
    """A change by a browser without the token of its session: a page gone stale, or another site."""

    code = "csrf"


class PasswordMustChange(NotAllowed):
    """The one-time password must be replaced first."""

    code = "must_change_password"


class TooLarge(BadInput):
    """A request or an upload above its limit."""

    code = "too_large"
    http_status = 413


class TooSlow(DependencyDown):
    """The work did not end within the request's time."""

    code = "too_slow"
    http_status = 504


class TooBusy(DependencyDown):
    """The queue is full."""

    code = "too_busy"
    http_status = 503
    retry_after_seconds: ClassVar[int] = 2


def error_body(code: str, message: str, request_id: str) -> dict[str, str]:
    """The one shape of every error."""
    return {"code": code, "message": message, "request_id": request_id}


def add_error_handlers(api: FastAPI) -> None:
    """Give every expected failure the one shape; `Edge` does it for the rest."""
    api.add_exception_handler(YinshuError, _expected)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)


def _request_id(request: Request) -> str:
    return str(request.scope.get("request_id", ""))


async def _expected(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, YinshuError)
    log.info("request.refused", code=error.code, detail=error.detail, request_id=_request_id(request))
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, NotSignedIn) else {}
    if isinstance(error, (TooBusy, SignInLocked)):
        headers["Retry-After"] = str(error.retry_after_seconds)
    body = error_body(error.code, error.message, _request_id(request))
    return JSONResponse(body, status_code=error.http_status, headers=headers)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    message = f"请求的内容不对：{describe_faults(error.errors())}。请改正后重试。"
    return JSONResponse(
        error_body(BadArgument.code, message, _request_id(request)), status_code=BadArgument.http_status
    )


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code, message = _HTTP_WORDS.get(error.status_code, ("http", "请求无法处理，请检查后重试。"))
    return JSONResponse(error_body(code, message, _request_id(request)), status_code=error.status_code)
