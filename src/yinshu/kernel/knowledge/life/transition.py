"""What every step of a version shares: the locks, the state it must be in, and the trace it leaves."""

from __future__ import annotations

from typing import Any

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.database import Connection
from yinshu.kernel.base.errors import BadArgument
from yinshu.kernel.identity import Action, Subject
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life import errors
from yinshu.kernel.knowledge.life.desk import Desk, open_version
from yinshu.kernel.knowledge.life.records import DocumentFacts, Review, Step, VersionFile
from yinshu.kernel.knowledge.records import Status
from yinshu.kernel.knowledge.store import catalogue, names, reviews, shelves

COMMENT_CHARS_MAX = 2_000
_NOW: dict[Status, str] = {
    "draft": "现在是草稿，请先提交审核",
    "in_review": "正在审核中",
    "published": "已经发布",
    "superseded": "已被新版本取代",
    "archived": "已经归档",
}


def checked_comment(comment: str, *, required: str = "") -> str:
    """The comment without outer white space. Raises BadArgument when too long, or empty where `required` says why."""
    text = comment.strip()
    if len(text) > COMMENT_CHARS_MAX:
        raise BadArgument(f"说明超过 {COMMENT_CHARS_MAX} 个字，请精简后再提交。")
    if required and not text:
        raise BadArgument(required)
    return text


def lock(
    connection: Connection, subject: Subject, version_id: str, action: Action
) -> tuple[DocumentFacts, VersionFile]:
    """The version as it is once nobody else can change it or its collection until the transaction ends.

    Raises NotFound when it is not there or hidden, NotAllowed when the right to `action` is lacking.
    """
    before = catalogue.find_version_file(connection, version_id)
    if before is None:
        raise errors.no_version(version_id)
    store.lock_collection(connection, before.info.collection_id)
    return open_version(connection, subject, version_id, action)


def require_status(file: VersionFile, *statuses: Status) -> None:
    """Raise Conflict, saying how things stand, unless the version is in one of the states."""
    if file.info.status not in statuses:
        raise errors.Conflict(
            f"《{file.info.title}》{_NOW[file.info.status]}，不能再做这一步。请刷新页面查看最新状态。",
            detail=f"version={file.info.version_id} status={file.info.status}",
        )


def last_review(connection: Connection, file: VersionFile) -> Review:
    """The submission that a version in review rests on."""
    found = reviews.latest_reviews(connection, [file.info.version_id]).get(file.info.version_id)
    if found is None:
        raise errors.Conflict(f"《{file.info.title}》还没有提交审核。请先提交。")
    return found


def refuse_maker(connection: Connection, subject: Subject, file: VersionFile, what: str) -> None:
    """Raise SamePerson when the subject had a hand in making the version."""
    made_by = reviews.makers(connection, file.info.version_id) | {file.created_by}
    if subject.id in made_by:
        raise errors.SamePerson(
            f"《{file.info.title}》由您上传、修改或提交，不能由您自己{what}。请另一位有审核权限的同事处理。",
            detail=f"version={file.info.version_id} subject={subject.id}",
        )


def is_alone(connection: Connection, file: VersionFile) -> bool:
    """Whether the version lies in a personal collection, which nobody but its owner sees or could check."""
    shelf = shelves.find_shelf(connection, file.info.collection_id)
    return shelf is not None and shelf.kind == "personal"


def name_of(connection: Connection, person_id: str | None) -> str:
    """The person's name for a message."""
    return names.names_of(connection, [person_id]).get(person_id or "", "另一位同事")


def leave_trace(
    desk: Desk,
    connection: Connection,
    subject_id: str,
    file: VersionFile,
    step: Step,
    *,
    comment: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Write a step into the version's history and the ledger, in the caller's transaction."""
    info = file.info
    reviews.take_step(connection, info.version_id, step, subject_id, desk.clock.now(), comment=comment, detail=detail)
    append(
        connection,
        desk.clock,
        actor=subject_id,
        action=f"knowledge.{step}",
        subject=info.version_id,
        payload={
            "document": info.document_id,
            "collection": info.collection_id,
            "ordinal": info.ordinal,
            "sha256": file.content_sha256,
            **(detail or {}),
        },
    )
