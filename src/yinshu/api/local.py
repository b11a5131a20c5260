"""The command line's entrance: every operation by name, on the data folder's unix socket and nowhere else."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from yinshu.api import operations
from yinshu.api.ask import pool_of
from yinshu.api.auth import Caller, Wired
from yinshu.kernel.base.errors import NotFound

router = APIRouter(prefix="/local", include_in_schema=False)

POOLED = frozenset({"ask", "search"})


@router.post("/{operation}")
async def call(request: Request, platform: Wired, caller: Caller, operation: str, fields: dict[str, Any]) -> Any:
    """Run an operation. It may name files of this machine, which is why the network cannot reach it."""
    server = request.scope.get("server")
    if server is None or server[1] is not None:
        raise NotFound("没有这个地址。")
    if operation in POOLED:
        return await pool_of(request).run(operations.call, platform, caller, operation, fields)
    return await run_in_threadpool(operations.call, platform, caller, operation, fields)
