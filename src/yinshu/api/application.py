"""Puts the resources together into one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from yinshu.api import (
    about,
    ask,
    audit,
    conversations,
    gaps,
    glossary,
    guard,
    health,
    home,
    jobs,
    knowledge,
    library,
    local,
    models,
    people,
    review,
    rights,
    session,
    shelves,
    turns,
    uploads,
)
from yinshu.api.bearer import subject_of
from yinshu.api.edge import Edge, EdgeLimits
from yinshu.api.errors import add_error_handlers
from yinshu.api.platform import Platform
from yinshu.api.pool import WorkPool
from yinshu.api.portal import SITE, Portal
from yinshu.api.v1 import OpenAiDoor


def create_api(platform: Platform) -> FastAPI:
    """The HTTP edge of a wired platform. Its threads end with the application's life span."""
    limits = platform.limits
    pool = WorkPool(threads=limits.ask_threads, queue_max=limits.ask_queue_max, timeout_seconds=limits.ask_seconds_max)

    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncIterator[None]:
        await platform.models.start()
        yield
        await platform.models.stop()
        pool.close()

    api = _Api(
        title="银枢 Yinshu",
        version=platform.version,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    api.state.platform = platform
    api.state.pool = pool
    for resource in (
        health,
        ask,
        audit,
        conversations,
        turns,
        home,
        knowledge,
        library,
        gaps,
        glossary,
        guard,
        review,
        shelves,
        uploads,
        jobs,
        local,
        session,
        people,
        rights,
        about,
        models,
    ):
        api.include_router(resource.router)
    api.router.default = Portal(SITE, missing=api.router.not_found)
    add_error_handlers(api)
    edge = EdgeLimits(limits.request_bytes_max, limits.upload_bytes_max, limits.request_seconds_max)
    api.add_middleware(Edge, limits=edge)
    api.models_door = OpenAiDoor(
        platform, subject_of(platform), limits.gateway_request_bytes_max, limits.gateway_data_level
    )
    return api


class _Api(FastAPI):
    """The application behind the door to the models, which is in front of everything because speed counts there."""

    models_door: OpenAiDoor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.models_door.serves(scope):
            await self.models_door(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
