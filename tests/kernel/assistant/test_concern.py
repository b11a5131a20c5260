"""Rules that changed lately are told to those who may read them, first those that concern their post."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, insert, update

from tests.kernel.assistant.people import NOW, OPEN, SECRET, make_library, person
from yinshu.kernel.assistant.concern import by_concern
from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.identity import Grant, Holder
from yinshu.kernel.knowledge.store.recent import changed_rules, find_documents
from yinshu.kernel.knowledge.tables import documents, versions

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def library(engine: Engine) -> None:
    make_library(engine)


def add(engine: Engine, name: str, collection: str = OPEN, **said: object) -> None:
    """One published document of one version."""
    with writing(engine) as connection:
        connection.execute(
            insert(documents).values(
                id=f"doc_{name}", collection_id=collection, file_name=f"{name}.txt", title=name, level=1, created_at=NOW
            )
        )
        row = {
            "id": f"ver_{name}", "document_id": f"doc_{name}", "collection_id": collection, "ordinal": 1,
            "status": "published", "content_sha256": name, "media_type": "text/plain", "size_bytes": 1, "title": name,
            "created_at": NOW, "bulk_loaded": True,
        }  # fmt: skip
        connection.execute(insert(versions).values({**row, **said}))


def changed(engine: Engine, *collections: str) -> dict[str, tuple[str, date]]:
    with reading(engine) as connection:
        found = changed_rules(connection, person("per_1", *collections), TODAY, 30)
    return {one.version.title: (one.change, one.on) for one in found}


def test_what_begins_ends_or_was_published_within_thirty_days_is_told_with_its_day(engine: Engine) -> None:
    add(engine, "将施行", effective_from=date(2026, 12, 20))
    add(engine, "已修订", ordinal=2, effective_from=date(2026, 11, 1))
    add(engine, "已废止", effective_from=date(2020, 1, 1), effective_to=date(2026, 11, 10), status="superseded")
    add(engine, "新发布", published_on=date(2026, 11, 20), bulk_loaded=False)
    add(engine, "批量导入", published_on=date(2026, 11, 20))
    add(engine, "早先的", effective_from=date(2026, 9, 1))
    add(engine, "以后的", effective_from=date(2027, 3, 1))
    add(engine, "草稿", effective_from=date(2026, 12, 1), status="draft")
    assert changed(engine, OPEN) == {
        "将施行": ("new", date(2026, 12, 20)),
        "已修订": ("amended", date(2026, 11, 1)),
        "已废止": ("superseded", date(2026, 11, 10)),
        "新发布": ("new", date(2026, 11, 20)),
    }


def test_changes_of_what_one_may_not_read_are_not_told(engine: Engine) -> None:
    add(engine, "机密规定", SECRET, effective_from=date(2026, 11, 20))
    assert changed(engine, OPEN) == {}
    assert set(changed(engine, OPEN, SECRET)) == {"机密规定"}
    with writing(engine) as connection:
        connection.execute(update(documents).where(documents.c.id == "doc_机密规定").values(level=3))
    assert changed(engine, OPEN, SECRET) == {}


def test_what_was_given_to_the_post_comes_first_then_the_department(engine: Engine) -> None:
    for name in ("别的", "部门的", "岗位的"):
        add(engine, name, effective_from=date(2026, 11, 20))
    reader = person("per_1", OPEN)
    given = (
        Grant("g1", "document", "doc_部门的", Holder("department", "dep_ops"), "read"),
        Grant("g2", "document", "doc_岗位的", Holder("post", "pst_teller"), "read"),
    )
    reader = replace(reader, grants=reader.grants + given)
    with reading(engine) as connection:
        found = by_concern(reader, changed_rules(connection, reader, TODAY, 30), 20)
    assert [(one.rule.version.title, one.by) for one in found] == [("岗位的", "岗位"), ("部门的", "部门"), ("别的", "")]


def test_documents_are_found_by_title_number_and_file_under_rights(engine: Engine) -> None:
    add(engine, "单位结算卡办法", number="示银发〔2026〕47号", created_at=datetime(2026, 1, 1, tzinfo=NOW.tzinfo))
    add(engine, "100%计划", SECRET)

    def titles(words: str, *collections: str) -> list[str]:
        with reading(engine) as connection:
            return [one.title for one in find_documents(connection, person("per_1", *collections), words, 5)]

    assert titles("结算卡", OPEN) == ["单位结算卡办法"]
    assert titles("47号", OPEN) == ["单位结算卡办法"]
    assert titles("100%", OPEN) == []
    assert titles("100%", SECRET) == ["100%计划"]
    assert titles("%", OPEN) == []
