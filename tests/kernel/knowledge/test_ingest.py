"""Documents come in once, whole, and with their history; a bad file stops nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from yinshu.kernel.audit.store import read_entries, verify_chain
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import metadata, reading
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.base.jobs import JobCancelled
from yinshu.kernel.gateway import Embedder
from yinshu.kernel.knowledge import store, tables
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.ports import ClauseIndex
from yinshu.kernel.knowledge.reading import PageProgress
from yinshu.kernel.knowledge.records import FreshVersion, Hints, SearchScope
from yinshu.kernel.knowledge.scan import read_index
from yinshu.kernel.knowledge.vectorise import Vectoriser

Write = Callable[[str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


@pytest.fixture
def write(folder: Path) -> Write:
    def _write(name: str, body: str) -> Path:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(body, "utf-8")
        return path

    return _write


def rule(number: int, days: int) -> str:
    return f"""示范银行账户管理办法（{number}）
第一章 总则
第一条 为规范账户管理，制定本办法。
第二条 开户资料的保存期限为{days}天。
第二章 附则
第三条 本办法自2020年1月{number}日起施行。
"""


def count(engine: Engine, table: str) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(metadata.tables[table])).scalar_one())


def searchable_rows(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(text("SELECT count(*) FROM clause_text")).scalar_one())


def found(engine: Engine, as_of: date) -> list[str]:
    """The text of every clause in force on a day."""
    with reading(engine) as connection:
        ids = list(connection.execute(select(tables.clauses.c.id)).scalars())
        scope = SearchScope(tuple(one.id for one in store.list_collections(connection)), as_of)
        return [one.text for one in store.get_clauses(connection, ids, scope)]


def test_every_file_of_a_folder_becomes_a_searchable_document(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    for number in range(1, 4):
        write(f"rule_{number}.txt", rule(number, 30))
    report = ingester.ingest([folder], "制度", published=True, actor="local")
    assert (report.files, report.new, report.failed) == (3, 3, ())
    assert report.clauses == count(engine, "clauses") == searchable_rows(engine) > 0


def test_the_same_files_again_change_nothing(engine: Engine, ingester: Ingester, folder: Path, write: Write) -> None:
    write("rule.txt", rule(1, 30))
    ingester.ingest([folder], "制度", published=True, actor="local")
    before = {name: count(engine, name) for name in ("documents", "versions", "clauses", "links")}
    report = ingester.ingest([folder], "制度", published=True, actor="local")
    assert (report.new, report.updated, report.unchanged) == (0, 0, 1)
    assert before == {name: count(engine, name) for name in before}


def test_a_changed_file_is_a_new_version_and_the_old_one_counts_for_the_past(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    write("rule.txt", rule(1, 30))
    ingester.ingest([folder], "制度", published=True, actor="local")
    write("rule.txt", rule(2, 60).replace("2020年", "2024年"))
    report = ingester.ingest(
        [folder], "制度", published=True, actor="local", hints={"rule.txt": Hints(effective_from=date(2024, 1, 2))}
    )
    assert (report.new, report.updated) == (0, 1)
    assert any("60天" in one for one in found(engine, date(2026, 11, 22)))
    assert not any("30天" in one for one in found(engine, date(2026, 11, 22)))
    assert any("30天" in one for one in found(engine, date(2023, 6, 1)))
    assert not any("60天" in one for one in found(engine, date(2023, 6, 1)))


def test_a_content_that_was_there_before_is_reinstated_not_doubled(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    for days in (30, 60, 30):
        write("rule.txt", rule(1, days))
        ingester.ingest([folder], "制度", published=True, actor="local")
    assert count(engine, "versions") == 2
    in_force = found(engine, date(2026, 11, 22))
    assert any("30天" in one for one in in_force)
    assert not any("60天" in one for one in in_force)
    assert searchable_rows(engine) == count(engine, "clauses")


def test_a_draft_is_not_found_until_it_is_published(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    write("rule.txt", rule(1, 30))
    ingester.ingest([folder], "制度", published=False, actor="local")
    assert found(engine, date(2026, 11, 22)) == []
    ingester.ingest([folder], "制度", published=True, actor="local")
    assert found(engine, date(2026, 11, 22)) != []
    assert count(engine, "versions") == 1


def test_a_bad_file_is_reported_with_its_name_and_the_rest_goes_on(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    write("good.txt", rule(1, 30))
    write("empty.txt", "")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 not a package")
    report = ingester.ingest([folder, folder / "absent.txt"], "制度", published=True, actor="local")
    assert report.new == 1
    assert len(report.failed) == 3
    for name in ("empty.txt", "broken.docx", "absent.txt"):
        assert any(name in one.file and name in one.error for one in report.failed), name


def test_a_batch_that_was_cut_short_is_finished_by_recovery(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    path = write("rule.txt", rule(1, 30))
    write("other.txt", rule(2, 60))
    batch = ingester.open([folder], "制度", published=True, actor="local")
    ingester.take_in(batch.batch_id, 0, 1)
    path.unlink()
    reports = ingester.recover()
    assert [(one.new, one.failed) for one in reports] == [(2, ())], "the kept originals are enough"
    assert ingester.recover() == []
    assert count(engine, "versions") == 2


def test_a_reader_that_crashes_costs_only_its_file(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    write("a.txt", rule(1, 30))
    write("b.txt", rule(2, 60))

    def crash(content: bytes, name: str, hints: Hints, progress: PageProgress) -> FreshVersion:
        if name == "a.txt":
            raise ZeroDivisionError
        return ingester.read(content, name, hints, progress)

    report = replace(ingester, read=crash).ingest([folder], "制度", published=True, actor="local")
    assert (report.new, [one.file for one in report.failed]) == (1, ["a.txt"])


def test_a_cancellation_is_not_taken_for_a_bad_file(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    write("rule.txt", rule(1, 30))

    def cancel(_content: bytes, _name: str, _hints: Hints, _progress: PageProgress) -> FreshVersion:
        raise JobCancelled("任务已取消。")

    cancelled = replace(ingester, read=cancel)
    with pytest.raises(JobCancelled):
        cancelled.ingest([folder], "制度", published=True, actor="local")
    assert [one.new for one in ingester.recover()] == [1]


def test_a_file_over_the_limit_is_refused_before_it_is_read(ingester: Ingester, folder: Path, write: Write) -> None:
    write("rule.txt", rule(1, 30))
    report = replace(ingester, file_bytes_max=10).ingest([folder], "制度", published=True, actor="local")
    assert "拆分" in report.failed[0].error


def test_progress_names_the_file(ingester: Ingester, folder: Path, write: Write) -> None:
    write("rule.txt", rule(1, 30))
    told: list[tuple[int, int, str]] = []
    ingester.ingest(
        [folder],
        "制度",
        published=True,
        actor="local",
        progress=lambda done, total, what: told.append((done, total, what)),
    )
    assert told == [(0, 1, "正在导入 rule.txt"), (1, 1, "")]


def test_a_failed_file_can_be_replaced_and_ingested_again(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    write("rule.txt", "")
    assert len(ingester.ingest([folder], "制度", published=True, actor="local").failed) == 1
    write("rule.txt", rule(1, 30))
    assert ingester.ingest([folder], "制度", published=True, actor="local").new == 1


def test_two_files_of_one_name_are_not_merged(ingester: Ingester, folder: Path, write: Write) -> None:
    first, second = write("a/rule.txt", rule(1, 30)), write("b/rule.txt", rule(2, 60))
    report = ingester.ingest([first, second], "制度", published=True, actor="local")
    assert (report.new, len(report.failed)) == (1, 1)
    assert "同名" in report.failed[0].error


def test_files_in_subfolders_keep_their_relative_names(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    write("a/rule.txt", rule(1, 30))
    write("b/rule.txt", rule(2, 60))
    assert ingester.ingest([folder], "制度", published=True, actor="local").new == 2
    with reading(engine) as connection:
        names = connection.execute(select(tables.documents.c.file_name)).scalars().all()
    assert sorted(names) == ["a/rule.txt", "b/rule.txt"]


def test_the_index_gives_titles_and_is_not_itself_a_document(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    write("rule.txt", rule(1, 30))
    table = write("index.csv", "file,title,published,kind\nrule.txt,账户管理办法,2020-01-01,policy\n")
    report = ingester.ingest([folder], "制度", hints=read_index(table), skip=[table], published=True, actor="local")
    assert report.files == 1
    with reading(engine) as connection:
        version = store.list_versions(connection, store.get_collection(connection, "制度").id)[0]
    assert version.title == "账户管理办法"


def test_the_ledger_tells_of_every_version_and_that_review_was_skipped(
    engine: Engine, ingester: Ingester, folder: Path, write: Write
) -> None:
    write("rule.txt", rule(1, 30))
    ingester.ingest([folder], "制度", published=True, actor="local")
    with reading(engine) as connection:
        entries = read_entries(connection)
        assert verify_chain(connection).ok
    assert [one.action for one in entries] == ["knowledge.ingest", "knowledge.ingest_batch"]
    assert entries[0].payload["bulk_loaded"] is True
    assert entries[0].payload["file"] == "rule.txt"


def test_the_original_is_kept_byte_for_byte(ingester: Ingester, folder: Path, write: Write) -> None:
    path = write("rule.txt", rule(1, 30))
    ingester.ingest([folder], "制度", published=True, actor="local")
    kept = [one for one in ingester.originals.folder.rglob("*") if one.is_file()]
    assert [one.read_bytes() for one in kept] == [path.read_bytes()]


def test_every_clause_gets_a_vector_and_only_once(
    engine: Engine, ingester: Ingester, vectoriser: Vectoriser, folder: Path, write: Write
) -> None:
    write("rule.txt", rule(1, 30))
    ingester.ingest([folder], "制度", published=True, actor="local")
    computed = vectoriser.fill_all()
    assert computed > 0
    assert vectoriser.fill_all() == 0
    with reading(engine) as connection:
        counted = vectoriser.count(store.get_collection(connection, "制度").id)
    assert counted.done == counted.total == count(engine, "clauses")


def test_text_and_vectors_are_found_through_the_index(
    engine: Engine,
    ingester: Ingester,
    vectoriser: Vectoriser,
    index: ClauseIndex,
    embedder: Embedder,
    folder: Path,
    write: Write,
) -> None:
    write("rule.txt", rule(1, 30))
    ingester.ingest([folder], "制度", published=True, actor="local")
    vectoriser.fill_all()
    with reading(engine) as connection:
        scope = SearchScope((store.get_collection(connection, "制度").id,), date(2026, 11, 22))
        hits = index.search_vector(connection, embedder.name, embedder.embed_query("期限"), scope, 50)
    assert len(hits) == count(engine, "clauses")


@pytest.mark.parametrize("name", ["", "   ", "名" * 201, "a\nb"])
def test_a_collection_needs_a_proper_name(ingester: Ingester, folder: Path, name: str) -> None:
    with pytest.raises(BadArgument):
        ingester.ingest([folder], name, actor="local")


def test_neighbours_and_groups_stay_inside_the_document(
    engine: Engine, ingester: Ingester, folder: Path, write: Write, clock: Clock
) -> None:
    write("rule_1.txt", rule(1, 30))
    write("rule_2.txt", rule(2, 60))
    ingester.ingest([folder], "制度", published=True, actor="local")
    with reading(engine) as connection:
        versions = store.list_versions(connection, store.get_collection(connection, "制度").id)
        clauses = store.list_clauses(connection, versions[0].version_id)
        around = store.neighbours(connection, clauses[1])
        group = store.group_of(connection, clauses[1])
    assert [one.ordinal for one in around] == [0, 1, 2]
    assert {one.version.version_id for one in around} == {versions[0].version_id}
    assert clauses[1] in group
