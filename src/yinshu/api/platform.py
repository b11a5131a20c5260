"""What the composition root hands to the edge: the kernel's verbs with everything they need already in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from yinshu.kernel.assistant import Assistant
from yinshu.kernel.audit.office import AuditOffice
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Engine
from yinshu.kernel.base.jobs import JobPort
from yinshu.kernel.gateway.desk import ModelDesk
from yinshu.kernel.guard.desk import GuardDesk
from yinshu.kernel.identity import Subject
from yinshu.kernel.identity.office import PeopleOffice
from yinshu.kernel.knowledge.life.desk import Desk
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Hit, StoredClause
from yinshu.kernel.knowledge.replay import Replayed


@dataclass(frozen=True)
class Limits:
    """Every limit of the edge; bytes, seconds and counts as the names say."""

    question_chars_max: int
    search_hits_max: int
    request_bytes_max: int
    upload_bytes_max: int
    upload_files_max: int
    file_bytes_max: int
    request_seconds_max: float
    ask_threads: int
    ask_queue_max: int
    ask_seconds_max: float
    gateway_request_bytes_max: int = 20 * 1024 * 1024
    gateway_data_level: int = 2


@dataclass(frozen=True)
class Asked:
    """A question on its way: by whom, of which collection ("" is all of them), by the law of which day.

    `collection_ids` narrows further (empty does not narrow). `attached` are clauses of files that the asker dropped
    into the conversation: evidence for this question and no other. `on_sentence` hears the sentences of a model as each
    is verified, before the answer stands. `check_wanted` is called while a model works, and raises YinshuError when
    nobody waits for it any more: the extract stands in then.
    """

    subject: Subject
    question: str
    collection: str
    as_of: date
    composer: str
    collection_ids: tuple[str, ...] = ()
    attached: tuple[StoredClause, ...] = ()
    on_sentence: Callable[[AnswerSentence], None] | None = field(default=None, repr=False, compare=False)
    check_wanted: Callable[[], None] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class AnsweredRun:
    """An answer, the id under which it is recorded, and milliseconds until evidence and answer stood.

    `composed_by` is extractive, or the name of the model that worded it.
    """

    answer: Answer
    run_id: str
    latency_ms: Mapping[str, float]
    composed_by: str = "extractive"


OnEvidence = Callable[[list[Hit], float], None]
"""Called once with the evidence and the milliseconds it took, before the answer is composed."""


class Answering(Protocol):
    """Answers a question and records it."""

    def __call__(self, asked: Asked, on_evidence: OnEvidence | None = None) -> AnsweredRun:
        """Raises YinshuError with a Chinese message."""


class Searching(Protocol):
    """Finds the best clauses."""

    def __call__(self, asked: Asked, limit: int) -> list[Hit]:
        """At most `limit` hits, best first."""


@dataclass(frozen=True)
class IngestOrder:
    """Files and folders of this machine to take into a collection. `index` is a CSV of hints.

    With `wait` the job ends when the vectors are complete, otherwise when the text can be searched.
    """

    paths: tuple[Path, ...]
    collection: str
    index: Path | None
    published: bool
    wait: bool
    actor: str


@dataclass(frozen=True)
class CalibrateOrder:
    """A collection ("" is all of them), a case file or None, and where to write the thresholds."""

    collection: str
    cases: Path | None
    out: Path | None


@dataclass(frozen=True)
class SampleStaff:
    """How many people, rights and levels of the sample bank were put in place; (login, name, one-time password)."""

    people: int
    rights: int
    levels: int
    passwords: tuple[tuple[str, str, str], ...]


def _no_sample(_with_passwords: bool) -> SampleStaff:
    return SampleStaff(0, 0, 0, ())


@dataclass(frozen=True)
class Platform:
    """The wired platform. Nothing here is looked up; `app` puts it together."""

    home: Path
    token: str
    version: str
    composer: str
    limits: Limits
    operator: Subject
    engine: Engine
    clock: Clock
    jobs: JobPort
    ask: Answering
    search: Searching
    submit_ingest: Callable[[IngestOrder], str]
    submit_sample: Callable[[str], str]
    count_vectors: Callable[[str], int]
    calibrate: Callable[[CalibrateOrder], dict[str, Any]]
    check_ready: Callable[[], dict[str, bool]]
    forget_words: Callable[[], None]
    get_ready: Callable[[int], None]
    ledger: AuditOffice
    guard: GuardDesk
    replay: Callable[[str], Replayed]
    assistant: Assistant
    desk: Desk
    models: ModelDesk
    people: PeopleOffice
    back_up: Callable[[Path, str], dict[str, Any]]
    list_settings: Callable[[], list[dict[str, Any]]] = list
    settle_sample: Callable[[bool], SampleStaff] = _no_sample
    public_url: str = ""
    trusted_proxies: frozenset[str] = frozenset()
