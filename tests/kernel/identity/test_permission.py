"""Rights are decided in one place: by grants, roles and levels; a deny wins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yinshu.kernel.base.errors import NotAllowed, NotFound
from yinshu.kernel.identity import Action, Grant, Holder, Resource, Subject, local_operator, may, require
from yinshu.kernel.identity.permission import OWNED_KINDS, require_or_hide
from yinshu.kernel.identity.records import ACTIONS, GRANTED_ACTIONS, PERSON_ROLES, Effect, GrantedAction, ResourceKind

STRANGER = Subject("u_1", "张三", clearance="internal")
COLLECTION = Resource("collection", "c")
DOCUMENT = Resource("document", "d", "c", "internal")


def having(action: GrantedAction, effect: Effect = "allow", kind: ResourceKind = "collection", on: str = "c") -> Grant:
    return Grant(f"{action}-{effect}-{kind}", kind, on, Holder("person", "u_1"), action, effect)


def with_grants(*grants: Grant) -> Subject:
    return replace(STRANGER, grants=grants)


def test_the_local_operator_may_do_everything() -> None:
    assert may(local_operator(), "administer", Resource("ledger")).allowed


@pytest.mark.parametrize("action", GRANTED_ACTIONS)
def test_others_may_do_nothing_and_are_told_whom_to_ask(action: Action) -> None:
    decision = may(STRANGER, action, COLLECTION)
    assert not decision.allowed
    assert "管理员" in decision.reason
    with pytest.raises(NotAllowed, match="张三"):
        require(STRANGER, action, COLLECTION)


@pytest.mark.parametrize(
    ("granted", "allowed"),
    [
        ("ask", {"ask"}),
        ("read", {"ask", "read"}),
        ("ingest", {"ask", "read", "ingest"}),
        ("publish", {"ask", "read", "publish"}),
        ("manage", {"ask", "read", "ingest", "manage"}),
    ],
)
def test_a_grant_brings_what_it_needs_and_no_more(granted: GrantedAction, allowed: set[str]) -> None:
    subject = with_grants(having(granted))
    assert {one for one in GRANTED_ACTIONS if may(subject, one, DOCUMENT).allowed} == allowed


@pytest.mark.parametrize(
    ("denied", "left"),
    [
        ("ask", {"read", "ingest", "publish", "manage"}),
        ("read", set()),
        ("ingest", {"ask", "read", "publish", "manage"}),
        ("publish", {"ask", "read", "ingest", "manage"}),
        ("manage", {"ask", "read", "ingest", "publish"}),
    ],
)
@pytest.mark.parametrize(("kind", "on"), [("collection", "c"), ("document", "d")])
def test_a_deny_is_stronger_than_every_allow(
    denied: GrantedAction, left: set[str], kind: ResourceKind, on: str
) -> None:
    everything = [having(one) for one in GRANTED_ACTIONS]
    subject = with_grants(*everything, having(denied, "deny", kind, on))
    assert {one for one in GRANTED_ACTIONS if may(subject, one, DOCUMENT).allowed} == left


def test_a_right_on_one_document_opens_that_document_only() -> None:
    subject = with_grants(having("read", kind="document", on="d"))
    assert may(subject, "read", DOCUMENT).allowed
    assert not may(subject, "read", replace(DOCUMENT, id="e")).allowed
    assert not may(subject, "read", COLLECTION).allowed


@pytest.mark.parametrize(
    ("level", "seen"), [("public", True), ("internal", True), ("confidential", False), ("secret", False)]
)
def test_a_document_above_ones_clearance_is_hidden_whatever_the_grants_say(level: str, seen: bool) -> None:
    subject = with_grants(*(having(one) for one in GRANTED_ACTIONS))
    hidden = replace(DOCUMENT, level=level)  # type: ignore[arg-type]
    assert may(subject, "read", hidden).allowed is seen


@pytest.mark.parametrize("role", PERSON_ROLES)
@pytest.mark.parametrize("action", GRANTED_ACTIONS)
def test_no_administrator_sees_content_by_being_one(role: str, action: Action) -> None:
    subject = replace(STRANGER, roles=frozenset({role}), clearance="secret")  # type: ignore[arg-type]
    for resource in (COLLECTION, DOCUMENT, Resource("collection"), Resource("conversation", "x", owner="u_2")):
        assert not may(subject, action, resource).allowed


@pytest.mark.parametrize(
    ("role", "action", "kind"),
    [
        ("people_admin", "administer", "people"),
        ("content_admin", "administer", "collection"),
        ("safety_admin", "configure", "guard"),
        ("audit_admin", "audit", "ledger"),
        ("operator", "configure", "model"),
    ],
)
def test_each_administrator_has_their_own_matters_and_nobody_elses(role: str, action: Action, kind: str) -> None:
    for one in PERSON_ROLES:
        subject = replace(STRANGER, roles=frozenset({one}))
        assert may(subject, action, Resource(kind)).allowed is (one == role)


@pytest.mark.parametrize("kind", sorted(OWNED_KINDS))
def test_what_belongs_to_somebody_is_theirs_alone(kind: str) -> None:
    assert may(STRANGER, "read", Resource(kind, "x", owner="u_1")).allowed
    assert not may(STRANGER, "read", Resource(kind, "x", owner="u_2")).allowed
    assert not may(STRANGER, "read", Resource(kind, "x")).allowed


@pytest.mark.parametrize("action", ACTIONS)
def test_a_key_does_what_its_scopes_say_and_never_more_than_its_owner(action: Action) -> None:
    everything = [having(one) for one in GRANTED_ACTIONS]
    limited = replace(with_grants(*everything), scopes=frozenset({"read"}))
    unlimited = replace(limited, scopes=None)
    assert may(limited, action, DOCUMENT).allowed is (action == "read" and may(unlimited, action, DOCUMENT).allowed)


def test_what_must_stay_hidden_fails_as_if_it_did_not_exist() -> None:
    missing = NotFound("没有这个文件。")
    with pytest.raises(NotFound) as raised:
        require_or_hide(STRANGER, "read", DOCUMENT, missing)
    assert raised.value is missing
