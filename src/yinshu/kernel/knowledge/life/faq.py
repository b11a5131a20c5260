"""Questions answered by hand: every sentence is checked against the clauses it cites before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yinshu.kernel.audit.store import append
from yinshu.kernel.base.database import Connection, reading, writing
from yinshu.kernel.base.errors import BadArgument, NotFound
from yinshu.kernel.evidence.records import Claim
from yinshu.kernel.evidence.verify import verify
from yinshu.kernel.identity import Subject
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.life import errors
from yinshu.kernel.knowledge.life.desk import Desk, open_collection
from yinshu.kernel.knowledge.present import source_of
from yinshu.kernel.knowledge.records import StoredClause
from yinshu.kernel.knowledge.sentences import MAX_UNITS, split_units
from yinshu.kernel.knowledge.store import faq
from yinshu.kernel.knowledge.store.faq import StoredFaq

QUESTION_CHARS_MAX = 500
ANSWER_CHARS_MAX = 2_000
CLAUSES_MAX = 10
LISTED_MAX = 1_000
VALID_DAYS = 365
"""How long an answer stands when its owner names no day: then somebody must look at it again."""


@dataclass(frozen=True)
class Draft:
    """What an owner writes: question, answer and the clauses it rests on."""

    collection_id: str
    question: str
    answer: str
    clause_ids: tuple[int, ...]
    owner_id: str = ""
    expires_on: date | None = None
    pinned: bool = False


@dataclass(frozen=True)
class ShownFaq:
    """A stored question with its clauses, as they stand now, and whether its day is over."""

    faq: StoredFaq
    clauses: list[StoredClause]
    expired: bool


def save(desk: Desk, subject: Subject, draft: Draft, faq_id: str | None = None) -> ShownFaq:
    """Keep a question, or new words of one. Saving it again also says that a flagged one has been looked at.

    Pinning takes the right to publish, everything else the right to upload. Raises Unsupported when a sentence is not
    supported by the cited clauses, BadArgument for what is missing or too long, NotFound for what is hidden.
    """
    question, answer = draft.question.strip(), draft.answer.strip()
    _check_form(question, answer, draft)
    with writing(desk.engine) as connection:
        before = _own(connection, subject, faq_id) if faq_id is not None else None
        collection_id = before.collection_id if before else draft.collection_id
        pins = draft.pinned or (before is not None and before.pinned)
        open_collection(connection, subject, collection_id, "publish" if pins else "ingest")
        cited = _cited(desk, connection, subject, draft.clause_ids)
        refuse_unsupported(question, answer, cited)
        now = desk.clock.now()
        values = {
            "collection_id": collection_id,
            "question": question,
            "answer": answer,
            "pinned": draft.pinned,
            "owner_id": draft.owner_id or (before.owner_id if before else subject.id),
            "expires_on": draft.expires_on or desk.clock.today() + timedelta(days=VALID_DAYS),
            "stale_since": None,
            "stale_reason": "",
            "changed_at": now,
        }
        if before is None:
            values |= {"created_by": subject.id, "created_at": now}
        kept = faq.save_faq(connection, faq_id, values, draft.clause_ids)
        _note(desk, connection, subject, "knowledge.faq_saved", kept, draft)
        stored = faq.find_faq(connection, kept, faq.visible_faqs(subject))
    assert stored is not None, "whoever may write a question may read it"
    return ShownFaq(stored, cited, expired=False)


def _check_form(question: str, answer: str, draft: Draft) -> None:
    if not question or len(question) > QUESTION_CHARS_MAX:
        raise BadArgument(f"问题要有 1 到 {QUESTION_CHARS_MAX} 个字。请修改后再保存。")
    if not answer or len(answer) > ANSWER_CHARS_MAX:
        raise BadArgument(f"答案要有 1 到 {ANSWER_CHARS_MAX} 个字。请修改后再保存。")
    if not draft.clause_ids or len(draft.clause_ids) > CLAUSES_MAX:
        raise BadArgument(f"请为答案选 1 到 {CLAUSES_MAX} 条依据。没有依据的答案不能保存。")


def _cited(desk: Desk, connection: Connection, subject: Subject, clause_ids: Sequence[int]) -> list[StoredClause]:
    """The clauses of a citation. Raises BadArgument for one that is hidden, unknown or not in force today."""
    today = desk.clock.today()
    found = {one.clause_id: one for one in store.get_clauses(connection, list(dict.fromkeys(clause_ids)))}
    seen = store.readable_versions(connection, subject, [one.version.version_id for one in found.values()])
    for clause_id in clause_ids:
        clause = found.get(clause_id)
        if clause is None or clause.version.version_id not in seen or clause.version.status != "published":
            raise BadArgument("有一条依据找不到，或还没有发布。请重新选择现行的条款。", detail=f"clause={clause_id}")
        begun = clause.effective_from is None or clause.effective_from <= today
        if not begun or (clause.effective_to is not None and clause.effective_to <= today):
            raise BadArgument(f"《{clause.version.title}》{clause.article}今天不在施行中，不能作依据。请选现行的条款。")
    return [found[one] for one in dict.fromkeys(clause_ids)]


def refuse_unsupported(question: str, answer: str, cited: Sequence[StoredClause]) -> None:
    """Raise Unsupported naming the first sentence that the cited clauses do not support."""
    sources = {str(one.clause_id): source_of(one) for one in cited}
    units = split_units(answer)
    if len(units) >= MAX_UNITS:
        raise BadArgument("答案的句子太多，无法逐句核验。请精简后再保存。")
    for unit in units:
        verdict = verify(Claim(unit.text, tuple(sources)), sources, question=question)
        if not verdict.supported:
            words = "、".join(dict.fromkeys(found for _, found in verdict.faults if found))[:60]
            why = f"（{words}）" if words else ""
            raise errors.Unsupported(f"“{unit.text[:40]}”没有得到所选依据的支持{why}。请按条款原文修改，或补选依据。")


def _own(connection: Connection, subject: Subject, faq_id: str) -> StoredFaq:
    found = faq.find_faq(connection, faq_id, faq.visible_faqs(subject))
    if found is None:
        raise NotFound("没有这条常见问答。请刷新页面后重试。", detail=faq_id)
    return found


def _note(desk: Desk, connection: Connection, subject: Subject, action: str, faq_id: str, draft: Draft) -> None:
    append(
        connection,
        desk.clock,
        actor=subject.id,
        action=action,
        subject=faq_id,
        payload={"collection": draft.collection_id, "clauses": list(draft.clause_ids), "pinned": draft.pinned},
    )


def remove(desk: Desk, subject: Subject, faq_id: str) -> None:
    """Take a question away; a pinned one takes the right to publish. Raises NotFound when it is hidden or gone."""
    with writing(desk.engine) as connection:
        before = _own(connection, subject, faq_id)
        open_collection(connection, subject, before.collection_id, "publish" if before.pinned else "ingest")
        faq.remove_faq(connection, faq_id)
        draft = Draft(before.collection_id, "", "", before.clause_ids, pinned=before.pinned)
        _note(desk, connection, subject, "knowledge.faq_removed", faq_id, draft)


def get(desk: Desk, subject: Subject, faq_id: str) -> ShownFaq:
    """One question. Raises NotFound when it is hidden or gone."""
    with reading(desk.engine) as connection:
        return _shown(desk, connection, [_own(connection, subject, faq_id)])[0]


def listed(desk: Desk, subject: Subject, *, collection_id: str = "", words: str = "") -> list[ShownFaq]:
    """The questions that the subject may see, pinned ones first."""
    with reading(desk.engine) as connection:
        found = faq.list_faqs(
            connection, faq.visible_faqs(subject), collection_id=collection_id, words=words, limit=LISTED_MAX
        )
        return _shown(desk, connection, found)


def of_document(desk: Desk, subject: Subject, document_id: str) -> list[ShownFaq]:
    """The visible questions that are answered from a document."""
    with reading(desk.engine) as connection:
        return _shown(desk, connection, faq.of_document(connection, subject, document_id, LISTED_MAX))


def _shown(desk: Desk, connection: Connection, found: Sequence[StoredFaq]) -> list[ShownFaq]:
    wanted = list(dict.fromkeys(clause_id for one in found for clause_id in one.clause_ids))
    clauses = {one.clause_id: one for one in store.get_clauses(connection, wanted)}
    today = desk.clock.today()
    return [
        ShownFaq(
            one,
            [clauses[clause_id] for clause_id in one.clause_ids if clause_id in clauses],
            expired=one.expires_on is not None and one.expires_on < today,
        )
        for one in found
    ]
