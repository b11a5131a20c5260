"""The one permission decision; `store.readable` is the same rule for the database."""

from __future__ import annotations

from collections.abc import Mapping

from yinshu.kernel.base.errors import NotAllowed, YinshuError
from yinshu.kernel.identity.records import (
    LEVELS,
    Action,
    Decision,
    Effect,
    Reach,
    Resource,
    ResourceKind,
    Subject,
    rank,
)

LOCAL_OPERATOR_ID = "local"
EVERYBODY = "everybody"
CONTENT_KINDS = ("collection", "document")

ALLOWED_BY: Mapping[Action, frozenset[str]] = {
    "ask": frozenset({"ask", "read", "ingest", "publish", "manage"}),
    "read": frozenset({"read", "ingest", "publish", "manage"}),
    "ingest": frozenset({"ingest", "manage"}),
    "publish": frozenset({"publish"}),
    "manage": frozenset({"manage"}),
}
"""For each thing done to content, the granted actions that allow it. Publishing is nobody's by the way: maker is
never checker."""
DENIED_BY: Mapping[Action, frozenset[str]] = {
    "ask": frozenset({"ask", "read"}),
    "read": frozenset({"read"}),
    "ingest": frozenset({"ingest", "read"}),
    "publish": frozenset({"publish", "read"}),
    "manage": frozenset({"manage", "read"}),
}
"""For each thing done to content, the denied actions that forbid it. Who may not read may do nothing."""

_PEOPLE: Mapping[Action, frozenset[str]] = {
    "read": frozenset({"people_admin"}),
    "administer": frozenset({"people_admin"}),
}
ROLE_RIGHTS: Mapping[str, Mapping[Action, frozenset[str]]] = {
    "people": _PEOPLE,
    "department": _PEOPLE,
    "post": _PEOPLE,
    "session": _PEOPLE,
    "key": _PEOPLE,
    "directory": {"read": frozenset({EVERYBODY})},
    "collection": {"administer": frozenset({"content_admin"})},
    "grant": {"read": frozenset({"content_admin"}), "administer": frozenset({"content_admin"})},
    "glossary": {"read": frozenset({EVERYBODY}), "configure": frozenset({"content_admin"})},
    "job": {"read": frozenset({"operator"}), "configure": frozenset({"operator"})},
    "platform": {"read": frozenset({"operator", "people_admin"}), "configure": frozenset({"operator"})},
    "metrics": {"read": frozenset({"operator"})},
    "model": {"use": frozenset({EVERYBODY}), "read": frozenset({"operator"}), "configure": frozenset({"operator"})},
    "usage": {"read": frozenset({"operator"})},
    "guard": {
        "read": frozenset({"safety_admin"}),
        "configure": frozenset({"safety_admin"}),
        "publish": frozenset({"safety_admin"}),
        "use": frozenset({"safety_admin"}),
    },
    "ledger": {
        "read": frozenset({"audit_admin"}),
        "audit": frozenset({"audit_admin"}),
        "configure": frozenset({"audit_admin"}),
    },
}
"""What roles may do to what is not content. None of them opens a collection or a document."""

OWNED_KINDS = frozenset({"conversation", "attachment", "answer", "job", "session", "key", "preference", "upload"})
"""What belongs to one person, who may do everything with it."""

ACTION_NAMES: Mapping[str, str] = {
    "read": "查看",
    "ask": "提问",
    "ingest": "上传",
    "publish": "审核发布",
    "manage": "管理",
    "use": "使用",
    "configure": "设置",
    "audit": "审计",
    "administer": "管理",
}
KIND_NAMES: Mapping[str, str] = {
    "collection": "资料库",
    "document": "文件",
    "people": "人员",
    "department": "部门",
    "post": "岗位",
    "session": "登录会话",
    "key": "访问密钥",
    "directory": "通讯录",
    "grant": "授权",
    "glossary": "词表",
    "job": "后台任务",
    "platform": "平台",
    "metrics": "运行指标",
    "model": "模型",
    "usage": "用量",
    "guard": "安全策略",
    "ledger": "审计台账",
    "conversation": "会话",
}


