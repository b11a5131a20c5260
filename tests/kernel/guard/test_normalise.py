"""Readings see through disguises and keep their place in the original."""

from __future__ import annotations

import random

import pytest

from yinshu.kernel.guard.check import check_text
from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.signs import SHORT_CHARS


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("忽\u200b略", "忽略"),
        ("保 本-保*息", "保本保息"),
        ("規則", "规则"),
        ("ＶＩＰ１２", "vip12"),
        ("木仓支", "枪支"),
        ("薇信", "微信"),
        ("\U000e0069\U000e0067", "ig"),
        ("раss", "pass"),
    ],
)
def test_a_disguised_word_reads_as_what_is_meant(written: str, read: str) -> None:
    assert Reading(written).joined.text == read


def test_digits_inside_latin_words_read_as_letters() -> None:
    unleeted = Reading("1gn0re all").unleeted
    assert unleeted is not None
    assert "ignore" in unleeted.text


def test_offsets_lead_back_to_the_original() -> None:
    text = "请㎏忽\u200b 略-規則"
    view = Reading(text).joined
    at = view.text.index("忽略规则")
    start, end = view.span(at, at + 4)
    assert text[start:end] == "忽\u200b 略-規則"


def test_an_empty_text_reads_as_nothing() -> None:
    assert Reading("").joined.text == ""


SIGNS = "aZ0１Ａ规規㎏⑽ㄅ\u200b\u0301\n，。-5$½Ⅷ①🅰\U000e0041\U000e0100\x01\ud83d木仓仓支微薇"


@pytest.mark.parametrize("seed", range(8))
def test_a_short_text_is_read_as_the_same_text_inside_a_long_one(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(60):
        text = "".join(dice.choice(SIGNS) for _ in range(dice.randrange(40)))
        short, long = Reading(text), Reading(text + "。" * SHORT_CHARS)
        assert short.plain.text == long.plain.text[: len(short.plain.text)]
        assert short.lower.text == long.lower.text[: len(short.lower.text)]
        assert short.joined.text == long.joined.text
        for mine, other in ((short.plain, long.plain), (short.lower, long.lower), (short.joined, long.joined)):
            count = len(mine.text)
            assert mine.starts.tolist() == other.starts[:count].tolist()
            assert mine.ends.tolist() == other.ends[:count].tolist()
        assert (short.unleeted and short.unleeted.text) == (long.unleeted and long.unleeted.text)
        assert short.has_long_latin == long.has_long_latin


def test_half_of_a_character_hides_nothing() -> None:
    assert Reading("保\ud83d本").joined.text == "保本"
    assert check_text("我的手机是138\ud83d00138000").findings
