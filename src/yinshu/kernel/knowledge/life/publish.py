"""Publication and archival: statuses, dates of the whole collection and the search index change in one transaction."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date

from yinshu.kernel.base.database import Connection, reading, writing
from yinshu.kernel.base.errors import BadArgument, YinshuError
from yinshu.kernel.identity import Subject, require, sees_everything
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life import errors
from yinshu.kernel.knowledge.life.desk import Desk, of_document, open_version
from yinshu.kernel.knowledge.life.records import VersionFile
from yinshu.kernel.knowledge.life.stale import flag_stale
from yinshu.kernel.knowledge.life.transition import (
    checked_comment,
    is_alone,
    last_review,
    leave_trace,
    lock,
    refuse_maker,
    require_status,
)
from yinshu.kernel.knowledge.records import SEARCHABLE_STATUSES
from yinshu.kernel.knowledge.resolve import Resolution, Supposed, prepare, still_good, write
from yinshu.kernel.knowledge.store import catalogue, lifecycle

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Archival:
    """How a version goes: it counted until `ended_on` (today when None), or it was a slip and never counted."""

    ended_on: date | None = None
    mistaken: bool = False


def publish(desk: Desk, subject: Subject, version_id: str, comment: str = "", *, on: date | None = None) -> VersionFile:
    """Publish an approved version now, or plan it for a day. A version that is published already stays as it is.

    Raises Conflict when it is not approved, or when a later version of the document is published.
    """
    said = checked_comment(comment)
    prepared = prepare_publication(desk, version_id, subject)
    with writing(desk.engine) as connection:
        _, file = lock(connection, subject, version_id, "publish")
        if file.info.status != "published":
            require_status(file, "in_review")
            publish_or_plan(desk, connection, subject.id, file, prepared, on, said)
        result = _as_it_is(connection, version_id)
    if result.info.status == "published":
        desk.vectors_wanted()
    return result


def prepare_publication(desk: Desk, version_id: str, subject: Subject | None = None) -> Resolution | None:
    """The dates as they will be once the version is published, computed before anybody has to wait for it.

    Raises what `lock` raises when a subject is named that may not publish.
    """
    with reading(desk.engine) as connection:
        if subject is not None:
            open_version(connection, subject, version_id, "publish")
        file = catalogue.find_version_file(connection, version_id)
    if file is None or file.info.status != "in_review":
        return None
    return prepare(desk.engine, file.info.collection_id, _publication(desk, file))


def _publication(desk: Desk, file: VersionFile) -> Supposed:
    return Supposed(file.info, published_on=desk.clock.today())


def publish_or_plan(
    desk: Desk,
    connection: Connection,
    actor: str,
    file: VersionFile,
    prepared: Resolution | None,
    on: date | None,
    comment: str = "",
) -> None:
    """Publish now, or write the day down when it is still to come; the caller's transaction holds the lock."""
    today = desk.clock.today()
    if on is not None and on > today:
        _refuse_unready(connection, file)
        lifecycle.plan_publication(connection, file.info.version_id, on)
        leave_trace(desk, connection, actor, file, "scheduled", comment=comment, detail={"publish_on": on.isoformat()})
        return
    _publish(desk, connection, actor, file, prepared, comment)


def _refuse_unready(connection: Connection, file: VersionFile) -> None:
    if last_review(connection, file).outcome != "approved":
        raise errors.Conflict(f"《{file.info.title}》还没有审核通过，不能发布。请先由另一位同事审核。")
    if lifecycle.newer_published(connection, file.info.document_id, file.info.ordinal):
        raise errors.Conflict(
            f"《{file.info.title}》已有更新的版本发布，这一版不能再发布。需要时请重新上传它作为新版本。"
        )


def _publish(
    desk: Desk, connection: Connection, actor: str, file: VersionFile, prepared: Resolution | None, comment: str
) -> None:
    _refuse_unready(connection, file)
    info, today = file.info, desk.clock.today()
    dates = still_good(connection, info.collection_id, _publication(desk, file), prepared)
    from_day = info.effective_from or info.issued_on or today
    superseded = store.supersede(connection, info.document_id, file.content_sha256, from_day)
    lifecycle.mark_published(connection, file, today)
    changed = write(connection, dates)
    stale = flag_stale(connection, info.collection_id, desk.clock)
    leave_trace(
        desk,
        connection,
        actor,
        file,
        "published",
        comment=comment,
        detail={"superseded": superseded, "clauses_redated": changed, "questions_stale": stale},
    )


