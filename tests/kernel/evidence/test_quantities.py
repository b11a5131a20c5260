"""Every way a regulation writes a figure is read to one exact value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from yinshu.kernel.evidence.dates import add_months, add_weekdays
from yinshu.kernel.evidence.numerals import fold, read_number
from yinshu.kernel.evidence.quantities import parse_all, parse_quantities, same_quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三十", "30"),
        ("十", "10"),
        ("十五", "15"),
        ("一百零八", "108"),
        ("五千", "5000"),
        ("一千万", "10000000"),
        ("三万五", "35000"),
        ("两千三", "2300"),
        ("三万零五", "30005"),
        ("二〇一六", "2016"),
        ("1,000", "1000"),
        ("1.5亿", "150000000"),
        ("3千万", "30000000"),
        ("两万五千", "25000"),
        ("一点五", "1.5"),
        ("１２", "12"),
    ],
)
def test_numerals_are_read_exactly(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["万一", "百姓", "", "三五"])
def test_words_that_only_look_like_numerals_are_not_read(text: str) -> None:
    assert read_number(text) is None


def test_folding_keeps_the_length() -> None:
    text = "１，０００元　％（含）"
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三十日", [("period", "30", "日", None)]),
        ("5万元", [("money", "50000", "元", None)]),
        ("1,000元", [("money", "1000", "元", None)]),
        ("五千元以上三万元以下", [("money", "5000", "元", "ge"), ("money", "30000", "元", "le")]),
        ("百分之二十以上二倍以下", [("ratio", "0.2", "", "ge"), ("multiple", "2", "倍", "le")]),
        ("2‰", [("ratio", "0.002", "", None)]),
        ("日利率万分之五", [("ratio", "0.0005", "", None)]),
        ("48小时内", [("period", "48", "小时", "le")]),
        ("7个工作日", [("period", "7", "工作日", None)]),
        ("五个营业日", [("period", "5", "营业日", None)]),
        ("半年", [("period", "6", "月", None)]),
        ("一年半", [("period", "18", "月", None)]),
        ("一年以上", [("period", "1", "年", "ge")]),
        ("每月初15个工作日内", [("period", "15", "工作日", "le")]),
        ("不超过3次", [("count", "3", "次", "le")]),
        ("超过3次（不含3次）", [("count", "3", "次", "gt"), ("count", "3", "次", None)]),
        ("不得低于净资本的60%", [("ratio", "0.6", "", "ge")]),
        ("不足一千万元", [("money", "10000000", "元", "lt")]),
        ("5cm（长）×2.5厘米（宽）", [("length", "50", "毫米", None), ("length", "25", "毫米", None)]),
        ("五至十个工作日", [("period", "5", "工作日", None), ("period", "10", "工作日", None)]),
        ("0.2—0.3‰", [("ratio", "0.0002", "", None), ("ratio", "0.0003", "", None)]),
        ("5万—10万元", [("money", "50000", "元", None), ("money", "100000", "元", None)]),
        ("等值1万美元", [("money", "10000", "美元", None)]),
        ("3 个工作日", [("period", "3", "工作日", None)]),
        ("16周岁以下", [("age", "16", "岁", "le")]),
        ("三分之二以上", None),
        ("一次性告知同一个人，统一办理", []),
        ("几十万元、数百万", []),
        ("第三十四条第二款自第13日起", []),
        ("银发〔2016〕306号", []),
    ],
)
def test_quantities_of_a_text(text: str, expected: list[tuple[str, str, str, str | None]] | None) -> None:
    found = [(q.kind, q.value, q.unit, q.bound) for q in parse_quantities(text)]
    if expected is None:
        assert len(found) == 1
        return
    assert found == [(kind, Decimal(value), unit, bound) for kind, value, unit, bound in expected]


@pytest.mark.parametrize(
    ("text", "year", "month", "day", "part"),
    [
        ("2016年12月28日", 2016, 12, 28, ""),
        ("二○二五年二月五日", 2025, 2, 5, ""),
        ("1月15日前", None, 1, 15, ""),
        ("3月底前", None, 3, None, "底"),
        ("2025-02-05", 2025, 2, 5, ""),
        ("2008年3月", 2008, 3, None, ""),
        ("2024 年 11 月 8 日", 2024, 11, 8, ""),
        ("8月31号", None, 8, 31, ""),
    ],
)
def test_dates_of_a_text(text: str, year: int | None, month: int, day: int | None, part: str) -> None:
    (found,) = parse_quantities(text)
    assert found.kind == "date"
    assert found.moment is not None
    assert (found.moment.year, found.moment.month, found.moment.day, found.moment.part) == (year, month, day, part)


def test_weekday_and_clock() -> None:
    weekday, clock = parse_quantities("周一下午3点半开始")
    assert weekday.moment is not None
    assert clock.moment is not None
    assert (weekday.moment.weekday, clock.moment.hour, clock.moment.minute) == (0, 15, 30)


def test_spans_cut_the_figure_out_of_the_text() -> None:
    text = "处人民币五千元以上三万元以下罚款，自2025年3月1日起"
    assert [text[q.start : q.end] for q in parse_all(text)] == ["五千元", "三万元", "2025年3月1日"]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("三十日", "30日", True),
        ("五千元", "0.5万元", True),
        ("百分之二十", "20%", True),
        ("5个工作日", "5日", False),
        ("5万元", "5元", False),
        ("5天", "五日", True),
        ("1年", "12个月", False),
        ("1万元", "1万美元", False),
        ("二〇二五年二月五日", "2025年2月5日", True),
        ("3倍", "3%", False),
    ],
)
def test_sameness_ignores_spelling_and_nothing_else(a: str, b: str, same: bool) -> None:
    assert same_quantity(parse_quantities(a)[0], parse_quantities(b)[0]) is same


def test_periods_are_converted_only_when_asked() -> None:
    year, months = parse_quantities("1年")[0], parse_quantities("12个月")[0]
    assert same_quantity(year, months, convert_periods=True)
    assert not same_quantity(year, parse_quantities("365日")[0], convert_periods=True)


def test_a_month_without_the_day_ends_on_its_last_day() -> None:
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2023, 11, 30), 3) == date(2024, 2, 29)


def test_weekdays_skip_the_weekend_only() -> None:
    assert add_weekdays(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert add_weekdays(date(2026, 11, 23), -1) == date(2026, 11, 20)
