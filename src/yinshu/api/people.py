"""People, departments and posts for their administrators; names and places for everybody."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.concurrency import run_in_threadpool

from yinshu.api.auth import Caller, Wired
from yinshu.api.render import JsonObject
from yinshu.api.render_people import (
    render_card,
    render_key,
    render_person,
    render_post,
    render_roster,
    render_session,
    render_tree,
)
from yinshu.api.requests_people import (
    DepartmentPatch,
    DepartmentRequest,
    DisableRequest,
    PersonPatch,
    PersonRequest,
    PostPatch,
    PostRequest,
)
from yinshu.kernel.base.errors import BadInput
from yinshu.kernel.identity import Resource, Role, Subject, may, require
from yinshu.kernel.identity.persons import NewPerson
from yinshu.kernel.identity.roster import FILE_BYTES_MAX, read_rows
from yinshu.kernel.identity.staff import ROLE_DESCRIPTIONS, ROLE_NAMES, PersonChanges
from yinshu.kernel.identity.store import PersonFilter

router = APIRouter(prefix="/api", tags=["people"])
PEOPLE_LISTED_MAX = 200
DIRECTORY = Resource("directory")


@router.get("/people")
def list_people(
    platform: Wired,
    caller: Caller,
    q: str = "",
    department: str = "",
    post: str = "",
    status: Literal["", "active", "disabled"] = "",
    role: Role | Literal[""] = "",
    limit: int = 50,
    after: str = "",
) -> JsonObject:
    """People by login. Administrators of people see everything, everybody else who works here and where.

    Only administrators of people may ask who has a role.
    """
    require(caller, "read", Resource("people") if role else DIRECTORY)
    administers = may(caller, "read", Resource("people")).allowed
    wanted = PersonFilter(q.strip(), department, post, status if administers else "active", role)
    count = min(max(limit, 1), PEOPLE_LISTED_MAX)
    found = platform.people.staff.find(wanted, limit=count + 1, after=after)
    more = len(found) > count
    render = render_person if administers else render_card
    return {
        "items": [render(one) for one in found[:count]],
        "next": found[count - 1].login if more else None,
        "total": platform.people.staff.count(wanted),
    }


@router.post("/people", status_code=201)
def add_person(platform: Wired, caller: Caller, given: PersonRequest) -> JsonObject:
    """Take somebody in; the one-time password is told this once."""
    new = NewPerson(
        login=given.login.lower(),
        name=given.name,
        email=given.email,
        department_id=given.department_id,
        post_ids=tuple(given.post_ids),
        roles=frozenset(given.roles),
        clearance=given.clearance,
    )
    person, password = platform.people.staff.create(caller, new, with_password=given.password)
    return {"person": render_person(person), **({"password": password} if password else {})}


@router.post("/people/import")
async def import_people(
    platform: Wired,
    caller: Caller,
    file: Annotated[UploadFile, File(description="CSV or XLSX.")],
    dry_run: Annotated[bool, Form()] = True,
    passwords: Annotated[bool, Form()] = False,
) -> JsonObject:
    """Take a list of people in, or only try it; the report goes row by row."""
    require(caller, "administer", Resource("people"))
    content = await file.read(FILE_BYTES_MAX + 1)
    name = file.filename or ""
    if not name.lower().endswith((".csv", ".xlsx", ".xlsm", ".txt")):
        raise BadInput("请上传 CSV 或 XLSX 文件。")

    def work() -> JsonObject:
        rows = read_rows(name, content)
        return render_roster(platform.people.roster.take_in(caller, rows, dry_run=dry_run, with_passwords=passwords))

    return await run_in_threadpool(work)


@router.get("/people/names")
def name_people(
    platform: Wired, caller: Caller, ids: Annotated[list[str], Query(max_length=PEOPLE_LISTED_MAX)]
) -> JsonObject:
    """Names and departments for ids, those who left as well, so that no page has to show an id."""
    require(caller, "read", DIRECTORY)
    return {"items": [{**render_card(one), "status": one.status} for one in platform.people.staff.named(ids)]}


@router.get("/people/{person_id}")
def show_person(platform: Wired, caller: Caller, person_id: str) -> JsonObject:
    """One person."""
    require(caller, "read", Resource("people"))
    return render_person(platform.people.staff.get(person_id))


@router.patch("/people/{person_id}")
def change_person(platform: Wired, caller: Caller, person_id: str, given: PersonPatch) -> JsonObject:
    """Change a person; the login stays. A status of active lets a leaver back in."""
    staff = platform.people.staff
    if given.status == "active":
        staff.enable(caller, person_id)
    changes = PersonChanges(
        name=given.name,
        email=given.email,
        department_id=(given.department_id or "") if "department_id" in given.model_fields_set else None,
        post_ids=None if given.post_ids is None else tuple(given.post_ids),
        roles=None if given.roles is None else frozenset(given.roles),
        clearance=given.clearance,
    )
    return {"person": render_person(staff.change(caller, person_id, changes))}


@router.post("/people/{person_id}/disable")
def disable_person(platform: Wired, caller: Caller, person_id: str, given: DisableRequest) -> JsonObject:
    """Let somebody go and hand their work over."""
    return {"person": render_person(platform.people.staff.disable(caller, person_id, given.hand_over_to))}


@router.post("/people/{person_id}/reset-password")
def reset_password(platform: Wired, caller: Caller, person_id: str) -> JsonObject:
    """A one-time password, told this once."""
    return {"password": platform.people.staff.reset_password(caller, person_id)}


# ---- departments and posts ----


@router.get("/departments")
def list_departments(platform: Wired, caller: Caller) -> JsonObject:
    """The tree of departments."""
    require(caller, "read", DIRECTORY)
    counts = Counter(platform.people.staff.department_ids()) if _administers(caller) else Counter[str]()
    return {"items": render_tree(platform.people.structure.departments(), counts), "next": None}


@router.post("/departments", status_code=201)
def add_department(platform: Wired, caller: Caller, given: DepartmentRequest) -> JsonObject:
    """A new department."""
    made = platform.people.structure.add_department(caller, given.name, given.parent_id)
    return {"id": made.id, "name": made.name, "path": made.path, "parent_id": made.parent_id}


@router.patch("/departments/{department_id}")
def change_department(platform: Wired, caller: Caller, department_id: str, given: DepartmentPatch) -> JsonObject:
    """Rename a department, or move it with everything below it."""
    parent_id = (given.parent_id or "") if "parent_id" in given.model_fields_set else None
    changed = platform.people.structure.change_department(caller, department_id, name=given.name, parent_id=parent_id)
    return {"id": changed.id, "name": changed.name, "path": changed.path, "parent_id": changed.parent_id}


@router.delete("/departments/{department_id}", status_code=204)
def remove_department(platform: Wired, caller: Caller, department_id: str) -> None:
    """Remove an empty department."""
    platform.people.structure.remove_department(caller, department_id)


@router.get("/posts")
def list_posts(platform: Wired, caller: Caller) -> JsonObject:
    """Every post."""
    require(caller, "read", DIRECTORY)
    counts = Counter(platform.people.staff.held_post_ids()) if _administers(caller) else None
    posts = platform.people.structure.posts()
    return {"items": [render_post(one, counts[one.id] if counts else 0) for one in posts], "next": None}


@router.post("/posts", status_code=201)
def add_post(platform: Wired, caller: Caller, given: PostRequest) -> JsonObject:
    """A new post."""
    return render_post(platform.people.structure.add_post(caller, given.name, given.description))


@router.patch("/posts/{post_id}")
def change_post(platform: Wired, caller: Caller, post_id: str, given: PostPatch) -> JsonObject:
    """Call or describe a post differently."""
    changed = platform.people.structure.change_post(caller, post_id, name=given.name, description=given.description)
    return render_post(changed)


@router.delete("/posts/{post_id}", status_code=204)
def remove_post(platform: Wired, caller: Caller, post_id: str) -> None:
    """Remove a post that nobody holds."""
    platform.people.structure.remove_post(caller, post_id)


@router.get("/roles")
def list_roles(platform: Wired, caller: Caller) -> JsonObject:
    """The fixed roles and what each is for; administrators of people see everybody who has each of them."""
    require(caller, "read", DIRECTORY)
    holders = platform.people.staff.role_holders() if _administers(caller) else None
    return {
        "items": [
            {
                "id": role,
                "name": ROLE_NAMES[role],
                "description": ROLE_DESCRIPTIONS[role],
                "holders": None if holders is None else [render_card(one) for one in holders.get(role, ())],
            }
            for role in ROLE_NAMES
        ],
        "next": None,
    }


# ---- everybody's sessions and keys ----


@router.get("/sessions")
def list_sessions(platform: Wired, caller: Caller, person: str = "") -> JsonObject:
    """Who is signed in, and from where."""
    require(caller, "read", Resource("session"))
    return {"items": [render_session(one) for one in platform.people.sign_in.sessions(person)], "next": None}


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(platform: Wired, caller: Caller, session_id: str) -> None:
    """End somebody's session."""
    require(caller, "administer", Resource("session"))
    platform.people.sign_in.end(caller, session_id)


@router.get("/keys")
def list_keys(platform: Wired, caller: Caller, person: str = "") -> JsonObject:
    """Everybody's API keys."""
    require(caller, "read", Resource("key"))
    return {"items": [render_key(one) for one in platform.people.keys.list_keys(person)], "next": None}


@router.delete("/keys/{key_id}", status_code=204)
def withdraw_key(platform: Wired, caller: Caller, key_id: str) -> None:
    """Withdraw somebody's key."""
    require(caller, "administer", Resource("key"))
    platform.people.keys.withdraw(caller, key_id)


def _administers(caller: Subject) -> bool:
    return may(caller, "read", Resource("people")).allowed
