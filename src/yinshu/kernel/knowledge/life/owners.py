"""Who answers for a document, and by when somebody must look at it again."""

from __future__ import annotations

from datetime import date
from typing import Any

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.database import writing
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.life.desk import Desk, open_document
from yinshu.kernel.knowledge.life.records import DocumentFacts
from yinshu.kernel.knowledge.store import catalogue, correct, names


def change(
    desk: Desk,
    subject: Subject,
    document_id: str,
    *,
    owner_id: str | None = None,
    review_on: date | None = None,
    clear_review: bool = False,
) -> DocumentFacts:
    """Name another owner ("" for none) or day of review; whoever manages or maintains the document may.

    Raises NotFound when it is hidden, BadArgument for an owner whom nobody knows or a day that is over.
    """
    with writing(desk.engine) as connection:
        before = open_document(connection, subject, document_id, "ingest")
        values: dict[str, Any] = {}
        if owner_id is not None and (owner_id or None) != before.owner_id:
            if owner_id and owner_id not in names.names_of(connection, [owner_id]):
                raise BadArgument("没有这位负责人。请从人员中选择。")
            values["owner_id"] = owner_id or None
        if review_on is not None:
            if review_on <= desk.clock.today():
                raise BadArgument("下次复审日期要在今天之后。请重新选择。")
            values["review_on"] = review_on
        elif clear_review:
            values["review_on"] = None
        if values:
            correct.write_document(connection, document_id, values)
            told = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
            append(
                connection,
                desk.clock,
                actor=subject.id,
                action="knowledge.document_changed",
                subject=document_id,
                payload=told,
            )
        after = catalogue.find_document(connection, document_id)
    assert after is not None, "documents are never deleted"
    return after
