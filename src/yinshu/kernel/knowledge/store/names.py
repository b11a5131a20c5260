"""Names for ids of people, departments and posts, so that nobody is shown an id."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from yinshu.kernel.identity import LOCAL_OPERATOR_ID
from yinshu.kernel.identity.tables import departments, people, posts
from yinshu.kernel.knowledge.store.clauses import in_parts

OPERATOR_NAME = "本机操作员"


def names_of(connection: Connection, ids: Iterable[str | None]) -> dict[str, str]:
    """Id to name, for people, departments and posts alike; unknown ids are left out."""
    wanted = sorted({one for one in ids if one})
    found = {LOCAL_OPERATOR_ID: OPERATOR_NAME} if LOCAL_OPERATOR_ID in wanted else {}
    for part in in_parts(wanted):
        for table in (people, departments, posts):
            query = select(table.c.id, table.c.name).where(table.c.id.in_(part))
            found.update((row.id, row.name) for row in connection.execute(query))
    return found
