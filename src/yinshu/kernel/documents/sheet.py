"""Workbooks (XLSX, XLS) and CSV: each table of each sheet as rows, merged cells filled, numbers as they are shown."""

from __future__ import annotations

import csv
import io
import re
import warnings as python_warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yinshu.kernel.documents import errors
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.office.cells import shown
from yinshu.kernel.documents.office.compound import BrokenCompound, check_compound
from yinshu.kernel.documents.office.package import OfficePackage
from yinshu.kernel.documents.records import Block
from yinshu.kernel.documents.tables import Rows, looks_like_header, table_block, tidy
from yinshu.kernel.documents.text import clean, decode_file

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_SHEETS_MAX = 500
_STYLED_BYTES_MAX = 48 * 1024 * 1024
_COLUMNS_MAX = 1_000
_AREA_SHARE = 4
"""A sheet's used rectangle may be this many times the cells allowed, since most of it may be empty."""
_MERGE_CELLS_MAX = 200_000
_SNIFF_CHARS = 8_192
_FIELD_CHARS_MAX = 1_000_000
_NOTE_CHARS_MIN = 16
_NOTE = re.compile(r"[（(]?(?:备?注|说明|附注|数据来源|资料来源|填表|单位|编制|\*)")
_DELIMITERS = ",\t;|"

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0, inclusive."""


@dataclass
class SheetReading:
    """Blocks and warnings of a workbook, and how many rows and cells were taken."""

    name: str
    limits: ParseLimits
    blocks: list[Block] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rows: int = 0
    cells: int = 0

    def take(self, count: int) -> None:
        """Count a row of `count` cells. Raises FileTooLarge."""
        self.rows += 1
        self.cells += count
        if self.rows > self.limits.rows_max or self.cells > self.limits.cells_max:
            raise errors.FileTooLarge(
                self.name,
                f"的表格超过 {self.limits.rows_max} 行或 {self.limits.cells_max} 个单元格的上限",
                "请只保留需要查阅的表格，或拆分成几个文件后上传；明细数据请作为数据源接入",
            )


def parse_xlsx(data: bytes, name: str, limits: ParseLimits) -> SheetReading:
    """Read an XLSX or XLSM workbook. Raises DamagedFile, DangerousFile or FileTooLarge."""
    package = OfficePackage(data, name)
    package.refuse_doctypes()
    reading = SheetReading(name, limits)
    if package.inflated("xl/worksheets/") > _STYLED_BYTES_MAX:
        reading.warnings.append(f"文件“{name}”较大，已按快速方式读取，百分比等显示格式可能写作小数")
        _read_by_calamine(data, reading)
    else:
        _read_by_openpyxl(data, reading, has_formulas=package.mentions("xl/worksheets/", (b"<f>", b"<f ")))
    return reading


def parse_xls(data: bytes, name: str, limits: ParseLimits) -> SheetReading:
    """Read an old XLS workbook; its cell formats are not known, so percentages come as fractions."""
    reading = SheetReading(name, limits)
    try:
        check_compound(data)
    except BrokenCompound as error:
        raise errors.damaged(name, detail=repr(error)) from error
    _read_by_calamine(data, reading)
    return reading


def _read_by_openpyxl(data: bytes, reading: SheetReading, *, has_formulas: bool) -> None:
    from openpyxl import load_workbook

    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False, rich_text=False)
        formulas = load_workbook(io.BytesIO(data), keep_links=False) if has_formulas else None
        for sheet in book.worksheets[:_SHEETS_MAX]:
            if (sheet.max_column or 0) > _COLUMNS_MAX:
                reading.warnings.append(f"工作表“{sheet.title}”超过 {_COLUMNS_MAX} 列，只读取了前 {_COLUMNS_MAX} 列")
            grid: list[list[str]] = []
            for row in sheet.iter_rows(max_col=min(sheet.max_column or 1, _COLUMNS_MAX)):
                reading.take(len(row))
                grid.append([shown(cell.value, cell.number_format) for cell in row])
            if formulas is not None and _has_blank_formula(formulas[sheet.title], sheet):
                reading.warnings.append(
                    f"工作表“{sheet.title}”的公式没有保存计算结果，请用 Excel 或 WPS 打开保存后再上传"
                )
            merges = [(item.min_row - 1, item.min_col - 1, item.max_row - 1, item.max_col - 1)
                      for item in sheet.merged_cells.ranges]  # fmt: skip
            _add_sheet(reading, sheet.title, grid, merges, hidden=sheet.sheet_state != "visible")
        book.close()


def _has_blank_formula(formulas: Worksheet, values: Worksheet) -> bool:
    """Whether a formula's result was never saved with it."""
    return any(
        cell.data_type == "f" and values.cell(cell.row, cell.column).value is None
        for row in formulas.iter_rows()
        for cell in row
    )


