"""TXT, MD, HTML: encodings, structure, and what a reader does not see."""

from __future__ import annotations

import pytest

from yinshu.kernel.documents import parse


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_any_encoding_gives_one_paragraph_a_line(encoding):
    parsed = parse("关于账户的通知\r\n\r\n　第一条　单位卡不得取现。\n".encode(encoding), "通知.txt")
    assert [block.text for block in parsed.blocks] == ["关于账户的通知", "第一条　单位卡不得取现。"]
    assert {block.kind for block in parsed.blocks} == {"paragraph"}


def test_broken_bytes_are_shown_and_reported():
    data = ("第一条　账户。" * 30).encode() + b"\xff" + "完".encode()
    parsed = parse(data, "a.txt")
    assert parsed.blocks[0].text.endswith("\ufffd完")
    assert "1 处文字无法解码" in parsed.warnings[0]


def test_markdown_keeps_headings_lists_and_tables():
    source = (
        "---\ntitle: 账户办法\n---\n# 总则\n\n第一条 内容。\n第二条 单位卡\n不得取现\n\n"
        "3. 甲\n4. 乙\n\n|项目|标准|\n|-|-|\n|挂失|10|\n"
    )
    parsed = parse(source.encode(), "a.md")
    assert [(block.kind, block.text) for block in parsed.blocks] == [
        ("heading", "总则"),
        ("paragraph", "第一条 内容。"),
        ("paragraph", "第二条 单位卡不得取现"),
        ("list", "3. 甲"),
        ("list", "4. 乙"),
        ("table", "项目 | 标准\n挂失 | 10"),
    ]
    assert parsed.title_hint == "账户办法"


PAGE = """<!DOCTYPE html><html><head><title>官网</title><script>var a;</script></head><body>
<nav>首页 关于</nav><h1>关于调整手续费
的通知</h1><p style="display:none">隐藏</p><p>第一条　<b>单位卡</b>不得
取现。<br>第二条 见 annex A</p><ol start="3"><li>甲</li><li>乙</li></ol>
<table><thead><tr><th>项目<th>标准</tr></thead><tr><td rowspan=2>转账<td>5<tr><td>10</table>
<footer>版权所有</footer></body></html>"""


def test_html_gives_what_the_reader_sees():
    parsed = parse(PAGE.encode(), "通知.html")
    assert [(block.kind, block.text) for block in parsed.blocks] == [
        ("heading", "关于调整手续费的通知"),
        ("paragraph", "第一条　单位卡不得取现。"),
        ("paragraph", "第二条 见 annex A"),
        ("list", "3. 甲"),
        ("list", "4. 乙"),
        ("table", "项目 | 标准\n转账 | 5\n转账 | 10"),
    ]
    assert parsed.title_hint == "关于调整手续费的通知"


def test_html_follows_its_own_charset():
    page = '<html><head><meta charset="gb2312"></head><body><p>账户管理</p></body></html>'
    assert parse(page.encode("gb18030"), "a.htm").blocks[0].text == "账户管理"


def test_deep_nesting_neither_crashes_nor_hides_the_text():
    page = "<html><body>" + "<div>" * 150 + "深处" + "</div>" * 150 + "</body></html>"
    assert parse(page.encode(), "a.html").blocks[0].text == "深处"
