"""What a version changes, and for whom: the clauses, the questions that cite them, and the posts that rely on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from yinshu.kernel.base.database import Connection, reading
from yinshu.kernel.base.errors import BadArgument, NotAllowed
from yinshu.kernel.identity import GrantedAction, Holder, Subject, grants_on
from yinshu.kernel.knowledge.life.desk import Desk, open_version, works_on
from yinshu.kernel.knowledge.life.diff import DiffRow, diff
from yinshu.kernel.knowledge.life.errors import no_version
from yinshu.kernel.knowledge.life.records import VersionFile
from yinshu.kernel.knowledge.store import catalogue, faq, names, said, texts

RECENT_DAYS = 90
ANSWERS_SHOWN_MAX = 50
READING: frozenset[GrantedAction] = frozenset({"ask", "read", "ingest", "publish", "manage"})


@dataclass(frozen=True)
class Compared:
    """Two versions of one document side by side; `old` is None for a first version."""

    new: VersionFile
    old: VersionFile | None
    rows: list[DiffRow]


@dataclass(frozen=True)
class CitingAnswer:
    """A recent answer that rests on a clause which changes."""

    run_id: str
    question: str
    asked_at: datetime
    article: str


@dataclass(frozen=True)
class CitingFaq:
    """A question answered by hand that rests on a clause which changes."""

    faq_id: str
    question: str
    owner_id: str
    pinned: bool
    article: str


@dataclass(frozen=True)
class Reliant:
    """Somebody who may read the document, and how often they asked lately for what changes."""

    holder: Holder
    actions: tuple[GrantedAction, ...]
    asked: int


@dataclass(frozen=True)
class Impact:
    """What changes for whom. `clauses` are those of the old version that change or go."""

    compared: Compared
    clauses: list[int]
    reliant: list[Reliant]
    faq: list[CitingFaq]
    answers: list[CitingAnswer]
    answer_count: int


def compare(desk: Desk, subject: Subject, version_id: str, against: str = "") -> Compared:
    """A version beside another one of its document: the named one, else the published one, else the one before it.

    Raises NotFound for versions that are not there or hidden, BadArgument for one of another document.
    """
    with reading(desk.engine) as connection:
        return _compare(connection, subject, version_id, against)


def _compare(connection: Connection, subject: Subject, version_id: str, against: str) -> Compared:
    document, new = open_version(connection, subject, version_id)
    if against:
        _, old = open_version(connection, subject, against)
        if old.info.document_id != document.document_id:
            raise BadArgument("只能比较同一个文件的两个版本。请重新选择。")
    else:
        found = _before(catalogue.visible_files(connection, subject, document.document_id), new)
        if found is None:
            return Compared(new, None, [])
        old = found
    if old.info.version_id == version_id:
        raise no_version(against)
    old_text = texts.read_text(connection, old.info.version_id)
    return Compared(new, old, diff(old_text, texts.read_text(connection, version_id)))


def _before(versions: list[VersionFile], new: VersionFile) -> VersionFile | None:
    """The version that `new` is read against: the published one for what is under way, else the one before."""
    others = [one for one in versions if one.info.version_id != new.info.version_id]
    published = [one for one in others if one.info.status == "published"]
    if new.info.status in ("draft", "in_review") and published:
        return published[0]
    earlier = [one for one in others if one.info.ordinal < new.info.ordinal]
    counted = [one for one in earlier if one.info.status in ("published", "superseded", "archived")]
    return next(iter([*counted, *earlier]), None)


def assess(desk: Desk, subject: Subject, version_id: str) -> Impact:
    """What changes for whom when the version replaces the one before it.

    Raises NotFound as `compare` does, and NotAllowed for those who only read: it shows what others asked.
    """
    with reading(desk.engine) as connection:
        document, _ = open_version(connection, subject, version_id)
        if not works_on(subject, document):
            raise NotAllowed("只有维护、审核这个文件的人可以查看影响。请联系文件的负责人。")
        compared = _compare(connection, subject, version_id, "")
        changed = {
            row.old.clause_id: row.old.article
            for row in compared.rows
            if row.old is not None and row.kind in ("changed", "removed")
        }
        questions = [
            CitingFaq(one.faq_id, one.question, one.owner_id, one.pinned, changed[clause_id])
            for one, clause_id in faq.citing(connection, subject, list(changed))
        ]
        since = desk.clock.now() - timedelta(days=RECENT_DAYS)
        cited = said.answers_citing(connection, set(changed), since) if changed else []
        reliant = _reliant(connection, compared.new, Counter(one.subject for one, _ in cited))
    answers = [
        CitingAnswer(one.run_id, one.question, one.asked_at, changed[clause_id])
        for one, clause_id in cited[:ANSWERS_SHOWN_MAX]
    ]
    return Impact(compared, sorted(changed), reliant, questions, answers, len(cited))


def _reliant(connection: Connection, version: VersionFile, askers: Counter[str]) -> list[Reliant]:
    """Who has rights on the document, those who asked most in front."""
    actions: dict[Holder, list[GrantedAction]] = defaultdict(list)
    denied: set[Holder] = set()
    for grant in [
        *grants_on(connection, "collection", version.info.collection_id),
        *grants_on(connection, "document", version.info.document_id),
    ]:
        if grant.effect == "deny":
            denied.add(grant.holder)
        elif grant.action in READING and grant.action not in actions[grant.holder]:
            actions[grant.holder].append(grant.action)
    asked = names.holders_of_people(connection, askers)
    reliant = [Reliant(one, tuple(given), asked[one]) for one, given in actions.items() if one not in denied]
    return sorted(reliant, key=lambda one: (-one.asked, one.holder.kind, one.holder.id))
