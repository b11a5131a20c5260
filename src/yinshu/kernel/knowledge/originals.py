"""Keeps every original file under the hash of its content, so that it is stored once and never changes."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.base.leftovers import sweep

_FOLDER_NAME_CHARS = 2
DRAFT_AGE_SECONDS = 3_600
"""Nothing takes that long to write, so an older draft is a dead one."""


@dataclass(frozen=True)
class Originals:
    """A folder of files named by the SHA-256 (hex) of their bytes."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where the file of this hash lies, or would lie."""
        return self.folder / sha256[:_FOLDER_NAME_CHARS] / sha256

    def keep(self, content: bytes) -> str:
        """Store the bytes and return their hash; once this returns, the file outlives a loss of power."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if target.exists():
            return sha256
        new_folder = not target.parent.exists()
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{sha256}.{secrets.token_hex(4)}")
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(target.parent)
        if new_folder:
            _sync_folder(self.folder)
        return sha256

    def sweep(self) -> int:
        """Remove what a kill left half written an hour ago or more; returns how many files."""
        return sweep(self.folder, "*/.*", DRAFT_AGE_SECONDS)

    def remove(self, sha256: str) -> None:
        """Take away a file that may not be kept."""
        self.path(sha256).unlink(missing_ok=True)

    def read(self, sha256: str) -> bytes:
        """The bytes of this hash; `NotFound` when the file is not there."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(
                "原始文件已不在数据文件夹中。请从备份恢复 originals 文件夹，或重新导入该文件。", detail=sha256
            ) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
