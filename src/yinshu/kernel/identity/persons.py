"""People, departments, posts, sessions and keys as frozen types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from yinshu.kernel.identity.records import Action, Clearance, Role

PersonStatus = Literal["active", "disabled"]
LOCAL_SOURCE = "local"
LDAP_SOURCE = "ldap"


@dataclass(frozen=True)
class Department:
    """A department: `path` are the names from the top (总行/运营管理部), `ids` the ids along it, its own last."""

    id: str
    parent_id: str | None
    name: str
    path: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Post:
    """A post (岗位) that people hold, several of them if need be."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True)
class Person:
    """A member of staff. `source` is local, ldap or oidc:<provider>; only a local person has a password here."""

    id: str
    login: str
    name: str
    email: str
    department: Department | None
    posts: tuple[Post, ...]
    roles: frozenset[Role]
    clearance: Clearance
    status: PersonStatus
    source: str
    must_change_password: bool
    has_password: bool
    created_at: datetime
    disabled_at: datetime | None = None
    handed_over_to: str | None = None


@dataclass(frozen=True)
class NewPerson:
    """What is needed to take somebody in."""

    login: str
    name: str
    email: str = ""
    department_id: str | None = None
    post_ids: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    clearance: Clearance = "internal"
    source: str = LOCAL_SOURCE
    external_id: str = ""


@dataclass(frozen=True)
class Session:
    """A signed-in browser. `id` is public; the token that proves it is nowhere on this side."""

    id: str
    person_id: str
    person_name: str
    method: str
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class ApiKey:
    """A key for programs: `opening` are its first characters; what it may do is at most what its owner may."""

    id: str
    person_id: str
    person_name: str
    name: str
    opening: str
    scopes: tuple[Action, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True)
class Visitor:
    """From where somebody comes: network address and browser, as the request says."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class OpenedSession:
    """A new session and its token, which is shown to the browser and kept nowhere else."""

    session: Session
    token: str


@dataclass(frozen=True)
class DirectoryPerson:
    """What a directory (LDAP, OIDC) says of somebody who has proven who they are.

    `department` is the path as the directory tells it, `posts` its names of posts or groups.
    """

    source: str
    external_id: str
    login: str
    name: str
    email: str = ""
    department: str = ""
    posts: tuple[str, ...] = ()
