"""PDF: paragraphs with page and place, tables as tables, running lines gone, columns in order, scans to OCR."""

from __future__ import annotations

import io
from itertools import pairwise

import pypdfium2 as pdfium
import pytest

from yinshu.kernel.documents import OcrLine, ParseLimits, parse
from yinshu.kernel.documents.errors import FileTooLarge, OcrUnavailable

LONG = tuple(
    f"第{number}条　存款人申请开立单位银行结算账户，应当向示范银行第{number}营业部提交申请书及证明文件，"
    "经办人员应当核对原件与复印件是否一致，"
    f"并在{number}个工作日内完成审核，审核结果应当书面告知存款人，留存资料的保管期限自账户撤销之日起不少于十年。"
    for number in range(1, 41)
)


class FixedEngine:
    """Finds the same two lines on every page."""

    def __init__(self) -> None:
        self.pages = 0

    def read(self, image):
        self.pages += 1
        height, width = image.shape[:2]

        def line(text, top):
            left, right = width * 0.1, width * 0.9
            edges = ((left, top), (right, top), (right, top + height * 0.02), (left, top + height * 0.02))
            return OcrLine(text, edges, 0.99)

        return [line("第二条　扫描件的第二行。", height * 0.45), line("第一条　扫描件的第一行。", height * 0.40)]


def joined(paragraph: str) -> str:
    return paragraph.replace("　", "")


def test_paragraphs_are_joined_across_lines_and_pages(make):
    blocks = parse(make.pdf(LONG), "办法.pdf").blocks
    assert [joined(block.text) for block in blocks[1:]] == [joined(text) for text in LONG]
    assert blocks[1].text.startswith("第1条　存款人")


def test_every_block_has_its_page_and_a_box_on_it(make):
    blocks = parse(make.pdf(LONG), "办法.pdf").blocks
    assert [block.page for block in blocks] == sorted(block.page for block in blocks)
    assert blocks[-1].page > 3
    for block in blocks:
        left, top, right, bottom = block.box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
    for above, below in pairwise(blocks):
        assert below.page > above.page or below.box[1] > above.box[1]


def test_running_heads_and_page_numbers_are_removed(make):
    parsed = parse(make.pdf(LONG), "办法.pdf")
    text = "\n".join(block.text for block in parsed.blocks)
    assert "内部文件" not in text
    assert "—" not in text
    assert parsed.title_hint == "单位账户管理办法"


def test_the_first_lines_of_articles_are_no_running_heads(make):
    same = [f"第{number}条　本条内容相同，开户许可证由开户银行保管，不得转借他人使用。" for number in range(1, 120)]
    blocks = parse(make.pdf(same), "a.pdf").blocks
    assert [joined(block.text) for block in blocks[1:]] == [joined(text) for text in same]


def test_ruled_tables_stay_tables_between_their_paragraphs(make):
    table = (("项目", "标准", "说明"), ("跨行转账", "5元/笔", "柜面办理"), ("挂失", "10元/户", "含补发"))
    blocks = parse(
        make.pdf(("第一条　收费标准如下：", table, "第二条　本标准自发布之日起执行。"), head=""), "a.pdf"
    ).blocks
    assert [block.kind for block in blocks] == ["paragraph", "paragraph", "table", "paragraph"]
    assert blocks[2].rows == table
    assert blocks[2].header


def test_a_table_that_goes_on_over_the_page_is_one_table(make):
    rows = (("编号", "名称"), *((str(number), f"业务{number}") for number in range(1, 90)))
    tables = [block for block in parse(make.pdf((rows,)), "a.pdf").blocks if block.kind == "table"]
    assert len(tables) == 1
    assert tables[0].rows == rows


def test_merged_cells_of_a_drawn_table_are_filled(make):
    def draw(page):
        for x in (100, 300, 400):
            page.line(x, 700, x, 640)
        page.line(500, 700, 500, 640)
        page.line(400, 680, 400, 640)
        for y in (700, 640, 660):
            page.line(100 if y != 660 else 300, y, 500, y)
        page.line(300, 680, 500, 680)
        page.drawString(110, 665, "项目")
        page.drawString(310, 685, "对公")
        page.drawString(410, 685, "对私")
        page.drawString(310, 665, "五元")
        page.drawString(410, 665, "免费")
        page.drawString(310, 645, "十元")
        page.drawString(410, 645, "一元")

    (table,) = parse(make.drawn_pdf(draw), "a.pdf").blocks
    assert table.rows == (("项目", "对公", "对私"), ("项目", "五元", "免费"), ("项目", "十元", "一元"))


