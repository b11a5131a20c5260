"""Readings see through disguises and keep their place in the original."""

from __future__ import annotations

import pytest

from yinshu.kernel.guard.normalise import Reading


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
