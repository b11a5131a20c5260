"""What may be asked of the doors to people, rights and sessions, validated once."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from yinshu.api.requests import Name, Request, RequiredName
from yinshu.kernel.identity.passwords import LENGTH_MAX
from yinshu.kernel.identity.records import Action, Clearance, Effect, GrantedAction, HolderKind, ResourceKind, Role

LOGIN_CHARS_MAX = 100
MANY_MAX = 200

Id = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Login = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LOGIN_CHARS_MAX)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=LENGTH_MAX)]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Ids = Annotated[list[Id], Field(max_length=MANY_MAX)]


class SignInRequest(Request):
    """A login and a password of this house or of the bank's directory."""

    login: Login
    password: Password
    method: Literal["password", "ldap"] = "password"


class PasswordRequest(Request):
    """The password so far and the new one."""

    old: Password
    new: Password


class PreferencesRequest(Request):
    """What somebody chooses for themselves."""

    language: Literal["zh", "en"] | None = None
    theme: Literal["light", "dark", "system"] | None = None
    density: Literal["comfortable", "compact"] | None = None


class KeyRequest(Request):
    """A new API key."""

    name: PersonName
    scopes: list[Action] = Field(min_length=1, max_length=20)
    days: int = Field(default=90, ge=1, le=3_650)


class PersonRequest(Request):
    """Somebody to take in. With `password` they get a one-time password at once."""

    login: Login
    name: PersonName
    email: Email = ""
    department_id: Id | None = None
    post_ids: Ids = Field(default_factory=list)
    roles: list[Role] = Field(default_factory=list, max_length=10)
    clearance: Clearance = "internal"
    password: bool = True


class PersonPatch(Request):
    """What is to change of a person; what is missing stays, a department of null takes them out of any."""

    login: Login | None = None
    name: PersonName | None = None
    email: Email | None = None
    department_id: Id | None = None
    post_ids: Ids | None = None
    roles: list[Role] | None = Field(default=None, max_length=10)
    clearance: Clearance | None = None
    status: Literal["active"] | None = None


class DisableRequest(Request):
    """Who takes a leaver's work over."""

    hand_over_to: Id | None = None


class DepartmentRequest(Request):
    """A new department."""

    name: RequiredName
    parent_id: Id | None = None


class DepartmentPatch(Request):
    """A new name, or another place in the tree (null is the top)."""

    name: RequiredName | None = None
    parent_id: Id | None = None


class PostRequest(Request):
    """A new post."""

    name: RequiredName
    description: Name = ""


class PostPatch(Request):
    """A new name or description."""

    name: RequiredName | None = None
    description: Name | None = None


class ResourceNamed(Request):
    """A collection or a document."""

    kind: ResourceKind
    id: Id


class HolderNamed(Request):
    """A department, a post, a role or a person."""

    kind: HolderKind
    id: Id
    name: str | None = None


class GrantRequest(Request):
    """A right to give, or a prohibition."""

    resource: ResourceNamed
    holder: HolderNamed
    action: GrantedAction
    effect: Effect = "allow"


class LevelRequest(Request):
    """How far a document is kept."""

    level: Clearance