def test_columns_are_read_one_after_the_other(make):
    left = [f"左栏第{number}行文字内容完整占满整个左侧栏" for number in range(8)]
    right = [f"右栏第{number}行文字内容完整占满整个右侧栏" for number in range(8)]

    def draw(page):
        page.drawCentredString(297, 780, "通栏标题横跨左右两个栏目的文字标题内容")
        for place in range(8):
            page.drawString(60, 740 - 18 * place, left[place])
            page.drawString(320, 740 - 18 * place, right[place])

    text = "".join(block.text for block in parse(make.drawn_pdf(draw), "a.pdf").blocks)
    assert text == "通栏标题横跨左右两个栏目的文字标题内容" + "".join(left) + "".join(right)


def test_tables_without_lines_are_found_by_alignment(make):
    rows = [
        ("项目名称", "收费标准", "备注"),
        ("跨行转账", "5元", "柜面"),
        ("挂失", "10元", "每户"),
        ("回单", "免费", "首次"),
    ]

    def draw(page):
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                page.drawString(80 + 150 * column, 700 - 20 * place, text)

    (table,) = parse(make.drawn_pdf(draw), "a.pdf").blocks
    assert table.rows == tuple(rows)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_reads_as_an_upright_one(make, turn):
    document = pdfium.PdfDocument(make.pdf())
    document[0].set_rotation(turn)
    file = io.BytesIO()
    document.save(file)
    document.close()
    upright, turned = parse(make.pdf(), "a.pdf").blocks, parse(file.getvalue(), "a.pdf").blocks
    assert [block.text for block in turned] == [block.text for block in upright]
    left, top, right, bottom = upright[0].box
    expected = {90: (1 - bottom, left, 1 - top, right), 180: (1 - right, 1 - bottom, 1 - left, 1 - top),
                270: (top, 1 - right, bottom, 1 - left)}[turn]  # fmt: skip
    assert turned[0].box == pytest.approx(expected, abs=0.01)


def test_a_signature_and_its_date_stay_apart(make):
    def draw(page):
        for place in range(4):
            page.drawString(60, 760 - 20 * place, "本通知正文的这一行写满了整个版心直到右边缘为止共计四十个字左右内容")
        page.drawRightString(444, 660, "示范银行股份有限公司")
        page.drawRightString(444, 640, "2026年9月10日")

    blocks = parse(make.drawn_pdf(draw), "a.pdf").blocks
    assert [block.text for block in blocks[-2:]] == ["示范银行股份有限公司", "2026年9月10日"]


def test_slanted_watermarks_are_left_out(make):
    def draw(page):
        page.drawString(80, 700, "第一条　正文内容写在这里，读者应当只看到这一行正文内容。")
        page.translate(200, 300)
        page.rotate(45)
        page.drawString(0, 0, "内部资料严禁外传")

    text = "".join(block.text for block in parse(make.drawn_pdf(draw), "a.pdf").blocks)
    assert "正文" in text
    assert "严禁外传" not in text


def test_scanned_pages_go_to_ocr_with_progress(make):
    steps: list[tuple[int, int]] = []
    engine = FixedEngine()
    data = make.scanned_pdf(make.picture(), make.picture())
    parsed = parse(data, "扫描.pdf", ocr=engine, progress=lambda done, total: steps.append((done, total)))
    assert parsed.from_ocr
    assert parsed.page_count == engine.pages == 2
    assert [(block.text, block.page) for block in parsed.blocks[:2]] == [
        ("第一条　扫描件的第一行。", 1),
        ("第二条　扫描件的第二行。", 1),
    ]
    assert steps[-1] == (2, 2)


def test_mixed_files_use_ocr_for_the_scanned_pages_only(make):
    document = pdfium.PdfDocument(make.pdf(head=""))
    document.import_pages(pdfium.PdfDocument(make.scanned_pdf(make.picture())))
    file = io.BytesIO()
    document.save(file)
    engine = FixedEngine()
    parsed = parse(file.getvalue(), "混合.pdf", ocr=engine)
    assert engine.pages == 1
    assert parsed.blocks[1].text.startswith("第一条")
    assert (parsed.blocks[-1].text, parsed.blocks[-1].page) == ("第二条　扫描件的第二行。", 2)
    without = parse(file.getvalue(), "混合.pdf")
    assert "第 2 页是扫描图" in without.warnings[0]


def test_a_scan_without_an_engine_is_refused_with_a_remedy(make):
    with pytest.raises(OcrUnavailable, match="请启用 OCR"):
        parse(make.scanned_pdf(make.picture()), "扫描.pdf")


def test_two_thousand_pages_are_refused_and_the_limit_is_a_setting(make):
    data = make.drawn_pdf(lambda page: page.drawString(80, 700, "正文内容"), pages=2000)
    with pytest.raises(FileTooLarge, match=r"“大文件.pdf”共 2000 页.*请按章节拆分") as caught:
        parse(data, "大文件.pdf")
    assert caught.value.exit_code == 3
    small = make.drawn_pdf(lambda page: page.drawString(80, 700, "正文内容"), pages=3)
    with pytest.raises(FileTooLarge):
        parse(small, "a.pdf", limits=ParseLimits(pages_max=2))
