"""People, their posts and roles, and the subject that each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity.persons import LOCAL_SOURCE, Department, NewPerson, Person, Post
from yinshu.kernel.identity.records import LEVELS, Role, Subject, rank
from yinshu.kernel.identity.store.organisation import get_departments
from yinshu.kernel.identity.store.rights import grants_held
from yinshu.kernel.identity.tables import departments, people, person_posts, person_roles, posts

IDS_PER_QUERY = 500


@dataclass(frozen=True)
class PersonFilter:
    """Which people are wanted; what is empty does not narrow. A department stands for everything below it too."""

    words: str = ""
    department_id: str = ""
    post_id: str = ""
    status: str = ""
    role: str = ""


def aware(moment: datetime) -> datetime:
    """A time of the database with its zone; SQLite forgets that it is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# Made once, since it is asked at the beginning of every request: posts and, without a post's id, roles.
_HOLDINGS = union_all(
    select(person_posts.c.person_id, posts.c.id, posts.c.name, posts.c.description)
    .join(posts, posts.c.id == person_posts.c.post_id)
    .where(person_posts.c.person_id.in_(bindparam("ids", expanding=True))),
    select(person_roles.c.person_id, null(), person_roles.c.role, literal("")).where(
        person_roles.c.person_id.in_(bindparam("ids", expanding=True))
    ),
)


def _people(connection: Connection, rows: Sequence[Row[Any]]) -> list[Person]:
    ids = [row.id for row in rows]
    placed = get_departments(connection, {row.department_id for row in rows if row.department_id})
    held: dict[str, list[Post]] = {}
    given: dict[str, set[Role]] = {}
    for start in range(0, len(ids), IDS_PER_QUERY):
        part = ids[start : start + IDS_PER_QUERY]
        for person_id, post_id, name, description in connection.execute(_HOLDINGS, {"ids": part}):
            if post_id is None:
                given.setdefault(person_id, set()).add(name)
            else:
                held.setdefault(person_id, []).append(Post(post_id, name, description))
    return [_person(row, placed.get(row.department_id), held.get(row.id, []), given.get(row.id, set())) for row in rows]


def _person(row: Row[Any], department: Department | None, held: list[Post], roles: set[Role]) -> Person:
    return Person(
        id=row.id,
        login=row.login,
        name=row.name,
        email=row.email,
        department=department,
        posts=tuple(sorted(held, key=lambda post: post.name)),
        roles=frozenset(roles),
        clearance=LEVELS[row.clearance],
        status=row.status,
        source=row.source,
        must_change_password=row.must_change_password,
        has_password=bool(row.password_hash),
        created_at=aware(row.created_at),
        disabled_at=aware(row.disabled_at) if row.disabled_at else None,
        handed_over_to=row.handed_over_to,
    )


def get_person(connection: Connection, person_id: str) -> Person | None:
    """The person of this id, or None."""
    return _one(connection, people.c.id == person_id)


def get_people(connection: Connection, ids: Iterable[str]) -> list[Person]:
    """The people of these ids, at most `IDS_PER_QUERY`, by login; unknown ids are left out."""
    query = select(people).where(people.c.id.in_(sorted(set(ids))[:IDS_PER_QUERY])).order_by(people.c.login)
    return _people(connection, connection.execute(query).all())


def find_person(connection: Connection, login: str) -> Person | None:
    """The person of this login (in any case), or None."""
    return _one(connection, people.c.login == login.strip().lower())


def find_external(connection: Connection, source: str, external_id: str) -> Person | None:
    """The person whom a directory knows by this id, or None."""
    return _one(connection, and_(people.c.source == source, people.c.external_id == external_id))


def _one(connection: Connection, condition: ColumnElement[bool]) -> Person | None:
    row = connection.execute(select(people).where(condition)).one_or_none()
    return _people(connection, [row])[0] if row else None


