"""Files are found in a stable order, and a metadata table that cannot be used says why."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from yinshu.kernel.base.errors import BadInput
from yinshu.kernel.knowledge.originals import Originals
from yinshu.kernel.knowledge.records import Hints
from yinshu.kernel.knowledge.scan import find_files, read_index


def test_hidden_and_temporary_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden", "~$word.docx", ".git/config"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    found, failed = find_files([tmp_path])
    assert ([one.file_name for one in found], failed) == (["a.txt", "b.txt"], [])


def test_a_file_named_twice_is_taken_once(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    found, failed = find_files([path, tmp_path])
    assert (len(found), failed) == (1, [])


def test_an_index_row_becomes_hints(tmp_path: Path) -> None:
    path = tmp_path / "index.csv"
    path.write_text(
        "\ufefffile,title,published,kind,number\na.txt,甲办法,2020-01-02,办法,银发〔2020〕1号\nb.txt,乙,约2020年,,\n",
        "utf-8",
    )
    hints = read_index(path)
    assert hints["a.txt"] == Hints("甲办法", "银发〔2020〕1号", "", "办法", date(2020, 1, 2))
    assert hints["b.txt"].issued_on is None


@pytest.mark.parametrize(
    ("content", "word"), [(b"name,title\na,b\n", "file"), ("文件".encode("gbk"), "UTF-8"), (None, "--index")]
)
def test_an_index_that_cannot_be_used_is_refused(tmp_path: Path, content: bytes | None, word: str) -> None:
    path = tmp_path / "index.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=word):
        read_index(path)


def test_an_original_is_stored_once_and_read_back(tmp_path: Path) -> None:
    originals = Originals(tmp_path / "originals")
    first, again = originals.keep(b"abc"), originals.keep(b"abc")
    assert first == again
    assert originals.read(first) == b"abc"
    assert len([one for one in originals.folder.rglob("*") if one.is_file()]) == 1


def test_only_old_leftovers_are_swept(tmp_path: Path) -> None:
    originals = Originals(tmp_path / "originals")
    kept = originals.path(originals.keep(b"abc"))
    left = kept.with_name(".dead")
    left.write_bytes(b"half")
    assert originals.sweep() == 0
    os.utime(left, (0, 0))
    assert originals.sweep() == 1
    assert kept.exists()
