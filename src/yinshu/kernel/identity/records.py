"""Who asks and what they may do, as frozen types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal["read", "ask", "ingest", "publish", "configure", "audit", "administer"]
Role = Literal["operator"]
Clearance = Literal["public", "internal", "confidential", "secret"]


@dataclass(frozen=True)
class Subject:
    """A person or a service. `department` is a path from the top (总行/运营管理部)."""

    id: str
    name: str
    department: str = ""
    posts: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    clearance: Clearance = "public"


@dataclass(frozen=True)
class Resource:
    """What is acted on: its kind (collection, document, job, ledger, ...) and its id; "" means any of the kind."""

    kind: str
    id: str = ""


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed, and the reason in Chinese, which a refused user is shown."""

    allowed: bool
    reason: str
