"""Word lists: disguises, contexts, clause marks, import and export."""

from __future__ import annotations

import time

import pytest

from yinshu.kernel.guard import Entry, Lexicon, LexiconRejected, Severity, export_csv, import_csv
from yinshu.kernel.guard.normalise import Reading

ENTRY = Entry("出售账户", "trade", Severity.HIGH, ("严禁出售账户",), sound=True)


def spans(lexicon: Lexicon, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in lexicon.find(Reading(text))]


@pytest.mark.parametrize(
    "text", ["出售账户", "出*售*账*户", "出 售 账 户", "出\u200b售账户", "初受帐护", "chushouzhanghu"]
)
def test_a_word_is_found_in_disguise(text: str) -> None:
    assert spans(Lexicon.of([ENTRY]), text) == [text]


def test_an_allowed_context_is_harmless() -> None:
    assert spans(Lexicon.of([ENTRY]), "我行严禁出售账户") == []


def test_words_that_meet_across_a_clause_mark_do_not_count() -> None:
    assert spans(Lexicon.of([Entry("保本", "x", Severity.LOW)]), "应予确保。本金另行计算") == []


def test_a_latin_word_is_matched_whole() -> None:
    assert spans(Lexicon.of([Entry("fund", "x", Severity.LOW)]), "refund the fund") == ["fund"]


def test_csv_goes_out_and_comes_back() -> None:
    assert import_csv(export_csv([ENTRY])) == (ENTRY,)


def test_a_bad_row_is_named() -> None:
    with pytest.raises(LexiconRejected, match="第 2 行"):
        import_csv("word,category,severity\n词,类,很高\n")


def test_versions_follow_the_entries() -> None:
    assert Lexicon.of([ENTRY]).version != Lexicon.of([]).version


def test_twenty_thousand_entries_do_not_slow_the_search() -> None:
    entries = [
        Entry(f"测{chr(0x4E00 + i % 5000)}试{chr(0x5E00 + i // 5000)}", "x", Severity.LOW) for i in range(20_000)
    ]
    lexicon = Lexicon.of(entries)
    reading = Reading("本行按规定办理各项业务。" * 2_000)
    assert reading.joined.text
    started = time.process_time()
    assert list(lexicon.find(reading)) == []
    assert time.process_time() - started < 0.5
