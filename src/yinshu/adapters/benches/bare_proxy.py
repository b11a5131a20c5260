"""A proxy that does nothing but pass on, by aiohttp on both sides: `python -m ... PORT UPSTREAM`."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web

CONNECTIONS_MAX = 4_096
UPSTREAM = web.AppKey("upstream", str)
CLIENT = web.AppKey("client", aiohttp.ClientSession)


async def _pass_on(request: web.Request) -> web.StreamResponse:
    body = await request.read()
    url = request.app[UPSTREAM] + request.path
    async with request.app[CLIENT].post(url, data=body, headers={"Content-Type": "application/json"}) as reply:
        if not reply.headers.get("content-type", "").startswith("text/event-stream"):
            return web.Response(body=await reply.read(), status=reply.status, content_type="application/json")
        response = web.StreamResponse(status=reply.status, headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        async for piece in reply.content.iter_any():
            await response.write(piece)
        await response.write_eof()
        return response


async def _with_client(app: web.Application) -> AsyncIterator[None]:
    app[CLIENT] = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS_MAX))
    yield
    await app[CLIENT].close()


def main() -> None:
    """Serve until the process ends."""
    app = web.Application()
    app[UPSTREAM] = sys.argv[2]
    app.cleanup_ctx.append(_with_client)
    app.router.add_post("/v1/chat/completions", _pass_on)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()
