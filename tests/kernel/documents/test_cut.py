"""Claims about cutting: what a clause is, what it is called, and that no word is lost."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from yinshu.kernel.documents.cut import ARTICLE_LENGTH_MAX, cut
from yinshu.kernel.documents.markers import chinese_to_int, marker_at_start
from yinshu.kernel.documents.records import Block, Clause, ParsedDocument

LONG = "营业网点应当按照总行统一要求登记业务台账并妥善保管有关凭证资料以备检查"


def parsed(text: str) -> ParsedDocument:
    return ParsedDocument("text/plain", tuple(Block("paragraph", line) for line in text.splitlines()))


def cut_text(text: str) -> list[Clause]:
    return cut(parsed(text))


def articles(text: str) -> list[str]:
    return [clause.article for clause in cut_text(text)]


def words(text: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", text))


def covered(clauses: list[Clause]) -> Counter[str]:
    found: Counter[str] = Counter()
    last: tuple[str, ...] = ()
    for clause in clauses:
        found.update(words(clause.text))
        for depth, name in enumerate(clause.path):
            if last[: depth + 1] != clause.path[: depth + 1]:
                found.update(words(name))
        last = clause.path
    return found


def test_an_article_keeps_its_chapter_as_path_and_its_number_as_name() -> None:
    clauses = cut_text(
        "示范银行印章管理办法\n第一章 总 则\n第一条　为了规范印章使用，制定本办法。\n第二条 本办法适用于全行。"
    )
    assert [clause.article for clause in clauses] == ["", "第一条", "第二条"]
    assert clauses[1].path == ("第一章 总则",)
    assert clauses[1].kind == "article"
    assert clauses[0].kind == "preamble"


def test_a_lost_line_break_before_the_next_article_is_found() -> None:
    assert articles("第一条 甲部门负责。第二条 乙部门负责。\n第三条 丙部门负责。") == ["第一条", "第二条", "第三条"]


def test_a_reference_to_an_article_opens_none() -> None:
    clauses = cut_text("第一条 甲部门负责。\n第二条 违反\n第一条规定的，依照第三条处理。\n第三条 处以警告。")
    assert [clause.article for clause in clauses] == ["第一条", "第二条", "第三条"]


def test_a_broken_chapter_title_is_made_whole() -> None:
    clauses = cut_text("第一章 总\n则\n第一条 甲。\n第二章\n附则\n第二条 乙。")
    assert [clause.path for clause in clauses] == [("第一章 总则",), ("第二章 附则",)]


def test_a_table_of_contents_is_kept_as_text() -> None:
    text = "某某规定\n目录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。"
    clauses = cut_text(text)
    assert not words(text) - covered(clauses)
    assert [clause.article for clause in clauses if clause.kind == "article"] == ["第一条", "第二条"]


def test_a_long_article_is_split_at_its_items_under_one_group_with_the_governing_sentence() -> None:
    items = "\n".join(f"（{numeral}）{LONG}；" for numeral in "一二三四五六七八九")
    items += "\n" + "\n".join(f"（十{numeral}）{LONG}；" for numeral in "一二三四五六七八九")
    parts = cut_text(f"第七条 有下列情形之一的，应当报告：\n{items}\n第八条 其他。")[:-1]
    assert len(parts) > 1
    assert len({part.group for part in parts}) == 1
    assert parts[0].article.startswith("第七条（一）至")
    assert all(len(part.text) <= ARTICLE_LENGTH_MAX for part in parts)
    assert all("有下列情形之一的，应当报告：" in part.lead for part in parts[1:])


def test_items_under_a_later_paragraph_name_that_paragraph() -> None:
    first = f"第七条 {LONG * 6}。\n"
    items = "\n".join(f"（{numeral}）{LONG * 3}。" for numeral in "一二三四")
    names = articles(f"{first}前款规定不适用于下列情形：\n{items}")
    assert names == ["第七条第一款至第二款（一）", "第七条第二款（二）至（四）"]


def test_numbered_sections_of_a_notice_are_cut_at_the_smallest_sensible_level() -> None:
    body = "".join(f"\n（{numeral}）加强管理。{LONG * 5}。" for numeral in "一二三")
    clauses = cut_text(
        f"关于做好工作的通知\n各部门：\n现将有关事项通知如下：\n一、总体要求{body}\n二、其他事项。按原规定执行。"
    )
    assert [clause.article for clause in clauses] == ["", "一（一）", "一（二）", "一（三）", "二"]
    assert clauses[1].path == ("一、总体要求",)
    assert clauses[1].heading == "加强管理"


def test_items_glued_to_a_heading_are_found() -> None:
    body = f"一、账户管理（一）开户。{LONG * 6}。（二）销户。{LONG * 6}。\n二、附则。无。"
    assert articles(body) == ["一（一）", "一（二）", "二"]


def test_closing_paragraph_and_sign_off_do_not_belong_to_the_last_section() -> None:
    text = "一、甲事项按规定办理。\n二、乙事项按规定办理。\n本通知自2024年3月1日起施行。\n示范银行\n2024年2月1日"
    clauses = cut_text(text)
    assert [(clause.article, clause.kind) for clause in clauses[2:]] == [("施行日期", "section"), ("", "signoff")]


def test_an_attachment_counts_its_articles_from_one_again() -> None:
    text = (
        "关于印发制度的通知\n各支行：\n现印发给你们，请遵照执行。\n附件：1. 甲办法\n示范银行\n2024年2月1日\n"
        "附件1\n甲管理办法\n第一条 甲一。\n第二条 甲二。\n附件2\n乙管理办法\n第一条 乙一。"
    )
    found = [(clause.path[0], clause.article) for clause in cut_text(text) if clause.kind == "article"]
    assert found == [
        ("附件1 甲管理办法", "附件1 第一条"),
        ("附件1 甲管理办法", "附件1 第二条"),
        ("附件2 乙管理办法", "附件2 第一条"),
    ]


def test_the_only_annexed_rule_is_cited_without_the_attachment() -> None:
    text = "示范银行令\n现予发布。\n行长：张三\n2024年2月1日\n示范银行账户管理办法\n第一章 总则\n第一条 甲。"
    last = cut_text(text)[-1]
    assert last.article == "第一条"
    assert last.path == ("示范银行账户管理办法", "第一章 总则")


def test_new_wording_in_quotation_marks_opens_no_article() -> None:
    text = (
        "一、将第六条修改为：“第六条 起点金额为二十万元。\n“前款所称金额含本数。”\n"
        "二、将第八条修改为：“第八条 不得转让。”\n"
        "三、本决定自公布之日起施行。"
    )
    assert articles(text) == ["一", "二", "三"]


def test_each_question_with_its_answer_is_one_clause() -> None:
    clauses = cut_text("问：单位卡能取现吗？\n答：不能。\n单位卡一律不得支取现金。\n问：个人卡呢？\n答：可以。")
    assert [clause.kind for clause in clauses] == ["qa", "qa"]
    assert clauses[0].text.endswith("不得支取现金。")
    assert clauses[1].heading == "问：个人卡呢？"


def test_a_table_is_cut_into_rows_that_read_on_their_own() -> None:
    rows = (("项目", "标准"), *((f"汇款{number}", f"每笔{number}元") for number in range(1, 60)))
    table = Block("table", "", rows=rows, sheet="收费表")
    clauses = cut(ParsedDocument("application/xlsx", (table,)))
    assert len(clauses) > 1
    assert "项目：汇款1；标准：每笔1元" in clauses[0].text
    assert all(clause.rows[0] == ("项目", "标准") for clause in clauses)
    assert {clause.path for clause in clauses} == {("收费表",)}
    assert sum(len(clause.rows) - 1 for clause in clauses) == 59


def test_a_merged_first_row_is_the_caption_of_its_table() -> None:
    rows = (("手续费表", "手续费表"), ("项目", "标准"), ("汇款", "5元"))
    clause = cut(ParsedDocument("application/xlsx", (Block("table", "", rows=rows),)))[0]
    assert clause.heading == "手续费表"
    assert clause.text == "项目：汇款；标准：5元"


def test_headings_known_from_the_format_become_the_path() -> None:
    blocks = (
        Block("heading", "柜面操作手册", level=1),
        Block("heading", "现金业务", level=2),
        Block("paragraph", "清点须当面进行。"),
        Block("heading", "假币收缴", level=3),
        Block("paragraph", "须两人在场。"),
    )
    found = [(clause.path, clause.article, clause.text) for clause in cut(ParsedDocument("text/markdown", blocks))]
    assert found[1:] == [
        (("现金业务",), "现金业务", "清点须当面进行。"),
        (("现金业务", "假币收缴"), "假币收缴", "须两人在场。"),
    ]


def test_a_clause_knows_its_page_and_the_box_around_its_lines() -> None:
    blocks = (
        Block("paragraph", "第一条 甲。", page=3, box=(0.1, 0.2, 0.9, 0.3)),
        Block("paragraph", "乙。", page=3, box=(0.1, 0.3, 0.8, 0.4)),
    )
    clause = cut(ParsedDocument("application/pdf", blocks, page_count=5))[0]
    assert (clause.page, clause.box) == (3, (0.1, 0.2, 0.9, 0.4))


def test_an_empty_document_has_no_clauses() -> None:
    assert cut(ParsedDocument("text/plain", ())) == []


def test_an_endless_paragraph_is_split_after_sentences() -> None:
    text = f"{LONG}。" * 200
    clauses = cut_text(text)
    assert not words(text) - covered(clauses)
    assert all(clause.text.endswith("。") for clause in clauses)


@pytest.mark.parametrize(
    "text", ["1. 甲\n（1）乙\n" * 500, "第一条 甲。" * 300, "《" * 5000, "附件1\n" * 300, "“" * 5000]
)
def test_nonsense_is_cut_without_loss(text: str) -> None:
    assert not words(text) - covered(cut_text(text))


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("三十四", 34), ("一百零七", 107), ("十", 10), ("二〇", 20), ("12", 12), ("一千二百六十", 1260)],
)
def test_chinese_numbers_are_read(numeral: str, value: int) -> None:
    assert chinese_to_int(numeral) == value


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("第 十二 条 甲", "第十二条"),
        ("（三）甲", "（三）"),
        ("(三)甲", "（三）"),
        ("12．甲", "12"),
        ("（二）条码支付", "（二）"),
    ],
)
def test_markers_are_read_whatever_their_width_and_spacing(text: str, label: str) -> None:
    marker = marker_at_start(text)
    assert marker is not None
    assert marker.label == label


@pytest.mark.parametrize("text", ["第三条规定的情形", "（一）、（二）项所列", "2.5倍", "三年以上"])
def test_what_only_looks_like_a_marker_is_none(text: str) -> None:
    assert marker_at_start(text) is None
