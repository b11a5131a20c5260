"""People, rights, sessions and keys as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from yinshu.api.render import JsonObject
from yinshu.kernel.identity import Resource, Subject, may
from yinshu.kernel.identity.granting import NamedGrant
from yinshu.kernel.identity.persons import ApiKey, Department, Person, Post, Session
from yinshu.kernel.identity.records import Action
from yinshu.kernel.identity.roster import RosterReport

EVERYBODYS_PAGES = ("home", "chat", "knowledge")
_PAGES: Mapping[str, tuple[tuple[Action, Resource], ...]] = {
    "review": (
        ("ingest", Resource("collection")),
        ("publish", Resource("collection")),
        ("manage", Resource("collection")),
    ),
    "gaps": (("publish", Resource("collection")), ("manage", Resource("collection"))),
    "models": (("read", Resource("model")),),
    "safety": (("read", Resource("guard")),),
    "audit": (("audit", Resource("ledger")),),
    "admin": (
        ("administer", Resource("people")),
        ("administer", Resource("collection")),
        ("configure", Resource("platform")),
    ),
}


def pages_of(subject: Subject) -> list[str]:
    """The pages of the portal that somebody may open."""
    found = [page for page, doors in _PAGES.items() if any(may(subject, act, what).allowed for act, what in doors)]
    return [*EVERYBODYS_PAGES, *found, "about"]


def render_moment(moment: datetime | None) -> str | None:
    """ISO 8601 with its zone, or null."""
    return moment.isoformat() if moment else None


def render_department(department: Department | None) -> JsonObject | None:
    """A department's id, name and path from the top."""
    return {"id": department.id, "name": department.name, "path": department.path} if department else None


def render_tree(departments: Iterable[Department], people: Mapping[str, int]) -> list[JsonObject]:
    """Departments as a tree; `people` counts those directly in each."""
    nodes: dict[str, JsonObject] = {}
    top: list[JsonObject] = []
    for one in departments:
        node: JsonObject = {
            "id": one.id,
            "name": one.name,
            "path": one.path,
            "parent_id": one.parent_id,
            "people": people.get(one.id, 0),
            "children": [],
        }
        nodes[one.id] = node
        above = nodes.get(one.parent_id or "")
        (above["children"] if above else top).append(node)
    return top


def render_post(post: Post, people: int | None = None) -> JsonObject:
    """A post; with how many people hold it where that is told."""
    named = {"id": post.id, "name": post.name, "description": post.description}
    return named if people is None else {**named, "people": people}


def render_card(person: Person) -> JsonObject:
    """What every colleague may know of somebody."""
    return {
        "id": person.id,
        "name": person.name,
        "login": person.login,
        "department": render_department(person.department),
        "posts": [{"id": post.id, "name": post.name} for post in person.posts],
    }


def render_self(person: Person) -> JsonObject:
    """What somebody sees of themselves."""
    return {
        **render_card(person),
        "email": person.email,
        "roles": sorted(person.roles),
        "clearance": person.clearance,
        "source": person.source,
        "must_change_password": person.must_change_password,
    }


def render_person(person: Person) -> JsonObject:
    """What administrators of people see of somebody."""
    return {
        **render_self(person),
        "status": person.status,
        "has_password": person.has_password,
        "created_at": render_moment(person.created_at),
        "disabled_at": render_moment(person.disabled_at),
        "handed_over_to": person.handed_over_to,
    }


def render_session(session: Session, *, current: str = "") -> JsonObject:
    """A session; `current` is the id of the one that asks."""
    return {
        "id": session.id,
        "person": {"id": session.person_id, "name": session.person_name},
        "method": session.method,
        "address": session.address,
        "agent": session.agent,
        "created_at": render_moment(session.created_at),
        "seen_at": render_moment(session.seen_at),
        "expires_at": render_moment(session.expires_at),
        "current": session.id == current,
    }


def render_key(key: ApiKey) -> JsonObject:
    """A key without the key."""
    return {
        "id": key.id,
        "name": key.name,
        "opening": key.opening,
        "person": {"id": key.person_id, "name": key.person_name},
        "scopes": list(key.scopes),
        "created_at": render_moment(key.created_at),
        "expires_at": render_moment(key.expires_at),
        "used_at": render_moment(key.used_at),
    }


def render_grant(named: NamedGrant) -> JsonObject:
    """A grant with the name of its holder."""
    grant = named.grant
    return {
        "id": grant.id,
        "resource": {"kind": grant.resource_kind, "id": grant.resource_id},
        "holder": {"kind": grant.holder.kind, "id": grant.holder.id, "name": named.holder_name},
        "action": grant.action,
        "effect": grant.effect,
    }


def render_roster(report: RosterReport) -> JsonObject:
    """What became of a list of people, row by row."""
    return {
        "dry_run": report.dry_run,
        **report.counts,
        "new_departments": list(report.new_departments),
        "new_posts": list(report.new_posts),
        "rows": [
            {
                "row": one.row,
                "login": one.login,
                "name": one.name,
                "outcome": one.outcome,
                "message": one.message,
                "error": one.message if one.outcome == "failed" else "",
            }
            for one in report.rows
        ],
        "passwords": [
            {"login": login, "name": name, "password": password} for login, name, password in report.passwords
        ],
    }
