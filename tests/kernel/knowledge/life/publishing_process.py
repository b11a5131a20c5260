"""A process that brings every draft of a library to publication and may be killed at any moment.

Run with the database's URL, the folder and the collection's id; tells "ready" and "done".
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import select

from tests.desks import make_desk
from yinshu.adapters.indexes.postgres_index import PostgresIndex
from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import open_engine, reading
from yinshu.kernel.identity import Grant, GrantedAction, Holder, Subject
from yinshu.kernel.knowledge.life import review
from yinshu.kernel.knowledge.tables import versions


def person(name: str, collection_id: str, *actions: GrantedAction) -> Subject:
    holder = Holder("person", name)
    grants = tuple(Grant(f"grt_{name}_{action}", "collection", collection_id, holder, action) for action in actions)
    return Subject(name, name, clearance="secret", grants=grants)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(url: str, home: Path, collection_id: str) -> None:
    engine = open_engine(url)
    desk = make_desk(engine, SqliteIndex() if url.startswith("sqlite") else PostgresIndex(), Clock(), home)
    maker = person("maker", collection_id, "read", "ingest")
    checker = person("checker", collection_id, "read", "publish")
    say("ready")
    with reading(engine) as connection:
        query = select(versions.c.id, versions.c.status).order_by(versions.c.ordinal, versions.c.id)
        waiting = [tuple(row) for row in connection.execute(query)]
    for version_id, status in waiting:
        if status == "draft":
            review.submit(desk, maker, version_id)
        if status in ("draft", "in_review"):
            review.approve(desk, checker, version_id, publish_now=True)
    say("done")
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
