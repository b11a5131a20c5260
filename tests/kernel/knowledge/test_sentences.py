"""Clauses are cut into units that are exact and lose nothing."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from yinshu.kernel.knowledge.sentences import MAX_UNITS, split_units

ARTICLE = (
    "第八条 有下列情形之一的，应当停办业务：\n（一）证件过期；\n（二）本人要求。另有约定的除外。\n停办后应当登记。"
)


def test_items_are_governed_by_the_sentence_that_opens_the_list() -> None:
    units = split_units(ARTICLE)
    assert [unit.kind for unit in units] == ["lead", "item", "item", "sentence", "sentence"]
    assert [unit.lead for unit in units] == [None, 0, 0, 0, None]
    assert units[0].items == (1, 2, 3)


def test_a_full_stop_inside_brackets_does_not_cut() -> None:
    assert len(split_units("他说“先登记。后办理”再走。然后结束。")) == 2


def test_a_long_sentence_is_cut_at_semicolons_and_a_short_one_is_not() -> None:
    short = "甲类收取五元；乙类收取六元。"
    long = (
        "；".join(f"第{'一二三四五六七八九'[n]}类客户办理该项业务时按照标准收取相应的手续费用" for n in range(9)) + "。"
    )
    assert len(split_units(short)) == 1
    assert len(split_units(long)) == 9


@given(st.text(alphabet="甲乙丙丁一二三（）《》“”。；：\n 123、，", max_size=400))
def test_units_are_exact_pieces_in_order_and_cover_the_text(text: str) -> None:
    units = split_units(text)
    assert all(text[unit.start : unit.end] == unit.text for unit in units)
    if len(units) < MAX_UNITS:
        assert re.sub(r"\s", "", "".join(unit.text for unit in units)) == re.sub(r"\s", "", text)
