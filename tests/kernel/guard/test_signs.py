"""Searching only where a pattern can hold finds what searching everywhere finds."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest

from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.patterns import alternatives, fast_patterns
from yinshu.kernel.guard.recognisers import recognise
from yinshu.kernel.guard.signs import SHORT_CHARS, around, has_run, occurrences, stretches
from yinshu.kernel.guard.variants import unleet

PERSONAL = (
    "客户姓名：张三丰，身份证号110101199003074290，手机13912345678。",
    "车牌京A·12345停在海淀区中关村大街27号院3号楼1单元502室，王女士的车。",
    "请发到li.wei@example.com.cn，统一社会信用代码91110000100001298X。",
    "护照E12345678，卡号6222 0212 3456 7890 128，电话一三九一二三四五六七八。",
    "动态密码是：839201。%B6222021234567890^ZHANG/SAN^2512101?",
)
FILLER = "本办法自发布之日起施行，各分行应当按季度报送第3号报表，地址变更的须在5日内备案。"


@pytest.mark.parametrize("seed", range(6))
def test_long_text_holds_the_hits_of_its_sentences(seed: int) -> None:
    dice = random.Random(seed)
    parts = [dice.choice(PERSONAL) if dice.random() < 0.2 else FILLER for _ in range(120)]
    text = "\n".join(parts)
    assert len(text) > SHORT_CHARS
    expected: set[tuple[str, int, int]] = set()
    begun = 0
    for part in parts:
        expected |= {(hit.rule, begun + hit.start, begun + hit.end) for hit in recognise(Reading(part))}
        begun += len(part) + 1
    assert {(hit.rule, hit.start, hit.end) for hit in recognise(Reading(text))} == expected
    assert expected


def test_stretches_hold_enough_marks_close_together() -> None:
    marks = np.array([letter == "x" for letter in "..xx.x......xxxx..x"])
    assert stretches(marks, least=3, gap=2, after=1) == [(2, 7), (12, 17)]
    assert stretches(marks, least=9, gap=2, after=1) == []


@pytest.mark.parametrize(("length", "found"), [(1, True), (4, True), (5, False), (40, False)])
def test_has_run(length: int, found: bool) -> None:
    assert has_run(np.array([letter == "x" for letter in "..xx.xxxx."]), length) is found


def test_places_and_what_is_around_them() -> None:
    assert occurrences("地址和住址，地址", ("住址", "地址")) == [0, 3, 6]
    assert around([5, 8, 40], before=3, after=4) == [(2, 12), (37, 44)]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("h3llo w0rld", "hello world"),
        ("v2ray", "v2ray"),
        ("13800138000", "13800138000"),
        ("p4ssw0rd在a1", "passwordaa1"[:8] + "在a1"),
    ],
)
def test_digits_inside_words_are_letters(text: str, read: str) -> None:
    assert unleet(text) == read


@pytest.mark.parametrize(
    "pattern",
    ["(?:(?:a|bc)|d)x{0,2}(?:e|f)|(?:g|[h|i])j", "(?:a(?:b|c)|d)", r"\(a\||b[)|(]c", "(?:a|b)?c", "(?:a|b)|(?:c|d)"],
)
def test_fast_patterns_match_what_the_pattern_matches(pattern: str) -> None:
    dice = random.Random(1)
    parts = fast_patterns(pattern)
    for _ in range(2_000):
        text = "".join(dice.choice("abcdefghijx()|") for _ in range(12))
        expected = re.search(pattern, text)
        starts = [match.start() for part in parts if (match := part.search(text))]
        assert (min(starts) if starts else None) == (expected.start() if expected else None)


def test_alternatives_stand_outside_of_groups() -> None:
    assert alternatives(r"a(?:b|c)|[|]d\|e|f") == ["a(?:b|c)", r"[|]d\|e", "f"]
