"""Reading and writing the words that mean the same: what people say and what the library says."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.knowledge.records import Synonym
from yinshu.kernel.knowledge.tables import synonyms


def list_synonyms(connection: Connection) -> list[Synonym]:
    """Every synonym, by term."""
    query = select(synonyms).order_by(synonyms.c.term, synonyms.c.standard)
    return [Synonym(row.term, row.standard, row.source) for row in connection.execute(query)]


def synonyms_state(connection: Connection) -> tuple[int, str]:
    """A value that differs once a synonym came or went, whichever process changed it; ids grow with time."""
    row = connection.execute(select(func.count(), func.max(synonyms.c.id))).one()
    return int(row[0]), str(row[1] or "")


def add_synonyms(connection: Connection, items: Iterable[Synonym]) -> int:
    """Add those that are not there yet; returns how many were new."""
    known = {(one.term, one.standard) for one in list_synonyms(connection)}
    new = {(one.term, one.standard): one for one in items if (one.term, one.standard) not in known}
    rows = [
        {"id": new_id("syn"), "term": one.term, "standard": one.standard, "source": one.source} for one in new.values()
    ]
    if rows:
        connection.execute(insert(synonyms), rows)
    return len(rows)


def remove_synonym(connection: Connection, term: str, standard: str) -> bool:
    """Take one synonym out; False when it was not there."""
    same = (synonyms.c.term == term) & (synonyms.c.standard == standard)
    return connection.execute(delete(synonyms).where(same)).rowcount > 0
