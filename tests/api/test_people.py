"""Names for ids over HTTP."""

from __future__ import annotations

from starlette.testclient import TestClient

from yinshu.api.people import PEOPLE_LISTED_MAX
from yinshu.api.platform import Platform
from yinshu.kernel.identity import local_operator
from yinshu.kernel.identity.persons import NewPerson


def test_ids_are_named_for_whoever_is_signed_in(client: TestClient, platform: Platform) -> None:
    person, _ = platform.people.staff.create(local_operator(), NewPerson("lina", "李娜"), with_password=False)

    found = client.get("/api/people/names", params={"ids": [person.id, "usr_nobody"]}).json()["items"]

    assert [(one["id"], one["name"], one["status"]) for one in found] == [(person.id, "李娜", "active")]


def test_names_are_for_callers_only(anonymous: TestClient) -> None:
    assert anonymous.get("/api/people/names", params={"ids": ["usr_a"]}).status_code == 401


def test_names_are_bounded(client: TestClient) -> None:
    too_many = {"ids": [f"usr_{n}" for n in range(PEOPLE_LISTED_MAX + 1)]}
    assert client.get("/api/people/names", params=too_many).status_code == 422
