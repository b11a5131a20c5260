"""A small library with people of different rights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.desks import make_desk
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import reading
from yinshu.kernel.identity import Grant, GrantedAction, Holder, Subject
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.ingest import Ingester
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.ports import ClauseIndex
from yinshu.kernel.knowledge.tables import documents, versions

CASH = (
    "单位现金管理办法\n"
    "第一章 总则\n"
    "第一条 为加强现金管理，制定本办法。\n"
    "第二章 支取\n"
    "第二条 单位卡账户的资金一律从其基本存款账户转账存入，单位卡不得支取现金。\n"
    "第三条 单位支取现金超过十万元的，应当至少提前一个工作日预约。\n"
    "第四条 本办法自2020年1月1日起施行。\n"
)
CASH_NEW = CASH.replace("十万元", "五万元").replace("2020年1月1日", "2026年12月1日")
SEALS = "业务印章管理办法\n第一条 业务印章由专人保管。\n第二条 本办法自2021年7月1日起施行。\n"
COLLECTION = "制度"


@pytest.fixture
def desk(engine: Engine, index: ClauseIndex, clock: Clock, tmp_path: Path) -> Desk:
    """The desk of the test's database."""
    return make_desk(engine, index, clock, tmp_path)


@pytest.fixture
def put(ingester: Ingester, tmp_path: Path) -> Callable[..., str]:
    """Takes a text in as a file of a collection and gives its version's id."""

    def take_in(
        name: str, text: str, *, by: str = "maker", published: bool = False, collection: str = COLLECTION
    ) -> str:
        folder = tmp_path / "in" / str(len(list((tmp_path / "in").glob("*"))) if (tmp_path / "in").exists() else 0)
        folder.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")
        ingester.ingest([folder], collection, published=published, actor=by)
        with reading(ingester.engine) as connection:
            query = (
                select(versions.c.id)
                .join(documents, documents.c.id == versions.c.document_id)
                .where(documents.c.file_name == name)
                .order_by(versions.c.ordinal.desc())
            )
            return str(connection.execute(query).scalars().first())

    return take_in


@pytest.fixture
def collection_id(desk: Desk, put: Callable[..., str]) -> str:
    """A collection with one published rule."""
    put("印章.txt", SEALS, published=True)
    with reading(desk.engine) as connection:
        return store.get_collection(connection, COLLECTION).id


@pytest.fixture
def person(collection_id: str) -> Callable[..., Subject]:
    """Makes a person with rights on the collection."""

    def make(name: str, *actions: GrantedAction, on: str = collection_id) -> Subject:
        holder = Holder("person", name)
        grants = tuple(Grant(f"grt_{name}_{action}", "collection", on, holder, action) for action in actions)
        return Subject(name, name, clearance="confidential", grants=grants)

    return make


@pytest.fixture
def maker(person: Callable[..., Subject]) -> Subject:
    """Uploads and submits."""
    return person("maker", "read", "ingest")


@pytest.fixture
def checker(person: Callable[..., Subject]) -> Subject:
    """Approves and publishes."""
    return person("checker", "read", "publish")


@pytest.fixture
def reader(person: Callable[..., Subject]) -> Subject:
    """Only reads."""
    return person("reader", "read")


@pytest.fixture
def stranger(person: Callable[..., Subject]) -> Subject:
    """Has rights elsewhere only."""
    return person("stranger", "read", "ingest", "publish", on="col_elsewhere")
