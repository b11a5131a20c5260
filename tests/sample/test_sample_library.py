"""The sample bank: its files hold what its sources say, and its rules agree with each other."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdfium2
import pytest
from bs4 import BeautifulSoup

from yinshu.sample import index_file, library_files, source_files
from yinshu.sample.build import plain_lines, render, render_index
from yinshu.sample.source import Source, read_source, split_article

TODAY = date(2026, 11, 22)
NEXT_MONTH = date(2026, 12, 20)
LIBRARY_BYTES_MAX = 3_000_000
PICTURES = ("scan_pdf", "png")
REFERENCE = re.compile(r"《([^》]+)》（(示银[办发]+〔\d{4}〕\d+号)）(同时废止)?")
OFFICE = ("docx", "xlsx", "pptx")

# What every rule in force must say alike: a pattern with one group, its only value, in how many documents at least.
KEY_PARAMETERS = (
    (r"口头挂失自受理时起(\d+)天内有效", "5", 2),
    (r"口头挂失，并在(\d+)天内", "5", 2),
    (r"书面挂失满(\d+)天", "7", 3),
    (r"自收缴之日起(\d+)个工作日内", "3", 3),
    (r"个人当日单笔或者累计支取现金超过(\d+)万元", "5", 2),
    (r"账户余额合计不超过(\d+)万元", "5", 2),
    (r"一般投诉(?: \| [^|]+ \| )?(\d+)日内", "10", 3),
    (r"(?:和解补偿|网点负责人|权限为)单笔不超过(\d+)元", "2000", 2),
    (r"普通柜员尾箱现金(?:限额为| \| )(\d+)万元", "20", 2),
    (r"Ⅲ类户、?数量分别不得超过(\d+)个|数量分别不得超过(\d+)个", "5", 2),
    (r"每年(\d+月\d+日)前完成", "3月31日", 2),
    (r"年满(\d+)周岁(?:的?客户(?:可以走|免收)|的老年人)", "70", 3),
    (r"补发新卡[^。\d]*?(\d+)元", "20", 2),
    (r"最终拥有(\d+)%以上股权", "25", 2),
    (r"票面金额的([\d.]+)%", "0.05", 2),
    (r"提前还款本金的(\d+)%", "1", 2),
    (r"退订后，(\d+)小时内停止发送", "24", 2),
    (r"借记卡 \| (\d+)张|借记卡(\d+)张", "200", 2),
    (r"默认日累计限额为(\d+)元", "5000", 2),
    (r"单台装钞(?:不超过| \| )(\d+)万元", "60", 2),
)


def sources() -> list[Source]:
    return [read_source(path) for path in source_files()]


def in_force() -> list[Source]:
    return [source for source in sources() if source.status == "published"]


def text_of(source: Source) -> str:
    return "\n".join(plain_lines(source))


def squeeze(text: str) -> str:
    return re.sub(r"[\s|\-]+", "", text)


@cache
def written(path: Path) -> str:
    """Read a committed file's words without the product's own parser, white space and cell borders left out."""
    return squeeze(_READERS[path.suffix](path))


def _read_docx(path: Path) -> str:
    word = docx.Document(str(path))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in word.paragraphs] + cells)


def _read_xlsx(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(str(cell or "") for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def _read_pptx(path: Path) -> str:
    shapes = [shape for slide in pptx.Presentation(str(path)).slides for shape in slide.shapes]
    words = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    cells = [cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return "\n".join(words + cells)


def _read_pdf(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def _read_text(path: Path) -> str:
    content = path.read_bytes()
    return content.decode("gb18030") if path.name.startswith("29") else content.decode("utf-8-sig")


_READERS = {
    ".docx": _read_docx,
    ".xlsx": _read_xlsx,
    ".pptx": _read_pptx,
    ".pdf": _read_pdf,
    ".html": lambda path: BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").get_text("\n"),
    ".md": _read_text,
    ".txt": _read_text,
    ".csv": _read_text,
}


def test_library_holds_every_source_once_and_stays_small() -> None:
    files = library_files()
    assert [path.name for path in files] == [source.file_name for source in sources()]
    assert len(files) >= 30
    assert sum(path.stat().st_size for path in files) < LIBRARY_BYTES_MAX


def test_library_covers_every_input_format() -> None:
    assert {path.suffix for path in library_files()} == {*_READERS, ".png"}


def test_library_has_thirty_thousand_chinese_characters() -> None:
    text = "".join(text_of(source) for source in sources())
    assert len(re.findall(r"[\u4e00-\u9fff]", text)) >= 30_000


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.file_name[:2])
def test_committed_file_says_what_its_source_says(source: Source) -> None:
    path = index_file().parent / source.file_name
    if source.format in PICTURES:
        assert source.format == "png" or not _read_pdf(path).strip(), "a scan has no text layer"
        return
    words = written(path)
    for line in plain_lines(source):
        expected = split_article(line)[1] if source.auto_numbered else line
        parts = expected.split(" | ") if " | " in line else [expected]
        # A page break may put the running head inside a paragraph, so PDF sentences are looked for in halves.
        pieces = [piece for part in parts for piece in re.split(r"(?<=[。；，：])", part)]
        missing = [piece for piece in pieces if squeeze(piece) not in words]
        assert not missing or (source.format == "pdf" and len(missing) == 1), missing


@pytest.mark.parametrize(
    "source", [source for source in sources() if source.format not in ("pdf", *PICTURES)], ids=lambda s: s.file_name[:2]
)
def test_builder_makes_the_committed_file_again(source: Source) -> None:
    built, kept = render(source), (index_file().parent / source.file_name).read_bytes()
    assert built is not None
    if source.format not in OFFICE:
        assert built == kept
        return
    with zipfile.ZipFile(io.BytesIO(built)) as new, zipfile.ZipFile(io.BytesIO(kept)) as old:
        assert new.namelist() == old.namelist()
        assert all(new.read(name) == old.read(name) for name in new.namelist())


def test_committed_index_is_the_rendered_one() -> None:
    assert index_file().read_text(encoding="utf-8") == render_index(sources())
    with index_file().open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["file"] for row in rows} == {path.name for path in library_files()}


@pytest.mark.parametrize(("pattern", "value", "documents"), KEY_PARAMETERS)
def test_key_parameter_is_the_same_in_every_rule_in_force(pattern: str, value: str, documents: int) -> None:
    found = {
        source.file_name[:2]: {"".join(match.groups("")) for match in re.finditer(pattern, text_of(source))}
        for source in in_force()
        if re.search(pattern, text_of(source))
    }
    assert len(found) >= documents, found
    assert all(values == {value} for values in found.values()), found


def test_document_numbers_are_unique_and_references_name_the_right_title() -> None:
    numbered = {source.number: source.title for source in sources() if source.number}
    assert len(numbered) == sum(1 for source in sources() if source.number)
    for source in sources():
        for title, number, tail in re.findall(
            r"《([^》]+)》（(示银[办发]+〔\d{4}〕\d+号)）(同时废止)?", text_of(source)
        ):
            assert numbered.get(number) == title or (tail and number not in numbered), (source.file_name, title, number)


def test_departments_are_those_of_the_bank() -> None:
    owners = {source.owner for source in sources()}
    named = set(re.findall(r"由示范银行([\u4e00-\u9fff]+?)(?:负责|会同)", "".join(text_of(s) for s in sources())))
    assert named <= owners, named - owners


def test_closing_article_and_header_agree_on_the_effective_date() -> None:
    for source in sources():
        said = re.search(r"自(\d{4})年(\d+)月(\d+)日起施行", text_of(source))
        if said:
            assert source.effective == date(*map(int, said.groups())), source.file_name
        if source.effective:
            assert source.published <= source.effective


def test_articles_count_up_without_gaps() -> None:
    numerals = {name: value for value, name in enumerate("一二三四五六七八九十", 1)}

    def number(name: str) -> int:
        tens, mark, ones = name.strip("第条").rpartition("十")
        return (numerals[tens] if tens else 1) * 10 + numerals.get(ones, 0) if mark else numerals[ones]

    for source in sources():
        articles = [number(name) for name in (split_article(e.text)[0] for e in source.elements) if name]
        assert all(later == earlier + 1 for earlier, later in pairwise(articles)), source.file_name


def test_one_rule_takes_effect_next_month_and_two_are_superseded() -> None:
    future = [source for source in sources() if source.effective and source.effective > TODAY]
    assert [source.effective for source in future] == [NEXT_MONTH]
    old = {source.number for source in sources() if source.status == "superseded"}
    repealed = set(re.findall(r"（(示银发〔\d{4}〕\d+号)）同时废止", "".join(text_of(s) for s in in_force())))
    assert len(old) == 2
    assert old < repealed


def test_draft_in_review_carries_no_number_and_no_date_in_force() -> None:
    (draft,) = [source for source in sources() if source.status == "in_review"]
    assert (draft.number, draft.effective) == ("", None)


def test_guide_lists_every_file_with_its_number() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "sample.md").read_text(encoding="utf-8")
    for source in sources():
        assert f"| {source.file_name} | {source.number or '—'} | {source.owner} |" in guide
