"""Which changed rules concern somebody most: those that their posts and departments were given by name come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.store.recent import ChangedRule

POST, DEPARTMENT = "岗位", "部门"
_ORDER = (("document", "post"), ("collection", "post"), ("document", "department"), ("collection", "department"))


@dataclass(frozen=True)
class Concern:
    """A changed rule and by what it concerns the reader: 岗位, 部门, or "" when only because they may read it."""

    rule: ChangedRule
    by: str


def by_concern(subject: Subject, changed: Sequence[ChangedRule], limit: int) -> list[Concern]:
    """The rules in order of concern, the latest first among equals."""
    given = {
        (grant.resource_kind, grant.resource_id, grant.holder.kind)
        for grant in subject.grants
        if grant.effect == "allow"
    }

    def place(rule: ChangedRule) -> int:
        ids = {"document": rule.version.document_id, "collection": rule.version.collection_id}
        return next(
            (number for number, (kind, holder) in enumerate(_ORDER) if (kind, ids[kind], holder) in given), len(_ORDER)
        )

    ordered = sorted(((place(one), one) for one in changed), key=lambda pair: pair[0])[:limit]
    return [Concern(one, POST if number < 2 else DEPARTMENT if number < len(_ORDER) else "") for number, one in ordered]
