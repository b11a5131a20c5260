"""The built portal over HTTP: hashed files kept for a year, compressed beforehand, and one page for every address."""

from __future__ import annotations

import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from yinshu.api.errors import error_body

SITE = Path(__file__).resolve().parents[1] / "portal" / "site"
"""Where `npm run build` puts the portal, and where the wheel carries it."""

RESERVED = ("api", "v1", "healthz", "readyz", "metrics")
"""First parts of addresses that are not the portal's."""

YEAR_SECONDS = 31_536_000
NONCE_MARK = b"__STYLE_NONCE__"
NONCE_BYTES = 16
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>银枢</title>
<h1>门户还没有构建</h1>
<p>服务已经启动，命令行和接口可以使用，但这份源码里没有网页门户。</p>
<p>请安装 Node 20.19 以上后运行 <code>make portal</code>，再刷新本页；或安装发布的 wheel，它已带有门户。</p>
"""


@dataclass(frozen=True)
class _File:
    """One file of the site and its compressed forms, in memory: a few megabytes."""

    media_type: str
    immutable: bool
    tag: str
    bodies: dict[str, bytes]


class Portal:
    """An ASGI application for every address that no resource of the edge answers.

    `missing` answers what is not the portal's either. The site is read when it is first asked for and when rebuilt.
    """

    def __init__(self, site: Path, missing: ASGIApp) -> None:
        self._site = site
        self._missing = missing
        self._built_at = 0.0
        self._files: dict[str, _File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = scope["path"].lstrip("/").split("/", 1)[0]
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or first in RESERVED:
            await self._missing(scope, receive, send)
            return
        self._read_if_rebuilt()
        await self._respond(scope)(scope, receive, send)

    def _read_if_rebuilt(self) -> None:
        index = self._site / "index.html"
        built_at = index.stat().st_mtime if index.is_file() else 0.0
        if built_at != self._built_at:
            self._files = _read_site(self._site) if built_at else {}
            self._built_at = built_at

    def _respond(self, scope: Scope) -> Response:
        if not self._files:
            return Response(_NOT_BUILT, status_code=503, media_type="text/html", headers=_policy(""))
        name = scope["path"].lstrip("/")
        file = self._files.get(name)
        if file is not None and name != "index.html":
            return _asset(file, dict(scope["headers"]))
        if "." in name.rpartition("/")[2] and name != "index.html":
            body = error_body("not_found", "没有这个文件，请刷新页面后重试。", str(scope["request_id"]))
            return JSONResponse(body, status_code=404)
        return _page(self._files["index.html"])


def _read_site(site: Path) -> dict[str, _File]:
    files: dict[str, _File] = {}
    compressed = tuple(ending for _, ending in _ENCODINGS)
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.suffix not in compressed:
            name = path.relative_to(site).as_posix()
            bodies = {"": path.read_bytes()}
            for encoding, ending in _ENCODINGS:
                beside = path.with_name(path.name + ending)
                if beside.is_file():
                    bodies[encoding] = beside.read_bytes()
            media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            tag = f'"{path.stat().st_mtime_ns:x}-{len(bodies[""]):x}"'
            files[name] = _File(media_type, name.startswith("assets/"), tag, bodies)
    return files


def _asset(file: _File, headers: dict[bytes, bytes]) -> Response:
    caching = f"public, max-age={YEAR_SECONDS}, immutable" if file.immutable else "no-cache"
    sent = {"Cache-Control": caching, "ETag": file.tag, "Vary": "Accept-Encoding"}
    if headers.get(b"if-none-match", b"").decode("latin-1") == file.tag:
        return Response(status_code=304, headers=sent)
    accepted = {
        part.split(";")[0].strip() for part in headers.get(b"accept-encoding", b"").decode("latin-1").split(",")
    }
    encoding = next((name for name, _ in _ENCODINGS if name in accepted and name in file.bodies), "")
    if encoding:
        sent["Content-Encoding"] = encoding
    return Response(file.bodies[encoding], media_type=file.media_type, headers=sent)


def _page(index: _File) -> Response:
    """The one page. Ant Design writes its style sheets while it runs, hence a nonce; scripts are files of ours only."""
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    body = index.bodies[""].replace(NONCE_MARK, nonce.encode())
    return Response(body, media_type="text/html", headers={"Cache-Control": "no-cache", **_policy(nonce)})


def _policy(nonce: str) -> dict[str, str]:
    style = f"style-src 'self' 'nonce-{nonce}'" if nonce else "style-src 'none'"
    rules = [
        "default-src 'self'",
        "script-src 'self'",
        style,
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    return {"Content-Security-Policy": "; ".join(rules)}
