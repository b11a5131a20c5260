"""A backup is one tar file: the database, the data folder's files, and last a manifest with the sum of each."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from yinshu.kernel.base.errors import BadArgument, BadInput

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES_MAX = 256 * 1024 * 1024
DATABASE, HOME = "database", "home"
PRIVATE_MODE = 0o600
CHUNK_BYTES = 1024 * 1024
_DAMAGED = "备份文件 {name} 不完整或已损坏（{what}），没有恢复任何内容。请换一份备份。"


@dataclass(frozen=True)
class Member:
    """A file of the backup: its size and SHA-256 (hex)."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `revision` is the step of the database's migrations, `database` sqlite or postgresql."""

    version: str
    database: str
    revision: str
    made_at: str
    files: Mapping[str, Member] = field(default_factory=dict)
    format: int = FORMAT


class _Summing:
    """Passes bytes on and sums them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sum = hashlib.sha256()
        self.bytes = 0

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._file.read(size))

    def write(self, content: bytes) -> int:
        self._counted(content)
        return self._file.write(content)

    def _counted(self, content: bytes) -> bytes:
        self.sum.update(content)
        self.bytes += len(content)
        return content


class ArchiveWriter:
    """Adds files one after the other; made by `writing_archive`."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, Member] = {}

    def add(self, name: str, path: Path) -> None:
        """Add a file under a name. Raises FileNotFoundError when it is no longer there."""
        with path.open("rb") as file:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(file.fileno()).st_size, PRIVATE_MODE
            summed = _Summing(file)
            self._tar.addfile(info, summed)
        self.files[name] = Member(summed.bytes, summed.sum.hexdigest())


@dataclass
class Written:
    """The finished file: its size and SHA-256, known when the block of `writing_archive` has ended."""

    bytes: int = 0
    sha256: str = ""


@contextmanager
def writing_archive(target: Path, manifest: Manifest) -> Iterator[tuple[ArchiveWriter, Written]]:
    """Write a new file that only its owner can read; it appears under its name when it is whole.

    Raises BadArgument when the file exists or cannot be written.
    """
    if target.exists():
        raise BadArgument(f"{target} 已经存在。请换一个文件名，或先移走它。")
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    except OSError as error:
        raise BadArgument(f"写不了 {target}。请确认文件夹存在、可写，再重试。", detail=str(error)) from None
    written = Written()
    try:
        with os.fdopen(descriptor, "wb") as file:
            summed = _Summing(file)
            with tarfile.open(fileobj=summed, mode="w|") as tar:  # type: ignore[call-overload]
                writer = ArchiveWriter(tar)
                yield writer, written
                _add_manifest(tar, manifest, writer.files)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    written.bytes, written.sha256 = summed.bytes, summed.sum.hexdigest()


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest, files: Mapping[str, Member]) -> None:
    whole = {**asdict(manifest), "files": {name: asdict(member) for name, member in files.items()}}
    content = json.dumps(whole, ensure_ascii=False, indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode = len(content), PRIVATE_MODE
    tar.addfile(info, io.BytesIO(content))


def check_archive(source: Path) -> Manifest:
    """Read a backup to its end and compare every sum.

    Raises BadInput when the file is no backup, is damaged, or holds what its manifest does not name.
    """
    found: dict[str, Member] = {}
    content = b""
    with _members(source) as members:
        for name, file in members:
            if name == MANIFEST:
                content = file.read(MANIFEST_BYTES_MAX)
                continue
            summed = _Summing(file)
            while summed.read(CHUNK_BYTES):
                pass
            found[name] = Member(summed.bytes, summed.sum.hexdigest())
    manifest = _read_manifest(source, content)
    if dict(manifest.files) != found:
        wrong = sorted(name for name in {*found, *manifest.files} if found.get(name) != manifest.files.get(name))
        raise _damaged(source, f"{wrong[0]} 与清单不符")
    return manifest


def extract(source: Path, folder: Path) -> None:
    """Write the files of a checked backup below a folder, readable for their owner alone."""
    with _members(source) as members:
        for name, file in members:
            if name != MANIFEST:
                _write(folder.joinpath(*PurePosixPath(name).parts), file)


def _write(target: Path, file: IO[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    with os.fdopen(descriptor, "wb") as out:
        while content := file.read(CHUNK_BYTES):
            out.write(content)
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def _members(source: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The names and contents of a backup, in their order; whatever goes wrong while they are read is a BadInput."""
    try:
        with tarfile.open(source, mode="r|") as tar:
            yield _contents(source, tar)
    except FileNotFoundError:
        raise BadInput(f"没有找到备份文件 {source}。请核对路径。") from None
    except tarfile.TarError as error:
        raise _damaged(source, type(error).__name__) from error


def _contents(source: Path, tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for info in tar:
        file = tar.extractfile(info) if info.isreg() else None
        if file is None or not _is_safe(info.name):
            raise _damaged(source, "含有不该有的内容")
        yield info.name, file


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    inside = len(path.parts) > 1 and path.parts[0] in (DATABASE, HOME)
    return name == MANIFEST or (inside and not path.is_absolute() and ".." not in path.parts)


def _read_manifest(source: Path, content: bytes) -> Manifest:
    try:
        read = json.loads(content)
        if read["format"] != FORMAT:
            raise BadInput(f"备份文件 {source.name} 由更新版本的银枢建立，本版本不能恢复。请升级程序后重试。")
        files = {name: Member(**member) for name, member in read.pop("files").items()}
        return Manifest(**read, files=files)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(source, "缺少清单") from error


def _damaged(source: Path, what: str) -> BadInput:
    return BadInput(_DAMAGED.format(name=source.name, what=what))
