"""People, departments, posts and keys: what administrators can do, and what they cannot do to themselves."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, insert

from tests.kernel.identity.conftest import MovingTime
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.base.errors import BadArgument, BadInput, NotAllowed
from yinshu.kernel.identity import Holder, Subject, local_operator, store
from yinshu.kernel.identity.errors import Conflict
from yinshu.kernel.identity.office import FIRST_LOGIN, PeopleOffice, open_office
from yinshu.kernel.identity.persons import NewPerson, Visitor
from yinshu.kernel.identity.roster import read_rows
from yinshu.kernel.identity.sign_in import SignIn
from yinshu.kernel.identity.staff import PersonChanges
from yinshu.kernel.knowledge.store import hand_over
from yinshu.kernel.knowledge.tables import collections, documents

LOCAL = local_operator()


def subject(office: PeopleOffice, login: str) -> Subject:
    found = office.sign_in.subject_named(login)
    assert found is not None
    return found


@pytest.fixture
def admin(office: PeopleOffice) -> Subject:
    """An administrator of people."""
    new = NewPerson("sunli", "孙莉", roles=frozenset({"people_admin"}))
    office.staff.create(LOCAL, new, with_password=False)
    return subject(office, "sunli")


def test_the_first_start_makes_one_administrator_and_later_starts_none(office: PeopleOffice) -> None:
    password = office.first_administrator()
    assert password is not None
    assert office.first_administrator() is None
    opened = office.sign_in.with_password(FIRST_LOGIN, password, Visitor("x"))
    found = office.sign_in.who(opened.token)
    assert found is not None
    assert found.person.must_change_password
    assert found.person.roles == {"operator", "people_admin", "content_admin", "safety_admin"}


def test_people_without_a_password_do_not_keep_the_first_administrator_out(
    office: PeopleOffice, admin: Subject
) -> None:
    assert office.first_administrator() is not None


def test_nobody_changes_their_own_rights(office: PeopleOffice, admin: Subject) -> None:
    post = office.structure.add_post(LOCAL, "柜员", "")
    for changes in (
        PersonChanges(clearance="secret"),
        PersonChanges(roles=frozenset({"operator"})),
        PersonChanges(post_ids=(post.id,)),
        PersonChanges(department_id=""),
    ):
        with pytest.raises(NotAllowed, match="自己"):
            office.staff.change(admin, admin.id, changes)
    assert office.staff.change(admin, admin.id, PersonChanges(name="孙丽")).name == "孙丽"


def test_one_administrator_of_people_always_stays(office: PeopleOffice, admin: Subject) -> None:
    with pytest.raises(Conflict, match="至少"):
        office.staff.change(LOCAL, admin.id, PersonChanges(roles=frozenset()))
    with pytest.raises(Conflict, match="至少"):
        office.staff.disable(LOCAL, admin.id, None)


def test_an_auditor_administers_nothing_else(office: PeopleOffice) -> None:
    new = NewPerson("wuting", "吴婷", roles=frozenset({"audit_admin", "operator"}))
    with pytest.raises(Conflict, match="审计"):
        office.staff.create(LOCAL, new, with_password=False)


@pytest.mark.parametrize("login", ["", "a", "张三", "a b", "../x", "-x"])
def test_a_login_is_letters_digits_and_a_few_marks(office: PeopleOffice, login: str) -> None:
    with pytest.raises(BadArgument):
        office.staff.create(LOCAL, NewPerson(login, "某人"), with_password=False)


def test_a_department_takes_everything_below_it_along_and_never_into_itself(
    office: PeopleOffice, admin: Subject
) -> None:
    top = office.structure.add_department(LOCAL, "总行", None)
    middle = office.structure.add_department(LOCAL, "运营管理部", top.id)
    low = office.structure.add_department(LOCAL, "结算科", middle.id)
    with pytest.raises(Conflict, match="下级"):
        office.structure.change_department(admin, top.id, name=None, parent_id=low.id)
    other = office.structure.add_department(LOCAL, "分行", None)
    office.structure.change_department(admin, middle.id, name="运营部", parent_id=other.id)
    assert [one.path for one in office.structure.departments()] == ["分行", "分行/运营部", "分行/运营部/结算科", "总行"]
    with pytest.raises(Conflict, match="下级部门"):
        office.structure.remove_department(admin, other.id)
    with pytest.raises(Conflict, match="已有"):
        office.structure.add_department(admin, "总行", None)


def test_nobody_moves_their_own_department(office: PeopleOffice, admin: Subject) -> None:
    own, other = (office.structure.add_department(LOCAL, name, None) for name in ("甲", "乙"))
    office.staff.change(LOCAL, admin.id, PersonChanges(department_id=own.id))
    with pytest.raises(NotAllowed, match="自己所在"):
        office.structure.change_department(subject(office, "sunli"), own.id, name=None, parent_id=other.id)


def test_a_leavers_work_goes_to_another_and_what_is_personal_to_nobody(
    engine: Engine, time: MovingTime, admin: Subject
) -> None:
    clock = Clock(now=lambda: time.now)
    office = open_office(engine, clock, SignIn(engine, clock), hand_over)
    people = {
        login: office.staff.create(LOCAL, NewPerson(login, login), with_password=False)[0].id
        for login in ("leaver", "heir")
    }
    _fill_shelves(engine, time, people["leaver"])
    _, key = office.keys.create(subject(office, "leaver"), "程序", ["ask"], 30)
    with pytest.raises(NotAllowed, match="本人"):
        office.staff.disable(admin, people["leaver"], admin.id)
    office.staff.disable(admin, people["leaver"], people["heir"])
    assert office.sign_in.subject_named("leaver") is None
    assert office.keys.who(key) is None
    heir = subject(office, "heir")
    assert {one.resource_id for one in heir.grants} == {"col_bank"}
    with reading(engine) as connection:
        owners = {row.id: row.owner_id for row in connection.execute(collections.select())}
        answerable = {row.id: row.owner_id for row in connection.execute(documents.select())}
    assert owners == {"col_bank": people["heir"], "col_own": people["leaver"]}
    assert answerable == {"doc_bank": people["heir"], "doc_own": people["leaver"]}


def _fill_shelves(engine: Engine, time: MovingTime, leaver: str) -> None:
    """A shelf of the bank and a personal one, both the leaver's, with a document each."""
    with writing(engine) as connection:
        for name, kind in (("bank", "department"), ("own", "personal")):
            row = {"id": f"col_{name}", "name": name, "axes": {}, "kind": kind, "owner_id": leaver}
            connection.execute(insert(collections).values(**row, created_at=time.now))
            paper = {"id": f"doc_{name}", "collection_id": f"col_{name}", "file_name": "a", "title": "a"}
            connection.execute(insert(documents).values(**paper, owner_id=leaver, created_at=time.now))
            store.add_grants(
                connection,
                "collection",
                f"col_{name}",
                Holder("person", leaver),
                ["manage"],
                granted_by="x",
                now=time.now,
            )


