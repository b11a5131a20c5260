"""The files that commands read and write: case files, result rows, term lists."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from yinshu.kernel.base.errors import BadInput

CASES_MAX = 100_000
TERMS_MAX = 100_000
TERM_COLUMNS = ("term", "standard")


def read_cases(path: Path) -> list[dict[str, Any]]:
    """The cases of a JSONL file; each needs an id and a question. Raises BadInput naming the line."""
    cases: list[dict[str, Any]] = []
    for number, line in enumerate(_read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
        except json.JSONDecodeError:
            raise BadInput(f"题目文件 {path.name} 第 {number} 行不是合法的 JSON，请改正这一行。") from None
        if not isinstance(case, dict) or not isinstance(case.get("question"), str) or "id" not in case:
            raise BadInput(f"题目文件 {path.name} 第 {number} 行缺少 id 或 question，请补上。")
        cases.append(case)
        if len(cases) > CASES_MAX:
            raise BadInput(f"题目文件 {path.name} 超过 {CASES_MAX} 题，请拆开分批运行。")
    return cases


def read_pairs(path: Path) -> list[list[str]]:
    """The (term, standard) pairs of a two-column CSV; a header line is skipped. Raises BadInput naming the line."""
    pairs = []
    for number, row in enumerate(csv.reader(_read_text(path).splitlines()), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or tuple(cells[:2]) == TERM_COLUMNS:
            continue
        if len(cells) < len(TERM_COLUMNS) or not all(cells[:2]):
            raise BadInput(f"词表 {path.name} 第 {number} 行应有两列：说法,标准用语。请补全。")
        pairs.append(cells[:2])
        if len(pairs) > TERMS_MAX:
            raise BadInput(f"词表 {path.name} 超过 {TERMS_MAX} 行，请拆开分批导入。")
    return pairs


def write_pairs(path: Path, pairs: Sequence[tuple[str, str]]) -> None:
    """Write a CSV that `read_pairs` reads back; with a byte-order mark, so that spreadsheets show Chinese."""
    with _open_to_write(path, encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(TERM_COLUMNS)
        writer.writerows(pairs)


class JsonLinesFile:
    """A file of one JSON object a line, flushed line by line, so that a broken run keeps what it has."""

    def __init__(self, path: Path) -> None:
        self._file = _open_to_write(path, encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, row: Mapping[str, Any]) -> None:
        """Append one row."""
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.flush()


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError:
        raise BadInput(f"打不开文件 {path}，请检查路径和读取权限。") from None
    except UnicodeDecodeError:
        raise BadInput(f"文件 {path.name} 不是 UTF-8 编码，请另存为 UTF-8 后重试。") from None


def _open_to_write(path: Path, *, encoding: str) -> Any:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding=encoding, newline="")
    except OSError:
        raise BadInput(f"无法写入文件 {path}，请检查路径和写入权限。") from None
