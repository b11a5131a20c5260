"""Whether the process lives, whether it can serve, and what it measures. Open to all; holds no customer text."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from yinshu.api.auth import platform_of
from yinshu.api.metrics import REGISTRY

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> JSONResponse:
    """The database answers, and background work runs; otherwise 503 with what is missing."""
    checks = platform_of(request).check_ready()
    ready = all(checks.values())
    return JSONResponse({"status": "ok" if ready else "not_ready", "checks": checks}, status_code=200 if ready else 503)


@router.get("/metrics")
def metrics() -> Response:
    """Measurements in Prometheus' text form."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
