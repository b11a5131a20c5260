"""One process owns a data folder; the others are told which."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from yinshu.kernel.base.lock import FolderInUse, ensure_token, own_folder, server_token_path

HOLD = """
import sys, time, pathlib
from yinshu.kernel.base.lock import own_folder
with own_folder(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold_elsewhere(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_second_process_is_refused_and_told_the_first(tmp_path: Path) -> None:
    owner = hold_elsewhere(tmp_path)
    try:
        with pytest.raises(FolderInUse) as refused, own_folder(tmp_path):
            pass
        assert str(owner.pid) in refused.value.message
        assert str(tmp_path) in refused.value.message
    finally:
        end(owner)


def test_a_killed_owner_leaves_the_folder_free(tmp_path: Path) -> None:
    owner = hold_elsewhere(tmp_path)
    os.kill(owner.pid, signal.SIGKILL)
    owner.communicate()
    with own_folder(tmp_path):
        pass


def test_the_same_process_cannot_own_a_folder_twice(tmp_path: Path) -> None:
    with own_folder(tmp_path), pytest.raises(FolderInUse), own_folder(tmp_path):
        pass
    with own_folder(tmp_path):
        pass


def test_the_refused_process_leaves_the_lock_with_its_owner(tmp_path: Path) -> None:
    owner = hold_elsewhere(tmp_path)
    try:
        for _ in range(2):
            with pytest.raises(FolderInUse), own_folder(tmp_path):
                pass
    finally:
        end(owner)


def test_the_token_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    token = ensure_token(tmp_path)
    assert ensure_token(tmp_path) == token
    assert stat.S_IMODE(server_token_path(tmp_path).stat().st_mode) == 0o600
