"""Rights on collections and documents, for content administrators and whoever manages the collection."""

from __future__ import annotations

from fastapi import APIRouter

from yinshu.api.auth import Caller, Wired
from yinshu.api.platform import Platform
from yinshu.api.render import JsonObject
from yinshu.api.render_people import render_grant
from yinshu.api.requests_people import GrantRequest, LevelRequest
from yinshu.kernel.audit.store import append
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.identity import Holder, Resource, Subject, require_or_hide
from yinshu.kernel.identity.granting import Grantable, missing_grant
from yinshu.kernel.identity.records import ResourceKind
from yinshu.kernel.knowledge import store

router = APIRouter(prefix="/api", tags=["rights"])
MISSING = "没有这个资料库或文件，或您不能管理它的权限。"


@router.get("/grants")
def list_grants(platform: Wired, caller: Caller, resource_kind: ResourceKind, resource_id: str) -> JsonObject:
    """Who may do what with a collection or a document."""
    on = _grantable(platform, caller, resource_kind, resource_id)
    return {"items": [render_grant(one) for one in platform.people.rights.list_grants(on)], "next": None}


@router.post("/grants", status_code=201)
def give(platform: Wired, caller: Caller, given: GrantRequest) -> JsonObject:
    """Allow or deny something to a department, a post, a role or a person."""
    on = _grantable(platform, caller, given.resource.kind, given.resource.id)
    holder = Holder(given.holder.kind, given.holder.id)
    return render_grant(platform.people.rights.give(caller, on, holder, given.action, given.effect))


@router.delete("/grants/{grant_id}", status_code=204)
def take_back(platform: Wired, caller: Caller, grant_id: str) -> None:
    """Take a grant back."""
    grant = platform.people.rights.find(grant_id)
    try:
        _grantable(platform, caller, grant.resource_kind, grant.resource_id)
    except NotFound:
        raise missing_grant() from None
    platform.people.rights.take_back(caller, grant)


@router.put("/knowledge/documents/{document_id}/level", status_code=204)
def set_level(platform: Wired, caller: Caller, document_id: str, given: LevelRequest) -> None:
    """Keep a document at another level; whoever manages it decides."""
    with writing(platform.engine) as connection:
        found = store.grantable(connection, "document", document_id)
        missing = NotFound("没有这个文件，或您不能管理它。请刷新后查看。")
        resource = found.resource if found else Resource("document", "-")
        require_or_hide(caller, "manage", resource, missing)
        if found is None:
            raise missing
        store.set_level(connection, document_id, given.level)
        append(
            connection,
            platform.clock,
            actor=caller.id,
            action="identity.level_set",
            subject=document_id,
            payload={"before": found.resource.level, "after": given.level},
        )


def _grantable(platform: Platform, caller: Subject, kind: ResourceKind, resource_id: str) -> Grantable:
    """What the rights are on. Raises the same NotFound when there is none and when it is not the caller's business."""
    with reading(platform.engine) as connection:
        found = store.grantable(connection, kind, resource_id)
    if found is None or not platform.people.rights.may_see(caller, found):
        raise NotFound(MISSING)
    return found
