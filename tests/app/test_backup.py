"""Backing up while people work, and restoring: nothing lost, nothing touched by a bad file."""

from __future__ import annotations

import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from yinshu.adapters.backups.archive import check_archive
from yinshu.api.platform import Asked, IngestOrder, Platform
from yinshu.app import open_application
from yinshu.app.backup import restore, restore_recorded
from yinshu.kernel.audit.records import Act, LedgerQuery
from yinshu.kernel.base.errors import BadArgument, BadInput
from yinshu.kernel.base.lock import own_folder
from yinshu.settings import Settings

RULE = "尾箱管理办法\n第一条 尾箱交接应当双人会同，登记交接簿。\n第二条 本办法自2020年1月1日起施行。\n"
QUESTION = "尾箱交接要登记什么？"
JOB_SECONDS = 60.0
WRITERS = 2


@pytest.fixture(params=["sqlite", "postgres"])
def settings_for(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Settings]:
    """Settings of a fresh data folder by name, on SQLite and on PostgreSQL, each with a database of its own."""
    new_url = request.getfixturevalue("new_postgres_url") if request.param == "postgres" else lambda: ""
    return lambda name: Settings(home=tmp_path / name, database_url=new_url())


@pytest.fixture
def bank(settings_for: Callable[[str], Settings], tmp_path: Path) -> Iterator[tuple[Settings, Platform]]:
    """A platform that holds one rule."""
    settings = settings_for("bank")
    (tmp_path / "rule.txt").write_text(RULE, "utf-8")
    order = IngestOrder((tmp_path / "rule.txt",), "制度", None, published=True, wait=True, actor="local")
    with open_application(settings, create=True) as application:
        platform = application.platform
        assert platform.jobs.wait(platform.submit_ingest(order), JOB_SECONDS).state == "done"
        yield settings, platform


def ask(platform: Platform) -> str:
    asked = Asked(platform.operator, QUESTION, "制度", platform.clock.today(), "extractive")
    return platform.ask(asked).answer.answer


def entries(platform: Platform) -> int:
    return platform.ledger.verify("local")[0].records


def test_a_backup_taken_while_people_work_restores_to_one_moment(
    bank: tuple[Settings, Platform], settings_for: Callable[[str], Settings], tmp_path: Path
) -> None:
    _, platform = bank
    expected, stop, written = ask(platform), threading.Event(), []

    def work(name: str) -> None:
        while not stop.is_set():
            platform.ledger.record(Act(name, "test.worked", name))
            written.append(name)

    writers = [threading.Thread(target=work, args=(f"writer {i}",)) for i in range(WRITERS)]
    before = entries(platform)
    for writer in writers:
        writer.start()
    while len(written) < 20:
        pass
    made = platform.back_up(tmp_path / "one.tar", "local")
    count = len(written)
    stop.set()
    for writer in writers:
        writer.join()
    assert made["bytes"] == (tmp_path / "one.tar").stat().st_size
    assert (tmp_path / "one.tar").stat().st_mode & 0o077 == 0
    other = settings_for("other")
    restore_recorded(other, tmp_path / "one.tar", force=False)
    with open_application(other) as application:
        chain, failing = application.platform.ledger.verify("local")
        assert chain.ok
        assert not failing
        assert before < chain.records <= before + count + 10
        assert ask(application.platform) == expected
        actions = [one.action for one in application.platform.ledger.search("local", LedgerQuery(action="platform."))]
        assert "platform.restored" in actions
    seen = [one.action for one in platform.ledger.search("local", LedgerQuery(action="platform."))]
    assert "platform.backed_up" in seen


def test_what_is_there_is_replaced_only_by_force_and_kept_aside(
    bank: tuple[Settings, Platform], settings_for: Callable[[str], Settings], tmp_path: Path
) -> None:
    _, platform = bank
    platform.back_up(tmp_path / "one.tar", "local")
    other = settings_for("other")
    with open_application(other, create=True):
        pass
    token = other.token_file.read_text()
    with pytest.raises(BadArgument, match="--force"):
        restore(other, tmp_path / "one.tar", force=False)
    assert other.token_file.read_text() == token
    result = restore_recorded(other, tmp_path / "one.tar", force=True)
    assert (Path(result["replaced"]) / "token").read_text() == token
    with open_application(other) as application:
        assert "登记交接簿" in ask(application.platform)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty SQLite library (bank) and its backup (small.tar)."""
    folder = tmp_path_factory.mktemp("empty")
    with open_application(Settings(home=folder / "bank"), create=True) as application:
        application.platform.back_up(folder / "small.tar", "local")
    return folder


@pytest.fixture
def small(empty: Path, tmp_path: Path) -> Path:
    """A backup of an empty SQLite library, to be spoiled."""
    return Path(shutil.copy(empty / "small.tar", tmp_path / "small.tar"))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20_000])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[5_000] ^= 0xFF
    path.write_bytes(content)


def _stray(path: Path) -> None:
    with closing(tarfile.open(path, "a")) as tar:
        info = tarfile.TarInfo("home/../../stray")
        tar.addfile(info)


def _newer(path: Path) -> None:
    content = path.read_bytes()
    revision = check_archive(path).revision.encode()
    path.write_bytes(
        content.replace(b'"revision": "' + revision + b'"', b'"revision": "' + b"9" * len(revision) + b'"')
    )


def _text(path: Path) -> None:
    path.write_text("不是备份")


@pytest.mark.parametrize("spoil", [_cut, _flip, _stray, _newer, _text])
def test_a_bad_backup_restores_nothing(small: Path, tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    spoil(small)
    with pytest.raises(BadInput):
        restore(Settings(home=tmp_path / "other"), small, force=False)
    assert not (tmp_path / "other").exists()


def test_a_backup_of_another_kind_of_database_is_refused(small: Path, tmp_path: Path, postgres_url: str) -> None:
    with pytest.raises(BadInput, match="YINSHU_DATABASE_URL"):
        restore(Settings(home=tmp_path / "other", database_url=postgres_url), small, force=False)


def test_a_file_that_exists_is_not_written_over(small: Path, empty: Path) -> None:
    before = small.read_bytes()
    with (
        open_application(Settings(home=empty / "bank")) as application,
        pytest.raises(BadArgument, match="已经存在"),
    ):
        application.platform.back_up(small, "local")
    assert small.read_bytes() == before


def test_a_folder_in_use_is_not_restored_into(small: Path, tmp_path: Path) -> None:
    with own_folder(tmp_path / "other"), pytest.raises(Exception, match="正由进程"):
        restore(Settings(home=tmp_path / "other"), small, force=True)
