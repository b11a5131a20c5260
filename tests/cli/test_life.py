"""The life of a document by command: every step, by whom, what it prints, and what it refuses with which exit code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.api.platform import Platform
from yinshu.app import open_application
from yinshu.cli import main
from yinshu.kernel.base.database import reading
from yinshu.kernel.identity import GrantedAction, Holder
from yinshu.kernel.identity.granting import Grantable
from yinshu.kernel.identity.persons import NewPerson
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.reading import file_reader
from yinshu.settings import Settings

pytestmark = pytest.mark.timeout(300)

DONE, BAD_ARGUMENT, BAD_INPUT, NOT_ALLOWED = 0, 2, 3, 4
TODAY, LATER = "2026-11-22", "2026-12-01"
COLLECTION, FILE = "制度", "现金.txt"
RULE = (
    "单位现金管理办法\n第一条 为加强现金管理，制定本办法。\n"
    "第二条 单位支取现金超过十万元的，应当至少提前一个工作日预约。\n第三条 本办法自2020年1月1日起施行。\n"
)
CHANGED = RULE.replace("十万元", "五万元").replace("2020年1月1日", "2026年11月1日")
RIGHTS: dict[str, tuple[GrantedAction, ...]] = {
    "maker": ("read", "ingest"),
    "checker": ("read", "publish"),
    "reader": ("read",),
}


@dataclass(frozen=True)
class Ran:
    """A command that ran in this process."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.out))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder: a rule in force, a draft of its next version by the maker, and three people."""
    folder = tmp_path_factory.mktemp("library")
    settings = Settings(home=folder / "home", today=TODAY)
    with open_application(settings, create=True) as application:
        platform = application.platform
        _take_in(platform, folder, RULE, "local", published=True)
        people = _staff(platform)
        _take_in(platform, folder, CHANGED, people["maker"], published=False)
    return settings.home


def _take_in(platform: Platform, folder: Path, text: str, actor: str, *, published: bool) -> None:
    (folder / FILE).write_text(text, "utf-8")
    ingester = Ingester(platform.engine, SqliteIndex(), platform.desk.originals, platform.clock, file_reader())
    ingester.ingest([folder / FILE], COLLECTION, published=published, actor=actor)


def _staff(platform: Platform) -> dict[str, str]:
    office, by = platform.people, platform.operator
    with reading(platform.engine) as connection:
        collection_id = store.get_collection(connection, COLLECTION).id
        found = store.grantable(connection, "collection", collection_id)
    assert found is not None
    on: Grantable = found
    ids = {}
    for login, actions in RIGHTS.items():
        ids[login] = office.staff.create(by, NewPerson(login, f"员工{login}"), with_password=False)[0].id
        for action in actions:
            office.rights.give(by, on, Holder("person", ids[login]), action, "allow")
    return ids


@pytest.fixture
def run(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Runs `yinshu knowledge …` on a copy of the library."""
    home = shutil.copytree(library, tmp_path / "home")
    monkeypatch.setenv("YINSHU_HOME", str(home))
    monkeypatch.setenv("YINSHU_TODAY", TODAY)

    def knowledge(*arguments: str, who: str = "") -> Ran:
        capsys.readouterr()
        code = main(["knowledge", *arguments, *(["--as", who] if who else [])])
        told = capsys.readouterr()
        return Ran(code, told.out, told.err)

    return knowledge


def test_a_version_goes_from_draft_to_archive_by_two_people(run: Callable[..., Ran]) -> None:
    assert "审核中" in run("submit", FILE, "-m", "请审核", who="maker").out
    waiting = run("reviews", "--json", who="checker").json["items"]
    assert [(one["version"]["title"], one["waiting_for_me"]) for one in waiting] == [("单位现金管理办法", True)]
    assert "草稿" in run("withdraw", FILE, who="maker").out
    assert run("submit", FILE, who="maker").code == DONE
    assert "草稿" in run("return", FILE, "-m", "请核对金额", who="checker").out
    assert run("submit", FILE, who="maker").code == DONE
    assert "待发布" in run("approve", FILE, who="checker").out
    planned = run("publish", FILE, "--on", LATER, "--json", who="checker").json
    assert (planned["status"], planned["publish_on"]) == ("approved", LATER)
    assert "没有到期" in run("publish", "--due").out
    assert run("publish", FILE, "--json", who="checker").json["status"] == "published"
    assert "没有待处理" in run("reviews", who="checker").out
    gone = run("archive", FILE, "--ended-on", "2026-11-20", "--json")
    assert gone.json["status"] == "archived"


def test_what_a_new_version_changes_and_for_whom_is_shown(run: Callable[..., Ran]) -> None:
    shown = run("diff", FILE, who="maker").out
    assert "旧：第二条 单位支取现金超过【十】万元" in shown
    assert "新：第二条 单位支取现金超过【五】万元" in shown
    rows = run("diff", FILE, "--json", who="maker").json["rows"]
    assert [row["kind"] for row in rows if row["kind"] != "same"] == ["changed", "changed"]
    told = run("impact", FILE, who="maker").out
    assert "修改 2 条" in told
    assert "员工reader" in told


def test_a_slip_is_taken_back_and_the_version_before_counts_again(run: Callable[..., Ran]) -> None:
    run("submit", FILE, who="maker")
    assert run("approve", FILE, "--publish", "--json", who="checker").json["status"] == "published"
    assert run("archive", FILE, "--mistaken", "--json").json["status"] == "archived"
    listed = run("list", "-c", COLLECTION, "--json").json["documents"]
    assert [one["status"] for one in listed if one["file"] == FILE and one["status"] == "published"] == ["published"]


def test_questions_and_gaps_of_an_empty_desk_say_so(run: Callable[..., Ran]) -> None:
    assert "还没有常见问答" in run("faq").out
    assert "没有发现缺口" in run("gaps").out


@pytest.mark.parametrize(
    ("arguments", "who", "code", "told"),
    [
        (("submit", FILE), "reader", BAD_INPUT, "没有"),
        (("submit", "没有的.txt"), "maker", BAD_INPUT, "没有"),
        (("approve", FILE), "checker", BAD_INPUT, "没有"),
        (("publish",), "", BAD_ARGUMENT, "--due"),
        (("publish", FILE, "--due"), "", BAD_ARGUMENT, "--due"),
        (("return", FILE), "checker", BAD_ARGUMENT, "--comment"),
        (("archive", FILE, "--ended-on", "2027-01-01"), "", BAD_ARGUMENT, "今天之后"),
        (("publish", FILE, "--on", "明天"), "checker", BAD_ARGUMENT, "publish_on"),
        (("diff", FILE), "nobody", BAD_INPUT, "nobody"),
    ],
)
def test_what_cannot_be_is_refused_in_chinese_with_its_exit_code(
    run: Callable[..., Ran], arguments: tuple[str, ...], who: str, code: int, told: str
) -> None:
    refused = run(*arguments, who=who)
    assert (refused.code, refused.out) == (code, "")
    assert told in refused.err


def test_nobody_decides_on_their_own_version(run: Callable[..., Ran]) -> None:
    assert run("submit", FILE, "--json").code == DONE
    refused = run("approve", FILE, "--json")
    assert refused.code == NOT_ALLOWED
    assert refused.json["code"] == "same_person"
    assert "另一位" in refused.json["message"]
