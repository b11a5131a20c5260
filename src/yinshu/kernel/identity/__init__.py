"""People, departments, posts and roles, and the one decision on what they may do."""

from yinshu.kernel.identity.permission import LOCAL_OPERATOR_ID, local_operator, may, require
from yinshu.kernel.identity.records import Action, Decision, Resource, Subject
from yinshu.kernel.identity.store import readable

__all__ = [
    "LOCAL_OPERATOR_ID",
    "Action",
    "Decision",
    "Resource",
    "Subject",
    "local_operator",
    "may",
    "readable",
    "require",
]