def _read_by_calamine(data: bytes, reading: SheetReading) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for place, about in enumerate(book.sheets_metadata[:_SHEETS_MAX]):
                sheet = book.get_sheet_by_index(place)
                if sheet.total_height * sheet.total_width > _AREA_SHARE * reading.limits.cells_max:
                    reading.rows = reading.limits.rows_max
                    reading.take(0)
                grid = []
                for row in sheet.to_python(skip_empty_area=False, nrows=reading.limits.rows_max + 1):
                    reading.take(len(row))
                    grid.append([shown(value, "General") for value in row[:_COLUMNS_MAX]])
                merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
                _add_sheet(reading, about.name, grid, merges, hidden=about.visible != SheetVisibleEnum.Visible)
    except PasswordError as error:
        raise errors.encrypted(reading.name) from error
    except CalamineError as error:
        raise errors.damaged(reading.name, detail=repr(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic in Rust; it has no importable class
            raise
        raise errors.damaged(reading.name, detail=repr(error)) from error


def _add_sheet(
    reading: SheetReading, title: str, grid: list[list[str]], merges: Iterable[Merge], *, hidden: bool
) -> None:
    """Split a sheet at empty rows into tables, with the single lines above and below them as paragraphs."""
    if not any(any(row) for row in grid):
        return
    if hidden:
        reading.warnings.append(f"工作表“{title}”是隐藏的，其内容也已读取")
    spans = _fill_merges(grid, merges)
    part: list[list[str]] = []
    for row in [*grid, []]:
        if any(row):
            part.append(row)
        elif part:
            _add_part(reading, title, part, spans)
            part = []


def _fill_merges(grid: list[list[str]], merges: Iterable[Merge]) -> set[int]:
    """Write a merged cell's text into every cell it covers; ids of the rows with a cell merged across columns."""
    budget = _MERGE_CELLS_MAX
    wide: set[int] = set()
    for top, left, bottom, right in merges:
        if not (0 <= top < len(grid) and 0 <= left < len(grid[top])) or not grid[top][left]:
            continue
        text = grid[top][left]
        for row in range(top, min(bottom, len(grid) - 1) + 1):
            line = grid[row]
            last = min(right, len(line) - 1)
            budget -= max(last - left + 1, 0)
            if budget < 0:
                return wide
            line[left : last + 1] = [text] * (last - left + 1)
            if last > left:
                wide.add(id(line))
    return wide


def _add_part(reading: SheetReading, title: str, part: list[list[str]], spans: set[int]) -> None:
    """One table with its caption lines above and notes below."""
    start, end = 0, len(part)
    while start < end and _is_single(part[start]):
        start += 1
    while end > start and _is_note(part[end - 1], id(part[end - 1]) in spans):
        end -= 1
    for row in part[:start]:
        reading.blocks.append(Block("paragraph", next(filter(None, row)), sheet=title))
    body = part[start:end]
    if body:
        rows = tidy(body)
        header = _join_header(rows, id(body[0]) in spans)
        block = table_block(header, header=looks_like_header(header), sheet=title)
        if block is not None:
            reading.blocks.append(block)
    for row in part[end:]:
        reading.blocks.append(Block("paragraph", next(filter(None, row)), sheet=title))


def _is_single(row: Sequence[str]) -> bool:
    """One text only, be it in one cell or merged over many."""
    return len({cell for cell in row if cell}) == 1


def _is_note(row: Sequence[str], merged: bool) -> bool:
    """A line under a table: merged over it, long, or opening as notes do."""
    if not _is_single(row):
        return False
    text = next(filter(None, row))
    return merged or len(text) > _NOTE_CHARS_MIN or bool(_NOTE.match(text))


def _join_header(rows: Rows, spanned: bool) -> Rows:
    """A head of two rows, the first merged over columns, becomes one: 收费标准／对公."""
    if not spanned or len(rows) < 3 or not looks_like_header(rows[1:]):
        return rows
    joined = tuple(
        upper if upper == lower or not lower else (f"{upper}／{lower}" if upper else lower)
        for upper, lower in zip(rows[0], rows[1], strict=True)
    )
    return (joined, *rows[2:])


def parse_csv(data: bytes, name: str, limits: ParseLimits) -> SheetReading:
    """Read comma, tab, semicolon or bar separated values in any Chinese encoding. Raises FileTooLarge."""
    text, warnings = decode_file(data, name)
    reading = SheetReading(name, limits, warnings=list(warnings))
    csv.field_size_limit(_FIELD_CHARS_MAX)
    text = clean(text)
    grid: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            reading.take(len(row))
            grid.append([cell.strip() for cell in row])
    except csv.Error as error:
        raise errors.damaged(name, detail=repr(error)) from error
    start = 0
    while start < len(grid) - 1 and len([cell for cell in grid[start] if cell]) <= 1:
        start += 1
    for row in grid[:start]:
        reading.blocks.extend(Block("paragraph", cell) for cell in row if cell)
    block = table_block(grid[start:])
    if block is not None:
        reading.blocks.append(block)
    return reading


def _delimiter(text: str) -> str:
    """The separator that splits the first lines most evenly."""
    lines = [line for line in text[:_SNIFF_CHARS].splitlines() if line.strip()][:20]

    def score(mark: str) -> tuple[float, int]:
        counts = [line.count(mark) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) / len(counts) if usual and counts else 0.0, usual)

    return max(_DELIMITERS, key=score)
