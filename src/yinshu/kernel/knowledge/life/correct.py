"""Confirming and correcting what was read from a text; what counts already changes with a second person's consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.database import Connection, reading, writing
from yinshu.kernel.base.errors import BadArgument, NotFound
from yinshu.kernel.identity import Subject, may, require
from yinshu.kernel.knowledge.life import errors
from yinshu.kernel.knowledge.life.desk import Desk, of_document, open_document
from yinshu.kernel.knowledge.life.records import DocumentFacts, VersionFile
from yinshu.kernel.knowledge.life.stale import flag_stale
from yinshu.kernel.knowledge.life.transition import checked_comment, is_alone, leave_trace, lock, require_status
from yinshu.kernel.knowledge.ports import IndexedText
from yinshu.kernel.knowledge.reading import KIND_CHARS_MAX, SHORT_FIELD_CHARS_MAX, TITLE_CHARS_MAX
from yinshu.kernel.knowledge.records import Relation, StoredClause, StoredLink
from yinshu.kernel.knowledge.resolve import Resolution, Supposed, prepare, still_good, write
from yinshu.kernel.knowledge.store import catalogue, correct, list_clauses
from yinshu.kernel.knowledge.store.correct import DAYS, Correction, CorrectionKind
from yinshu.kernel.knowledge.wording import embedding_text, vector_key

CHARS_MAX = {
    "title": TITLE_CHARS_MAX,
    "number": SHORT_FIELD_CHARS_MAX,
    "issuer": SHORT_FIELD_CHARS_MAX,
    "kind": KIND_CHARS_MAX,
}
FIELD_NAMES = {
    "title": "标题",
    "number": "文号",
    "issuer": "发文机构",
    "kind": "文种",
    "issued_on": "发文日期",
    "effective_from": "生效日期",
    "effective_to": "失效日期",
}
ARTICLES_MAX = 200
FIRST_YEAR, LAST_YEAR = 1900, 2200
QUEUE_MAX = 500


@dataclass(frozen=True)
class Corrected:
    """What became of the changes: the names done, and the ids of those that wait for a second person."""

    done: list[str]
    waiting: list[str]


@dataclass(frozen=True)
class LinkChange:
    """What a person says of a link; None leaves a part as it is. `mark` rejected means that the text says no such."""

    mark: str | None = None
    relation: Relation | None = None
    effective_on: date | None = None
    target_document_id: str | None = None
    target_articles: tuple[str, ...] | None = None


def correct_card(
    desk: Desk,
    subject: Subject,
    version_id: str,
    fields: Mapping[str, str],
    confirm: Sequence[str] = (),
    comment: str = "",
) -> Corrected:
    """Confirm values, or give other ones (a day as YYYY-MM-DD; "" takes a value away).

    A draft changes at once. What counts already waits for a second person, unless the value stays as it is. Raises
    BadArgument for a name or a value that cannot be, Conflict while the version is in review or archived.
    """
    note = checked_comment(comment)
    wanted = {name: _checked(name, value) for name, value in fields.items()}
    with writing(desk.engine) as connection:
        _, file = lock(connection, subject, version_id, "ingest")
        require_status(file, "draft", "published", "superseded")
        for name in confirm:
            wanted.setdefault(name, correct.field_value(connection, version_id, _known(name)))
        at_once = file.info.status == "draft" or is_alone(connection, file)
        done: list[str] = []
        waiting: list[str] = []
        for name, value in wanted.items():
            before = correct.field_value(connection, version_id, name)
            if at_once or before == value:
                _apply(desk, connection, file, "card", name, value)
                done.append(name)
                _trace(desk, connection, subject, file, name, before, value, note)
            else:
                waiting.append(_propose(desk, connection, subject, file, "card", name, before, value, note))
    return Corrected(done, waiting)


def _known(name: str) -> str:
    if name not in FIELD_NAMES:
        raise BadArgument(f"没有名为“{name}”的信息项。可以修改的有：{'、'.join(FIELD_NAMES.values())}。")
    return name


def _checked(name: str, value: str) -> str:
    text = value.strip()
    if _known(name) in DAYS:
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            day = date.min
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise BadArgument(f"{FIELD_NAMES[name]}“{text[:20]}”不是日期。请写成 2026-12-01 这样。")
        return text
    if len(text) > CHARS_MAX[name] or (name == "title" and not text):
        raise BadArgument(f"{FIELD_NAMES[name]}要有 1 到 {CHARS_MAX[name]} 个字。请修改后再保存。")
    return text


def correct_link(desk: Desk, subject: Subject, link_id: str, change: LinkChange, comment: str = "") -> Corrected:
    """Confirm, refuse or change what a version is read to say of another document.

    Confirming is done at once; anything else on a version that counts waits for a second person. Raises NotFound for
    a link that is not there or hidden.
    """
    note = checked_comment(comment)
    with writing(desk.engine) as connection:
        link = correct.find_link(connection, link_id)
        if link is None:
            raise _no_link(link_id)
        try:
            _, file = lock(connection, subject, link.from_version_id, "ingest")
        except NotFound:
            raise _no_link(link_id) from None
        require_status(file, "draft", "published", "superseded")
        after = _link_values(connection, subject, change)
        before = {name: _link_fields(link)[name] for name in after}
        only_confirms = after == {"mark": "confirmed"} and before["mark"] == "machine_proposed"
        if before == after:
            return Corrected([], [])
        if file.info.status == "draft" or only_confirms or is_alone(connection, file):
            _apply(desk, connection, file, "link", link_id, after)
            _trace(desk, connection, subject, file, link_id, before, after, note)
            return Corrected([link_id], [])
        return Corrected([], [_propose(desk, connection, subject, file, "link", link_id, before, after, note)])


def _no_link(link_id: str) -> NotFound:
    return NotFound("没有这条关系。请刷新页面后重试。", detail=link_id)


def _link_fields(link: StoredLink) -> dict[str, Any]:
    proposal = link.proposal
    return {
        "mark": proposal.mark,
        "relation": proposal.relation,
        "effective_on": proposal.effective_on.isoformat() if proposal.effective_on else None,
        "target_title": proposal.target_title,
        "target_number": proposal.target_number,
        "target_articles": list(proposal.target_articles),
    }


def _link_values(connection: Connection, subject: Subject, change: LinkChange) -> dict[str, Any]:
    """What a change writes, as plain JSON. A person who changes a link confirms it thereby."""
    values: dict[str, Any] = {"mark": change.mark or "confirmed"}
    if values["mark"] not in ("confirmed", "rejected"):
        raise BadArgument("关系只能确认或否定。请重新选择。")
    if change.relation is not None:
        if change.relation not in get_args(Relation):
            raise BadArgument("关系只能是取代、修改或废止。请重新选择。")
        values["relation"] = change.relation
    if change.effective_on is not None:
        values["effective_on"] = change.effective_on.isoformat()
    if change.target_document_id is not None:
        target = open_document(connection, subject, change.target_document_id)
        found = catalogue.visible_files(connection, subject, target.document_id)
        values |= {"target_title": target.title, "target_number": found[0].info.number if found else ""}
    if change.target_articles is not None:
        if len(change.target_articles) > ARTICLES_MAX:
            raise BadArgument(f"一条关系最多涉及 {ARTICLES_MAX} 条。请分开填写。")
        values["target_articles"] = [one.strip() for one in change.target_articles if one.strip()]
    return values


def _propose(
    desk: Desk,
    connection: Connection,
    subject: Subject,
    file: VersionFile,
    kind: CorrectionKind,
    target: str,
    before: Any,
    after: Any,
    note: str,
) -> str:
    correction_id = correct.propose(
        connection,
        file.info.version_id,
        kind,
        target,
        before,
        after,
        by=subject.id,
        note=note,
        now=desk.clock.now(),
    )
    _note(desk, connection, subject, "knowledge.correction_proposed", file, target, before, after)
    return correction_id


def _note(
    desk: Desk,
    connection: Connection,
    subject: Subject,
    action: str,
    file: VersionFile,
    target: str,
    before: Any,
    after: Any,
) -> None:
    append(
        connection,
        desk.clock,
        actor=subject.id,
        action=action,
        subject=file.info.version_id,
        payload={"document": file.info.document_id, "target": target, "before": before, "after": after},
    )


def _trace(
    desk: Desk,
    connection: Connection,
    subject: Subject,
    file: VersionFile,
    target: str,
    before: Any,
    after: Any,
    note: str,
) -> None:
    detail = {"target": target, "before": before, "after": after}
    leave_trace(desk, connection, subject.id, file, "corrected", comment=note, detail=detail)


def queue(desk: Desk, subject: Subject) -> list[Correction]:
    """The corrections that wait and that the subject may decide on or has proposed, oldest first."""
    with reading(desk.engine) as connection:
        return correct.waiting_corrections(connection, subject, QUEUE_MAX)


def may_decide(connection: Connection, subject: Subject, found: Correction) -> bool:
    """Whether the subject could accept a correction: a right to publish, and not their own."""
    document = catalogue.find_document(connection, found.document_id)
    if document is None or found.proposed_by == subject.id:
        return False
    return may(subject, "publish", of_document(document)).allowed


def decide(desk: Desk, subject: Subject, correction_id: str, *, accept: bool, comment: str = "") -> None:
    """Accept or refuse a proposed correction; accepting changes what is in force, in the same transaction.

    Whoever proposed it may take it back (refuse it), never accept it. Raises Conflict when somebody decided already
    or the value has changed meanwhile.
    """
    said = checked_comment(comment)
    prepared = _prepare(desk, subject, correction_id) if accept else None
    with writing(desk.engine) as connection:
        found = correct.find_correction(connection, correction_id, subject)
        if found is None:
            raise NotFound("没有这条更正。请刷新页面后重试。", detail=correction_id)
        own = found.proposed_by == subject.id
        document, file = lock(connection, subject, found.version_id, "read")
        _may_decide(subject, document, own=own, accept=accept)
        outcome = "approved" if accept else "withdrawn" if own else "returned"
        if not correct.decide_correction(connection, correction_id, outcome, subject.id, said, desk.clock.now()):
            raise errors.Conflict("这条更正已经有人处理过了。请刷新页面查看结果。")
        if accept:
            _still(connection, found)
            _apply(desk, connection, file, found.kind, found.target, found.after, prepared)
            _trace(desk, connection, subject, file, found.target, found.before, found.after, said)
        else:
            action = "knowledge.correction_refused"
            _note(desk, connection, subject, action, file, found.target, found.before, found.after)
    if accept:
        desk.vectors_wanted()


def _may_decide(subject: Subject, document: DocumentFacts, *, own: bool, accept: bool) -> None:
    if own and accept:
        raise errors.SamePerson("这条更正由您提出，不能由您自己确认。请另一位有审核权限的同事处理。")
    if not own:
        require(subject, "publish", of_document(document))


def _still(connection: Connection, found: Correction) -> None:
    """Raise Conflict unless the value is what it was when the correction was proposed."""
    if found.kind == "card":
        now: Any = correct.field_value(connection, found.version_id, found.target)
    else:
        link = correct.find_link(connection, found.target)
        assert link is not None, "links are never deleted"
        now = {name: _link_fields(link)[name] for name in found.before}
    if now != found.before:
        raise errors.Conflict("提出更正之后，这一项又有了变化。请退回，并按现在的内容重新提出。")


def _prepare(desk: Desk, subject: Subject, correction_id: str) -> Resolution | None:
    """The dates as they will be once a correction is accepted, computed before anybody has to wait for it."""
    with reading(desk.engine) as connection:
        found = correct.find_correction(connection, correction_id, subject)
        file = catalogue.find_version_file(connection, found.version_id) if found is not None else None
        if found is None or file is None or not may_decide(connection, subject, found):
            return None
        supposed = _supposed(connection, file, found.kind, found.target, found.after)
    return prepare(desk.engine, file.info.collection_id, supposed) if supposed is not None else None


def _supposed(
    connection: Connection, file: VersionFile, kind: CorrectionKind, target: str, after: Any
) -> Supposed | None:
    """What a change of a version that counts means to dates; None when it means nothing to them."""
    info = file.info
    if kind == "card":
        said: dict[str, Any] = {target: correct.read_field(target, after)}
        as_it_will_speak = replace(info, **said)
        return Supposed(as_it_will_speak) if as_it_will_speak != info else None
    link = correct.find_link(connection, target)
    assert link is not None, "links are never deleted"
    as_it_will_be = replace(link.proposal, **correct.read_link(after))
    unmarked = replace(as_it_will_be, mark=link.proposal.mark)
    if unmarked == link.proposal and "rejected" not in (link.proposal.mark, as_it_will_be.mark):
        return None
    return Supposed(info, link=replace(link, proposal=as_it_will_be))


def _apply(
    desk: Desk,
    connection: Connection,
    file: VersionFile,
    kind: CorrectionKind,
    target: str,
    after: Any,
    prepared: Resolution | None = None,
) -> None:
    """Write a change and everything that follows from it: names, search index, dates of the collection, flags."""
    info = file.info
    counts = info.status != "draft"
    supposed = _supposed(connection, file, kind, target, after) if counts else None
    dates = still_good(connection, info.collection_id, supposed, prepared) if supposed is not None else None
    if kind == "card":
        renamed = target == "title" and after != correct.field_value(connection, info.version_id, "title")
        correct.write_field(connection, info.version_id, target, after)
        correct.rename_document(connection, info.version_id)
        if renamed:
            _index_again(desk, connection, info.version_id)
    else:
        correct.write_link(connection, target, after)
    if not counts:
        correct.set_clause_dates(connection, info.version_id)
    elif dates is not None:
        write(connection, dates)
        flag_stale(connection, info.collection_id, desk.clock)


def _index_again(desk: Desk, connection: Connection, version_id: str) -> None:
    """Put a version's clauses into the text index under its new title; their vectors are computed anew."""
    clauses = list_clauses(connection, version_id)
    desk.index.remove(connection, [one.clause_id for one in clauses])
    desk.index.add(connection, [_indexed(one) for one in clauses])
    correct.set_vector_keys(
        connection,
        {one.clause_id: vector_key(embedding_text(one.version.title, one.path, one.text, one.lead)) for one in clauses},
    )


def _indexed(clause: StoredClause) -> IndexedText:
    path = " ".join((*clause.path, clause.article, clause.heading)).strip()
    body = f"{clause.lead}\n{clause.text}" if clause.lead else clause.text
    return IndexedText(clause.clause_id, clause.version.title, path, body)
