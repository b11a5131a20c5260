"""Backing up and restoring by command, beside a running server and without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.product.running import serving, yinshu

DEPENDENCY_DOWN, BAD_ARGUMENT = 5, 2


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_a_backup_of_a_running_server_holds_in_another_folder(home: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "backup.tar", tmp_path / "other"
    with serving(home, tmp_path / "server.log"):
        made = yinshu(home, "backup", str(file), "--json")
        assert made.code == 0, made.err
        refused = yinshu(home, "restore", str(file), "--force")
        assert refused.code == DEPENDENCY_DOWN
        assert "停止" in refused.err
    assert made.json["bytes"] == file.stat().st_size
    assert yinshu(home, "restore", str(file)).code == BAD_ARGUMENT
    restored = yinshu(other, "restore", str(file), "--json")
    assert restored.code == 0, restored.err
    assert yinshu(other, "audit", "verify", "--json").code == 0
