"""A past answer comes out the same although the library went on; what was changed behind its back is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.api.model_servers import PlayedServers, says
from yinshu.api.platform import IngestOrder
from yinshu.app import open_application
from yinshu.kernel.audit.records import LedgerQuery
from yinshu.kernel.base.database import writing
from yinshu.kernel.gateway.records import Endpoint, Model
from yinshu.kernel.knowledge.recorder import result_digest
from yinshu.settings import Settings

JOB_SECONDS_MAX = 120


@pytest.mark.timeout(400)
def test_a_replay_is_the_same_until_the_evidence_was_tampered_with(tmp_path: Path) -> None:
    first, later = tmp_path / "first", tmp_path / "later"
    for folder, limit in ((first, "十"), (later, "二十")):
        folder.mkdir()
        rule = f"现金办法\n第一条 单位支取现金超过{limit}万元的，应当至少提前一个工作日预约。\n"
        (folder / f"{folder.name}.txt").write_text(rule + "第二条 本办法自2020年1月1日起施行。\n", "utf-8")
    with open_application(Settings(home=tmp_path / "home"), create=True) as application:
        platform = application.platform

        def take_in(folder: Path) -> None:
            order = IngestOrder((folder,), "试验", None, published=True, wait=False, actor="local")
            assert platform.jobs.wait(platform.submit_ingest(order), JOB_SECONDS_MAX).state == "done"

        take_in(first)
        answered = application.call("ask", {"question": "单位支取现金超过十万元应当提前多久预约", "collection": "试验"})
        run_id = answered["run_id"]
        (entry,) = platform.ledger.search("auditor", LedgerQuery(subject=run_id))
        assert entry.payload["result_digest"] == result_digest(answered["answer"])
        assert entry.payload["src_endpoint"] == {"channel": "cli"}
        take_in(later)
        same = application.call("replay", {"run_id": run_id})
        assert (same["same"], same["versions_hidden"]) == (True, 1), same["differences"]
        with writing(platform.engine) as connection:
            connection.execute(text("UPDATE clauses SET text = replace(text, '十万元', '五万元')"))
        shown = application.call("replay", {"run_id": run_id})
        assert not shown["same"]
        evidence = [one for one in shown["differences"] if "原文" in one["what"]]
        assert evidence
        assert "十万元" in evidence[0]["then"]
        assert "五万元" in evidence[0]["now"]


@pytest.mark.timeout(400)
def test_what_a_model_worded_is_replayed_as_it_was_shown_without_asking_the_model(tmp_path: Path) -> None:
    (tmp_path / "rule.txt").write_text(
        "现金办法\n第一条 单位支取现金超过十万元的，应当至少提前一个工作日预约。\n第二条 本办法自2020年1月1日起施行。\n",
        "utf-8",
    )
    told = "单位支取现金超过十万元，应当至少提前一个工作日预约。[1]"
    servers = PlayedServers(says(told))
    with open_application(Settings(home=tmp_path / "home"), create=True) as application:
        platform = application.platform
        order = IngestOrder((tmp_path / "rule.txt",), "试验", None, published=True, wait=False, actor="local")
        assert platform.jobs.wait(platform.submit_ingest(order), JOB_SECONDS_MAX).state == "done"
        platform.models.gateway.sender.upstream = servers
        endpoints = (Endpoint("", "", "http://m.test/v1", "m"),)
        model = Model("", "m", "openai", ("chat",), stage="approved", data_level_max=5, endpoints=endpoints)
        platform.models.registry.save(platform.operator, model)
        question = "单位支取现金超过十万元应当提前多久预约"
        shown = application.call("ask", {"question": question, "collection": "试验", "composer": "model"})
        assert shown["composed_by"] == "m"
        assert shown["answer"].startswith("单位支取现金超过十万元，应当")
        (entry,) = platform.ledger.search("auditor", LedgerQuery(subject=shown["run_id"]))
        assert (entry.payload["model"], entry.payload["wording"]["carried"]) == ("m", [True])  # type: ignore[index, call-overload]
        assert str(entry.payload["prompt_version"]).startswith("word_answer@")
        asked = len(servers.asked)
        replayed = application.call("replay", {"run_id": shown["run_id"]})
        assert replayed["same"], replayed["differences"]
        now = {"status": "answered", "answer": shown["answer"], "composed_by": "m", "shortened": False}
        assert (replayed["now"], replayed["wording"]["chose"]) == (now, False)
        assert replayed["wording"]["model"] == "m"
        assert [one["now"] for one in replayed["wording"]["sentences"]] == [1]
        assert len(servers.asked) == asked
        with writing(platform.engine) as connection:
            connection.execute(text("UPDATE clauses SET text = replace(text, '一个工作日', '五个工作日')"))
        changed = application.call("replay", {"run_id": shown["run_id"]})
        assert not changed["same"]
        verdict = next(one for one in changed["differences"] if one["what"].startswith("对模型一句话的核验"))
        assert (verdict["then"], verdict["now"]) == ("由依据1支持", "不被支持")
