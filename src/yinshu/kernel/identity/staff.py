"""Taking people in, changing what they hold, letting them back in, and letting them go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.base.errors import BadArgument, NotAllowed, NotFound
from yinshu.kernel.identity import store
from yinshu.kernel.identity.errors import Conflict
from yinshu.kernel.identity.passwords import hash_password, one_time_password
from yinshu.kernel.identity.permission import require
from yinshu.kernel.identity.persons import LOCAL_SOURCE, NewPerson, Person
from yinshu.kernel.identity.records import PERSON_ROLES, Clearance, Resource, Role, Subject, rank
from yinshu.kernel.identity.sign_in import login_hash

LOGIN_SHAPE = re.compile(r"[a-z0-9][a-z0-9._@-]{1,99}")
AUDITOR: Role = "audit_admin"
PEOPLE = Resource("people")
ROLE_NAMES: dict[Role, str] = {
    "operator": "运行管理员",
    "people_admin": "人员管理员",
    "content_admin": "内容管理员",
    "safety_admin": "安全管理员",
    "audit_admin": "审计管理员",
}
ROLE_DESCRIPTIONS: dict[Role, str] = {
    "operator": "管理模型、用量、后台任务和平台设置；看不到文件和会话。",
    "people_admin": "管理人员、部门、岗位、登录会话和访问密钥；看不到文件和会话。",
    "content_admin": "建立资料库并授权给部门和岗位，维护词表；不能给自己授权，看不到文件内容。",
    "safety_admin": "管理安全策略和词库；看不到文件和会话。",
    "audit_admin": "查验、导出审计台账；不能同时担任其他管理员。",
}


@dataclass(frozen=True)
class PersonChanges:
    """What is to change of a person; None leaves it. An empty `department_id` takes them out of any department."""

    name: str | None = None
    email: str | None = None
    department_id: str | None = None
    post_ids: tuple[str, ...] | None = None
    roles: frozenset[Role] | None = None
    clearance: Clearance | None = None

    @property
    def touches_rights(self) -> bool:
        """Whether it changes what the person may do."""
        return any(one is not None for one in (self.department_id, self.post_ids, self.roles, self.clearance))


HandOver = Callable[[Connection, str, str], frozenset[str]]
"""Gives what one person answers for to another in the rooms above; the ids of collections that stay closed instead."""


def keep_nothing_back(_connection: Connection, _from_person: str, _to_person: str) -> frozenset[str]:
    """No room above has anything to hand over."""
    return frozenset()


@dataclass(frozen=True)
class Staff:
    """What people administrators do with people. Every act is in the ledger."""

    engine: Engine
    clock: Clock
    hand_over: HandOver = field(default=keep_nothing_back)

    def find(self, wanted: store.PersonFilter, *, limit: int, after: str = "") -> list[Person]:
        """People by login."""
        with reading(self.engine) as connection:
            return store.list_people(connection, wanted, limit=limit, after=after)

    def role_holders(self) -> dict[Role, list[Person]]:
        """The active people who have each role, by login: all of them, because a forgotten one would be a hole."""
        with reading(self.engine) as connection:
            found = store.list_role_holders(connection)
        return {role: [one for one in found if role in one.roles] for role in PERSON_ROLES}

    def count(self, wanted: store.PersonFilter) -> int:
        """How many people there are of these."""
        with reading(self.engine) as connection:
            return store.count_people(connection, wanted)

    def department_ids(self) -> list[str]:
        """The department of everybody who works here, one entry a person."""
        with reading(self.engine) as connection:
            return store.department_ids_of_people(connection)

    def held_post_ids(self) -> list[str]:
        """The posts that are held, one entry a person and post."""
        with reading(self.engine) as connection:
            return store.held_post_ids(connection)

    def get(self, person_id: str) -> Person:
        """One person. Raises NotFound."""
        with reading(self.engine) as connection:
            return required_person(connection, person_id)

    def named(self, ids: Iterable[str]) -> list[Person]:
        """The people of these ids, those who left as well; unknown ids are left out."""
        with reading(self.engine) as connection:
            return store.get_people(connection, ids)

    def create(self, by: Subject, new: NewPerson, *, with_password: bool) -> tuple[Person, str | None]:
        """Take somebody in; with a one-time password when asked for. Raises BadArgument, Conflict, NotAllowed."""
        require(by, "administer", PEOPLE)
        check_new(new)
        with writing(self.engine) as connection:
            if store.find_person(connection, new.login) is not None:
                raise Conflict(f"登录名“{new.login}”已被使用，请换一个。")
            check_places(connection, new.department_id, new.post_ids)
            person_id = store.add_person(connection, new, self.clock.now())
            password = self.one_time(connection, person_id) if with_password else None
            person = required_person(connection, person_id)
            self._record(connection, by, "identity.person_added", person_id, rights_of(person))
        return person, password

    def change(self, by: Subject, person_id: str, changes: PersonChanges) -> Person:
        """Change what is given. Nobody changes their own rights, and one people administrator always stays."""
        require(by, "administer", PEOPLE)
        if changes.roles is not None:
            check_roles(changes.roles)
        with writing(self.engine) as connection:
            before = required_person(connection, person_id)
            if person_id == by.id and changes.touches_rights:
                raise NotAllowed("不能修改自己的部门、岗位、角色和密级，请由另一位人员管理员修改。")
            check_places(connection, changes.department_id or None, changes.post_ids or ())
            self._apply(connection, person_id, changes)
            after = required_person(connection, person_id)
            keep_one_administrator(connection, before, after)
            self._record(
                connection, by, "identity.person_changed", person_id, {"before": rights_of(before), **rights_of(after)}
            )
        return after

    def _apply(self, connection: Connection, person_id: str, changes: PersonChanges) -> None:
        values: dict[str, object] = {}
        if changes.name is not None:
            values["name"] = checked_name(changes.name)
        if changes.email is not None:
            values["email"] = changes.email
        if changes.department_id is not None:
            values["department_id"] = changes.department_id or None
        if changes.clearance is not None:
            values["clearance"] = rank(changes.clearance)
        if values:
            store.change_person(connection, person_id, **values)
        if changes.post_ids is not None:
            store.set_posts(connection, person_id, changes.post_ids)
        if changes.roles is not None:
            store.set_roles(connection, person_id, changes.roles)

    def reset_password(self, by: Subject, person_id: str) -> str:
        """A new one-time password; every session of the person ends. Raises Conflict for people of a directory."""
        require(by, "administer", PEOPLE)
        with writing(self.engine) as connection:
            person = required_person(connection, person_id)
            if person.source != LOCAL_SOURCE:
                raise Conflict("此人通过单位目录登录，密码请在目录中重置。")
            if person.status != "active":
                raise Conflict("此人已停用，请先恢复再重置密码。")
            password = self.one_time(connection, person_id)
            store.remove_sessions_of(connection, person_id)
            store.forget_failures(connection, login_hash(person.login))
            self._record(connection, by, "identity.password_reset", person_id, {})
        return password

    def one_time(self, connection: Connection, person_id: str) -> str:
        """Give somebody a one-time password in a transaction of the caller, who has asked for the right."""
        password = one_time_password()
        store.change_person(connection, person_id, password_hash=hash_password(password), must_change_password=True)
        return password

    def disable(self, by: Subject, person_id: str, hand_over_to: str | None) -> Person:
        """Let somebody go: no sign-in, no keys; what they answer for goes to another person, not to the one who acts.

        Their conversations stay theirs, and nobody can read them.
        """
        require(by, "administer", PEOPLE)
        with writing(self.engine) as connection:
            self.let_go(connection, by, person_id, hand_over_to)
            return required_person(connection, person_id)

    def let_go(self, connection: Connection, by: Subject, person_id: str, hand_over_to: str | None) -> None:
        """The same in a transaction of the caller, who has asked for the right."""
        if person_id == by.id:
            raise NotAllowed("不能停用自己，请由另一位人员管理员操作。")
        if hand_over_to in (by.id, person_id):
            raise NotAllowed("工作不能交接给操作者本人或离开的人，请选择另一位同事。")
        before = required_person(connection, person_id)
        if before.status == "disabled":
            raise Conflict("此人已经停用。")
        moved = self._hand_over(connection, person_id, hand_over_to)
        ended = store.remove_sessions_of(connection, person_id) + store.remove_keys_of(connection, person_id)
        store.change_person(
            connection, person_id, status="disabled", disabled_at=self.clock.now(), handed_over_to=hand_over_to
        )
        keep_one_administrator(connection, before, required_person(connection, person_id))
        detail = {"hand_over_to": hand_over_to, "rights_moved": moved, "sessions_and_keys_ended": ended}
        self._record(connection, by, "identity.person_disabled", person_id, dict(detail))

    def _hand_over(self, connection: Connection, person_id: str, to_person: str | None) -> int:
        if to_person is None:
            return 0
        if required_person(connection, to_person).status != "active":
            raise Conflict("接手的同事已停用，请选择在职的同事。")
        closed = self.hand_over(connection, person_id, to_person)
        return store.move_grants(connection, person_id, to_person, except_collections=closed, now=self.clock.now())

    def enable(self, by: Subject, person_id: str) -> Person:
        """Let somebody back in. What was handed over stays where it is."""
        require(by, "administer", PEOPLE)
        if person_id == by.id:
            raise NotAllowed("不能恢复自己，请由另一位人员管理员操作。")
        with writing(self.engine) as connection:
            required_person(connection, person_id)
            store.change_person(connection, person_id, status="active", disabled_at=None, handed_over_to=None)
            person = required_person(connection, person_id)
            self._record(connection, by, "identity.person_enabled", person_id, rights_of(person))
        return person

    def _record(
        self, connection: Connection, by: Subject, action: str, person_id: str, detail: dict[str, object]
    ) -> None:
        append(connection, self.clock, actor=by.id, action=action, subject=person_id, payload=detail)  # type: ignore[arg-type]


def required_person(connection: Connection, person_id: str) -> Person:
    """The person of this id. Raises NotFound."""
    found = store.get_person(connection, person_id)
    if found is None:
        raise NotFound("没有这个人，请刷新人员列表后重试。")
    return found


def check_new(new: NewPerson) -> None:
    """Raise BadArgument when login, name or roles cannot be."""
    if not LOGIN_SHAPE.fullmatch(new.login.strip().lower()):
        raise BadArgument("登录名要由 2 到 100 个小写字母、数字或 . _ @ - 组成，并以字母或数字开头。")
    checked_name(new.name)
    check_roles(new.roles)


def checked_name(name: str) -> str:
    """The name without white space around it. Raises BadArgument when nothing is left."""
    if not name.strip():
        raise BadArgument("请填写姓名。")
    return name.strip()


def check_roles(roles: Iterable[Role]) -> None:
    """Raise BadArgument for a role that no person can have, Conflict for an auditor who administers too."""
    given = set(roles)
    if given - set(PERSON_ROLES):
        raise BadArgument(f"没有这个角色。可用的角色：{'、'.join(PERSON_ROLES)}。")
    if AUDITOR in given and len(given) > 1:
        raise Conflict("审计管理员不能同时担任其他管理员，请分给两个人。")


def check_places(connection: Connection, department_id: str | None, post_ids: Iterable[str]) -> None:
    """Raise BadArgument when the department or a post does not exist."""
    if department_id and department_id not in store.get_departments(connection, [department_id]):
        raise BadArgument("没有这个部门，请刷新部门列表后重选。")
    known = {post.id for post in store.list_posts(connection)}
    if set(post_ids) - known:
        raise BadArgument("没有这个岗位，请刷新岗位列表后重选。")


def rights_of(person: Person) -> dict[str, object]:
    """What the ledger keeps of a person: ids and ranks, no names."""
    return {
        "department": person.department.id if person.department else None,
        "posts": [post.id for post in person.posts],
        "roles": sorted(person.roles),
        "clearance": person.clearance,
        "status": person.status,
    }


def keep_one_administrator(connection: Connection, before: Person, after: Person) -> None:
    """Raise Conflict when a change has left nobody who administers people."""
    held = "people_admin" in before.roles and before.status == "active"
    holds = "people_admin" in after.roles and after.status == "active"
    if held and not holds and store.count_active_with_role(connection, "people_admin") == 0:
        raise Conflict("至少要留一位在职的人员管理员，请先把这个角色交给另一个人。")
