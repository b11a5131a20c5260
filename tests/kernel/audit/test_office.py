"""Auditors search, seal, reveal, erase, archive and govern, and all of it is in the ledger."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from yinshu.kernel.audit.errors import LedgerBroken, PersonErased, SecondPersonNeeded
from yinshu.kernel.audit.export import verify_file
from yinshu.kernel.audit.office import AuditOffice, OfficeKeys
from yinshu.kernel.audit.originals import make_auditor_key
from yinshu.kernel.audit.records import Act, LedgerQuery
from yinshu.kernel.audit.store import read_entries, verify_chain
from yinshu.kernel.audit.writer import LedgerWriter
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.base.errors import BadArgument, BadInput, NotFound

PASSPHRASE = "correct horse"


def test_a_search_finds_by_every_condition_and_is_itself_recorded(office: AuditOffice) -> None:
    office.record(Act("张三", "knowledge.answered", "run_1", detail={"note": "单位卡"}))
    office.record(Act("李四", "knowledge.refused", "run_2"))

    def subjects(query: LedgerQuery) -> list[str]:
        return [entry.subject for entry in office.search("auditor", query)]

    assert subjects(LedgerQuery(actor="张三")) == ["run_1"]
    assert subjects(LedgerQuery(action="knowledge.")) == ["run_2", "run_1"]
    assert subjects(LedgerQuery(subject="run_2")) == ["run_2"]
    assert subjects(LedgerQuery(words="单位卡", action="knowledge.")) == ["run_1"]
    assert subjects(LedgerQuery(words="100%", action="knowledge.")) == []
    assert subjects(LedgerQuery(action="knowledge.", before_seq=2)) == ["run_1"]
    assert subjects(LedgerQuery(until="2020", action="knowledge.")) == []
    reads = office.search("auditor", LedgerQuery(action="audit.read"))
    assert len(reads) == 8
    assert reads[-1].payload["query"] == {"actor": "张三", "limit": 50}


def test_an_original_is_sealed_revealed_only_with_the_key_and_gone_once_erased(
    office: AuditOffice, engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        assert office.keep(connection, "p1", "没有公钥时不留") is None
    make_auditor_key(tmp_path / "auditor.pem", tmp_path / "auditors.pub", PASSPHRASE)
    with writing(engine) as connection:
        kept = office.keep(connection, "p1", "我的卡号是6222000011112222")
        other = office.keep(connection, "p2", "别人的话")
    assert kept
    assert other
    with reading(engine) as connection:
        stored = connection.execute(text("SELECT sealed FROM ledger_originals")).scalars().all()
    assert all(b"6222" not in bytes(one) for one in stored)
    assert office.reveal("auditor", kept.id, tmp_path / "auditor.pem", PASSPHRASE) == "我的卡号是6222000011112222"
    with pytest.raises(BadInput):
        office.reveal("auditor", kept.id, tmp_path / "auditor.pem", "wrong horse")
    assert office.erase("officer", "p1") == 1
    with pytest.raises(PersonErased):
        office.reveal("auditor", kept.id, tmp_path / "auditor.pem", PASSPHRASE)
    with pytest.raises(NotFound):
        office.erase("officer", "p1")
    with writing(engine) as connection:
        assert office.keep(connection, "p1", "之后也不留") is None
    assert office.reveal("auditor", other.id, tmp_path / "auditor.pem", PASSPHRASE) == "别人的话"
    with reading(engine) as connection:
        assert verify_chain(connection).ok
        done = [entry.action for entry in read_entries(connection)]
    assert done == ["audit.original_read", "audit.person_erased", "audit.original_read"]


def test_a_changed_original_is_noticed(office: AuditOffice, engine: Engine, tmp_path: Path) -> None:
    make_auditor_key(tmp_path / "auditor.pem", tmp_path / "auditors.pub", PASSPHRASE)
    with writing(engine) as connection:
        kept = office.keep(connection, "p1", "原话")
        assert kept
        sealed = bytes(connection.execute(text("SELECT sealed FROM ledger_originals")).scalar_one())
        changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
        connection.execute(text("UPDATE ledger_originals SET sealed = :sealed"), {"sealed": changed})
    with pytest.raises(LedgerBroken):
        office.reveal("auditor", kept.id, tmp_path / "auditor.pem", PASSPHRASE)


def test_a_setting_takes_two_people_and_both_are_recorded(office: AuditOffice, engine: Engine) -> None:
    change = office.propose("甲", "anchor_minutes", 30)
    assert office.settings()[0]["anchor_minutes"] == 5
    with pytest.raises(SecondPersonNeeded):
        office.decide("甲", change.id, approve=True)
    assert office.decide("乙", change.id, approve=True).decided_by == "乙"
    assert office.settings()[0]["anchor_minutes"] == 30
    with pytest.raises(BadInput, match="处理过"):
        office.decide("丙", change.id, approve=False)
    refused = office.propose("甲", "anchor_minutes", 60)
    office.decide("乙", refused.id, approve=False)
    assert office.settings()[0]["anchor_minutes"] == 30
    with reading(engine) as connection:
        actions = [entry.action for entry in read_entries(connection)]
    assert actions.count("audit.setting_proposed") == 2
    assert "audit.setting_approved" in actions
    assert "audit.setting_refused" in actions


@pytest.mark.parametrize(("name", "value"), [("retention_days", 30), ("anchor_minutes", 0), ("colour", 1)])
def test_a_setting_outside_its_bounds_is_refused(office: AuditOffice, name: str, value: int) -> None:
    with pytest.raises(BadArgument):
        office.propose("甲", name, value)


def test_an_archive_takes_out_what_is_old_and_the_chain_goes_on(engine: Engine, clock: Clock, tmp_path: Path) -> None:
    def office_at(days: int) -> AuditOffice:
        then = replace(clock, now=lambda: clock.now() + timedelta(days=days))
        keys = OfficeKeys(tmp_path / "ledger.key", tmp_path / "auditors.pub")
        return AuditOffice(engine, then, LedgerWriter(engine, then), keys)

    early, late = office_at(-4_000), office_at(0)
    for number in range(6):
        early.record(Act("p", "test.act", f"old_{number}"))
    late.record(Act("p", "test.act", "new"))
    late.sign()
    done = late.archive("admin", tmp_path / "old", tmp_path / "old.head")
    assert (done.records, done.last_seq) == (6, 6)
    assert verify_file(tmp_path / "old", tmp_path / "old.head").records == 7
    with reading(engine) as connection:
        assert [entry.subject for entry in read_entries(connection)] == ["new", "6"]
        assert verify_chain(connection).ok
    report, failing = late.verify("auditor")
    assert (report.ok, failing) == (True, [])
    late.export("admin", tmp_path / "rest", tmp_path / "rest.head")
    assert verify_file(tmp_path / "rest", tmp_path / "rest.head").ok
    with pytest.raises(BadInput, match="保留期"):
        late.archive("admin", tmp_path / "again", tmp_path / "again.head")
    for office in (early, late):
        office.close()


def test_the_lines_for_a_security_system_are_ocsf_and_cef(office: AuditOffice) -> None:
    office.record(Act("张|三", "guard.blocked", "a=b\n", detail={"k": "v"}))
    (event, *_), (line, *_) = list(office.siem("auditor", "ocsf", 0)), list(office.siem("auditor", "cef", 0))
    read = json.loads(event)
    assert (read["class_uid"], read["status_id"], read["actor"]["user"]["uid"]) == (2004, 2, "张|三")
    assert read["type_uid"] == read["class_uid"] * 100 + read["activity_id"]
    assert line.startswith("CEF:0|Yinshu|Yinshu|1|guard.blocked|guard.blocked|5|")
    assert "cs1=a\\=b\\n" in line
    assert line.count("\n") == 1
    assert [json.loads(one)["metadata"]["sequence"] for one in office.siem("auditor", "ocsf", 2)] == [3, 4]
