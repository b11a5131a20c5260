"""One process owns a SQLite data folder: an exclusive lock that the system gives back when the process dies."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yinshu.kernel.base.errors import DependencyDown

LOCK_NAME = "yinshu.lock"
SOCKET_NAME = "yinshu.sock"
TOKEN_NAME = "token"  # noqa: S105
FOLDER_MODE = 0o700
PRIVATE_MODE = 0o600
TOKEN_BYTES = 32
_PID_BYTES_MAX = 20
_owned: set[Path] = set()


class FolderInUse(DependencyDown):
    """Another process owns the data folder."""

    code = "folder_in_use"


def server_socket_path(home: Path) -> Path:
    """The unix socket by which the command line attaches to the server that owns the folder."""
    return home / SOCKET_NAME


def server_token_path(home: Path) -> Path:
    """The file (mode 0600) that holds the local operator's token."""
    return home / TOKEN_NAME


def make_home(home: Path) -> None:
    """Make the data folder, open to its owner alone."""
    home.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def ensure_token(home: Path) -> str:
    """The local operator's token, made on first use; the file is never readable for others, not for a moment."""
    path = server_token_path(home)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    except FileExistsError:
        return path.read_text("ascii").strip()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token + "\n")
        file.flush()
        os.fsync(file.fileno())
    return token


@contextmanager
def own_folder(home: Path) -> Iterator[None]:
    """Own the data folder for the length of the block. Raises `FolderInUse`, naming the owner's process.

    PostgreSQL needs no such lock. The system gives the lock back when the owner dies, even while a process that the
    owner had forked lives on, because it is a POSIX record lock; those do not bar the same process, so a set does.
    """
    make_home(home)
    path = (home / LOCK_NAME).resolve()
    if path in _owned:
        raise _in_use(home, str(os.getpid()))
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_MODE)
    try:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            raise _in_use(home, os.pread(descriptor, _PID_BYTES_MAX, 0).decode("ascii", "replace").strip()) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        _owned.add(path)
        try:
            yield
        finally:
            _owned.discard(path)
    finally:
        os.close(descriptor)


def _in_use(home: Path, owner_pid: str) -> FolderInUse:
    return FolderInUse(
        f"数据文件夹 {home} 正由进程 {owner_pid or '（未知）'} 使用，同一时间只能有一个进程写入。"
        "请等它结束后重试；如果它是 yinshu serve，等它启动完成后命令会自动连接。"
    )
