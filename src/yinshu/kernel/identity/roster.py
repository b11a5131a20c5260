"""A list of people from a CSV or XLSX file: read, checked row by row, tried or taken in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, writing
from yinshu.kernel.base.errors import BadInput, YinshuError
from yinshu.kernel.identity import store
from yinshu.kernel.identity.permission import require
from yinshu.kernel.identity.persons import NewPerson, Person
from yinshu.kernel.identity.records import Clearance, Role, Subject, rank
from yinshu.kernel.identity.staff import PEOPLE, ROLE_NAMES, Staff, check_new, keep_one_administrator, required_person

ROWS_MAX = 20_000
PASSWORD_ROWS_MAX = 300
FILE_BYTES_MAX = 20 * 1024 * 1024
COLUMNS: Mapping[str, str] = {
    "登录名": "login",
    "工号": "login",
    "login": "login",
    "姓名": "name",
    "name": "name",
    "邮箱": "email",
    "email": "email",
    "部门": "department",
    "department": "department",
    "岗位": "posts",
    "posts": "posts",
    "角色": "roles",
    "roles": "roles",
    "密级": "clearance",
    "clearance": "clearance",
    "状态": "status",
    "status": "status",
    "交接给": "hand_over_to",
    "hand_over_to": "hand_over_to",
}
LEVEL_NAMES: Mapping[str, Clearance] = {
    "公开": "public",
    "内部": "internal",
    "秘密": "confidential",
    "机密": "secret",
    "public": "public",
    "internal": "internal",
    "confidential": "confidential",
    "secret": "secret",
}
LEAVING = frozenset({"离职", "停用", "disabled"})
STAYING = frozenset({"", "在职", "启用", "active"})
_SEPARATORS = str.maketrans({"、": ",", "，": ",", ";": ",", "；": ",", "|": ","})

Outcome = Literal["created", "changed", "unchanged", "disabled", "failed"]


@dataclass(frozen=True)
class RowReport:
    """What became, or would become, of one row. `row` counts as the file shows it: the heading is row 1."""

    row: int
    login: str
    name: str
    outcome: Outcome
    message: str


@dataclass(frozen=True)
class RosterReport:
    """The whole list, row by row, and how many of each outcome; nothing was written in a dry run.

    `passwords` are (login, name, one-time password) of those taken in, where these were asked for.
    """

    dry_run: bool
    rows: tuple[RowReport, ...]
    counts: Mapping[str, int]
    new_departments: tuple[str, ...] = ()
    new_posts: tuple[str, ...] = ()
    passwords: tuple[tuple[str, str, str], ...] = ()


class _DryRunOverError(Exception):
    """Rolls the transaction of a dry run back."""


def read_rows(name: str, content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV (UTF-8 or GB18030) or XLSX file by our own column names. Raises BadInput."""
    if len(content) > FILE_BYTES_MAX:
        raise BadInput(f"文件超过 {FILE_BYTES_MAX // 1024 // 1024} MB，请分成几个文件导入。")
    table = _sheet(content) if name.lower().endswith((".xlsx", ".xlsm")) else _csv(content)
    lines = [line for line in table if any(cell.strip() for cell in line)]
    if not lines:
        raise BadInput("文件是空的，请按模板填写后再导入。")
    heading = [COLUMNS.get(cell.strip().lower(), "") for cell in lines[0]]
    if "login" not in heading or "name" not in heading:
        raise BadInput(
            "第一行要有“登录名”和“姓名”两列。请按模板填写：登录名、姓名、部门、岗位、角色、密级、状态、交接给。"
        )
    if len(lines) - 1 > ROWS_MAX:
        raise BadInput(f"一次最多导入 {ROWS_MAX} 行，请分成几个文件。")
    return [{column: cell.strip() for column, cell in zip(heading, line, strict=False) if column} for line in lines[1:]]


def _csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return list(csv.reader(io.StringIO(text, newline="")))
    raise BadInput("文件的编码不能识别，请另存为 UTF-8 的 CSV 或 XLSX 后再导入。")


