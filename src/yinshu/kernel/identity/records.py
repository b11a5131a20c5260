"""Who asks and what they may do, as frozen types."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Action = Literal["read", "ask", "ingest", "publish", "manage", "use", "configure", "audit", "administer"]
"""What can be done. The first five are done to content and come from grants; the others come from roles."""
GrantedAction = Literal["read", "ask", "ingest", "publish", "manage"]
Role = Literal["local", "operator", "people_admin", "content_admin", "safety_admin", "audit_admin"]
"""`local` is whoever commands the machine itself: full rights. No person can be given it."""
Clearance = Literal["public", "internal", "confidential", "secret"]
"""How far a person may see, and how far a document is kept; in this order."""
ResourceKind = Literal["collection", "document"]
HolderKind = Literal["department", "post", "role", "person"]
Effect = Literal["allow", "deny"]

ACTIONS: tuple[Action, ...] = get_args(Action)
GRANTED_ACTIONS: tuple[GrantedAction, ...] = get_args(GrantedAction)
LEVELS: tuple[Clearance, ...] = get_args(Clearance)
PERSON_ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "local")
HOLDER_KINDS: tuple[HolderKind, ...] = get_args(HolderKind)
EFFECTS: tuple[Effect, ...] = get_args(Effect)
RESOURCE_KINDS: tuple[ResourceKind, ...] = get_args(ResourceKind)


def rank(clearance: Clearance) -> int:
    """0 for public up to 3 for secret, as the database keeps it."""
    return LEVELS.index(clearance)


@dataclass(frozen=True)
class Holder:
    """To whom a right is given: a department with everything below it, a post, a role or one person."""

    kind: HolderKind
    id: str


@dataclass(frozen=True)
class Grant:
    """One right on one collection or document. A deny is stronger than every allow."""

    id: str
    resource_kind: ResourceKind
    resource_id: str
    holder: Holder
    action: GrantedAction
    effect: Effect = "allow"


@dataclass(frozen=True)
class Subject:
    """A person or a service, with every grant that concerns them, as things stood when their request began.

    `department` is the path from the top (总行/运营管理部) and `department_ids` the ids along it. `scopes` are the
    actions that the API key allows, None when the person is there with everything they may do; `application` is the
    name of that key, "" without one.
    """

    id: str
    name: str
    department: str = ""
    posts: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    clearance: Clearance = "public"
    login: str = ""
    department_ids: tuple[str, ...] = ()
    post_ids: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[Action] | None = None
    application: str = ""

    @property
    def holders(self) -> frozenset[Holder]:
        """Everything that a right can be given to so that this subject has it."""
        return frozenset(
            [
                Holder("person", self.id),
                *(Holder("department", one) for one in self.department_ids),
                *(Holder("post", one) for one in self.post_ids),
                *(Holder("role", one) for one in self.roles),
            ]
        )


@dataclass(frozen=True)
class Resource:
    """What is acted on: its kind (collection, document, job, ledger, ...) and its id; "" means any of the kind.

    A document names its collection and its level. `owner` is the id of the person to whom a conversation, a job, a
    key or a session belongs.
    """

    kind: str
    id: str = ""
    collection_id: str = ""
    level: Clearance = "public"
    owner: str = ""


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed, and the reason in Chinese, which a refused user is shown."""

    allowed: bool
    reason: str


@dataclass(frozen=True)
class Reach:
    """How far one subject gets with one action, as sets of ids: what `may` decides, ready for a query.

    Something is within reach when its collection or its document is allowed, neither is denied, and its level is at
    most `level_max`. With `everything` nothing is hidden and the sets do not count.
    """

    everything: bool = False
    collection_ids: frozenset[str] = field(default_factory=frozenset)
    document_ids: frozenset[str] = field(default_factory=frozenset)
    denied_collection_ids: frozenset[str] = field(default_factory=frozenset)
    denied_document_ids: frozenset[str] = field(default_factory=frozenset)
    level_max: int = 0
