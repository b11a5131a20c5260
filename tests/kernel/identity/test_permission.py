"""Rights are decided in one place, and the database filter decides alike."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, select

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.base.errors import NotAllowed
from yinshu.kernel.identity import Resource, Subject, local_operator, may, readable, require
from yinshu.kernel.knowledge.tables import collections

STRANGER = Subject("u_1", "张三")


def test_the_local_operator_may_do_everything() -> None:
    assert may(local_operator(), "administer", Resource("ledger")).allowed


def test_others_may_do_nothing_and_are_told_whom_to_ask() -> None:
    decision = may(STRANGER, "read", Resource("collection", "col_1"))
    assert not decision.allowed
    assert "管理员" in decision.reason
    with pytest.raises(NotAllowed, match="张三"):
        require(STRANGER, "read", Resource("collection", "col_1"))


@pytest.mark.parametrize("subject", [local_operator(), STRANGER], ids=["operator", "stranger"])
def test_the_filter_shows_exactly_what_may_be_read(engine: Engine, clock: Clock, subject: Subject) -> None:
    with writing(engine) as connection:
        rows = [{"id": f"col_{n}", "name": f"库{n}", "axes": {}, "created_at": clock.now()} for n in range(3)]
        connection.execute(insert(collections), rows)
    with reading(engine) as connection:
        seen = connection.execute(select(collections.c.id).where(readable(subject, collections.c.id))).scalars().all()
    allowed = [one["id"] for one in rows if may(subject, "read", Resource("collection", str(one["id"]))).allowed]
    assert sorted(seen) == allowed
