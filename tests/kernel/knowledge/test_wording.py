"""Questions and clauses must meet however they are written."""

from __future__ import annotations

import pytest

from yinshu.kernel.knowledge.wording import (
    canonical,
    embedding_text,
    grams,
    plain_gram,
    short_title,
    vector_key,
    without_fillers,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三年内", "3 年内"),
        ("五千元以上", "5000元以上"),
        ("五千万元", "5000万元"),
        ("1.5亿元", "一亿五千万元"),
        ("1,000元", "一千元"),
        ("第三十四条", "第34条"),
        ("二〇一八年", "2018年"),
        ("百分之二十", "20%"),
        ("Ⅱ类户", "二类户"),
        ("II类户", "2类户"),
        ("帳戶管理", "账户管理"),
        ("ＡＴＭ（自助）", "atm(自助)"),
        ("10 个工作日", "十个工作日"),
    ],
)
def test_two_ways_of_writing_are_one(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


def test_classes_named_together_are_each_found() -> None:
    assert {"2类", "3类", "类户"} <= set(grams("Ⅱ、Ⅲ类户"))


def test_words_that_only_look_like_numerals_stay_the_same_on_both_sides() -> None:
    assert grams("统一管理") == grams("统一管理")
    assert "万一" in canonical("万一丢失")


def test_terms_are_pairs_numbers_with_unit_and_latin_words() -> None:
    assert grams("收取0.5%手续费，HCE") == ["收取", "0p5pct", "0p5pct手", "手续", "续费", "hce"]


def test_a_term_can_be_read_back() -> None:
    assert plain_gram("0p5pct") == "0.5%"
    assert plain_gram("3个") == "3个"
    assert plain_gram("手续") == "手续"


def test_words_of_talk_are_left_out_but_not_out_of_other_words() -> None:
    kept = without_fillers("请问我们行能不能取得其他银行的要素？")
    assert "请问" not in kept
    assert "我们行" not in kept
    assert "取得" in kept
    assert "其他" in kept
    assert "要素" in kept


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("中国人民银行令〔2001〕第4号（中国人民银行行政复议办法）", "中国人民银行行政复议办法"),
        ("中国人民银行关于印发《支付结算办法》的通知（银发〔1997〕393号）", "支付结算办法"),
        ("中国人民银行办公厅关于做好年检工作的通知（银办发〔2015〕20号）", "关于做好年检工作的通知"),
        ("中华人民共和国票据法", "中华人民共和国票据法"),
        ("柜面业务操作规程", "柜面业务操作规程"),
    ],
)
def test_a_short_title_names_the_matter(title: str, expected: str) -> None:
    assert short_title(title) == expected


def test_the_embedded_text_names_the_document_once_and_carries_the_governing_sentence() -> None:
    text = embedding_text("柜面规程", ("柜面规程", "第二章 现金"), "（一）清点。", "柜员应当：")
    assert text == "柜面规程 第二章现金\n柜员应当：\n（一）清点。"


def test_keys_differ_when_texts_do() -> None:
    assert vector_key("甲") != vector_key("乙")
    assert len(vector_key("甲")) == 64
