"""Taking documents in by a command: the limits of the settings hold for every file."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from yinshu.api.platform import IngestOrder
from yinshu.app import intake, open_application
from yinshu.app.intake import UPLOAD_AGE_SECONDS, sweep_uploads
from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.knowledge.intake_jobs import IntakeJobs
from yinshu.settings import KIB, Settings

TEXT = "尾箱管理办法\n第一条 尾箱交接应当双人会同。\n第二条 本办法自2020年1月1日起施行。\n"
JOB_SECONDS = 60.0


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A rule within the limits, one with too many bytes, a PDF with too many pages."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "short.txt").write_text(TEXT, "utf-8")
    (folder / "long.txt").write_text(TEXT + "尾箱。" * 1_000, "utf-8")
    with pypdfium2.PdfDocument.new() as pages:
        for _ in range(3):
            pages.new_page(100, 100)
        pages.save(folder / "pages.pdf")
    return folder


def test_the_limits_of_the_settings_hold_for_every_file(files: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", file_bytes_max=4 * KIB, pages_max=2, ocr_pages_max=0)
    order = IngestOrder((files,), "制度", None, published=True, wait=True, actor="local")
    with open_application(settings, create=True) as application:
        platform = application.platform
        status = platform.jobs.wait(platform.submit_ingest(order), JOB_SECONDS)
    report: Any = status.result
    assert report["new"] == 1
    failed = {Path(one["file"]).name: one["error"] for one in report["failed"]}
    assert set(failed) == {"long.txt", "pages.pdf"}
    assert "请拆分" in failed["long.txt"]
    assert "2 页" in failed["pages.pdf"]


def test_what_a_killed_server_left_of_an_upload_goes_and_what_is_coming_in_stays(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "rule.txt").write_text(TEXT, "utf-8")
    then = time.time() - UPLOAD_AGE_SECONDS - 1
    os.utime(old, (then, then))
    assert sweep_uploads(tmp_path) == 1
    assert not old.exists()
    assert (new / "rule.txt").exists()
    assert sweep_uploads(tmp_path / "nowhere") == 0


def test_an_upload_that_goes_while_they_are_swept_keeps_nothing_from_being_swept(tmp_path: Path) -> None:
    then = time.time() - UPLOAD_AGE_SECONDS - 1
    for name in ("a", "c"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (then, then))
    # Listed, but not there when it is looked at.
    (tmp_path / "b").symlink_to(tmp_path / "gone")
    assert sweep_uploads(tmp_path) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["b"]


def test_open_batches_are_taken_up_before_uploads_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(IntakeJobs, "resume", lambda _jobs: done.append("resumed"))
    monkeypatch.setattr(intake, "sweep_uploads", lambda _folder: done.append("swept"))
    with open_application(Settings(home=tmp_path / "home"), create=True) as application:
        application.platform.jobs.list_jobs()
    assert done == ["resumed", "swept"]


def test_taking_up_that_failed_is_told_and_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def resume(_jobs: IntakeJobs) -> None:
        tried.append("resumed")
        if len(tried) == 1:
            raise DependencyDown("数据库正忙")

    monkeypatch.setattr(IntakeJobs, "resume", resume)
    with open_application(Settings(home=tmp_path / "home"), create=True) as application:
        jobs = application.platform.jobs
        with pytest.raises(DependencyDown):
            jobs.list_jobs()
        jobs.list_jobs()
        jobs.list_jobs()
    assert tried == ["resumed", "resumed"]
