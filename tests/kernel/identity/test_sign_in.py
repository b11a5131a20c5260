"""Signing in: what is refused, what locks, what ends, and what is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, text

from tests.kernel.identity.conftest import MovingTime
from yinshu.kernel.audit.store import read_entries
from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import NotFound, YinshuError
from yinshu.kernel.identity import local_operator
from yinshu.kernel.identity.errors import Conflict, SignInLocked, SignInRefused, WeakPassword
from yinshu.kernel.identity.newcomers import DirectoryRules
from yinshu.kernel.identity.office import PeopleOffice
from yinshu.kernel.identity.passwords import check_password, hash_password, one_time_password
from yinshu.kernel.identity.persons import DirectoryPerson, NewPerson, Visitor
from yinshu.kernel.identity.sign_in import SignedIn
from yinshu.kernel.identity.tables import people, sessions

HERE = Visitor("10.0.0.1", "browser")
NEW = "Kite-mountain-42"


@pytest.fixture
def password(office: PeopleOffice) -> str:
    """The one-time password of lina."""
    _, given = office.staff.create(local_operator(), NewPerson("lina", "李娜"), with_password=True)
    assert given is not None
    return given


def signed_in(office: PeopleOffice, password: str) -> tuple[SignedIn, str]:
    opened = office.sign_in.with_password("lina", password, HERE)
    found = office.sign_in.who(opened.token)
    assert found is not None
    return found, opened.token


def test_the_right_password_opens_a_session_and_must_be_changed_first(office: PeopleOffice, password: str) -> None:
    found, _ = signed_in(office, password)
    assert found.person.must_change_password
    office.sign_in.change_password(found, password, NEW)
    again, _ = signed_in(office, NEW)
    assert not again.person.must_change_password


@pytest.mark.parametrize(
    ("login", "given"), [("lina", "wrong"), ("nobody", "wrong"), ("lina", ""), ("lina", "x" * 5_000)]
)
def test_a_wrong_name_and_a_wrong_password_are_refused_in_the_same_words(
    office: PeopleOffice, password: str, login: str, given: str
) -> None:
    with pytest.raises(SignInRefused) as refused:
        office.sign_in.with_password(login, given, HERE)
    assert "登录名或密码不对" in refused.value.message


def test_too_many_failures_lock_even_the_right_password_for_a_while(
    office: PeopleOffice, password: str, time: MovingTime
) -> None:
    for _ in range(3):
        with pytest.raises(SignInRefused):
            office.sign_in.with_password("lina", "wrong", HERE)
    with pytest.raises(SignInLocked) as locked:
        office.sign_in.with_password("LINA ", password, Visitor("10.0.0.9"))
    assert 0 < locked.value.retry_after_seconds <= 15 * 60
    time.pass_(minutes=16)
    signed_in(office, password)


def test_a_login_that_does_not_exist_locks_alike(office: PeopleOffice) -> None:
    for _ in range(3):
        with pytest.raises(SignInRefused):
            office.sign_in.with_password("nobody", "wrong", HERE)
    with pytest.raises(SignInLocked):
        office.sign_in.with_password("nobody", "wrong", HERE)


def test_one_address_cannot_try_everybody(office: PeopleOffice, password: str) -> None:
    for number in range(6):
        with pytest.raises(SignInRefused):
            office.sign_in.with_password(f"someone{number}", "wrong", HERE)
    with pytest.raises(SignInLocked):
        office.sign_in.with_password("lina", password, HERE)
    office.sign_in.with_password("lina", password, Visitor("10.0.0.2"))


def test_many_attempts_at_once_do_not_slip_through(office: PeopleOffice, password: str) -> None:
    def attempt(_number: int) -> type[YinshuError]:
        try:
            office.sign_in.with_password("lina", "wrong", Visitor("10.0.0.3"))
        except YinshuError as error:
            return type(error)
        raise AssertionError("a wrong password was accepted")

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(12)))
    if office.staff.engine.dialect.name == "sqlite":
        assert outcomes.count(SignInRefused) == 3
    # Transactions that run side by side may each see one failure less; never more than the threads.
    assert outcomes.count(SignInRefused) <= 3 + 8
    with pytest.raises(SignInLocked):
        office.sign_in.with_password("lina", password, HERE)


def test_a_session_ends_when_it_is_idle_and_when_its_time_is_up(
    office: PeopleOffice, password: str, time: MovingTime
) -> None:
    _, token = signed_in(office, password)
    time.pass_(minutes=59)
    assert office.sign_in.who(token) is not None
    time.pass_(minutes=61)
    assert office.sign_in.who(token) is None
    _, token = signed_in(office, password)
    for _ in range(14):
        time.pass_(minutes=55)
        alive = office.sign_in.who(token) is not None
    assert not alive, "twelve hours are the most, however busy"


def test_only_the_hash_of_a_token_is_kept(office: PeopleOffice, password: str, engine: Engine) -> None:
    _, token = signed_in(office, password)
    with reading(engine) as connection:
        kept = str(connection.execute(select(sessions)).all())
        hashed = connection.execute(select(people.c.password_hash)).scalar_one()
    assert token not in kept
    assert hashed.startswith("$argon2id$")
    assert office.sign_in.who(token[:-1] + "x") is None


def test_a_new_password_ends_the_other_sessions(office: PeopleOffice, password: str) -> None:
    _, other = signed_in(office, password)
    mine, token = signed_in(office, password)
    with pytest.raises(SignInRefused, match="原密码"):
        office.sign_in.change_password(mine, "wrong", NEW)
    with pytest.raises(WeakPassword):
        office.sign_in.change_password(mine, password, "lina-lina-1")
    office.sign_in.change_password(mine, password, NEW)
    assert office.sign_in.who(token) is not None
    assert office.sign_in.who(other) is None


def test_a_session_is_ended_by_its_owner_and_not_by_others(office: PeopleOffice, password: str) -> None:
    mine, token = signed_in(office, password)
    with pytest.raises(NotFound):
        office.sign_in.end(mine.subject, mine.session.id, person_id="usr_other")
    office.sign_in.end(mine.subject, mine.session.id, person_id=mine.person.id)
    assert office.sign_in.who(token) is None


def test_the_ledger_tells_who_came_and_who_failed_without_any_password(
    office: PeopleOffice, password: str, engine: Engine
) -> None:
    with pytest.raises(SignInRefused):
        office.sign_in.with_password("lina", "wrong-Secret-77", HERE)
    signed_in(office, password)
    with reading(engine) as connection:
        entries = read_entries(connection)
        told = str(connection.execute(text("SELECT * FROM ledger")).all())
    assert [one.action for one in entries] == [
        "identity.person_added",
        "identity.sign_in_failed",
        "identity.signed_in",
    ]
    assert password not in told
    assert "wrong-Secret-77" not in told


@pytest.mark.parametrize(
    "weak",
    [
        "short1A",
        "aaaaaaaaaa",
        "password123!",
        "Welcome2026!",
        "qwerty-12345",
        "lina-2026-go",
        "李娜-abcXYZ-9",
        "1234567890",
        "x" * 129,
    ],
)
def test_a_weak_password_is_named_and_refused(weak: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(weak, login="lina", name="李娜")


@pytest.mark.parametrize("good", [NEW, "correct horse battery", "钟声在山的那一边 7", one_time_password()])
def test_a_good_password_is_taken(good: str) -> None:
    check_password(good, login="lina", name="李娜")


def test_the_same_password_never_looks_the_same() -> None:
    assert hash_password(NEW) != hash_password(NEW)


class Directory:
    """A directory that lets everybody in."""

    def sign_in(self, login: str, password: str) -> DirectoryPerson:
        if password != NEW:
            raise SignInRefused("no")
        return DirectoryPerson("ldap", f"id-{login}", login, "王五", "w@b.c", "HQ/Ops", ("T1", "T9"))


def with_directory(office: PeopleOffice, **rules: object) -> PeopleOffice:
    mapped = DirectoryRules({"HQ/Ops": "总行/运营管理部"}, {"T1": "综合柜员"}, **rules)  # type: ignore[arg-type]
    return replace(office, sign_in=replace(office.sign_in, ldap=Directory(), rules=mapped))


def test_a_person_of_the_directory_is_taken_in_once_and_put_in_place(office: PeopleOffice) -> None:
    door = with_directory(office).sign_in
    found = [door.who(door.with_ldap("wangwu", NEW, HERE).token) for _ in range(2)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].person.id == found[1].person.id
    assert found[0].person.department is not None
    assert found[0].person.department.path == "总行/运营管理部"
    assert [post.name for post in found[0].person.posts] == ["综合柜员"], "what is not mapped is left out"
    with pytest.raises(SignInRefused):
        door.with_password("wangwu", NEW, HERE)


def test_a_directory_never_takes_over_an_account_of_this_house(office: PeopleOffice, password: str) -> None:
    with pytest.raises(SignInRefused, match="同名"):
        with_directory(office).sign_in.with_ldap("lina", NEW, HERE)


def test_unknown_people_stay_outside_where_the_bank_wants_it(office: PeopleOffice) -> None:
    with pytest.raises(SignInRefused, match="还不是"):
        with_directory(office, take_in=False).sign_in.with_ldap("wangwu", NEW, HERE)


def test_who_is_disabled_does_not_come_in_by_the_directory_either(office: PeopleOffice) -> None:
    house = with_directory(office)
    opened = house.sign_in.with_ldap("wangwu", NEW, HERE)
    house.staff.disable(local_operator(), opened.session.person_id, None)
    assert house.sign_in.who(opened.token) is None
    with pytest.raises(SignInRefused, match="停用"):
        house.sign_in.with_ldap("wangwu", NEW, HERE)
    with pytest.raises(Conflict, match="目录"):
        house.staff.reset_password(local_operator(), opened.session.person_id)
