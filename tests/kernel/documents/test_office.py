"""DOCX, PPTX: structure, numbers and tables come out as a reader sees them."""

from __future__ import annotations

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from yinshu.kernel.documents import Block, parse


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks]


def test_headings_keep_their_levels_and_the_title_is_found(make):
    parsed = parse(make.docx(), "办法.docx")
    headings = [(block.text, block.level) for block in parsed.blocks if block.kind == "heading"]
    assert headings == [("单位账户管理办法", 1), ("第一章　总则", 1)]
    assert parsed.title_hint == "单位账户管理办法"


def test_paragraphs_and_tables_stand_in_reading_order(make):
    blocks = parse(make.docx(), "办法.docx").blocks
    assert blocks[2].text.startswith("第一条")
    assert blocks[-1].kind == "table"
    assert blocks[-1].rows == (("项目", "标准"), ("跨行转账", "5元/笔"), ("挂失", "10元/户"))


def test_merged_cells_are_filled(make):
    def edit(document: docx.document.Document) -> None:
        table = document.add_table(3, 3)
        table.cell(0, 1).merge(table.cell(0, 2)).text = "标准"
        table.cell(0, 0).merge(table.cell(1, 0)).text = "项目"
        for place, text in ((1, "对公"), (2, "对私")):
            table.cell(1, place).text = text
        for place, text in enumerate(("挂失", "10", "5")):
            table.cell(2, place).text = text

    table = parse(make.docx(edit), "a.docx").blocks[-1]
    assert table.rows == (("项目", "标准", "标准"), ("项目", "对公", "对私"), ("挂失", "10", "5"))


NUMBERING = """<w:abstractNum {ns} w:abstractNumId="77">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1条"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
</w:abstractNum>"""


def numbered(document: docx.document.Document) -> None:
    """Articles, items and sub-items numbered by Word, not by hand."""
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(NUMBERING.format(ns=nsdecls("w"))))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for level, text in ((0, "甲"), (1, "子"), (1, "丑"), (2, "天"), (0, "乙"), (1, "寅")):
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
        )


def test_automatic_numbers_become_text(make):
    found = texts(parse(make.docx(numbered), "a.docx").blocks)[-6:]
    assert found == ["第一条　甲", "（一）子", "（二）丑", "1. 天", "第二条　乙", "（一）寅"]


def test_deleted_text_is_left_out_and_inserted_text_is_read(make):
    def edit(document: docx.document.Document) -> None:
        document.add_paragraph("保留")._p.extend(
            [
                parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>旧文</w:delText></w:r></w:del>"),
                parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>新文</w:t></w:r></w:ins>"),
            ]
        )

    assert texts(parse(make.docx(edit), "a.docx").blocks)[-1] == "保留新文"


def test_text_boxes_are_read_once(make):
    box = (
        '<w:r {ns}><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    data = make.docx(lambda document: document.add_paragraph("正文")._p.append(parse_xml(box.format(ns=nsdecls("w")))))
    assert texts(parse(data, "a.docx").blocks)[-2:] == ["正文", "框内文字"]


def test_footnotes_follow_the_paragraph_that_names_them(make):
    data = make.docx(
        lambda document: (
            document.add_paragraph("正文")
            .add_run()
            ._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="2"/>'))
        )
    )
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>脚注内容</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {nsdecls('w')}>{note}</w:footnotes>"
    data = make.repacked(data, {"word/footnotes.xml": notes.encode()})
    assert texts(parse(data, "a.docx").blocks)[-2:] == ["正文", "脚注内容"]


def test_macros_are_ignored_with_a_warning(make):
    data = make.docx()
    types = make.part(data, "[Content_Types].xml").replace(
        b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml"
    )
    data = make.repacked(data, {"[Content_Types].xml": types, "word/vbaProject.bin": b"\0" * 64})
    parsed = parse(data, "带宏.docm")
    assert any(block.text.startswith("第一条") for block in parsed.blocks)
    assert "宏已忽略" in parsed.warnings[0]


def test_slides_give_title_points_table_and_notes_with_their_page(make):
    parsed = parse(make.pptx(), "培训.pptx")
    assert [(block.kind, block.text, block.page) for block in parsed.blocks] == [
        ("heading", "账户新规培训", 1),
        ("paragraph", "单位卡不得交存现金", 1),
        ("paragraph", "开户审核两个工作日", 1),
        ("table", "项目 | 标准\n挂失 | 10元", 1),
        ("paragraph", "备注：讲解时强调第二条", 1),
    ]
    assert parsed.title_hint == "账户新规培训"
    assert parsed.blocks[1].sheet == "账户新规培训"
