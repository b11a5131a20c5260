"""A file (on another disk, a write-once share) or a URL that takes the ledger's signed heads."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from yinshu.kernel.audit.heads import head_text
from yinshu.kernel.audit.ports import Anchor
from yinshu.kernel.audit.records import SignedHead
from yinshu.kernel.base.errors import BadArgument, DependencyDown

POST_SECONDS_MAX = 10
HTTP_ACCEPTED_MAX = 300


@dataclass(frozen=True)
class FileAnchor:
    """Adds a line to a file; what is there is never rewritten."""

    path: Path

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self.path)

    def publish(self, head: SignedHead) -> None:
        """Append the head and wait for the disk."""
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
            try:
                os.write(descriptor, head_text(head).encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise DependencyDown(
                f"链头写不进 {self.path}。请检查 YINSHU_LEDGER_ANCHOR 指向的位置是否存在、可写。",
                detail=str(error.errno),
            ) from None


@dataclass(frozen=True)
class HttpAnchor:
    """Posts the head as JSON."""

    url: str

    @property
    def name(self) -> str:
        """Scheme, host and path; a query might hold a token."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname}{parts.path}"

    def publish(self, head: SignedHead) -> None:
        """Post it; anything but a 2xx answer is a failure."""
        request = urllib.request.Request(  # noqa: S310 # only http and https get here, see open_anchor
            self.url, head_text(head).encode(), {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=POST_SECONDS_MAX) as response:  # noqa: S310
                accepted = response.status < HTTP_ACCEPTED_MAX
        except (urllib.error.URLError, OSError) as error:
            raise self._down(type(error).__name__) from None
        if not accepted:
            raise self._down(str(response.status))

    def _down(self, detail: str) -> DependencyDown:
        return DependencyDown(f"链头送不到 {self.name}。请检查 YINSHU_LEDGER_ANCHOR 和网络后重试。", detail=detail)


def open_anchor(place: str) -> Anchor:
    """The anchor for a path or an http(s) URL. Raises BadArgument for another scheme."""
    scheme = urlsplit(place).scheme
    if scheme in ("http", "https"):
        return HttpAnchor(place)
    if "://" in place:
        raise BadArgument("YINSHU_LEDGER_ANCHOR 应是文件路径或 http(s) 网址。")
    return FileAnchor(Path(place).expanduser().absolute())
