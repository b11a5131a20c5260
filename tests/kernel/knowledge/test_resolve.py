"""What later versions and documents say decides when a clause counts, in whatever order they come in."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from yinshu.kernel.base.database import reading, writing
from yinshu.kernel.knowledge import store, tables
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.records import SearchScope, VersionInfo
from yinshu.kernel.knowledge.resolve import Supposed, prepare, resolve_collection, still_good, version_periods
from yinshu.kernel.knowledge.store import Period
from yinshu.kernel.knowledge.timeline import VersionPeriod

OLD = """示范银行现金管理办法
第一条 为规范现金管理，制定本办法。
第二条 大额取现应提前一天预约。
第三条 本办法自2015年1月1日起施行。
"""
NEW = """示范银行现金业务管理办法
第一条 为规范现金业务，制定本办法。
第二条 大额取现应提前两天预约。
第三条 本办法自2022年7月1日起施行，《示范银行现金管理办法》同时废止。
"""
OTHER = """示范银行印章管理办法
第一条 印章由专人保管。
第二条 本办法自2018年1月1日起施行。
"""


def version(ordinal: int, **dates: date) -> VersionInfo:
    return VersionInfo(f"ver_{ordinal}", "doc_1", "col_1", "办法", "rule.txt", ordinal=ordinal, **dates)  # type: ignore[arg-type]


def periods(*series: VersionInfo, published_on: date | None = None) -> list[Period]:
    stated = {one.version_id: VersionPeriod(one.effective_from, one.effective_to) for one in series}
    counted = version_periods(series, stated, dict.fromkeys(stated, published_on))
    return [counted[one.version_id] for one in series]


def test_a_version_ends_when_the_next_begins() -> None:
    first, second = version(1, effective_from=date(2015, 1, 1)), version(2, effective_from=date(2022, 7, 1))
    assert periods(first, second) == [Period(date(2015, 1, 1), date(2022, 7, 1)), Period(date(2022, 7, 1))]


def test_a_corrected_copy_replaces_the_first_entirely() -> None:
    first, second = version(1, effective_from=date(2015, 1, 1)), version(2, effective_from=date(2015, 1, 1))
    assert periods(first, second)[0] == Period(date(2015, 1, 1), date(2015, 1, 1))


def test_without_a_day_of_effect_the_day_of_issue_counts_and_then_that_of_publication() -> None:
    assert periods(version(1, issued_on=date(2015, 3, 4))) == [Period(date(2015, 3, 4))]
    assert periods(version(1), version(2), published_on=date(2024, 5, 6)) == [
        Period(None, date(2024, 5, 6)),
        Period(date(2024, 5, 6)),
    ]


def test_a_versions_own_end_holds_when_it_is_earlier() -> None:
    first = version(1, effective_from=date(2015, 1, 1), effective_to=date(2017, 1, 1))
    assert periods(first, version(2, effective_from=date(2022, 7, 1)))[0].end == date(2017, 1, 1)


def in_force(engine: Engine, day: date) -> str:
    with reading(engine) as connection:
        scope = SearchScope((store.get_collection(connection, "制度").id,), day)
        ids = list(connection.execute(select(tables.clauses.c.id)).scalars())
        return "".join(one.text for one in store.get_clauses(connection, ids, scope))


@pytest.mark.parametrize("order", list(permutations(["old", "new", "other"])), ids="-".join)
def test_a_repeal_ends_its_target_whichever_comes_first(
    engine: Engine, ingester: Ingester, tmp_path: Path, order: tuple[str, ...]
) -> None:
    texts = {"old": OLD, "new": NEW, "other": OTHER}
    for name in order:
        path = tmp_path / f"{name}.txt"
        path.write_text(texts[name], "utf-8")
        ingester.ingest([path], "制度", published=True, actor="local")
    assert "提前一天" in in_force(engine, date(2020, 1, 1))
    assert "提前两天" not in in_force(engine, date(2020, 1, 1))
    assert "提前一天" not in in_force(engine, date(2026, 11, 22))
    assert "提前两天" in in_force(engine, date(2026, 11, 22))
    assert "专人保管" in in_force(engine, date(2026, 11, 22))
    with reading(engine) as connection:
        collection = store.get_collection(connection, "制度")
        ended = {one.document_id for one in store.list_versions(connection, collection.id) if "现金管理" in one.title}
        links = store.list_links(connection, collection.id)
    assert {one.to_document_id for one in links} == ended


def test_resolving_again_changes_nothing(engine: Engine, ingester: Ingester, tmp_path: Path) -> None:
    for name, body in (("old.txt", OLD), ("new.txt", NEW)):
        (tmp_path / name).write_text(body, "utf-8")
    ingester.ingest([tmp_path / "old.txt", tmp_path / "new.txt"], "制度", published=True, actor="local")
    with reading(engine) as connection:
        collection_id = store.get_collection(connection, "制度").id
    assert resolve_collection(engine, collection_id) == 0


def test_a_draft_repeals_nothing(engine: Engine, ingester: Ingester, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text(OLD, "utf-8")
    (tmp_path / "new.txt").write_text(NEW, "utf-8")
    paths = [tmp_path / "old.txt", tmp_path / "new.txt"]
    ingester.ingest(paths, "制度", published=False, actor="local")
    assert in_force(engine, date(2026, 11, 22)) == ""
    ingester.ingest([tmp_path / "old.txt"], "制度", published=True, actor="local")
    assert "提前一天" in in_force(engine, date(2026, 11, 22))


def test_what_was_prepared_for_one_day_is_not_written_for_another(
    engine: Engine, ingester: Ingester, tmp_path: Path
) -> None:
    (tmp_path / "other.txt").write_text(OTHER, "utf-8")
    ingester.ingest([tmp_path / "other.txt"], "制度", published=True, actor="local")
    with reading(engine) as connection:
        collection_id = store.get_collection(connection, "制度").id
        (info,) = store.list_versions(connection, collection_id)
    before, after = (Supposed(info, ended_on=date(2026, 11, day)) for day in (21, 22))
    prepared = prepare(engine, collection_id, before)
    with writing(engine) as connection:
        assert still_good(connection, collection_id, before, prepared) is prepared
        anew = still_good(connection, collection_id, after, prepared)
    assert {one.end for one in prepared.periods.values()} == {date(2026, 11, 21)}
    assert {one.end for one in anew.periods.values()} == {date(2026, 11, 22)}