def test_a_key_expires_and_goes_with_its_owner(office: PeopleOffice, admin: Subject, time: MovingTime) -> None:
    made, key = office.keys.create(admin, "脚本", ["ask", "read"], 30)
    assert key.startswith(made.opening)
    assert key.startswith("ysk_")
    found = office.keys.who(key)
    assert found is not None
    assert found.scopes == {"ask", "read"}
    time.pass_(days=31)
    assert office.keys.who(key) is None
    for name, scopes, days in (("", ["ask"], 1), ("x", [], 1), ("x", ["ask"], 0), ("x", ["ask"], 366)):
        with pytest.raises(BadArgument):
            office.keys.create(admin, name, scopes, days)  # type: ignore[arg-type]


ROSTER = (
    "登录名,姓名,部门,岗位,角色,密级,状态,交接给\n"
    "lina,李娜,总行/运营管理部,综合柜员、反假货币专员,,内部,在职,\n"
    "zhangwei,张伟,总行/零售部,客户经理,内容管理员,秘密,,\n"
    "bad login,无名,,,,,,\n"
    "wuting,吴婷,,,董事长,,,\n"
    "lina,李娜二,,,,,,\n"
    "zhaomin,赵敏,,,,绝密,,\n"
)


def test_a_list_is_tried_row_by_row_and_writes_nothing(office: PeopleOffice, admin: Subject) -> None:
    report = office.roster.take_in(admin, read_rows("人员.csv", ROSTER.encode("gb18030")), dry_run=True)
    assert report.counts == {"created": 2, "changed": 0, "unchanged": 0, "disabled": 0, "failed": 4}
    assert [one.row for one in report.rows if one.outcome == "failed"] == [4, 5, 6, 7]
    assert set(report.new_departments) == {"总行", "总行/运营管理部", "总行/零售部"}
    assert office.sign_in.subject_named("lina") is None
    assert office.structure.departments() == []


