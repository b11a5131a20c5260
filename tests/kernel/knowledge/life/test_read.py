"""Reading the library: who sees what, lists in pages, texts with outlines, page images and originals."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PIL import Image as Pillow
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import update

from tests.kernel.knowledge.life.conftest import CASH, COLLECTION
from yinshu.kernel.audit.store import read_entries
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.base.errors import NotFound
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.life import read
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.store import catalogue
from yinshu.kernel.knowledge.tables import documents

Put = Callable[..., str]


def document_of(desk: Desk, version_id: str) -> str:
    with reading(desk.engine) as connection:
        found = catalogue.find_version_file(connection, version_id)
    assert found is not None
    return found.info.document_id


def titles(desk: Desk, subject: Subject, collection_id: str, **options: object) -> list[str]:
    page = read.list_documents(desk, subject, collection_id, **options)  # type: ignore[arg-type]
    return [one.version.title for one in page.items]


def test_a_stranger_sees_neither_collection_nor_document(desk: Desk, collection_id: str, stranger: Subject) -> None:
    assert read.open_shelves(desk, stranger) == []
    with pytest.raises(NotFound):
        read.list_documents(desk, stranger, collection_id)


def test_a_draft_is_seen_by_those_who_work_on_it_only(
    desk: Desk, put: Put, collection_id: str, maker: Subject, checker: Subject, reader: Subject
) -> None:
    version_id = put("现金.txt", CASH)
    document_id = document_of(desk, version_id)
    assert "单位现金管理办法" in titles(desk, maker, collection_id)
    assert "单位现金管理办法" in titles(desk, checker, collection_id)
    assert titles(desk, reader, collection_id) == ["业务印章管理办法"]
    with pytest.raises(NotFound):
        read.open_text(desk, reader, document_id, version_id)
    assert read.open_text(desk, maker, document_id, version_id).clauses


def test_a_document_above_the_clearance_is_not_there(desk: Desk, put: Put, collection_id: str, reader: Subject) -> None:
    document_id = document_of(desk, put("现金.txt", CASH, published=True))
    assert read.open_for_reading(desk, reader, document_id).current.info.title == "单位现金管理办法"
    with writing(desk.engine) as connection:
        connection.execute(update(documents).where(documents.c.id == document_id).values(level=3))
    assert "单位现金管理办法" not in titles(desk, reader, collection_id)
    with pytest.raises(NotFound):
        read.open_for_reading(desk, reader, document_id)


@pytest.mark.parametrize("sort", ["title", "newest", "effective", "review"])
def test_pages_of_a_list_show_every_document_once(
    desk: Desk, put: Put, collection_id: str, reader: Subject, sort: str
) -> None:
    for number in range(5):
        put(f"{number}.txt", CASH.replace("现金管理", f"现金管理之{number}"), published=True)
    seen: list[str] = []
    after = None
    while True:
        page = read.list_documents(desk, reader, collection_id, sort=sort, limit=2, after=after)  # type: ignore[arg-type]
        assert page.total == 6
        seen += [one.version.document_id for one in page.items]
        after = page.next_after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 6


def test_a_rule_that_another_one_ended_shows_when(desk: Desk, put: Put, collection_id: str, reader: Subject) -> None:
    old = document_of(desk, put("旧.txt", CASH, published=True))
    assert old_ends(desk, reader, collection_id, old) == (None, {})
    ending = "第五条 本规程自2025年3月1日起施行，《单位现金管理办法》同时废止。"
    put("新.txt", f"单位现金操作规程\n第一条 甲。\n第二条 乙。\n第三条 丙。\n第四条 丁。\n{ending}", published=True)
    listed, versions = old_ends(desk, reader, collection_id, old)
    assert listed == date(2025, 3, 1)
    assert list(versions.values()) == [date(2025, 3, 1)]


def old_ends(desk: Desk, reader: Subject, collection_id: str, document_id: str) -> tuple[date | None, dict[str, date]]:
    """When the list and the page of a document say that it ended."""
    page = read.list_documents(desk, reader, collection_id)
    listed = next(one for one in page.items if one.version.document_id == document_id)
    return listed.ended_on, dict(read.open_for_reading(desk, reader, document_id).ended)


def test_words_are_found_as_they_stand(desk: Desk, put: Put, collection_id: str, reader: Subject) -> None:
    put("现金.txt", CASH, published=True)
    assert titles(desk, reader, collection_id, words="现金") == ["单位现金管理办法"]
    assert titles(desk, reader, collection_id, words="%") == []


def test_the_outline_names_chapters_and_articles_in_order(
    desk: Desk, put: Put, collection_id: str, reader: Subject
) -> None:
    version_id = put("现金.txt", CASH, published=True)
    opened = read.open_text(desk, reader, document_of(desk, version_id), version_id)
    labels = [one.label for one in opened.outline]
    assert [label for label in labels if label.startswith("第")] == [
        "第一章 总则", "第一条", "第二章 支取", "第二条", "第三条", "第四条"
    ]  # fmt: skip
    assert "".join(one.text for one in opened.clauses).count("不得支取现金") == 1


def test_a_version_of_another_document_is_not_shown(desk: Desk, put: Put, collection_id: str, reader: Subject) -> None:
    first, second = put("现金.txt", CASH, published=True), put("现金2.txt", CASH + "附则。\n", published=True)
    with pytest.raises(NotFound):
        read.open_text(desk, reader, document_of(desk, first), second)


def test_the_original_is_given_out_and_noted(
    desk: Desk, put: Put, collection_id: str, reader: Subject, stranger: Subject
) -> None:
    version_id = put("现金.txt", CASH, published=True)
    document_id = document_of(desk, version_id)
    with pytest.raises(NotFound):
        read.original(desk, stranger, document_id, version_id)
    assert read.original(desk, reader, document_id, version_id)[1] == CASH.encode()
    with reading(desk.engine) as connection:
        last = read_entries(connection)[-1]
    assert (last.action, last.actor, last.subject) == ("knowledge.downloaded", "reader", version_id)


def test_a_page_of_a_pdf_is_drawn_once_and_kept(
    desk: Desk, ingester: Ingester, collection_id: str, reader: Subject, stranger: Subject, tmp_path: Path
) -> None:
    file = tmp_path / "rules.pdf"
    canvas = Canvas(str(file))
    for page in range(2):
        canvas.drawString(72, 720, f"Article {page + 1}. Cash above 100000 must be announced one working day before.")
        canvas.showPage()
    canvas.save()
    ingester.ingest([file], COLLECTION, published=True, actor="maker")
    page = read.list_documents(desk, reader, collection_id, words="rules")
    version = page.items[0].version
    png = read.page_image(desk, reader, version.document_id, version.version_id, 2)
    picture = Pillow.open(io.BytesIO(png))
    assert picture.format == "PNG"
    assert picture.width == 1_240
    assert len(list((tmp_path / "pages").glob("*/*.png"))) == 1
    desk.originals.path(_sha(desk, version.version_id)).unlink()
    assert read.page_image(desk, reader, version.document_id, version.version_id, 2) == png
    with pytest.raises(NotFound):
        read.page_image(desk, stranger, version.document_id, version.version_id, 2)
    with pytest.raises(NotFound):
        read.page_image(desk, reader, version.document_id, version.version_id, 3)


def _sha(desk: Desk, version_id: str) -> str:
    with reading(desk.engine) as connection:
        found = catalogue.find_version_file(connection, version_id)
    assert found is not None
    return found.content_sha256


def test_drawn_pages_are_swept_oldest_first(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "pages" / "ab"
    folder.mkdir(parents=True)
    for number in range(3):
        (folder / f"{number}.png").write_bytes(b"x" * 10)
    assert desk.pages.sweep(bytes_max=25) == 1
    assert len(list(folder.glob("*.png"))) == 2


def test_a_page_that_another_server_swept_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "pages" / "ab"
    folder.mkdir(parents=True)
    # Listed, but not there when it is looked at.
    (folder / "0.png").symlink_to(tmp_path / "gone")
    (folder / "1.png").write_bytes(b"x" * 10)
    assert desk.pages.sweep(bytes_max=5) == 1
