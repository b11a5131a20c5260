"""Departments and posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, delete, func, insert, select, update

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.identity.persons import Department, Post
from yinshu.kernel.identity.tables import departments, grants, people, person_posts, posts

PATH_MARK = "/"
_BY_ID: Select[Any] = select(departments.c.id, departments.c.parent_id, departments.c.name, departments.c.path).where(
    departments.c.id.in_(bindparam("ids", expanding=True))
)


def list_departments(connection: Connection) -> list[Department]:
    """Every department, each before those below it, by name."""
    rows = connection.execute(select(departments)).all()
    names = {row.id: row.name for row in rows}
    return sorted((_department(row, names) for row in rows), key=lambda one: one.path)


def _department(row: Row[Any], names: dict[str, str]) -> Department:
    ids = tuple(row.path.rstrip(PATH_MARK).split(PATH_MARK))
    return Department(row.id, row.parent_id, row.name, PATH_MARK.join(names[one] for one in ids), ids)


def get_departments(connection: Connection, ids: Iterable[str]) -> dict[str, Department]:
    """The departments of these ids; unknown ids are left out."""
    rows = connection.execute(_BY_ID, {"ids": sorted(set(ids))}).all()
    names = {row.id: row.name for row in rows}
    above = {one for row in rows for one in row.path.rstrip(PATH_MARK).split(PATH_MARK)} - set(names)
    if above:
        names |= {row.id: row.name for row in connection.execute(_BY_ID, {"ids": sorted(above)})}
    return {row.id: _department(row, names) for row in rows}


def find_department(connection: Connection, parent_id: str | None, name: str) -> str | None:
    """The id of the department of this name below a parent (None is the top)."""
    same = and_(departments.c.parent_id.is_not_distinct_from(parent_id), departments.c.name == name)
    found: str | None = connection.execute(select(departments.c.id).where(same)).scalar_one_or_none()
    return found


def add_department(connection: Connection, parent_id: str | None, name: str, now: datetime) -> str:
    """Make a department; its id."""
    department_id = new_id("dep")
    above = ""
    if parent_id is not None:
        above = connection.execute(select(departments.c.path).where(departments.c.id == parent_id)).scalar_one()
    path = f"{above}{department_id}{PATH_MARK}"
    connection.execute(
        insert(departments).values(id=department_id, parent_id=parent_id, name=name, path=path, created_at=now)
    )
    return department_id


def ensure_department(connection: Connection, path: str, now: datetime) -> str | None:
    """The id of the department at a path of names, made with everything above it where it is missing; None for ""."""
    found: str | None = None
    for name in (part.strip() for part in path.split(PATH_MARK)):
        if name:
            found = find_department(connection, found, name) or add_department(connection, found, name, now)
    return found


def rename_department(connection: Connection, department_id: str, name: str) -> None:
    """Call it something else."""
    connection.execute(update(departments).where(departments.c.id == department_id).values(name=name))


def move_department(connection: Connection, department_id: str, parent_id: str | None) -> None:
    """Put a department with everything below it under another one; the caller has made sure that it is no circle."""
    path = connection.execute(select(departments.c.path).where(departments.c.id == department_id)).scalar_one()
    above = ""
    if parent_id is not None:
        above = connection.execute(select(departments.c.path).where(departments.c.id == parent_id)).scalar_one()
    moved = f"{above}{department_id}{PATH_MARK}"
    below = departments.c.path.startswith(path, autoescape=True)
    tail = func.substr(departments.c.path, len(path) + 1)
    connection.execute(update(departments).where(below).values(path=moved + tail))
    connection.execute(update(departments).where(departments.c.id == department_id).values(parent_id=parent_id))


def remove_department(connection: Connection, department_id: str) -> None:
    """Take a department away, with the rights that it held; it must be empty."""
    held = and_(grants.c.holder_kind == "department", grants.c.holder_id == department_id)
    connection.execute(delete(grants).where(held))
    connection.execute(delete(departments).where(departments.c.id == department_id))


def count_in_department(connection: Connection, department_id: str) -> int:
    """People in it and departments directly below it."""
    counted = (
        select(func.count()).select_from(people).where(people.c.department_id == department_id),
        select(func.count()).select_from(departments).where(departments.c.parent_id == department_id),
    )
    return sum(connection.execute(query).scalar_one() for query in counted)


def list_posts(connection: Connection) -> list[Post]:
    """Every post, by name."""
    return [_post(row) for row in connection.execute(select(posts).order_by(posts.c.name))]


def _post(row: Row[Any]) -> Post:
    return Post(row.id, row.name, row.description)


def get_post(connection: Connection, post_id: str) -> Post | None:
    """The post of this id, or None."""
    row = connection.execute(select(posts).where(posts.c.id == post_id)).one_or_none()
    return _post(row) if row else None


def find_post(connection: Connection, name: str) -> str | None:
    """The id of the post of this name."""
    found: str | None = connection.execute(select(posts.c.id).where(posts.c.name == name)).scalar_one_or_none()
    return found


def add_post(connection: Connection, name: str, description: str, now: datetime) -> str:
    """Make a post; its id."""
    post_id = new_id("pst")
    connection.execute(insert(posts).values(id=post_id, name=name, description=description, created_at=now))
    return post_id


def ensure_post(connection: Connection, name: str, now: datetime) -> str:
    """The id of the post of this name, made if it is missing."""
    return find_post(connection, name) or add_post(connection, name, "", now)


def change_post(connection: Connection, post_id: str, name: str, description: str) -> None:
    """Call it and describe it differently."""
    connection.execute(update(posts).where(posts.c.id == post_id).values(name=name, description=description))


def remove_post(connection: Connection, post_id: str) -> None:
    """Take a post away, with the rights that it held; nobody may hold it any more."""
    connection.execute(delete(grants).where(and_(grants.c.holder_kind == "post", grants.c.holder_id == post_id)))
    connection.execute(delete(posts).where(posts.c.id == post_id))


def count_holding_post(connection: Connection, post_id: str) -> int:
    """How many people hold a post."""
    query = select(func.count()).select_from(person_posts).where(person_posts.c.post_id == post_id)
    return connection.execute(query).scalar_one()
