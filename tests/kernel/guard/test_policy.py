"""Policies are data, are approved by a second person, and can never let C3 through."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from yinshu.kernel.guard import (
    Action,
    Hit,
    Kind,
    PolicyRejected,
    Severity,
    approve,
    choose,
    default_policies,
    read_policy,
)

HIT = Hit(Kind.C3, "password", 0, 6, Severity.HIGH, "c3")


def test_the_author_cannot_approve() -> None:
    draft = replace(default_policies()[0], written_by="甲")
    with pytest.raises(PolicyRejected):
        approve(draft, by="甲")
    assert approve(draft, by="乙").version == draft.version + 1


def test_no_policy_lets_c3_pass() -> None:
    lax = replace(default_policies()[0], rules=())
    assert lax.decide(HIT, "in").action is Action.MASK


def test_the_first_fitting_line_decides_and_is_named() -> None:
    finding = default_policies()[0].decide(HIT, "in")
    assert (finding.policy, finding.policy_rule) == ("internal-default@1", "c3_removed")


def test_an_application_has_its_own_policy() -> None:
    general = default_policies()[0]
    special = replace(general, name="letters", application="letters")
    assert choose([general, special], audience="internal", application="letters").name == "letters"
    assert choose([general, special], audience="internal").name == general.name


@pytest.mark.parametrize(
    "text", ["{}", "[]", json.dumps({"name": "a", "version": 1, "audience": "internal", "rules": [{}]})]
)
def test_a_broken_policy_is_refused(text: str) -> None:
    with pytest.raises(PolicyRejected):
        read_policy(text)
