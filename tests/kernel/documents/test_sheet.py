"""XLSX, XLS, CSV: tables with their captions, merged cells filled, numbers as shown."""

from __future__ import annotations

import pytest

from yinshu.kernel.documents import ParseLimits, parse
from yinshu.kernel.documents.errors import FileTooLarge
from yinshu.kernel.documents.office.cells import shown


def test_a_fee_table_reads_as_it_is_shown(make):
    caption, table, note = parse(make.xlsx(), "收费表.xlsx").blocks
    assert caption.text == "示范银行服务收费标准"
    assert table.rows == (
        ("项目", "标准／对公", "标准／对私", "生效日"),
        ("跨行转账", "0.05%", "5", "2026-01-01"),
        ("挂失", "10%", "12,345.50元", "2026-01-01"),
    )
    assert table.header
    assert table.sheet == "收费"
    assert note.text.startswith("注：")


def test_tables_parted_by_an_empty_row_are_two_blocks(make):
    def edit(book):
        sheet = book.create_sheet("两表")
        for row in (("甲", "乙"), (1, 2), (None, None), ("丙", "丁"), (3, 4)):
            sheet.append(row)

    tables = [block for block in parse(make.xlsx(edit), "a.xlsx").blocks if block.sheet == "两表"]
    assert [table.rows for table in tables] == [(("甲", "乙"), ("1", "2")), (("丙", "丁"), ("3", "4"))]


def test_hidden_sheets_are_read_and_noted(make):
    def edit(book):
        sheet = book.create_sheet("底稿")
        sheet.append(("编号", "金额"))
        sheet.append((1, 2))
        sheet.sheet_state = "hidden"

    parsed = parse(make.xlsx(edit), "a.xlsx")
    assert "“底稿”是隐藏的" in parsed.warnings[0]
    assert parsed.blocks[-1].sheet == "底稿"


def test_a_formula_without_a_saved_result_is_reported(make):
    parsed = parse(make.xlsx(lambda book: book.active.__setitem__("E4", "=C4*2")), "a.xlsx")
    assert "公式没有保存计算结果" in parsed.warnings[0]


def test_old_workbooks_are_read(make):
    (table,) = parse(make.xls(), "旧表.xls").blocks
    assert (table.rows, table.sheet) == ((("项目", "标准"), ("挂失", "10")), "收费")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_in_any_encoding_and_separator(encoding, mark):
    source = "\n".join(mark.join(row) for row in (("项目", "标准"), ("跨行转账", "5元"), ("挂失", "10元")))
    (table,) = parse(source.encode(encoding), "表.csv").blocks
    assert table.rows == (("项目", "标准"), ("跨行转账", "5元"), ("挂失", "10元"))


def test_too_many_rows_are_refused_with_a_remedy():
    data = "\n".join(f"{number},1" for number in range(300)).encode()
    with pytest.raises(FileTooLarge, match="请只保留需要查阅的表格"):
        parse(data, "大表.csv", limits=ParseLimits(rows_max=200))


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.0385, "0.00%", "3.85%"),
        (0.0385, "0%", "4%"),
        (0.0005, "General", "0.0005"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (0.1 + 0.2, "General", "0.3"),
        (5.0, "General", "5"),
        (12, '0"个工作日"', "12个工作日"),
        (1e20, "General", "1E+20"),
        (0.004, "0", "0.004"),
        (True, "General", "是"),
        (None, "General", ""),
    ],
)
def test_numbers_are_written_as_excel_shows_them(value, number_format, text):
    assert shown(value, number_format) == text