def local_operator() -> Subject:
    """Whoever may run commands on the machine itself: full rights, and the ledger says that it was them."""
    return Subject(LOCAL_OPERATOR_ID, "本机操作员", roles=frozenset({"local"}), clearance="secret", login="local")


def sees_everything(subject: Subject) -> bool:
    """Whether no row is hidden from the subject."""
    return "local" in subject.roles


def may(subject: Subject, action: Action, resource: Resource) -> Decision:
    """Decide whether the subject may do this to the resource. Whatever no rule allows is refused."""
    if sees_everything(subject):
        return Decision(True, "本机操作员拥有全部权限。")
    if subject.scopes is not None and action not in subject.scopes:
        return Decision(False, f"这个访问密钥不能用于{_act(action, resource)}。请换用权限范围更合适的密钥。")
    if _is_own(subject, resource) or _by_role(subject, action, resource) or _by_grant(subject, action, resource):
        return Decision(True, f"{subject.name}可以{_act(action, resource)}。")
    return Decision(False, f"{subject.name}没有权限{_act(action, resource)}。请向管理员申请。")


def require(subject: Subject, action: Action, resource: Resource) -> None:
    """Raise `NotAllowed` with the reason when the subject may not do this."""
    decision = may(subject, action, resource)
    if not decision.allowed:
        raise NotAllowed(decision.reason, detail=f"subject={subject.id} action={action} resource={resource.kind}")


def require_or_hide(subject: Subject, action: Action, resource: Resource, missing: YinshuError) -> None:
    """Raise `missing`, the very error that a resource raises which does not exist, when the subject may not do this."""
    if not may(subject, action, resource).allowed:
        raise missing


def reach(subject: Subject, action: Action) -> Reach:
    """How far the subject gets with an action on content; `may` for all collections and documents at once."""
    if sees_everything(subject):
        return Reach(everything=True, level_max=len(LEVELS) - 1)
    if subject.scopes is not None and action not in subject.scopes:
        return Reach(level_max=-1)
    return Reach(
        collection_ids=_granted(subject, action, "collection", "allow"),
        document_ids=_granted(subject, action, "document", "allow"),
        denied_collection_ids=_granted(subject, action, "collection", "deny"),
        denied_document_ids=_granted(subject, action, "document", "deny"),
        level_max=rank(subject.clearance),
    )


def _granted(subject: Subject, action: Action, kind: ResourceKind, effect: Effect) -> frozenset[str]:
    counted = (ALLOWED_BY if effect == "allow" else DENIED_BY).get(action, frozenset())
    return frozenset(
        grant.resource_id
        for grant in subject.grants
        if grant.resource_kind == kind and grant.effect == effect and grant.action in counted
    )


def _is_own(subject: Subject, resource: Resource) -> bool:
    return resource.kind in OWNED_KINDS and resource.owner == subject.id != ""


def _by_role(subject: Subject, action: Action, resource: Resource) -> bool:
    roles = ROLE_RIGHTS.get(resource.kind, {}).get(action, frozenset())
    return EVERYBODY in roles or bool(roles & subject.roles)


def _by_grant(subject: Subject, action: Action, resource: Resource) -> bool:
    if resource.kind not in CONTENT_KINDS or action not in ALLOWED_BY:
        return False
    within = reach(subject, action)
    if not resource.id:
        return bool(within.collection_ids - within.denied_collection_ids or within.document_ids)
    if resource.kind == "collection":
        return resource.id in within.collection_ids - within.denied_collection_ids
    allowed = resource.collection_id in within.collection_ids or resource.id in within.document_ids
    denied = resource.collection_id in within.denied_collection_ids or resource.id in within.denied_document_ids
    return allowed and not denied and rank(resource.level) <= within.level_max


def _act(action: Action, resource: Resource) -> str:
    return f"{ACTION_NAMES[action]}{KIND_NAMES.get(resource.kind, '这项内容')}"
