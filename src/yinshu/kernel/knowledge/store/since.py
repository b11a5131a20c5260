"""What came into the library after a moment, so that a replay can look away from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, or_, select

from yinshu.kernel.base.clock import BANK_ZONE
from yinshu.kernel.knowledge.tables import clauses, versions


def clauses_since(connection: Connection, collection_ids: Sequence[str], moment: datetime) -> tuple[list[int], int]:
    """Ids of the clauses whose version was taken in or published after `moment`, and how many versions these are."""
    later = or_(versions.c.created_at > moment, versions.c.published_on > moment.astimezone(BANK_ZONE).date())
    query = select(versions.c.id).where(versions.c.collection_id.in_(collection_ids), later)
    version_ids = connection.execute(query).scalars().all()
    found = [
        clause_id
        for version_id in version_ids
        for clause_id in connection.execute(select(clauses.c.id).where(clauses.c.version_id == version_id)).scalars()
    ]
    return found, len(version_ids)
