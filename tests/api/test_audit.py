"""The ledger over HTTP: for audit administrators only, and every reading is recorded with where it came from."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from fastapi.testclient import TestClient

from yinshu.api.platform import Platform
from yinshu.kernel.audit.export import verify_file
from yinshu.kernel.audit.records import Act
from yinshu.kernel.identity.persons import NewPerson

STAFF = [("wang.x", "王晓"), ("wang.xm", "王晓明"), ("li.l", "李磊")]


def test_entries_are_searched_page_by_page(client: TestClient, platform: Platform) -> None:
    for number in range(5):
        platform.ledger.record(Act("张三", "test.act", f"n{number}"))
    first = client.get("/api/audit/entries", params={"action": "test.", "limit": 3}).json()
    assert [one["subject"] for one in first["items"]] == ["n4", "n3", "n2"]
    rest = client.get("/api/audit/entries", params={"action": "test.", "after": first["next"]}).json()
    assert [one["subject"] for one in rest["items"]] == ["n1", "n0"]
    assert rest["next"] is None
    read = client.get("/api/audit/entries", params={"action": "audit.read"}).json()["items"][-1]
    assert read["actor"] == "local"
    assert read["payload"]["src_endpoint"]["channel"] == "http"
    assert read["payload"]["src_endpoint"]["request_uid"]


def test_an_actor_is_found_by_name_login_or_id(client: TestClient, platform: Platform) -> None:
    staff, by = platform.people.staff, platform.operator
    made = [staff.create(by, NewPerson(login, name), with_password=False)[0] for login, name in STAFF]
    for one in made:
        platform.ledger.record(Act(one.id, "test.act", one.login))
    platform.ledger.record(Act("robot_7", "test.act", "robot"))

    def found(actor: str) -> list[str]:
        items = client.get("/api/audit/entries", params={"action": "test.", "actor": actor}).json()["items"]
        return sorted(one["subject"] for one in items)

    assert found("王晓") == ["wang.x", "wang.xm"]
    assert found("王晓明") == ["wang.xm"]
    assert found("LI.L") == ["li.l"]
    assert found(made[0].id) == ["wang.x"]
    assert found("robot_7") == ["robot"]
    assert found("赵") == []
    read = client.get("/api/audit/entries", params={"action": "audit.read"}).json()["items"]
    assert read[-1]["payload"]["query"]["actor"] == "王晓"


def test_the_chain_is_verified_and_leaves_as_a_zip_that_holds(
    client: TestClient, platform: Platform, tmp_path: Path
) -> None:
    platform.ledger.record(Act("张三", "test.act", "1"))
    assert client.post("/api/audit/heads").json()["seq"] == 2
    verified = client.post("/api/audit/verify").json()
    assert verified["ok"] is True
    assert verified["heads_failing"] == []
    packed = zipfile.ZipFile(io.BytesIO(client.get("/api/audit/export").content))
    packed.extractall(tmp_path / "out")
    assert verify_file(tmp_path / "out" / "ledger.jsonl", tmp_path / "out" / "ledger.head").ok
    assert len(client.get("/api/audit/heads").json()["items"]) == 2


def test_a_security_system_reads_lines(client: TestClient, platform: Platform) -> None:
    platform.ledger.record(Act("张三", "test.act", "1"))
    lines = client.get("/api/audit/siem", params={"form": "ocsf"}).text.splitlines()
    assert [json.loads(line)["api"]["operation"] for line in lines] == ["test.act", "audit.exported"]


def test_a_setting_waits_for_a_second_person(client: TestClient) -> None:
    change = client.post("/api/audit/settings", json={"name": "anchor_minutes", "value": 9}).json()
    refused = client.post(f"/api/audit/settings/{change['id']}/approve")
    assert refused.status_code == 403
    assert "第二人" in refused.json()["message"]
    listed = client.get("/api/audit/settings").json()
    assert [one["id"] for one in listed["changes"]] == [change["id"]]
    assert {one["name"]: one["value"] for one in listed["settings"]}["anchor_minutes"] == 5


def test_a_replay_shows_what_differs_and_is_recorded(client: TestClient) -> None:
    shown = client.get("/api/audit/replay/run_1").json()
    assert shown["same"] is False
    assert shown["differences"][0]["what"] == "回答"
    assert client.get("/api/audit/replay/run_9").status_code == 404
    assert (
        client.get("/api/audit/entries", params={"action": "audit.replayed"}).json()["items"][-1]["subject"] == "run_1"
    )


def test_nobody_reads_the_ledger_without_signing_in(anonymous: TestClient) -> None:
    for path in ("entries", "heads", "export", "siem", "settings", "replay/run_1"):
        assert anonymous.get(f"/api/audit/{path}").status_code == 401, path
