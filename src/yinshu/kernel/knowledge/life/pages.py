"""Pictures of original pages, drawn once and kept by the hash of the file."""

from __future__ import annotations

import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.documents import draw_isolated
from yinshu.kernel.knowledge.life.records import VersionFile
from yinshu.kernel.knowledge.originals import Originals

PAGE_WIDTH_PIXELS = 1_240
"""An A4 page at 150 dots per inch: small print stays legible."""
CACHE_BYTES_MAX = 2 * 1024 * 1024 * 1024
SWEEP_EVERY = 200
PAGED_MEDIA = ("application/pdf", "image/")


@dataclass
class _Count:
    drawn: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class PageImages:
    """A folder of drawn pages. It may be emptied at any time; what is missing is drawn again."""

    folder: Path
    originals: Originals
    _count: _Count = field(default_factory=_Count)

    def png(self, version: VersionFile, page: int) -> bytes:
        """Page `page` (from 1) of a version's original file as PNG.

        Raises NotFound when the file has no such page or no pages at all, DocumentError when it cannot be drawn.
        """
        if not has_pages(version) or not 1 <= page <= version.page_count:
            raise NotFound("这个文件没有这一页的版面图。请查看文字，或下载原文件。")
        sha256 = version.content_sha256
        target = self.folder / sha256[:2] / f"{sha256}-{page}-{PAGE_WIDTH_PIXELS}.png"
        if target.exists():
            return target.read_bytes()
        picture = draw_isolated(self.originals.read(sha256), version.info.file_name, page, PAGE_WIDTH_PIXELS)
        self._keep(target, picture)
        return picture

    def _keep(self, target: Path, picture: bytes) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        draft.write_bytes(picture)
        draft.replace(target)
        with self._count.lock:
            self._count.drawn += 1
            due = self._count.drawn % SWEEP_EVERY == 0
        if due:
            self.sweep()

    def sweep(self, bytes_max: int = CACHE_BYTES_MAX) -> int:
        """Remove the oldest pictures until the folder is within its limit; returns how many."""
        kept: list[tuple[float, int, Path]] = []
        for one in self.folder.glob("*/*.png"):
            # Another server, or another thread, may sweep at the same time.
            with suppress(FileNotFoundError):
                found = one.stat()
                kept.append((found.st_mtime, found.st_size, one))
        total, removed = 0, 0
        for _, size, picture in sorted(kept, reverse=True):
            total += size
            if total > bytes_max:
                picture.unlink(missing_ok=True)
                removed += 1
        return removed


def has_pages(version: VersionFile) -> bool:
    """Whether the original has a fixed layout that can be shown as pictures."""
    return version.media_type.startswith(PAGED_MEDIA)
