"""Departments and posts: made, renamed, moved and removed by people administrators."""

from __future__ import annotations

from dataclasses import dataclass

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, reading, writing
from yinshu.kernel.base.errors import BadArgument, NotAllowed, NotFound
from yinshu.kernel.identity import store
from yinshu.kernel.identity.errors import Conflict
from yinshu.kernel.identity.permission import require
from yinshu.kernel.identity.persons import Department, Post
from yinshu.kernel.identity.records import Resource, Subject

NAME_CHARS_MAX = 100
DEPTH_MAX = 15
DEPARTMENTS = Resource("department")
POSTS = Resource("post")


@dataclass(frozen=True)
class Structure:
    """The tree of departments and the list of posts. Every act is in the ledger."""

    engine: Engine
    clock: Clock

    def departments(self) -> list[Department]:
        """Every department, each before those below it."""
        with reading(self.engine) as connection:
            return store.list_departments(connection)

    def posts(self) -> list[Post]:
        """Every post, by name."""
        with reading(self.engine) as connection:
            return store.list_posts(connection)

    def add_department(self, by: Subject, name: str, parent_id: str | None) -> Department:
        """A new department. Raises Conflict when its parent has one of that name."""
        require(by, "administer", DEPARTMENTS)
        with writing(self.engine) as connection:
            above = required_department(connection, parent_id) if parent_id else None
            if above is not None and len(above.ids) >= DEPTH_MAX:
                raise BadArgument(f"部门最多 {DEPTH_MAX} 级，请放到上一级。")
            checked = self._free_name(connection, name, parent_id)
            department_id = store.add_department(connection, parent_id, checked, self.clock.now())
            self._record(connection, by, "identity.department_added", department_id, parent=parent_id)
            return required_department(connection, department_id)

    def change_department(
        self, by: Subject, department_id: str, *, name: str | None, parent_id: str | None
    ) -> Department:
        """Rename it, or move it with everything below it ("" is the top). Nobody moves their own department.

        Rights come with the place in the tree, so moving one's own would be giving oneself rights.
        """
        require(by, "administer", DEPARTMENTS)
        with writing(self.engine) as connection:
            before = required_department(connection, department_id)
            if parent_id is not None and (parent_id or None) != before.parent_id:
                if department_id in by.department_ids:
                    raise NotAllowed("不能移动自己所在的部门，请由另一位人员管理员操作。")
                self._check_move(connection, before, parent_id)
                self._free_name(connection, name or before.name, parent_id or None, except_id=department_id)
                store.move_department(connection, department_id, parent_id or None)
                self._record(
                    connection,
                    by,
                    "identity.department_moved",
                    department_id,
                    parent=parent_id or None,
                    before=before.parent_id,
                )
            if name is not None and name.strip() != before.name:
                place = before.parent_id if parent_id is None else parent_id or None
                store.rename_department(
                    connection, department_id, self._free_name(connection, name, place, except_id=department_id)
                )
                self._record(connection, by, "identity.department_renamed", department_id)
            return required_department(connection, department_id)

    def _check_move(self, connection: Connection, before: Department, parent_id: str) -> None:
        if not parent_id:
            return
        above = required_department(connection, parent_id)
        if before.id in above.ids:
            raise Conflict("不能把部门移到它自己的下级里，请选择别的上级。")
        below = [len(one.ids) for one in store.list_departments(connection) if before.id in one.ids]
        if len(above.ids) + max(below) - len(before.ids) + 1 > DEPTH_MAX:
            raise BadArgument(f"移动后会超过 {DEPTH_MAX} 级，请选择别的上级。")

    def remove_department(self, by: Subject, department_id: str) -> None:
        """Remove an empty department with the rights that it held. Raises Conflict while it is not empty."""
        require(by, "administer", DEPARTMENTS)
        with writing(self.engine) as connection:
            required_department(connection, department_id)
            if store.count_in_department(connection, department_id):
                raise Conflict("部门里还有人员或下级部门，请先移走。")
            store.remove_department(connection, department_id)
            self._record(connection, by, "identity.department_removed", department_id)

    def add_post(self, by: Subject, name: str, description: str) -> Post:
        """A new post. Raises Conflict when the name is taken."""
        require(by, "administer", POSTS)
        with writing(self.engine) as connection:
            post_id = store.add_post(connection, self._free_post(connection, name), description, self.clock.now())
            self._record(connection, by, "identity.post_added", post_id)
            return required_post(connection, post_id)

    def change_post(self, by: Subject, post_id: str, *, name: str | None, description: str | None) -> Post:
        """Call or describe it differently."""
        require(by, "administer", POSTS)
        with writing(self.engine) as connection:
            before = required_post(connection, post_id)
            called = before.name if name is None else self._free_post(connection, name, except_id=post_id)
            store.change_post(connection, post_id, called, before.description if description is None else description)
            self._record(connection, by, "identity.post_changed", post_id)
            return required_post(connection, post_id)

    def remove_post(self, by: Subject, post_id: str) -> None:
        """Remove a post that nobody holds, with the rights that it held. Raises Conflict while somebody holds it."""
        require(by, "administer", POSTS)
        with writing(self.engine) as connection:
            required_post(connection, post_id)
            holders = store.count_holding_post(connection, post_id)
            if holders:
                raise Conflict(f"还有 {holders} 人担任这个岗位，请先调整他们的岗位。")
            store.remove_post(connection, post_id)
            self._record(connection, by, "identity.post_removed", post_id)

    def _free_name(self, connection: Connection, name: str, parent_id: str | None, *, except_id: str = "") -> str:
        checked = _checked(name)
        if "/" in checked:
            raise BadArgument("部门名称不能包含“/”，它用来表示上下级。")
        if store.find_department(connection, parent_id, checked) not in (None, except_id):
            raise Conflict(f"同一级已有“{checked}”，请换一个名称。")
        return checked

    def _free_post(self, connection: Connection, name: str, *, except_id: str = "") -> str:
        checked = _checked(name)
        if store.find_post(connection, checked) not in (None, except_id):
            raise Conflict(f"已有岗位“{checked}”，请换一个名称。")
        return checked

    def _record(self, connection: Connection, by: Subject, action: str, subject: str, **detail: str | None) -> None:
        append(connection, self.clock, actor=by.id, action=action, subject=subject, payload=dict(detail))


def _checked(name: str) -> str:
    if not 0 < len(name.strip()) <= NAME_CHARS_MAX:
        raise BadArgument(f"名称要有 1 到 {NAME_CHARS_MAX} 个字。")
    return name.strip()


def required_department(connection: Connection, department_id: str) -> Department:
    """The department of this id. Raises NotFound."""
    found = store.get_departments(connection, [department_id]).get(department_id)
    if found is None:
        raise NotFound("没有这个部门，请刷新部门列表后重试。")
    return found


def required_post(connection: Connection, post_id: str) -> Post:
    """The post of this id. Raises NotFound."""
    found = store.get_post(connection, post_id)
    if found is None:
        raise NotFound("没有这个岗位，请刷新岗位列表后重试。")
    return found