def test_a_list_is_taken_in_and_taken_in_again_without_change(office: PeopleOffice, admin: Subject) -> None:
    rows = read_rows("人员.csv", ("\ufeff" + ROSTER).encode())[:2]
    first = office.roster.take_in(admin, rows, dry_run=False, with_passwords=True)
    assert [one[0] for one in first.passwords] == ["lina", "zhangwei"]
    again = office.roster.take_in(admin, rows, dry_run=False)
    assert again.counts["unchanged"] == 2
    lina = subject(office, "lina")
    assert (lina.department, set(lina.posts)) == ("总行/运营管理部", {"综合柜员", "反假货币专员"})
    assert subject(office, "zhangwei").roles == {"content_admin"}


def test_leavers_of_a_list_are_disabled_and_columns_that_are_missing_stay(office: PeopleOffice, admin: Subject) -> None:
    office.roster.take_in(admin, read_rows("a.csv", ROSTER.encode())[:2], dry_run=False)
    rows = [
        {"login": "lina", "name": "李娜", "status": "离职", "hand_over_to": "zhangwei"},
        {"login": "zhangwei", "name": "张玮"},
        {"login": "sunli", "name": "孙莉", "status": "离职"},
    ]
    report = office.roster.take_in(admin, rows, dry_run=False)
    assert [one.outcome for one in report.rows] == ["disabled", "changed", "failed"]
    assert subject(office, "zhangwei").posts == ("客户经理",)
    assert office.sign_in.subject_named("lina") is None


def test_a_workbook_reads_like_a_csv(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["工号", "姓名", "部门"], [10086, "李娜", "总行"], [None, None, None]):
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    assert read_rows("人员.xlsx", held.getvalue()) == [{"login": "10086", "name": "李娜", "department": "总行"}]


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b""), ("a.csv", b"x,y\n1,2\n"), ("a.xlsx", b"no"), ("a.csv", b"\xff\xff\xff\x00")]
)
def test_a_file_that_is_no_list_is_refused_with_the_remedy(name: str, content: bytes) -> None:
    with pytest.raises(BadInput):
        read_rows(name, content)


def test_only_administrators_of_people_touch_people(office: PeopleOffice, admin: Subject) -> None:
    office.staff.create(LOCAL, NewPerson("lina", "李娜"), with_password=False)
    lina = subject(office, "lina")
    for act in (
        lambda: office.staff.create(lina, NewPerson("x1", "x"), with_password=False),
        lambda: office.staff.change(lina, admin.id, PersonChanges(name="x")),
        lambda: office.staff.reset_password(lina, admin.id),
        lambda: office.staff.disable(lina, admin.id, None),
        lambda: office.structure.add_department(lina, "x", None),
        lambda: office.structure.add_post(lina, "x", ""),
        lambda: office.roster.take_in(lina, [], dry_run=True),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_ids_have_names_and_whoever_left_keeps_theirs(office: PeopleOffice) -> None:
    kept, _ = office.staff.create(LOCAL, NewPerson("lina", "李娜"), with_password=False)
    gone, _ = office.staff.create(LOCAL, NewPerson("zhaoqi", "赵琦"), with_password=False)
    office.staff.disable(LOCAL, gone.id, None)

    named = office.staff.named([gone.id, kept.id, kept.id, "usr_nobody"])

    assert [(one.name, one.status) for one in named] == [("李娜", "active"), ("赵琦", "disabled")]
    assert office.staff.named([]) == []