def names_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The names of people, by id; unknown ids are left out."""
    wanted = sorted(set(ids))
    query = select(people.c.id, people.c.name).where(people.c.id.in_(wanted))
    return {row.id: row.name for row in connection.execute(query)}


def list_people(connection: Connection, wanted: PersonFilter, *, limit: int, after: str = "") -> list[Person]:
    """People by login, at most `limit`, beginning after the login `after`."""
    query = select(people).where(people.c.login > after, *_conditions(connection, wanted))
    return _people(connection, connection.execute(query.order_by(people.c.login).limit(limit)).all())


def list_role_holders(connection: Connection) -> list[Person]:
    """The active people who have any role, by login."""
    holding = select(person_roles.c.person_id)
    query = select(people).where(people.c.id.in_(holding), people.c.status == "active").order_by(people.c.login)
    return _people(connection, connection.execute(query).all())


def count_people(connection: Connection, wanted: PersonFilter | None = None) -> int:
    """How many people there are."""
    query = select(func.count()).select_from(people).where(*_conditions(connection, wanted or PersonFilter()))
    return connection.execute(query).scalar_one()


def _conditions(connection: Connection, wanted: PersonFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.words:
        fields = (people.c.login, people.c.name, people.c.email)
        conditions.append(or_(*(field.icontains(wanted.words, autoescape=True) for field in fields)))
    if wanted.department_id:
        path = select(departments.c.path).where(departments.c.id == wanted.department_id)
        top = connection.execute(path).scalar_one_or_none() or wanted.department_id
        below = select(departments.c.id).where(departments.c.path.startswith(top, autoescape=True))
        conditions.append(people.c.department_id.in_(below))
    if wanted.post_id:
        holding = select(person_posts.c.person_id).where(person_posts.c.post_id == wanted.post_id)
        conditions.append(people.c.id.in_(holding))
    if wanted.role:
        given = select(person_roles.c.person_id).where(person_roles.c.role == wanted.role)
        conditions.append(people.c.id.in_(given))
    if wanted.status:
        conditions.append(people.c.status == wanted.status)
    return conditions


def department_ids_of_people(connection: Connection) -> list[str]:
    """The department of each active person who has one."""
    query = select(people.c.department_id).where(people.c.department_id.is_not(None), people.c.status == "active")
    return list(connection.execute(query).scalars())


def held_post_ids(connection: Connection) -> list[str]:
    """The post of each pair of person and post."""
    return list(connection.execute(select(person_posts.c.post_id)).scalars())


def add_person(connection: Connection, new: NewPerson, now: datetime) -> str:
    """Take somebody in, without a password; their id."""
    person_id = new_id("usr")
    row: dict[str, Any] = {
        "id": person_id,
        "login": new.login.strip().lower(),
        "name": new.name,
        "email": new.email,
        "department_id": new.department_id,
        "clearance": rank(new.clearance),
        "status": "active",
        "source": new.source,
        "external_id": new.external_id,
        "preferences": {},
    }
    connection.execute(insert(people).values(**row, created_at=now))
    set_posts(connection, person_id, new.post_ids)
    set_roles(connection, person_id, new.roles)
    return person_id


def change_person(connection: Connection, person_id: str, **values: object) -> None:
    """Set columns of a person; `clearance` is its rank."""
    connection.execute(update(people).where(people.c.id == person_id).values(**values))


def set_posts(connection: Connection, person_id: str, post_ids: Iterable[str]) -> None:
    """These posts and no others."""
    connection.execute(delete(person_posts).where(person_posts.c.person_id == person_id))
    rows = [{"person_id": person_id, "post_id": one} for one in sorted(set(post_ids))]
    if rows:
        connection.execute(insert(person_posts), rows)


def set_roles(connection: Connection, person_id: str, roles: Iterable[Role]) -> None:
    """These roles and no others."""
    connection.execute(delete(person_roles).where(person_roles.c.person_id == person_id))
    rows = [{"person_id": person_id, "role": one} for one in sorted(set(roles))]
    if rows:
        connection.execute(insert(person_roles), rows)


def count_active_with_role(connection: Connection, role: Role) -> int:
    """How many people who may sign in hold a role."""
    return count_people(connection, PersonFilter(role=role, status="active"))


def someone_administers_people(connection: Connection) -> bool:
    """Whether an administrator of people is there who can sign in: with a password, or from a directory."""
    able = or_(people.c.password_hash != "", people.c.source != LOCAL_SOURCE)
    query = (
        select(func.count())
        .select_from(people)
        .join(person_roles, person_roles.c.person_id == people.c.id)
        .where(person_roles.c.role == "people_admin", people.c.status == "active", able)
    )
    return connection.execute(query).scalar_one() > 0


def password_of(connection: Connection, person_id: str) -> str:
    """The kept hash of a person's password; "" when there is none."""
    query = select(people.c.password_hash).where(people.c.id == person_id)
    return str(connection.execute(query).scalar_one())


def preferences_of(connection: Connection, person_id: str) -> dict[str, Any]:
    """What somebody chose for themselves: language, theme, ..."""
    query = select(people.c.preferences).where(people.c.id == person_id)
    return dict(connection.execute(query).scalar_one_or_none() or {})


def subject_of(connection: Connection, person: Person) -> Subject:
    """The person as rights see them, with every grant that concerns them."""
    place = person.department
    subject = Subject(
        id=person.id,
        name=person.name,
        login=person.login,
        department=place.path if place else "",
        department_ids=place.ids if place else (),
        posts=tuple(post.name for post in person.posts),
        post_ids=tuple(post.id for post in person.posts),
        roles=person.roles,
        clearance=person.clearance,
    )
    return replace(subject, grants=grants_held(connection, subject))