def _sheet(content: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, load_workbook

    try:
        rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, ValueError, IndexError, OSError):
        raise BadInput("这个 XLSX 文件打不开，请用表格软件另存一次后再导入。") from None
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@dataclass(frozen=True)
class _Row:
    number: int
    new: NewPerson
    department: str
    posts: tuple[str, ...]
    given: frozenset[str]
    leaving: bool
    hand_over_to: str


@dataclass(frozen=True)
class Roster:
    """Takes lists of people in, row by row; one wrong row does not stop the others."""

    engine: Engine
    clock: Clock
    staff: Staff

    def take_in(
        self, by: Subject, rows: Sequence[Mapping[str, str]], *, dry_run: bool, with_passwords: bool = False
    ) -> RosterReport:
        """Add, change and disable people as the rows say, in one transaction; a dry run writes nothing.

        Departments and posts that are missing are made. Columns that the file does not have stay as they are.
        """
        require(by, "administer", PEOPLE)
        if with_passwords and len(rows) > PASSWORD_ROWS_MAX:
            raise BadInput(f"一次最多为 {PASSWORD_ROWS_MAX} 人发放一次性密码，请分成几个文件。")
        try:
            with writing(self.engine) as connection:
                report = self._all(connection, by, rows, dry_run, with_passwords)
                append(
                    connection,
                    self.clock,
                    actor=by.id,
                    action="identity.people_imported",
                    subject="people",
                    payload=dict(report.counts),
                )
                if dry_run:
                    raise _DryRunOverError
        except _DryRunOverError:
            pass
        return report

    def _all(
        self,
        connection: Connection,
        by: Subject,
        rows: Sequence[Mapping[str, str]],
        dry_run: bool,
        with_passwords: bool,
    ) -> RosterReport:
        places = {one.path for one in store.list_departments(connection)}
        known_posts = {post.name for post in store.list_posts(connection)}
        seen: set[str] = set()
        reports = [self._one(connection, by, number, row, seen) for number, row in enumerate(rows, start=2)]
        created = [one for one in reports if one.outcome == "created"] if with_passwords and not dry_run else []
        return RosterReport(
            dry_run,
            tuple(reports),
            _count(reports),
            tuple(one.path for one in store.list_departments(connection) if one.path not in places),
            tuple(post.name for post in store.list_posts(connection) if post.name not in known_posts),
            tuple((one.login, one.name, self._password(connection, one.login)) for one in created),
        )

    def _password(self, connection: Connection, login: str) -> str:
        person = store.find_person(connection, login)
        assert person is not None, "it has just been made"
        return self.staff.one_time(connection, person.id)

    def _one(
        self, connection: Connection, by: Subject, number: int, fields: Mapping[str, str], seen: set[str]
    ) -> RowReport:
        login, name = fields.get("login", "").lower(), fields.get("name", "")
        try:
            if login in seen:
                raise BadInput("这个登录名在文件中出现了两次，请只留一行。")
            seen.add(login)
            row = _parsed(number, fields)
            with connection.begin_nested():
                outcome, message = self._apply(connection, by, row)
        except YinshuError as error:
            outcome, message = "failed", error.message
        return RowReport(number, login, name, outcome, message)

    def _apply(self, connection: Connection, by: Subject, row: _Row) -> tuple[Outcome, str]:
        known = store.find_person(connection, row.new.login)
        if row.leaving:
            return self._let_go(connection, by, row, known)
        if known is None:
            person_id = store.add_person(connection, row.new, self.clock.now())
            self._place(connection, person_id, row)
            return "created", "新增；还没有密码，请在人员页面发放一次性密码。"
        if known.status == "disabled":
            raise BadInput("此人已停用，请先在人员页面恢复。")
        if known.id == by.id and _changes(row, known):
            raise BadInput("不能用导入修改自己的部门、岗位、角色和密级。")
        if not _changes(row, known):
            return "unchanged", "没有变化。"
        self._place(connection, known.id, row)
        return "changed", f"更新：{'、'.join(_changes(row, known))}。"

    def _place(self, connection: Connection, person_id: str, row: _Row) -> None:
        now = self.clock.now()
        values: dict[str, object] = {"name": row.new.name}
        if "email" in row.given:
            values["email"] = row.new.email
        if "department" in row.given:
            values["department_id"] = store.ensure_department(connection, row.department, now)
        if "clearance" in row.given:
            values["clearance"] = rank(row.new.clearance)
        store.change_person(connection, person_id, **values)
        if "posts" in row.given:
            store.set_posts(connection, person_id, [store.ensure_post(connection, post, now) for post in row.posts])
        if "roles" in row.given:
            before = required_person(connection, person_id)
            store.set_roles(connection, person_id, row.new.roles)
            keep_one_administrator(connection, before, required_person(connection, person_id))

    def _let_go(self, connection: Connection, by: Subject, row: _Row, known: Person | None) -> tuple[Outcome, str]:
        if known is None:
            raise BadInput("没有这个人，不需要停用。")
        if known.status == "disabled":
            return "unchanged", "已经停用。"
        successor = store.find_person(connection, row.hand_over_to) if row.hand_over_to else None
        if row.hand_over_to and successor is None:
            raise BadInput(f"接手的“{row.hand_over_to}”不存在，请填写在职同事的登录名。")
        self.staff.let_go(connection, by, known.id, successor.id if successor else None)
        return "disabled", f"停用；工作交接给{successor.name}。" if successor else "停用；没有指定交接人。"


