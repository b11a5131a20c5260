"""People, a small library with two collections, and answers that cite it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Engine, insert

from yinshu.kernel.assistant import Assistant
from yinshu.kernel.assistant.attach import Attachments
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import writing
from yinshu.kernel.identity import Grant, Holder, Subject
from yinshu.kernel.knowledge.reading import file_reader
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Citation
from yinshu.kernel.knowledge.tables import collections, documents, versions

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
OPEN, SECRET = "col_open", "col_secret"
SECRET_WORDS = "机密收购计划"
CLAIM_SECONDS = 45


def person(name: str, *readable: str, department: str = "dep_ops", post: str = "pst_teller") -> Subject:
    """Somebody who may read these collections."""
    grants = tuple(Grant(f"grn_{name}_{one}", "collection", one, Holder("person", name), "read") for one in readable)
    return Subject(
        name,
        name,
        "总行/运营管理部",
        department_ids=("dep_top", department),
        post_ids=(post,),
        clearance="internal",
        grants=grants,
    )


def make_assistant(engine: Engine, clock: Clock) -> Assistant:
    """The assistant room; it reads every format of file but no scans."""
    return Assistant(engine, clock, CLAIM_SECONDS, Attachments(engine, clock, file_reader()))


def make_library(engine: Engine) -> None:
    """One document in each collection."""
    with writing(engine) as connection:
        for one, title in ((OPEN, "单位卡办法"), (SECRET, SECRET_WORDS)):
            connection.execute(insert(collections).values(id=one, name=one, axes={}, created_at=NOW))
            connection.execute(
                insert(documents).values(
                    id=f"doc_{one}", collection_id=one, file_name=f"{one}.txt", title=title, level=1, created_at=NOW
                )
            )
            connection.execute(
                insert(versions).values(
                    id=f"ver_{one}",
                    document_id=f"doc_{one}",
                    collection_id=one,
                    ordinal=1,
                    status="published",
                    content_sha256=one,
                    media_type="text/plain",
                    size_bytes=1,
                    title=title,
                    created_at=NOW,
                )
            )


def citation(n: int, collection: str) -> Citation:
    """A source in one of the collections."""
    words = SECRET_WORDS if collection == SECRET else "单位卡不得支取现金"
    return Citation(
        n,
        words if collection == SECRET else "单位卡办法",
        f"{collection}.txt",
        f"ver_{collection}",
        "第三条",
        words,
        n,
        effective_from=date(2020, 1, 1),
        document_id=f"doc_{collection}",
    )


def both_answer() -> Answer:
    """Two sentences, one of each collection."""
    sentences = (AnswerSentence("单位卡不得支取现金。", (1,), True), AnswerSentence(f"{SECRET_WORDS}。", (2,), True))
    text = "\n".join(one.text for one in sentences)
    return Answer("answered", text, sentences, (citation(1, OPEN), citation(2, SECRET)), confidence=0.9)
