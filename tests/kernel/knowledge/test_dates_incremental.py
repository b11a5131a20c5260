"""Dates computed for one change alone are those that everything computed anew gives, whatever the library."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.desks import make_desk
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading
from yinshu.kernel.base.errors import YinshuError
from yinshu.kernel.identity import local_operator
from yinshu.kernel.knowledge import resolve, store
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.life import correct, publish, review
from yinshu.kernel.knowledge.life.correct import LinkChange
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.life.publish import Archival
from yinshu.kernel.knowledge.ports import ClauseIndex
from yinshu.kernel.knowledge.tables import corrections, links, versions

SEEDS = range(6)
SUBJECTS = ["现金", "印章", "尾箱", "凭证"]
STEPS = 14
FIRST_DAY = date(2015, 1, 1)
MAKER = local_operator()
CHECKER = replace(MAKER, id="checker")


def a_day(chance: random.Random) -> date:
    return FIRST_DAY + timedelta(days=chance.randrange(0, 3_600))


def a_rule(chance: random.Random, subject: str) -> str:
    """A rule that may repeal or amend another, in whole or in an article."""
    day, other = a_day(chance), chance.choice(SUBJECTS)
    said = chance.choice(
        [
            "",
            f"，《示范银行{other}管理办法》同时废止",
            f"，《示范银行{other}管理办法》第二条同时废止",
        ]
    )
    amends = chance.choice(["", f"第九条 将《示范银行{other}管理办法》第三条修改为：“{other}由三人会同保管。”\n"])
    return (
        f"示范银行{subject}管理办法\n第一条 为规范{subject}管理，制定本办法。\n"
        f"第二条 {subject}应当在{chance.randrange(2, 30)}个工作日内登记。\n第三条 {subject}由专人保管。\n{amends}"
        f"第十条 本办法自{day.year}年{day.month}月{day.day}日起施行{said}。\n"
    )


class Library:
    """A library that changes step by step, with what it takes to change it."""

    def __init__(self, desk: Desk, ingester: Ingester, folder: Path, chance: random.Random) -> None:
        self.desk, self.ingester, self.folder, self.chance = desk, ingester, folder, chance
        self.files = 0

    def take_in(self, subject: str, *, published: bool) -> None:
        """Another version of a rule, or the rule."""
        self.files += 1
        place = self.folder / str(self.files)
        place.mkdir()
        (place / f"{subject}.txt").write_text(a_rule(self.chance, subject), "utf-8")
        self.ingester.ingest([place], "制度", published=published, actor="maker")

    def one(self, query: Any) -> str | None:
        """One of the ids that a query gives, by chance."""
        with reading(self.desk.engine) as connection:
            found = sorted(str(one) for one in connection.execute(query).scalars())
        return self.chance.choice(found) if found else None

    def step(self) -> str:
        """One change by chance; what was tried."""
        chosen = self.chance.choice([self.publish, self.archive, self.take_back, self.redate, self.rename, self.relink])
        try:
            chosen()
        except YinshuError:
            return f"{chosen.__name__} refused"
        return chosen.__name__

    def publish(self) -> None:
        self.take_in(self.chance.choice(SUBJECTS), published=False)
        draft = self.one(select(versions.c.id).where(versions.c.status == "draft"))
        if draft is not None:
            review.submit(self.desk, MAKER, draft)
            review.approve(self.desk, CHECKER, draft, publish_now=True)

    def archive(self) -> None:
        self._archive(Archival(ended_on=a_day(self.chance)))

    def take_back(self) -> None:
        self._archive(Archival(mistaken=True))

    def _archive(self, how: Archival) -> None:
        found = self.one(select(versions.c.id).where(versions.c.status.in_(("published", "superseded"))))
        if found is not None:
            publish.archive(self.desk, MAKER, found, how=how)

    def redate(self) -> None:
        name = self.chance.choice(["effective_from", "effective_to", "issued_on"])
        self._correct({name: a_day(self.chance).isoformat()})

    def rename(self) -> None:
        self._correct({"title": f"示范银行{self.chance.choice(SUBJECTS)}管理办法"})

    def _correct(self, fields: dict[str, str]) -> None:
        found = self.one(select(versions.c.id).where(versions.c.status.in_(("published", "superseded"))))
        if found is not None:
            correct.correct_card(self.desk, MAKER, found, fields)
            self._accept()

    def relink(self) -> None:
        found = self.one(select(links.c.id))
        if found is not None:
            change = self.chance.choice(
                [
                    LinkChange(mark="rejected"),
                    LinkChange(mark="confirmed"),
                    LinkChange(effective_on=a_day(self.chance)),
                    LinkChange(relation="repeals", target_articles=("第二条",)),
                ]
            )
            correct.correct_link(self.desk, MAKER, found, change)
            self._accept()

    def _accept(self) -> None:
        waiting = self.one(select(corrections.c.id).where(corrections.c.outcome.is_(None)))
        if waiting is not None:
            correct.decide(self.desk, CHECKER, waiting, accept=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_after_every_change_nothing_is_left_for_a_full_computation(
    seed: int, engine: Engine, index: ClauseIndex, ingester: Ingester, clock: Clock, tmp_path: Path
) -> None:
    library = Library(make_desk(engine, index, clock, tmp_path), ingester, tmp_path, random.Random(seed))
    for subject in SUBJECTS:
        library.take_in(subject, published=True)
    with reading(engine) as connection:
        collection_id = store.get_collection(connection, "制度").id
    done: list[str] = []
    for _ in range(STEPS):
        done.append(library.step())
        with reading(engine) as connection:
            left = resolve.compute(connection, collection_id)
        assert left.periods == {}, done
        assert left.targets == {}, done
    assert sum("refused" not in one for one in done) >= STEPS // 2, done


def test_a_change_reads_no_clause_that_it_does_not_touch(
    engine: Engine,
    index: ClauseIndex,
    ingester: Ingester,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = Library(make_desk(engine, index, clock, tmp_path), ingester, tmp_path, random.Random(1))
    for subject in SUBJECTS:
        library.take_in(subject, published=True)
    read: list[str] = []
    dated = store.dated_clauses

    def noted(connection: Any, collection_id: str, version_ids: Any, *rest: Any, **named: Any) -> Any:
        found = dated(connection, collection_id, version_ids, *rest, **named)
        read.extend(one.version_id for one in found)
        return found

    monkeypatch.setattr(store, "dated_clauses", noted)
    single = library.one(select(versions.c.id).where(versions.c.title == "示范银行凭证管理办法"))
    assert single is not None
    publish.archive(library.desk, MAKER, single, how=Archival(ended_on=date(2026, 11, 1)))
    assert set(read) == {single}