def _parsed(number: int, fields: Mapping[str, str]) -> _Row:
    level = fields.get("clearance") or "internal"
    if level not in LEVEL_NAMES:
        raise BadInput(f"密级“{level}”不认识，可填：公开、内部、秘密、机密。")
    status = fields.get("status", "")
    if status not in LEAVING | STAYING:
        raise BadInput(f"状态“{status}”不认识，可填：在职、离职。")
    new = NewPerson(
        login=fields.get("login", "").lower(),
        name=fields.get("name", ""),
        email=fields.get("email", ""),
        roles=frozenset(_roles(_parts(fields.get("roles", "")))),
        clearance=LEVEL_NAMES[level],
    )
    check_new(new)
    return _Row(
        number,
        new,
        fields.get("department", ""),
        tuple(_parts(fields.get("posts", ""))),
        frozenset(fields),
        status in LEAVING,
        fields.get("hand_over_to", ""),
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.translate(_SEPARATORS).split(",") if part.strip()]


def _roles(words: Iterable[str]) -> list[Role]:
    by_word: dict[str, Role] = {
        **{name: role for role, name in ROLE_NAMES.items()},
        **{role: role for role in ROLE_NAMES},
    }
    unknown = [word for word in words if word not in by_word]
    if unknown:
        raise BadInput(f"角色“{unknown[0]}”不认识，可填：{'、'.join(ROLE_NAMES.values())}。")
    return [by_word[word] for word in words]


def _changes(row: _Row, known: Person) -> list[str]:
    """What of the person the row changes, in Chinese."""
    place = known.department.path if known.department else ""
    compared = {
        "name": ("姓名", row.new.name == known.name),
        "email": ("邮箱", row.new.email == known.email),
        "department": ("部门", row.department.strip("/") == place),
        "posts": ("岗位", set(row.posts) == {post.name for post in known.posts}),
        "roles": ("角色", row.new.roles == known.roles),
        "clearance": ("密级", row.new.clearance == known.clearance),
    }
    return [word for column, (word, same) in compared.items() if column in row.given and not same]


def _count(reports: Iterable[RowReport]) -> dict[str, int]:
    counts = {"created": 0, "changed": 0, "unchanged": 0, "disabled": 0, "failed": 0}
    for one in reports:
        counts[one.outcome] += 1
    return counts
