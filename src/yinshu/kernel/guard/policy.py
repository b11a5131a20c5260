"""Policies as data: which finding leads to which action, by audience, channel, application; by two people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Any

from yinshu.kernel.guard.errors import PolicyRejected
from yinshu.kernel.guard.records import Action, Audience, Direction, Finding, Hit, Kind, Severity

MAX_RULES = 500
SHIPPED_BY = "yinshu"
MAX_HOLD_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One line: the first line that fits a hit decides. `match` is a glob over `kind/category/rule`."""

    name: str
    match: str
    action: Action
    directions: tuple[Direction, ...] = ("in", "out", "data")
    min_severity: Severity = Severity.LOW
    min_score: float = 0.0

    def fits(self, hit: Hit, direction: Direction) -> bool:
        """Whether this line speaks about a hit found in this direction."""
        return (
            direction in self.directions
            and hit.severity.rank >= self.min_severity.rank
            and hit.score >= self.min_score
            and fnmatchcase(f"{hit.kind.value}/{hit.category}/{hit.rule}", self.match)
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of a policy. `hold_chars` bounds what a stream keeps back; `label` asks for the visible label."""

    name: str
    version: int
    audience: Audience
    rules: tuple[PolicyRule, ...]
    channel: str = "*"
    application: str = "*"
    hold_chars: int = 64
    label: bool = False
    written_by: str = ""
    approved_by: str = ""

    @property
    def tag(self) -> str:
        """`name@version`, the form in which verdicts and the ledger name a policy."""
        return f"{self.name}@{self.version}"

    def decide(self, hit: Hit, direction: Direction) -> Finding:
        """The finding of a hit; what no line speaks about passes. C3 and secrets never pass unmasked."""
        action, named = Action.PASS, "default"
        for rule in self.rules:
            if rule.fits(hit, direction):
                action, named = rule.action, rule.name
                break
        if hit.kind in {Kind.C3, Kind.SECRET} and action.rank < Action.MASK.rank:
            action, named = Action.MASK, "c3_never_kept"
        return Finding(
            hit.kind, hit.rule, (hit.start, hit.end), hit.severity, hit.category, action, self.tag, named, hit.score
        )


def read_policy(text: str) -> Policy:
    """A policy from JSON. Raises PolicyRejected with what is wrong."""
    try:
        data: dict[str, Any] = json.loads(text)
        rules = tuple(
            PolicyRule(
                name=str(row["name"]),
                match=str(row["match"]),
                action=Action(row["action"]),
                directions=tuple(row.get("directions", ("in", "out", "data"))),
                min_severity=Severity(row.get("min_severity", "low")),
                min_score=float(row.get("min_score", 0)),
            )
            for row in data.pop("rules")
        )
        policy = Policy(rules=rules, **data)
    except (KeyError, TypeError, ValueError) as error:
        raise PolicyRejected(
            "策略文件无法读取：请检查 JSON 格式与字段名、动作和级别的取值。", detail=str(error)
        ) from error
    _check(policy)
    return policy


def policy_json(policy: Policy) -> str:
    """The JSON that `read_policy` reads back to the same policy."""
    plain = asdict(policy)
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _check(policy: Policy) -> None:
    if len(policy.rules) > MAX_RULES:
        raise PolicyRejected(f"一个策略最多 {MAX_RULES} 条规则，请拆分后再提交。")
    if not 1 <= policy.hold_chars <= MAX_HOLD_CHARS:
        raise PolicyRejected(f"流式保留字数应在 1 到 {MAX_HOLD_CHARS} 之间，请修改 hold_chars。")
    if policy.audience not in ("internal", "public"):
        raise PolicyRejected("受众只能是 internal（内部）或 public（公众），请修改 audience。")


def approve(draft: Policy, *, by: str) -> Policy:
    """The draft as the next version, in force. Raises PolicyRejected when the author approves his own draft."""
    if not draft.written_by or not by or by == draft.written_by:
        raise PolicyRejected("策略须由起草人以外的第二人批准，请换一位有权限的同事复核。")
    return replace(draft, version=draft.version + 1, approved_by=by)


def choose(policies: Sequence[Policy], *, audience: Audience, channel: str = "", application: str = "") -> Policy:
    """The most specific policy for a call: application before channel, newest version first."""
    fitting = [
        policy
        for policy in policies
        if policy.audience == audience and policy.channel in ("*", channel) and policy.application in ("*", application)
    ]
    if not fitting:
        raise PolicyRejected("没有适用于该受众的安全策略，请先发布一条。")
    # A bank's own policy beats the one shipped for the same calls, whatever their names and numbers.
    return max(
        fitting,
        key=lambda one: (one.application != "*", one.channel != "*", one.written_by != SHIPPED_BY, one.version),
    )


@lru_cache(maxsize=1)
def default_policies() -> tuple[Policy, ...]:
    """The policies shipped: one for staff, one for the public."""
    folder = files("yinshu.kernel.guard").joinpath("policies")
    return tuple(
        read_policy(folder.joinpath(f"{name}.json").read_text(encoding="utf-8")) for name in ("internal", "public")
    )
