"""Two pairs of eyes: submit, withdraw, return with a comment, approve. Whoever made a version never decides on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yinshu.kernel.base.database import Connection, reading, writing
from yinshu.kernel.base.errors import BadArgument, NotAllowed
from yinshu.kernel.identity import Subject, may
from yinshu.kernel.knowledge.life import errors, publish
from yinshu.kernel.knowledge.life.desk import Desk, of_document
from yinshu.kernel.knowledge.life.records import Review, ReviewOutcome, VersionFile
from yinshu.kernel.knowledge.life.transition import (
    checked_comment,
    last_review,
    leave_trace,
    lock,
    name_of,
    refuse_maker,
    require_status,
)
from yinshu.kernel.knowledge.store import catalogue, lifecycle, reviews, set_status

QUEUE_MAX = 200


@dataclass(frozen=True)
class Waiting:
    """A version in the queue: its last submission, whether the caller is one who can decide, and what they can do."""

    file: VersionFile
    review: Review
    waiting_for_me: bool
    steps: tuple[str, ...]


def submit(desk: Desk, subject: Subject, version_id: str, comment: str = "") -> VersionFile:
    """Hand a draft in for review. Raises Conflict when it is no draft (any more)."""
    note = checked_comment(comment)
    with writing(desk.engine) as connection:
        _, file = lock(connection, subject, version_id, "ingest")
        require_status(file, "draft")
        reviews.open_review(connection, version_id, subject.id, note, desk.clock.now())
        set_status(connection, version_id, "in_review")
        leave_trace(desk, connection, subject.id, file, "submitted", comment=note)
        return _as_it_is(connection, version_id)


def withdraw(desk: Desk, subject: Subject, version_id: str, comment: str = "") -> VersionFile:
    """Take a submission back, also one that is approved and not yet published; the version is a draft again.

    The submitter may, and whoever manages the document. Raises Conflict when it is not in review.
    """
    note = checked_comment(comment)
    with writing(desk.engine) as connection:
        document, file = lock(connection, subject, version_id, "read")
        require_status(file, "in_review")
        review = last_review(connection, file)
        if review.submitted_by != subject.id and not may(subject, "manage", of_document(document)).allowed:
            raise NotAllowed("只有提交的人或资料管理人可以撤回。请联系提交人，或在审核时退回。")
        if review.outcome is None:
            reviews.decide(connection, review.id, "withdrawn", subject.id, note, desk.clock.now())
        set_status(connection, version_id, "draft")
        leave_trace(desk, connection, subject.id, file, "withdrawn", comment=note)
        return _as_it_is(connection, version_id)


def give_back(desk: Desk, subject: Subject, version_id: str, comment: str) -> VersionFile:
    """Return a submission with a comment; the version is a draft again.

    Raises BadArgument without a comment, SamePerson for one's own work, Conflict when somebody decided already.
    """
    said = checked_comment(comment, required="退回时请写明要改什么，提交的人才知道怎么办。")
    with writing(desk.engine) as connection:
        _, file = lock(connection, subject, version_id, "publish")
        _decide(desk, connection, subject, file, "returned", said)
        set_status(connection, version_id, "draft")
        leave_trace(desk, connection, subject.id, file, "returned", comment=said)
        return _as_it_is(connection, version_id)


def approve(
    desk: Desk,
    subject: Subject,
    version_id: str,
    comment: str = "",
    *,
    publish_now: bool = False,
    publish_on: date | None = None,
) -> VersionFile:
    """Accept a submission; with `publish_now` or a day also settle its publication, all in one transaction.

    Raises SamePerson for one's own work, Conflict when somebody decided already.
    """
    said = checked_comment(comment)
    if publish_now and publish_on is not None:
        raise BadArgument("“立即发布”和“发布日期”只能选一个。")
    prepared = publish.prepare_publication(desk, version_id, subject) if publish_now else None
    with writing(desk.engine) as connection:
        _, file = lock(connection, subject, version_id, "publish")
        _decide(desk, connection, subject, file, "approved", said)
        leave_trace(desk, connection, subject.id, file, "approved", comment=said)
        if publish_now or publish_on is not None:
            publish.publish_or_plan(desk, connection, subject.id, file, prepared, publish_on)
        result = _as_it_is(connection, version_id)
    if result.info.status == "published":
        desk.vectors_wanted()
    return result


def _decide(
    desk: Desk, connection: Connection, subject: Subject, file: VersionFile, outcome: ReviewOutcome, comment: str
) -> None:
    """Close the open submission, in the transaction that holds the lock; the first of two reviewers wins."""
    require_status(file, "in_review")
    review = last_review(connection, file)
    refuse_maker(connection, subject, file, "审核")
    open_still = review.outcome is None and reviews.decide(
        connection, review.id, outcome, subject.id, comment, desk.clock.now()
    )
    if not open_still:
        who = name_of(connection, review.decided_by)
        raise errors.Conflict(f"《{file.info.title}》已由{who}审核过了。请刷新页面查看结果。")


def _as_it_is(connection: Connection, version_id: str) -> VersionFile:
    file = catalogue.find_version_file(connection, version_id)
    assert file is not None, "a version is never deleted"
    return file


def queue(desk: Desk, subject: Subject) -> list[Waiting]:
    """What waits in review among the documents that the subject works on, the longest waiting first."""
    with reading(desk.engine) as connection:
        files = lifecycle.waiting_versions(connection, subject, QUEUE_MAX)
        latest = reviews.latest_reviews(connection, [one.info.version_id for one in files])
        return [_waiting(connection, subject, one, latest[one.info.version_id]) for one in files]


def _waiting(connection: Connection, subject: Subject, file: VersionFile, review: Review) -> Waiting:
    document = catalogue.find_document(connection, file.info.document_id)
    assert document is not None, "a version belongs to a document"
    can_publish = may(subject, "publish", of_document(document)).allowed
    own = subject.id in reviews.makers(connection, file.info.version_id) | {file.created_by}
    steps: list[str] = []
    if review.outcome is None and can_publish and not own:
        steps += ["approve", "return"]
    if review.outcome == "approved" and can_publish:
        steps.append("publish")
    if review.submitted_by == subject.id or may(subject, "manage", of_document(document)).allowed:
        steps.append("withdraw")
    waiting_for_me = bool({"approve", "publish"} & set(steps)) and file.publish_on is None
    return Waiting(file, review, waiting_for_me, tuple(steps))
