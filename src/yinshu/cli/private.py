"""Files that only their owner may read."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from yinshu.kernel.base.errors import BadInput

PRIVATE_MODE = 0o600


def write_passwords(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write login, name and one-time password as CSV into a new file, never readable for others."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    except OSError:
        raise BadInput(f"写不了密码文件 {path}：它已存在，或文件夹不可写。请换一个文件名；密码可再次重置。") from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["login", "name", "password"])
        writer.writerows([row["login"], row["name"], row["password"]] for row in rows)
