"""Giving and taking rights on collections and documents; nobody gives themselves any."""

from __future__ import annotations

from dataclasses import dataclass

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.base.errors import BadArgument, NotAllowed, NotFound
from yinshu.kernel.identity import store
from yinshu.kernel.identity.permission import may
from yinshu.kernel.identity.records import (
    PERSON_ROLES,
    Effect,
    Grant,
    GrantedAction,
    Holder,
    Resource,
    ResourceKind,
    Subject,
)
from yinshu.kernel.identity.staff import ROLE_NAMES

GRANTS = Resource("grant")


@dataclass(frozen=True)
class Grantable:
    """A collection or document whose rights are looked at. A private one belongs to a person; administrators stay out.

    `kind` is collection or document; a document names its collection and level as `Resource` does.
    """

    kind: ResourceKind
    resource: Resource
    private: bool = False


@dataclass(frozen=True)
class NamedGrant:
    """A grant and what its holder is called."""

    grant: Grant
    holder_name: str


@dataclass(frozen=True)
class Rights:
    """What content administrators and whoever manages a collection do with its rights. Every act is in the ledger."""

    engine: Engine
    clock: Clock

    def may_see(self, by: Subject, on: Grantable) -> bool:
        """Whether somebody may look at and change the rights on this.

        Content administrators may for collections that are not private; managers of the collection for all of it.
        """
        if may(by, "manage", on.resource).allowed:
            return True
        return on.kind == "collection" and not on.private and may(by, "administer", GRANTS).allowed

    def list_grants(self, on: Grantable) -> list[NamedGrant]:
        """Every grant on it, oldest first."""
        with reading(self.engine) as connection:
            found = store.grants_on(connection, on.kind, on.resource.id)
            names = holder_names(connection, [one.holder for one in found])
        return [NamedGrant(one, names.get(one.holder, "（已不存在）")) for one in found]

    def give(self, by: Subject, on: Grantable, holder: Holder, action: GrantedAction, effect: Effect) -> NamedGrant:
        """Allow or deny something. Raises NotAllowed when it would give the giver what they do not have."""
        if effect == "allow" and holder in by.holders and not may(by, action, on.resource).allowed:
            raise NotAllowed("不能给自己（或自己所在的部门、岗位、角色）授权，请由另一位管理员操作。")
        with writing(self.engine) as connection:
            names = holder_names(connection, [holder])
            if holder not in names:
                raise BadArgument("没有这个部门、岗位、角色或人员，请刷新后重选。")
            grant = store.add_grants(
                connection,
                on.kind,
                on.resource.id,
                holder,
                [action],
                effect=effect,
                granted_by=by.id,
                now=self.clock.now(),
            )[0]
            self._record(connection, by, "identity.right_given", grant)
        return NamedGrant(grant, names[holder])

    def find(self, grant_id: str) -> Grant:
        """One grant. Raises NotFound."""
        with reading(self.engine) as connection:
            found = store.find_grant(connection, grant_id)
        if found is None:
            raise missing_grant()
        return found

    def take_back(self, by: Subject, grant: Grant) -> None:
        """Take a grant back. Nobody lifts a prohibition that concerns themselves. Raises NotFound, NotAllowed."""
        if grant.effect == "deny" and grant.holder in by.holders:
            raise NotAllowed("不能解除对自己（或自己所在的部门、岗位、角色）的禁止，请由另一位管理员操作。")
        with writing(self.engine) as connection:
            if not store.remove_grant(connection, grant.id):
                raise missing_grant()
            self._record(connection, by, "identity.right_taken", grant)

    def _record(self, connection: Connection, by: Subject, action: str, grant: Grant) -> None:
        detail = {"holder": f"{grant.holder.kind}:{grant.holder.id}", "action": grant.action, "effect": grant.effect}
        append(
            connection,
            self.clock,
            actor=by.id,
            action=action,
            subject=grant.resource_id,
            payload={"kind": grant.resource_kind, **detail},
        )


def missing_grant() -> NotFound:
    """What is raised for a grant that does not exist and for one that is none of the caller's business."""
    return NotFound("没有这条授权，可能已经取消。请刷新后查看。")


def holder_names(connection: Connection, holders: list[Holder]) -> dict[Holder, str]:
    """What each holder is called; one that does not exist is left out."""
    ids = {kind: [one.id for one in holders if one.kind == kind] for kind in ("department", "post", "role", "person")}
    names: dict[Holder, str] = {}
    for department in store.get_departments(connection, ids["department"]).values():
        names[Holder("department", department.id)] = department.path
    for post in store.list_posts(connection) if ids["post"] else []:
        names[Holder("post", post.id)] = post.name
    for role in PERSON_ROLES:
        names[Holder("role", role)] = ROLE_NAMES[role]
    for person_id, name in store.names_of(connection, ids["person"]).items():
        names[Holder("person", person_id)] = name
    return {holder: names[holder] for holder in holders if holder in names}
