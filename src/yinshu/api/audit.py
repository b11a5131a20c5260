"""The ledger over HTTP, for audit administrators: search, verify, export, settings, replay."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, StreamingResponse
from starlette.background import BackgroundTask

from yinshu.api import auditing, operations
from yinshu.api.auth import Caller, Wired
from yinshu.api.requests import NoParameters
from yinshu.kernel.audit.siem import SiemFormat
from yinshu.kernel.identity import Resource, require

router = APIRouter(prefix="/api/audit", tags=["audit"])
CHAIN_NAME = "ledger.jsonl"
HEAD_NAME = "ledger.head"


@router.get("/entries")
def list_entries(
    platform: Wired, caller: Caller, wanted: Annotated[auditing.EntriesRequest, Query()]
) -> dict[str, Any]:
    """The newest entries that fit; reading them is recorded."""
    return operations.perform(platform, caller, "ledger_entries", wanted)


@router.post("/verify")
def verify(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Recompute the whole chain and compare it with every signed head."""
    return operations.perform(platform, caller, "verify_ledger", NoParameters())


@router.get("/heads")
def list_heads(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Signed heads and where they were put."""
    return operations.perform(platform, caller, "ledger_heads", NoParameters())


@router.post("/heads")
def sign_head(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Sign the present end of the chain and put it outside."""
    return operations.perform(platform, caller, "ledger_sign", NoParameters())


@router.get("/export")
def export_chain(platform: Wired, caller: Caller) -> FileResponse:
    """The chain and its signed head in one ZIP, for `yinshu audit verify`."""
    require(caller, "audit", Resource("ledger"))
    # The response removes the folder once it has been sent.
    folder = tempfile.TemporaryDirectory(prefix="yinshu-ledger-")
    chain, head = Path(folder.name) / CHAIN_NAME, Path(folder.name) / HEAD_NAME
    packed = Path(folder.name) / "ledger.zip"
    platform.ledger.export(caller.id, chain, head)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.write(chain, CHAIN_NAME)
        bundle.write(head, HEAD_NAME)
    return FileResponse(packed, filename="ledger.zip", background=BackgroundTask(folder.cleanup))


@router.get("/siem")
def export_siem(
    platform: Wired, caller: Caller, form: SiemFormat = "ocsf", after: Annotated[int, Query(ge=0)] = 0
) -> StreamingResponse:
    """Lines for a security information system, from the entry behind `after` on."""
    require(caller, "audit", Resource("ledger"))
    return StreamingResponse(platform.ledger.siem(caller.id, form, after), media_type="text/plain; charset=utf-8")


@router.get("/settings")
def list_settings(platform: Wired, caller: Caller) -> dict[str, Any]:
    """Audit settings in force and proposed changes."""
    return operations.perform(platform, caller, "ledger_settings", NoParameters())


@router.post("/settings")
def propose_setting(platform: Wired, caller: Caller, proposal: auditing.ProposeRequest) -> dict[str, Any]:
    """Propose a change; a second person approves it."""
    return operations.perform(platform, caller, "ledger_propose", proposal)


@router.post("/settings/{change_id}/approve")
def approve_setting(platform: Wired, caller: Caller, change_id: str) -> dict[str, Any]:
    """Approve another person's proposal."""
    request = auditing.DecideRequest(change_id=change_id, decision="approve")
    return operations.perform(platform, caller, "ledger_decide", request)


@router.post("/settings/{change_id}/refuse")
def refuse_setting(platform: Wired, caller: Caller, change_id: str) -> dict[str, Any]:
    """Refuse another person's proposal."""
    request = auditing.DecideRequest(change_id=change_id, decision="refuse")
    return operations.perform(platform, caller, "ledger_decide", request)


@router.get("/replay/{run_id}")
def replay(platform: Wired, caller: Caller, run_id: str) -> dict[str, Any]:
    """A past answer, built again, with what differs."""
    return operations.perform(platform, caller, "replay", auditing.ReplayRequest(run_id=run_id))
