"""Speaks HTTP with model servers through aiohttp: pooled connections, time limits, streams that heed back-pressure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp

from yinshu.kernel.gateway.ports import Reply, Target, Unreachable

CONNECTIONS_MAX = 4_096
CONNECT_SECONDS_MAX = 20.0
KEEP_ALIVE_SECONDS = 30.0
REPLY_BYTES_MAX = 64 * 1024 * 1024
READ_BUFFER_BYTES = 64 * 1024
"""A stream that nobody takes from is read no further than this."""
PROBE_PATH = "/models"
SERVER_FAULT = 500


class AiohttpUpstream:
    """One pool of connections, made on the event loop of its first call. The environment's proxies are not used."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=CONNECTIONS_MAX, keepalive_timeout=KEEP_ALIVE_SECONDS, ttl_dns_cache=60
                ),
                auto_decompress=True,
                read_bufsize=READ_BUFFER_BYTES,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def post(self, target: Target, path: str, body: bytes, timeout_s: float) -> Reply:
        """POST JSON and read the whole answer. Raises Unreachable."""
        limit = aiohttp.ClientTimeout(total=timeout_s, sock_connect=CONNECT_SECONDS_MAX)
        try:
            async with self._client().post(
                target.url + path, data=body, headers=_headers(target), timeout=limit, allow_redirects=False
            ) as response:
                return Reply(response.status, await _whole(response))
        except TimeoutError:
            raise Unreachable("timeout", slow=True) from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable(type(error).__name__) from None

    @asynccontextmanager
    async def stream(
        self, target: Target, path: str, body: bytes, timeout_s: float
    ) -> AsyncIterator[tuple[int, AsyncIterator[bytes]]]:
        """POST JSON and read the answer as it comes; leaving the block closes the connection when more would come."""
        limit = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS_MAX, sock_read=timeout_s)
        headers = {**_headers(target), "Accept": "text/event-stream"}
        try:
            response = await self._client().post(
                target.url + path, data=body, headers=headers, timeout=limit, allow_redirects=False
            )
        except TimeoutError:
            raise Unreachable("timeout", slow=True) from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable(type(error).__name__) from None
        try:
            yield response.status, _pieces(response)
        finally:
            # Gives the connection back when the answer is complete, and closes it otherwise: the server then stops.
            if not response.content.at_eof():
                response.close()
            response.release()

    async def upload(
        self, target: Target, path: str, fields: Sequence[tuple[str, str]], file: tuple[str, bytes], timeout_s: float
    ) -> Reply:
        """POST a form with one file. Raises Unreachable."""
        form = aiohttp.FormData()
        for name, value in fields:
            form.add_field(name, value)
        form.add_field("file", file[1], filename=file[0])
        limit = aiohttp.ClientTimeout(total=timeout_s, sock_connect=CONNECT_SECONDS_MAX)
        headers = {"Authorization": f"Bearer {target.key}"} if target.key else {}
        try:
            async with self._client().post(
                target.url + path, data=form, headers=headers, timeout=limit, allow_redirects=False
            ) as response:
                return Reply(response.status, await _whole(response))
        except TimeoutError:
            raise Unreachable("timeout", slow=True) from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable(type(error).__name__) from None

    async def probe(self, target: Target, timeout_s: float) -> bool:
        """Whether the server answers its list of models with anything but a fault of its own."""
        limit = aiohttp.ClientTimeout(total=timeout_s)
        try:
            async with self._client().get(
                target.url + PROBE_PATH, headers=_headers(target), timeout=limit, allow_redirects=False
            ) as response:
                return response.status < SERVER_FAULT
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return False

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            # aiohttp closes the sockets of TLS connections in the next turns of the loop.
            await asyncio.sleep(0)
            self._session = None


def _headers(target: Target) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if target.key:
        headers["Authorization"] = f"Bearer {target.key}"
    return headers


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """The body, at most `REPLY_BYTES_MAX`. Raises Unreachable beyond."""
    announced = response.content_length
    if announced is not None and announced <= REPLY_BYTES_MAX:
        return await response.read()
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > REPLY_BYTES_MAX:
            raise Unreachable("reply too large")
    return bytes(body)


async def _pieces(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    try:
        async for piece in response.content.iter_any():
            yield piece
    except TimeoutError:
        raise Unreachable("timeout", slow=True) from None
    except (aiohttp.ClientError, OSError) as error:
        raise Unreachable(type(error).__name__) from None
