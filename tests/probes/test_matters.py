"""Conversations, jobs, runs, logs, metrics and everything that is administered: each to whom it belongs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from tests.probes.conftest import PAPERS, SECRET, SEES, Bank

UNKNOWN = "zzz_00000000000000000000"
FILE, FILE_AMOUNT = "墨玉兰.txt", "735280416"
OTHERS = [who for who in SEES if who != "owner"]
ADMINISTERED = {
    "/api/people?role=audit_admin": "people",
    "/api/people/import": "people",
    "/api/people/{person_id}": "people",
    "/api/sessions": "people",
    "/api/keys": "people",
    "/api/settings": "operator people",
    "/api/audit/entries": "audit",
    "/api/audit/heads": "audit",
    "/api/audit/export": "audit",
    "/api/models": "operator",
    "/api/quotas": "operator",
    "/api/usage": "operator",
    "/api/guard/policies": "safety",
    "/api/guard/lexicons": "safety",
    "/api/guard/verdicts": "safety",
}


@pytest.mark.parametrize(
    ("method", "shape", "body"),
    [
        ("GET", "/api/conversations/{}", None),
        ("GET", "/api/shared/{}", None),
        ("PATCH", "/api/conversations/{}", {"title": "新"}),
        ("DELETE", "/api/conversations/{}", None),
        ("GET", "/api/conversations/{}/shares", None),
        ("GET", "/api/conversations/{}/export?format=md", None),
        ("POST", "/api/conversations/{}/turns", {"question": "保证金"}),
    ],
)
@pytest.mark.parametrize("who", OTHERS)
def test_anothers_conversation_answers_exactly_like_none(
    bank: Bank, who: str, method: str, shape: str, body: Any
) -> None:
    hidden = bank.ask(who, method, shape.format(bank.conversation), json=body)
    never = bank.ask(who, method, shape.format(f"cnv_{UNKNOWN}"), json=body)
    # Whoever may ask nothing at all is told so before anybody looks for the conversation.
    assert hidden.status_code == never.status_code
    assert hidden.status_code in (403, 404)
    assert hidden.text.replace(bank.conversation, "*") == never.text.replace(f"cnv_{UNKNOWN}", "*")


@pytest.mark.parametrize("who", ["teller", "loans", "outsider", "asker"])
def test_a_shared_conversation_shows_no_clause_that_its_reader_may_not_see(bank: Bank, who: str) -> None:
    holder = {"kind": "person", "id": bank.ids[who]}
    shared = bank.ask("owner", "POST", f"/api/conversations/{bank.conversation}/shares", json={"holder": holder})
    assert shared.status_code < 300, shared.text
    told = bank.ask(who, "GET", f"/api/shared/{bank.conversation}")
    assert told.status_code == 200
    assert PAPERS[SECRET].amount not in told.text
    assert bank.versions[SECRET] not in told.text
    own = bank.ask("owner", "GET", f"/api/conversations/{bank.conversation}")
    assert PAPERS[SECRET].amount in own.text
    taken = bank.ask("owner", "DELETE", f"/api/conversations/{bank.conversation}/shares", json={"holder": holder})
    assert taken.status_code < 300
    assert bank.ask(who, "GET", f"/api/shared/{bank.conversation}").status_code == 404


@pytest.mark.parametrize("who", SEES)
def test_who_has_a_role_is_told_to_administrators_of_people_alone(bank: Bank, who: str) -> None:
    roles = bank.ask(who, "GET", "/api/roles").json()["items"]
    if who != "people":
        assert {one["holders"] for one in roles} == {None}
        return
    holders = {one["id"]: [holder["login"] for holder in one["holders"]] for one in roles}
    assert holders["audit_admin"] == ["audit"]
    listed = bank.ask(who, "GET", "/api/people?role=audit_admin").json()
    assert [one["login"] for one in listed["items"]] == ["audit"]
    assert listed["total"] == 1


@pytest.fixture(scope="module")
def filed(bank: Bank) -> str:
    """A conversation of the owner that rests on a file of theirs and is shared with everybody."""
    made = str(bank.ask("owner", "POST", "/api/conversations", json={"title": "租约"}).json()["id"])
    file = {"file": (FILE, f"墨玉兰租约\n第一条 墨玉兰租约的押金为{FILE_AMOUNT}元。\n".encode())}
    added = bank.ask("owner", "POST", f"/api/conversations/{made}/attachments", files=file)
    assert added.status_code == 201
    asked = {"question": "这份文件里墨玉兰租约的押金是多少元"}
    bank.ask("owner", "POST", f"/api/conversations/{made}/turns", json=asked)
    for who in OTHERS:
        holder = {"kind": "person", "id": bank.ids[who]}
        bank.ask("owner", "POST", f"/api/conversations/{made}/shares", json={"holder": holder})
    return made


@pytest.mark.parametrize("door", ["/api/shared/{}", "/api/conversations/{}", "/api/conversations/{}/export?format=md"])
@pytest.mark.parametrize("who", OTHERS)
def test_a_shared_conversation_shows_nothing_of_its_owners_file(bank: Bank, filed: str, who: str, door: str) -> None:
    told = bank.ask(who, "GET", door.format(filed))
    assert told.status_code == 200
    assert [one for one in (FILE_AMOUNT, FILE, "att_") if one in told.text] == []
    assert FILE_AMOUNT in bank.ask("owner", "GET", door.format(filed)).text


@pytest.mark.parametrize("who", [who for who in OTHERS if who != "operator"])
def test_anothers_job_answers_exactly_like_none(bank: Bank, who: str) -> None:
    for method, shape in (("GET", "/api/jobs/{}"), ("POST", "/api/jobs/{}/cancel")):
        hidden = bank.ask(who, method, shape.format("job_1"))
        never = bank.ask(who, method, shape.format(f"job_{UNKNOWN}"))
        assert hidden.status_code == never.status_code == 404
        assert hidden.text.replace("job_1", "*") == never.text.replace(f"job_{UNKNOWN}", "*")
    assert bank.ask(who, "GET", "/api/jobs").json() == {"jobs": []}


@pytest.mark.parametrize("who", ["owner", "operator"])
def test_a_job_is_shown_to_its_owner_and_to_whoever_runs_the_platform(bank: Bank, who: str) -> None:
    assert [one["job_id"] for one in bank.ask(who, "GET", "/api/jobs").json()["jobs"]] == ["job_1"]
    assert bank.ask(who, "GET", "/api/jobs/job_1").status_code == 200


@pytest.mark.parametrize("who", OTHERS)
def test_feedback_on_anothers_answer_answers_exactly_like_none(bank: Bank, who: str) -> None:
    hidden, never = (
        bank.ask(who, "POST", "/api/knowledge/feedback", json={"run_id": run, "verdict": "wrong"})
        for run in (bank.run, f"run_{UNKNOWN}")
    )
    assert hidden.status_code == never.status_code == 404
    assert hidden.text.replace(bank.run, "*") == never.text.replace(f"run_{UNKNOWN}", "*")


@pytest.mark.parametrize("who", [who for who in OTHERS if who != "audit"])
def test_nobody_but_the_auditor_replays_an_answer(bank: Bank, who: str) -> None:
    hidden, never = (bank.ask(who, "GET", f"/api/audit/replay/{run}") for run in (bank.run, f"run_{UNKNOWN}"))
    assert hidden.status_code in (403, 404)
    assert (hidden.status_code, hidden.text.replace(bank.run, "*")) == (
        never.status_code,
        never.text.replace(f"run_{UNKNOWN}", "*"),
    )


@pytest.mark.parametrize("path", sorted(ADMINISTERED))
@pytest.mark.parametrize("who", list(SEES))
def test_what_is_administered_opens_for_its_administrator_alone(bank: Bank, who: str, path: str) -> None:
    address = path.replace("{person_id}", bank.ids["teller"])
    if path.endswith("import"):
        files = {"file": ("人员.csv", "登录名,姓名\n".encode(), "text/csv")}
        answer = bank.ask(who, "POST", address, files=files, data={"dry_run": "true"})
    else:
        answer = bank.ask(who, "GET", address)
    assert (answer.status_code < 300) is (who in ADMINISTERED[path].split()), answer.text
    assert answer.status_code in (200, 403)


@pytest.mark.parametrize("who", [who for who in SEES if who != "people"])
def test_colleagues_are_told_names_and_places_and_nothing_else(bank: Bank, who: str) -> None:
    items = bank.ask(who, "GET", "/api/people").json()["items"]
    assert {key for one in items for key in one} == {"id", "name", "login", "department", "posts"}


@pytest.mark.parametrize("who", list(SEES))
def test_nobody_gives_themselves_anything(bank: Bank, who: str) -> None:
    raised = bank.ask(who, "PATCH", f"/api/people/{bank.ids[who]}", json={"clearance": "secret", "roles": ["operator"]})
    assert raised.status_code == 403
    acted = bank.ask(who, "POST", "/api/search", json={"question": "保证金", "as_user": "owner"})
    assert acted.status_code == (200 if who == "owner" else 403)


def test_a_content_administrator_gives_rights_to_others_but_not_to_themselves(bank: Bank) -> None:
    (collection,) = [id_ for name, id_ in bank.collections.items() if name == "信贷制度"]
    resource = {"kind": "collection", "id": collection}
    mine = {"resource": resource, "holder": {"kind": "person", "id": bank.ids["content"]}, "action": "read"}
    role = {"resource": resource, "holder": {"kind": "role", "id": "content_admin"}, "action": "ask"}
    others = {"resource": resource, "holder": {"kind": "person", "id": bank.ids["outsider"]}, "action": "manage"}
    assert bank.ask("content", "POST", "/api/grants", json=mine).status_code == 403
    assert bank.ask("content", "POST", "/api/grants", json=role).status_code == 403
    given = bank.ask("content", "POST", "/api/grants", json=others)
    assert given.status_code == 201
    assert bank.ask("content", "DELETE", f"/api/grants/{given.json()['id']}").status_code == 204


def test_a_right_that_is_taken_back_is_gone_with_the_next_request(bank: Bank) -> None:
    body = {
        "resource": {"kind": "collection", "id": bank.collections["信贷制度"]},
        "holder": {"kind": "person", "id": bank.ids["outsider"]},
        "action": "read",
    }
    search = {"question": PAPERS["credit"].question}
    assert bank.ask("outsider", "POST", "/api/search", json=search).status_code == 403
    given = bank.ask("content", "POST", "/api/grants", json=body).json()["id"]
    assert PAPERS["credit"].amount in bank.ask("outsider", "POST", "/api/search", json=search).text
    bank.ask("content", "DELETE", f"/api/grants/{given}")
    assert bank.ask("outsider", "POST", "/api/search", json=search).status_code == 403


def test_a_key_of_one_purpose_does_nothing_else(bank: Bank) -> None:
    subject = bank.platform.people.sign_in.subject_named("owner")
    assert subject is not None
    _, key = bank.platform.people.keys.create(subject, "只提问", ["ask"], 1)
    headers = {"Authorization": f"Bearer {key}"}
    question = {"question": PAPERS[SECRET].question}
    assert bank.client.post("/api/ask", json=question, headers=headers).status_code == 200
    assert bank.client.get("/api/knowledge/documents", headers=headers).status_code == 403
    document = bank.client.get(f"/api/knowledge/documents/{bank.documents[SECRET]}", headers=headers)
    assert document.status_code == 404


def test_metrics_and_logs_hold_no_words_of_anybody(bank: Bank) -> None:
    for key, paper in PAPERS.items():
        bank.ask("owner", "POST", "/api/ask", json={"question": paper.question})
        written = bank.client.get("/metrics").text + bank.logs.getvalue()
        assert [token for token in (paper.amount, paper.subject, paper.file) if token in written] == [], key
    assert [key for key in bank.keys.values() if key in bank.logs.getvalue()] == []


OPEN_TO_ALL = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/api/session"),
    ("POST", "/api/session"),
    ("GET", "/api/sign-in/oidc/{provider}"),
    ("GET", "/api/sign-in/oidc/{provider}/callback"),
}


def routes(bank: Bank) -> list[tuple[str, str]]:
    """Every door that there is, those of tomorrow too."""
    return sorted(
        (method, route.path)
        for route in _all(bank.client.app)
        for method in route.methods or ()
        if not route.path.startswith("/local/")
    )


def _all(app: Any) -> list[APIRoute]:
    return [one for one in (context.route for context in iter_route_contexts(app.routes)) if isinstance(one, APIRoute)]


def test_every_door_wants_to_know_who_is_there(bank: Bank) -> None:
    bank.client.cookies.clear()
    found = routes(bank)
    assert len(found) > 80
    for method, path in found:
        address = re.sub(r"\{[^}]*\}", "x", path)
        for headers in ({}, {"Authorization": "Bearer ysk_wrong"}, {"Authorization": "Bearer " + "x" * 5_000}):
            answer = bank.client.request(method, address, headers=headers)
            if (method, path) not in OPEN_TO_ALL:
                assert answer.status_code == 401, (method, path, headers, answer.text)


def test_every_change_by_a_browser_wants_the_token_of_its_session(bank: Bank) -> None:
    password = bank.platform.people.staff.reset_password(bank.platform.operator, bank.ids["owner"])
    given = {"login": "owner", "password": password, "method": "password"}
    signed_in = bank.client.post("/api/session", json=given)
    token = signed_in.json()["csrf_token"]
    change = {"old": password, "new": "Lantern-river-71"}
    assert bank.client.post("/api/session/password", json=change).json()["code"] == "csrf"
    changed = bank.client.post("/api/session/password", json=change, headers={"X-CSRF-Token": token})
    assert changed.status_code == 204, changed.text
    for method, path in routes(bank):
        if method in ("GET", "HEAD") or (method, path) in OPEN_TO_ALL:
            continue
        address = re.sub(r"\{[^}]*\}", "x", path)
        for headers in ({}, {"X-CSRF-Token": "x" * 64}):
            answer = bank.client.request(method, address, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), (method, path)
    assert bank.client.get("/api/knowledge/documents").status_code == 200
    bank.client.cookies.clear()
