"""The nouns of the knowledge room as frozen types: collections, documents, versions, links, hits and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from yinshu.kernel.documents.records import Box, Clause, ClauseKind, ParsedDocument
from yinshu.kernel.identity.records import LEVELS

Status = Literal["draft", "in_review", "published", "superseded", "archived"]
SEARCHABLE_STATUSES: tuple[Status, ...] = ("published", "superseded")
"""Clauses of these statuses can be found; whether they are in force is said by their dates alone."""
Mark = Literal["machine_proposed", "confirmed", "rejected"]
Relation = Literal["supersedes", "amends", "repeals"]
AnswerStatus = Literal["answered", "refused", "clarify"]
RefusalReason = Literal["nothing_relevant", "only_superseded", "not_yet_effective", "outside_library", "not_specific"]


@dataclass(frozen=True)
class Proposed:
    """A metadata value read from the text: what, from which words of the document, how sure, and by whom."""

    value: str
    quote: str
    clause_ordinal: int | None
    mark: Mark = "machine_proposed"


@dataclass(frozen=True)
class DocumentCard:
    """What the title block and the closing articles say of a document.

    Keys of `fields`: title, number (银发〔2019〕316号), issuer, kind, issued_on, effective_from, effective_to
    (dates as YYYY-MM-DD). A missing key means that the text does not say it.
    """

    fields: dict[str, Proposed]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class LinkProposal:
    """A statement of one document about another: supersedes, amends or repeals.

    `target_title` and `target_number` as the text writes them (either may be ""). `target_articles` is empty when the
    whole document is meant, otherwise the articles that end or change ("第六条"). `effective_on` is when the statement
    takes effect. `quote` is the exact sentence, in clause `clause_ordinal`. `target_issued_on` is set when the text
    says on which day the target was issued. `partial` says that only a phrase inside the named articles changes, so
    that they stay in force otherwise.
    """

    relation: Relation
    target_title: str
    target_number: str
    quote: str
    clause_ordinal: int
    target_articles: tuple[str, ...] = ()
    effective_on: date | None = None
    mark: Mark = "machine_proposed"
    target_issued_on: date | None = None
    partial: bool = False


@dataclass(frozen=True)
class Hints:
    """What somebody says of a file without its text proving it (a row of --index): used where the text is silent."""

    title: str = ""
    number: str = ""
    issuer: str = ""
    kind: str = ""
    issued_on: date | None = None
    effective_from: date | None = None


@dataclass(frozen=True)
class FreshVersion:
    """A version before it is stored. `card` is the text's own testimony; the plain fields are what counts."""

    title: str
    number: str
    issuer: str
    kind: str
    issued_on: date | None
    effective_from: date | None
    effective_to: date | None
    card: DocumentCard
    parsed: ParsedDocument
    clauses: tuple[Clause, ...]
    links: tuple[LinkProposal, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collection:
    """A named library of documents. `axes` are its classification axes: axis name to the allowed values."""

    id: str
    name: str
    axes: dict[str, list[str]]
    created_at: datetime


@dataclass(frozen=True)
class VersionInfo:
    """A version of a document with what a citation needs. Dates: effective_to is the first day no longer in force.

    `level` is the document's: 0 public, 1 internal, 2 confidential, 3 secret.
    """

    version_id: str
    document_id: str
    collection_id: str
    title: str
    file_name: str
    number: str = ""
    issuer: str = ""
    kind: str = ""
    status: Status = "published"
    ordinal: int = 1
    issued_on: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    aliases: tuple[str, ...] = ()
    level: int = 0


@dataclass(frozen=True)
class StoredClause:
    """A clause as it lies in the database, with its version.

    `changed_on` is set when a later document changed a part of the words from that day on; the rest stays in force.
    """

    clause_id: int
    version: VersionInfo
    ordinal: int
    path: tuple[str, ...]
    article: str
    kind: ClauseKind
    text: str
    lead: str
    heading: str
    group: int
    page: int | None
    box: Box | None
    effective_from: date | None
    effective_to: date | None
    changed_on: date | None = None

    @property
    def attached(self) -> bool:
        """Whether it is of a file that was dropped into the question, and so of no library."""
        return self.clause_id < 0


@dataclass(frozen=True)
class StoredLink:
    """A link as it lies in the database; `to_document_id` is None while the library holds no such document."""

    link_id: str
    from_version_id: str
    to_document_id: str | None
    proposal: LinkProposal


@dataclass(frozen=True)
class Synonym:
    """A word people use and the library's own word for it. `source` is starter, bank or document."""

    term: str
    standard: str
    source: str


@dataclass(frozen=True)
class CollectionCounts:
    """How much a collection holds; `clauses` counts those that can be found."""

    documents: int
    versions: int
    clauses: int


@dataclass(frozen=True)
class Hit:
    """A retrieved clause, best first. `features` are the named ranking features (0 where not computed).

    `alternatives` are ids of clauses of the same words in other documents. `units` are the reader's logits for the
    units of the clause, empty when it was not read.
    """

    clause: StoredClause
    score: float
    features: dict[str, float] = field(default_factory=dict)
    alternatives: tuple[int, ...] = ()
    units: tuple[float, ...] = ()


LEVEL_MAX = len(LEVELS) - 1


@dataclass(frozen=True)
class SearchScope:
    """What may be searched: the asker's rights, compiled once, the day whose law counts, what is hidden on purpose.

    Searched are the collections and, outside of them, the single `document_ids` (which lie in
    `partial_collection_ids`), without `denied_document_ids` and without what is kept above `level_max`.
    `hidden_clause_ids` are left out for measuring (leave-one-out). `limited` says that the asker's rights end
    somewhere.
    """

    collection_ids: tuple[str, ...]
    as_of: date
    include_not_in_force: bool = False
    hidden_clause_ids: frozenset[int] = frozenset()
    document_ids: tuple[str, ...] = ()
    partial_collection_ids: tuple[str, ...] = ()
    denied_document_ids: tuple[str, ...] = ()
    level_max: int = LEVEL_MAX
    limited: bool = False

    def admits(self, version: VersionInfo) -> bool:
        """Whether the rights (not the dates) let this version be seen."""
        inside = version.collection_id in self.collection_ids or version.document_id in self.document_ids
        return inside and version.document_id not in self.denied_document_ids and version.level <= self.level_max


@dataclass(frozen=True)
class Citation:
    """One numbered source of an answer, with the exact words; `version` and `document_id` are ids."""

    n: int
    document: str
    file: str
    version: str
    article: str
    quote: str
    clause_id: int
    page: int | None = None
    bbox: Box | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    in_force: bool = True
    document_id: str = ""


@dataclass(frozen=True)
class AnswerSentence:
    """A sentence of the answer, the citations it rests on, and whether the verifier accepted it."""

    text: str
    citations: tuple[int, ...]
    verified: bool


@dataclass(frozen=True)
class Answer:
    """The whole result of a question. `nearest` are the closest clauses of a refusal.

    `composed_by` is "extractive", or the name of the model that worded sentences which the verifier accepted;
    `shortened` says that this model only chose among the exact sentences, whose words stand as they are.
    `faq_id` and `faq_question` name the pinned question whose answer this is. `filling` are exact sentences of it that
    hardly answer: room was left for them, and a model may say that they can go.
    """

    status: AnswerStatus
    answer: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    missing: str | None = None
    clarify: tuple[str, ...] = ()
    nearest: tuple[Citation, ...] = ()
    refusal: RefusalReason | None = None
    confidence: float = 0.0
    composed_by: str = "extractive"
    faq_id: str | None = None
    faq_question: str = ""
    filling: tuple[str, ...] = ()
    shortened: bool = False
