"""Names for ids of people, departments and posts, so that nobody is shown an id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, case, or_, select

from yinshu.kernel.identity import LOCAL_OPERATOR_ID, Holder
from yinshu.kernel.identity.tables import departments, people, person_posts, posts
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


def ids_called(connection: Connection, words: str, limit: int) -> list[str]:
    """The ids of whoever is called so: the login exactly, or the words in the name; those who left as well.

    At most `limit`; those of whose login or whole name the words are before the others.
    """
    whole = or_(people.c.login == words.lower(), people.c.name == words)
    query = (
        select(people.c.id)
        .where(or_(whole, people.c.name.icontains(words, autoescape=True)))
        .order_by(case((whole, 0), else_=1), people.c.login)
        .limit(limit)
    )
    found = list(connection.execute(query).scalars())
    return [LOCAL_OPERATOR_ID, *found][:limit] if words in OPERATOR_NAME else found


def holders_of_people(connection: Connection, counted: Mapping[str, int]) -> Counter[Holder]:
    """Counts by person, added up by everything the people belong to: themselves, posts, departments and those above."""
    found: Counter[Holder] = Counter()
    for part in in_parts(sorted(counted)):
        held = select(person_posts.c.person_id, person_posts.c.post_id).where(person_posts.c.person_id.in_(part))
        for row in connection.execute(held):
            found[Holder("post", row.post_id)] += counted[row.person_id]
        placed = (
            select(people.c.id, departments.c.path)
            .join(departments, departments.c.id == people.c.department_id)
            .where(people.c.id.in_(part))
        )
        for row in connection.execute(placed):
            for department_id in filter(None, row.path.split("/")):
                found[Holder("department", department_id)] += counted[row.id]
        for person_id in part:
            found[Holder("person", person_id)] += counted[person_id]
    return found


def top_departments(connection: Connection) -> list[str]:
    """The ids of the departments that stand under no other: together everybody."""
    query = select(departments.c.id).where(departments.c.parent_id.is_(None)).order_by(departments.c.id)
    return list(connection.execute(query).scalars())
