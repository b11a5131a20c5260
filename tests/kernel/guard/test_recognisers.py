"""Personal data, C3 data and secrets are found, look-alikes are not."""

from __future__ import annotations

import pytest

from bench.guard.personal import measure
from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.recognisers import recognise


def found(text: str) -> list[tuple[str, str]]:
    return [(hit.rule, text[hit.start : hit.end]) for hit in recognise(Reading(text))]


@pytest.mark.parametrize(
    ("text", "rule", "value"),
    [
        ("身份证11010519491231002X", "resident_id", "11010519491231002X"),
        ("身份证 110105 19491231 002X", "resident_id", "110105 19491231 002X"),
        ("电话１３８００１３８０００", "mobile", "１３８００１３８０００"),
        ("一三八零零一三八零零零", "mobile", "一三八零零一三八零零零"),
        ("护照E12345678", "passport", "E12345678"),
        ("代码91350100M000100Y43", "uscc", "91350100M000100Y43"),
        ("车牌京A·12345", "plate", "京A·12345"),
        ("密码是Abc123!", "password", "Abc123!"),
        ("验证码：482913", "one_time_code", "482913"),
        ("cvv 123", "cvv", "123"),
        ("mysql://root:pass1@10.0.0.1/db", "connection_string", "mysql://root:pass1@10.0.0.1"),
    ],
)
def test_sensitive_values_are_found(text: str, rule: str, value: str) -> None:
    assert (rule, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "订单号13800138000", "银发〔2019〕316号", "验证码6位数字", "密码输错3次会锁定24小时", "借款人应当按期还款",
        "6217********5590", "客户〔姓名1〕，身份证〔身份证1〕", "2025-11-22 10:30:15", "贷款1380013800元",
        "password = os.getenv('DB_PASSWORD')",
    ],
)  # fmt: skip
def test_look_alikes_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_wrong_check_digit_counts_only_beside_a_cue() -> None:
    assert found("编号110105194912310021") == []
    assert found("身份证号110105194912310021") == [("resident_id", "110105194912310021")]


def test_generated_samples_stay_above_the_bar() -> None:
    figures = measure(300, seed=42, show=0)
    assert float(str(figures["recall"])) >= 0.99
    assert float(str(figures["precision"])) >= 0.97
