"""Finds the files of a batch and reads the metadata table that may come with them."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yinshu.kernel.base.errors import BadInput
from yinshu.kernel.knowledge.records import Hints

FILES_MAX = 100_000
INDEX_BYTES_MAX = 64 * 1024 * 1024
_TEMPORARY_PREFIXES = (".", "~$")


@dataclass(frozen=True)
class FoundFile:
    """A file to ingest, and the name it is known by in the collection (relative to the folder that was named)."""

    path: Path
    file_name: str


@dataclass(frozen=True)
class FailedFile:
    """A file that could not be taken in, with a Chinese message that names the remedy."""

    file: str
    error: str


def find_files(paths: Sequence[Path], *, skip: Iterable[Path] = ()) -> tuple[list[FoundFile], list[FailedFile]]:
    """The files under `paths`, in order of name, and those that cannot be taken.

    Hidden and temporary files are passed over. Two files that would have the same name are refused after the first,
    because the second would silently replace the first.
    """
    skipped = {path.resolve() for path in skip}
    found: dict[str, FoundFile] = {}
    failed: list[FailedFile] = []
    for path in paths:
        if not path.exists():
            failed.append(FailedFile(str(path), f"找不到文件或文件夹 {path}。请核对路径后重试。"))
        for one in _files_under(path):
            if one.path.resolve() in skipped:
                continue
            if one.file_name in found and found[one.file_name].path.resolve() != one.path.resolve():
                known = found[one.file_name].path
                failed.append(FailedFile(str(one.path), f"与 {known} 同名。请改名，或分别导入不同的资料库。"))
                continue
            found[one.file_name] = one
            if len(found) > FILES_MAX:
                raise BadInput(f"一次最多导入 {FILES_MAX} 个文件。请分批导入。")
    return [found[name] for name in sorted(found)], failed


def _files_under(path: Path) -> list[FoundFile]:
    if path.is_file():
        return [FoundFile(path, path.name)]
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith(_TEMPORARY_PREFIXES))
        for name in sorted(names):
            file = Path(folder) / name
            if not name.startswith(_TEMPORARY_PREFIXES) and file.is_file() and not file.is_symlink():
                found.append(FoundFile(file, file.relative_to(path).as_posix()))
    return found


def read_index(path: Path) -> dict[str, Hints]:
    """Hints by file name from a CSV with the columns file, title and optionally number, issuer, kind, published.

    Raises `BadInput` when the table cannot be read or has no column `file`.
    """
    try:
        if path.stat().st_size > INDEX_BYTES_MAX:
            raise BadInput(f"元数据表 {path.name} 太大。请拆分后分批导入。")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise BadInput(f"读不到元数据表 {path}。请核对 --index 的路径。", detail=str(error)) from error
    except UnicodeDecodeError as error:
        raise BadInput(f"元数据表 {path.name} 不是 UTF-8 编码。请用“CSV UTF-8”格式另存后重试。") from error
    rows = csv.DictReader(io.StringIO(text))
    if "file" not in (rows.fieldnames or ()):
        raise BadInput(f"元数据表 {path.name} 缺少 file 列。请在第一行写明列名，例如 file,title,published,kind。")
    return {row["file"].strip(): _hints(row) for row in rows if row["file"]}


def _hints(row: dict[str, str | None]) -> Hints:
    def cell(name: str) -> str:
        return (row.get(name) or "").strip()

    return Hints(
        title=cell("title"),
        number=cell("number"),
        issuer=cell("issuer"),
        kind=cell("kind"),
        issued_on=_day(cell("issued_on") or cell("published")),
        effective_from=_day(cell("effective_from")),
    )


def _day(text: str) -> date | None:
    """The date of an ISO text; None for anything else, since hints are only hints."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
