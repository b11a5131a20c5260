"""The one permission decision; `store.readable` is the same rule for the database."""

from __future__ import annotations

from yinshu.kernel.base.errors import NotAllowed
from yinshu.kernel.identity.records import Action, Decision, Resource, Subject

LOCAL_OPERATOR_ID = "local"


def local_operator() -> Subject:
    """Whoever may run commands on the machine itself: full rights, and the ledger says that it was them."""
    return Subject(LOCAL_OPERATOR_ID, "本机操作员", roles=frozenset({"operator"}), clearance="secret")


def sees_everything(subject: Subject) -> bool:
    """Whether no row is hidden from the subject."""
    return "operator" in subject.roles


def may(subject: Subject, action: Action, resource: Resource) -> Decision:
    """Decide whether the subject may do this to the resource. Whatever no rule allows is refused."""
    if sees_everything(subject):
        return Decision(True, "本机操作员拥有全部权限。")
    return Decision(False, f"{subject.name}没有权限（{action}：{resource.kind}）。请向管理员申请。")


def require(subject: Subject, action: Action, resource: Resource) -> None:
    """Raise `NotAllowed` with the reason when the subject may not do this."""
    decision = may(subject, action, resource)
    if not decision.allowed:
        raise NotAllowed(decision.reason, detail=f"subject={subject.id} action={action} resource={resource.id}")
