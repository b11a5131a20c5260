"""Operations on people and rights for the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from yinshu.api.platform import Platform
from yinshu.api.render import JsonObject
from yinshu.api.render_people import render_grant, render_person, render_roster
from yinshu.api.requests import Name, NoParameters, Request, RequiredName
from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import BadInput, NotFound
from yinshu.kernel.identity import Action, Subject
from yinshu.kernel.identity.persons import Person
from yinshu.kernel.identity.roster import read_rows
from yinshu.kernel.identity.store import PersonFilter
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.rights_table import apply_levels, apply_rights

PEOPLE_LISTED_MAX = 10_000


class ImportRequest(Request):
    """A list of people: a CSV or XLSX file of this machine."""

    path: str
    dry_run: bool = False
    passwords: bool = False


class GrantIdRequest(Request):
    """One right by its id."""

    id: RequiredName


class LoginRequest(Request):
    """One person by login."""

    login: RequiredName


class LeaverRequest(Request):
    """A leaver, and who takes their work over."""

    login: RequiredName
    hand_over_to: Name = ""


class SampleStaffRequest(Request):
    """Put the sample bank's people in place; with one-time passwords when asked for."""

    passwords: bool = False


class RightRequest(Request):
    """A right on a collection, or on one of its files, for 部门:…, 岗位:…, 角色:… or 人员:…."""

    collection: RequiredName
    file: Name = ""
    holder: RequiredName
    action: RequiredName
    effect: Name = ""


class RightsOfRequest(Request):
    """A collection, or one of its files."""

    collection: RequiredName
    file: Name = ""


class LevelOfRequest(Request):
    """A file of a collection and its level (公开, 内部, 秘密, 机密)."""

    collection: RequiredName
    file: RequiredName
    level: RequiredName


def list_people(platform: Platform, _subject: Subject, _request: NoParameters) -> JsonObject:
    """Everybody."""
    found = platform.people.staff.find(PersonFilter(), limit=PEOPLE_LISTED_MAX)
    return {"people": [render_person(one) for one in found]}


def import_people(platform: Platform, subject: Subject, request: ImportRequest) -> JsonObject:
    """Take a list of people in, or only try it."""
    path = Path(request.path)
    try:
        content = path.read_bytes()
    except OSError:
        raise BadInput(f"读不到文件 {path}，请核对路径。") from None
    report = platform.people.roster.take_in(
        subject, read_rows(path.name, content), dry_run=request.dry_run, with_passwords=request.passwords
    )
    return render_roster(report)


def reset_password(platform: Platform, subject: Subject, request: LoginRequest) -> JsonObject:
    """A one-time password."""
    person = _person(platform, request.login)
    return {"login": person.login, "password": platform.people.staff.reset_password(subject, person.id)}


def disable(platform: Platform, subject: Subject, request: LeaverRequest) -> JsonObject:
    """Let somebody go."""
    successor = _person(platform, request.hand_over_to).id if request.hand_over_to else None
    return render_person(platform.people.staff.disable(subject, _person(platform, request.login).id, successor))


def settle_sample(platform: Platform, _subject: Subject, request: SampleStaffRequest) -> JsonObject:
    """The sample bank's people, rights and levels."""
    settled = platform.settle_sample(request.passwords)
    return {
        "people": settled.people,
        "rights": settled.rights,
        "levels": settled.levels,
        "passwords": [{"login": login, "name": name, "password": word} for login, name, word in settled.passwords],
    }


def give_right(platform: Platform, subject: Subject, request: RightRequest) -> JsonObject:
    """Allow or deny something."""
    row = {"对象": request.file, "授予": request.holder, "动作": request.action, "允许": request.effect}
    return {"given": apply_rights(platform.engine, platform.clock, subject, request.collection, [row])}


def list_rights(platform: Platform, _subject: Subject, request: RightsOfRequest) -> JsonObject:
    """Who may do what."""
    with reading(platform.engine) as connection:
        home = store.get_collection(connection, request.collection)
        document_id = store.find_document(connection, home.id, request.file) if request.file else None
        if request.file and document_id is None:
            raise NotFound(f"资料库“{home.name}”里没有文件“{request.file}”，请核对文件名。")
        on = store.grantable(connection, "document" if document_id else "collection", document_id or home.id)
    assert on is not None, "its id has just been read"
    return {"rights": [render_grant(one) for one in platform.people.rights.list_grants(on)]}


def take_right(platform: Platform, subject: Subject, request: GrantIdRequest) -> JsonObject:
    """Take a right back."""
    platform.people.rights.take_back(subject, platform.people.rights.find(request.id))
    return {"taken": request.id}


def set_level(platform: Platform, _subject: Subject, request: LevelOfRequest) -> JsonObject:
    """Keep a file at a level."""
    apply_levels(platform.engine, request.collection, [{"文件": request.file, "密级": request.level}])
    return {"file": request.file, "level": request.level}


def _person(platform: Platform, login: str) -> Person:
    found = platform.people.staff.find(PersonFilter(words=login), limit=PEOPLE_LISTED_MAX)
    named = [one for one in found if one.login == login.lower()]
    if not named:
        raise NotFound(f"没有登录名为“{login}”的人员，可用 yinshu people list 查看。")
    return named[0]


OPERATIONS: tuple[tuple[str, type[Request], Action, str, Callable[..., Any]], ...] = (
    ("people", NoParameters, "read", "people", list_people),
    ("people_import", ImportRequest, "administer", "people", import_people),
    ("people_reset_password", LoginRequest, "administer", "people", reset_password),
    ("people_disable", LeaverRequest, "administer", "people", disable),
    ("sample_staff", SampleStaffRequest, "configure", "machine", settle_sample),
    ("right_give", RightRequest, "configure", "machine", give_right),
    ("rights", RightsOfRequest, "configure", "machine", list_rights),
    ("right_take", GrantIdRequest, "configure", "machine", take_right),
    ("level_set", LevelOfRequest, "configure", "machine", set_level),
)
"""Name, request, right, on what, and work, for the table of all operations. The machine is the local operator's."""
