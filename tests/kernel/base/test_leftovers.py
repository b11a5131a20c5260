"""Only what is old goes, and what vanishes meanwhile stops nothing."""

from __future__ import annotations

import os
from pathlib import Path

from yinshu.kernel.base.leftovers import sweep

HOUR_SECONDS = 3_600


def test_old_files_and_folders_of_the_pattern_go_and_nothing_else(tmp_path: Path) -> None:
    for name in ("old-folder", "new-folder"):
        (tmp_path / name / "inside").mkdir(parents=True)
    for name in ("old-file", "new-file", "other"):
        (tmp_path / name).write_text("x")
    for name in ("old-folder", "old-file", "other"):
        os.utime(tmp_path / name, (0, 0))
    assert sweep(tmp_path, "*-f*", HOUR_SECONDS) == 2
    assert sorted(one.name for one in tmp_path.iterdir()) == ["new-file", "new-folder", "other"]
    assert sweep(tmp_path / "nowhere", "*", HOUR_SECONDS) == 0


def test_what_goes_while_it_is_looked_at_keeps_nothing_from_being_swept(tmp_path: Path) -> None:
    for name in ("a", "c"):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (0, 0))
    # Listed, but not there when it is looked at.
    (tmp_path / "b").symlink_to(tmp_path / "gone")
    assert sweep(tmp_path, "*", HOUR_SECONDS) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["b"]