def publish_due(desk: Desk) -> list[str]:
    """Publish every approved version whose day has come; returns their ids. Called by a clock, in any process.

    One that cannot be published any more is logged and left as it is; the others go on.
    """
    with reading(desk.engine) as connection:
        due = lifecycle.due_versions(connection, desk.clock.today())
    done: list[str] = []
    for version_id in due:
        try:
            if _publish_planned(desk, version_id):
                done.append(version_id)
        except YinshuError as error:
            _log.warning("publication.refused version=%s code=%s", version_id, error.code)
    if done:
        desk.vectors_wanted()
    return done


def _publish_planned(desk: Desk, version_id: str) -> bool:
    prepared = prepare_publication(desk, version_id)
    with writing(desk.engine) as connection:
        before = catalogue.find_version_file(connection, version_id)
        assert before is not None, "a version is never deleted"
        store.lock_collection(connection, before.info.collection_id)
        file = _as_it_is(connection, version_id)
        if file.info.status != "in_review" or file.publish_on is None or file.publish_on > desk.clock.today():
            return False
        planned_by = lifecycle.planner(connection, version_id)
        _publish(desk, connection, planned_by, file, prepared, "")
        return True


def archive(
    desk: Desk, subject: Subject, version_id: str, comment: str = "", *, how: Archival | None = None
) -> VersionFile:
    """Archive a version: what was published ends, what was not is put aside.

    A published version is archived by somebody who did not make it; only the operator of the machine, who may also
    load without review, is free of that. A slip takes the version out as if it had never been, and the version that
    it replaced counts again. Raises Conflict when it is archived already.
    """
    how = how or Archival()
    said = checked_comment(comment)
    prepared = _prepare_archival(desk, subject, version_id, how)
    with writing(desk.engine) as connection:
        document, file = lock(connection, subject, version_id, "read")
        require_status(file, "draft", "in_review", "published", "superseded")
        counted = file.info.status in SEARCHABLE_STATUSES
        require(subject, "publish" if counted else "ingest", of_document(document))
        if counted and not sees_everything(subject) and not is_alone(connection, file):
            refuse_maker(connection, subject, file, "归档")
        detail = _archive(desk, connection, file, how, prepared) if counted else {}
        if not counted:
            lifecycle.mark_archived(connection, version_id, None)
        leave_trace(desk, connection, subject.id, file, "archived", comment=said, detail=detail)
        return _as_it_is(connection, version_id)


def _prepare_archival(desk: Desk, subject: Subject, version_id: str, how: Archival) -> Resolution | None:
    """The dates as they will be once the version is archived, computed before anybody has to wait for it."""
    with reading(desk.engine) as connection:
        document, file = open_version(connection, subject, version_id)
        if file.info.status not in SEARCHABLE_STATUSES:
            return None
        require(subject, "publish", of_document(document))
    return prepare(desk.engine, file.info.collection_id, _archival(desk, file, how))


def _archival(desk: Desk, file: VersionFile, how: Archival) -> Supposed:
    """What archiving changes. Raises BadArgument for a day that is still to come."""
    if how.mistaken:
        return Supposed(file.info, gone=True)
    ended_on = how.ended_on or desk.clock.today()
    if ended_on > desk.clock.today():
        raise BadArgument("归档日期不能在今天之后。请选择今天或更早的日期。")
    return Supposed(file.info, ended_on=ended_on)


def _archive(
    desk: Desk, connection: Connection, file: VersionFile, how: Archival, prepared: Resolution | None
) -> dict[str, str | int | bool | None]:
    info = file.info
    supposed = _archival(desk, file, how)
    ended_on = supposed.ended_on
    dates = still_good(connection, info.collection_id, supposed, prepared)
    lifecycle.mark_archived(connection, info.version_id, ended_on)
    restored = None
    if how.mistaken and info.status == "published":
        restored = lifecycle.predecessor(connection, info.document_id, info.ordinal)
        if restored is not None:
            earlier = _as_it_is(connection, restored)
            lifecycle.mark_published(connection, earlier, None)
    changed = write(connection, dates)
    stale = flag_stale(connection, info.collection_id, desk.clock)
    return {
        "ended_on": ended_on.isoformat() if ended_on else None,
        "mistaken": how.mistaken,
        "restored": restored,
        "clauses_redated": changed,
        "questions_stale": stale,
    }


def _as_it_is(connection: Connection, version_id: str) -> VersionFile:
    file = catalogue.find_version_file(connection, version_id)
    assert file is not None, "a version is never deleted"
    return file
