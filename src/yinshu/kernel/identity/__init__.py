"""People, departments, posts and roles, and the one decision on what they may do."""

from yinshu.kernel.identity.permission import (
    LOCAL_OPERATOR_ID,
    local_operator,
    may,
    reach,
    require,
    require_or_hide,
    sees_everything,
)
from yinshu.kernel.identity.records import (
    LEVELS,
    Action,
    Clearance,
    Decision,
    Grant,
    GrantedAction,
    Holder,
    Reach,
    Resource,
    Role,
    Subject,
    rank,
)
from yinshu.kernel.identity.store.rights import add_grants, forget_resource, grants_on, held_by, readable

__all__ = [
    "LEVELS",
    "LOCAL_OPERATOR_ID",
    "Action",
    "Clearance",
    "Decision",
    "Grant",
    "GrantedAction",
    "Holder",
    "Reach",
    "Resource",
    "Role",
    "Subject",
    "add_grants",
    "forget_resource",
    "grants_on",
    "held_by",
    "local_operator",
    "may",
    "rank",
    "reach",
    "readable",
    "require",
    "require_or_hide",
    "sees_everything",
]
