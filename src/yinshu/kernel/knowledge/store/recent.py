"""Which rules changed lately or soon will, and which documents are called by some words, as far as one may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import Connection, and_, or_, select

from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES, VersionInfo
from yinshu.kernel.knowledge.store.catalogue import readable_documents
from yinshu.kernel.knowledge.store.clauses import get_versions
from yinshu.kernel.knowledge.tables import documents, versions

ChangeKind = Literal["new", "amended", "superseded"]
ROWS_MAX = 500


@dataclass(frozen=True)
class ChangedRule:
    """A version that began or will begin to count (new, amended), or ceased to (superseded), on a day."""

    version: VersionInfo
    change: ChangeKind
    on: date


def changed_rules(connection: Connection, subject: Subject, today: date, days: int) -> list[ChangedRule]:
    """What came into force, was published or ended in the last `days`, or will in the next; the latest day first.

    Libraries are filled in bulk, so that the day of publication counts only for what was reviewed here.
    """
    since, until = today - timedelta(days=days), today + timedelta(days=days)
    published = and_(versions.c.published_on.between(since, today), versions.c.bulk_loaded.is_(False))
    begins = versions.c.effective_from.between(since, until)
    ends = versions.c.effective_to.between(since, until)
    query = (
        select(versions.c.id, versions.c.published_on, versions.c.bulk_loaded)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(versions.c.status.in_(SEARCHABLE_STATUSES), or_(published, begins, ends), readable_documents(subject))
        .order_by(versions.c.id.desc())
        .limit(ROWS_MAX)
    )
    rows = connection.execute(query).all()
    infos = get_versions(connection, [row.id for row in rows])
    changed: list[ChangedRule] = []
    for row in rows:
        info = infos[row.id]
        ended, begun = info.effective_to, info.effective_from or row.published_on
        if ended is not None and since <= ended <= until:
            changed.append(ChangedRule(info, "superseded", ended))
        elif begun is not None and since <= begun <= until:
            changed.append(ChangedRule(info, "new" if info.ordinal == 1 else "amended", begun))
        elif row.published_on is not None:
            changed.append(ChangedRule(info, "new" if info.ordinal == 1 else "amended", row.published_on))
    return sorted(changed, key=lambda one: (one.on, one.version.version_id), reverse=True)


def find_documents(connection: Connection, subject: Subject, words: str, limit: int) -> list[VersionInfo]:
    """The latest published versions whose title, number or file name holds the words, by title."""
    fields = (versions.c.title, versions.c.number, documents.c.file_name)
    query = (
        select(versions.c.id)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(
            versions.c.status == "published",
            readable_documents(subject),
            or_(*(field.icontains(words, autoescape=True) for field in fields)),
        )
        .order_by(versions.c.title, versions.c.id)
        .limit(limit)
    )
    ids = list(connection.execute(query).scalars())
    found = get_versions(connection, ids)
    return [found[one] for one in ids]
