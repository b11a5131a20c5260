"""Somebody whom a directory vouches for becomes a person of this house: found again, or taken in, and put in place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection
from yinshu.kernel.identity import store
from yinshu.kernel.identity.errors import SignInRefused
from yinshu.kernel.identity.persons import DirectoryPerson, NewPerson, Person
from yinshu.kernel.identity.records import Clearance

LOGIN_CHARS_MAX = 90
_NOT_LOGIN = re.compile(r"[^a-z0-9._@-]+")


@dataclass(frozen=True)
class DirectoryRules:
    """How a directory's words become departments and posts.

    `departments` and `posts` map the directory's name to ours; a name that is not mapped is taken as it is when
    `take_unmapped`, otherwise left out. With `take_in` unknown people are taken in at their first sign-in.
    """

    departments: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[str, str] = field(default_factory=dict)
    take_unmapped: bool = False
    take_in: bool = True
    clearance: Clearance = "internal"


def receive(connection: Connection, clock: Clock, found: DirectoryPerson, rules: DirectoryRules) -> Person:
    """The person, new or known, with the department and posts that the directory tells. Raises SignInRefused.

    A directory never gives roles or a clearance beyond the default, and never takes over an account of this house.
    """
    known = store.find_external(connection, found.source, found.external_id)
    if known is None:
        if not rules.take_in:
            raise SignInRefused("您还不是本系统的用户，请联系人员管理员开通。")
        known = _take_in(connection, clock, found, rules)
    elif known.status != "active":
        return known
    _put_in_place(connection, clock, known, found, rules)
    after = store.get_person(connection, known.id)
    assert after is not None, "it was there a moment ago, in this transaction"
    return after


def _take_in(connection: Connection, clock: Clock, found: DirectoryPerson, rules: DirectoryRules) -> Person:
    login = _NOT_LOGIN.sub("-", found.login.strip().lower()).strip("-.")[:LOGIN_CHARS_MAX]
    if not login:
        raise SignInRefused("目录没有给出登录名，请联系管理员检查目录设置。")
    if store.find_person(connection, login) is not None:
        # An account of the same name is somebody else until an administrator says otherwise.
        raise SignInRefused("本系统已有同名账号，请联系人员管理员关联或改名。")
    new = NewPerson(
        login=login,
        name=found.name.strip() or login,
        email=found.email,
        clearance=rules.clearance,
        source=found.source,
        external_id=found.external_id,
    )
    person_id = store.add_person(connection, new, clock.now())
    append(
        connection,
        clock,
        actor=person_id,
        action="identity.person_added",
        subject=person_id,
        payload={"source": found.source},
    )
    person = store.get_person(connection, person_id)
    assert person is not None, "it has just been stored"
    return person


def _put_in_place(
    connection: Connection, clock: Clock, person: Person, found: DirectoryPerson, rules: DirectoryRules
) -> None:
    now = clock.now()
    department = _mapped(rules.departments, found.department, rules.take_unmapped)
    values: dict[str, object] = {}
    if department:
        values["department_id"] = store.ensure_department(connection, department, now)
    if found.name.strip():
        values["name"] = found.name.strip()
    if values:
        store.change_person(connection, person.id, **values)
    named = [_mapped(rules.posts, post, rules.take_unmapped) for post in found.posts]
    if rules.posts or rules.take_unmapped:
        store.set_posts(connection, person.id, [store.ensure_post(connection, post, now) for post in named if post])


def _mapped(mapping: Mapping[str, str], word: str, take_unmapped: bool) -> str:
    return mapping.get(word, word if take_unmapped else "")
