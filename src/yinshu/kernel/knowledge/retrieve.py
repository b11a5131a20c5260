"""From a question to the clauses that may answer it, best first: words, vectors and learnt ranking."""

from __future__ import annotations

import re
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from yinshu.kernel.base.database import Connection, Engine
from yinshu.kernel.gateway import Embedder, Vectors, gives_tokens
from yinshu.kernel.knowledge.features import Comparison, Wanted, prepare, want, wanted_terms
from yinshu.kernel.knowledge.glossary import Glossary
from yinshu.kernel.knowledge.mentions import DocumentNames
from yinshu.kernel.knowledge.ports import ClauseIndex, TextQuery
from yinshu.kernel.knowledge.question import Question, analyse
from yinshu.kernel.knowledge.rank import RankingModel, shipped_model
from yinshu.kernel.knowledge.records import Hit, SearchScope, StoredClause
from yinshu.kernel.knowledge.reread import reordered, reread
from yinshu.kernel.knowledge.store import get_clauses, list_versions, versions_state

TEXT_CANDIDATES = 100
VECTOR_CANDIDATES = 60
PART_CANDIDATES = 30
CANDIDATES_MAX = 80
"""Candidates that are read and compared in full; of the right clauses found at all, 99.5 % are among them."""
COSINE_SHARE = 4.0
FUSION_DEPTH = 60.0
"""The constant of reciprocal rank fusion (Cormack, Clarke, Büttcher 2009)."""
SHARE_DEPTH = 20
UNKNOWN_COSINE = 0.85
HITS_MAX = 100
RARE_CLAUSES_MAX = 200
"""Up to so many clauses a term counts as rare: its frequency is told exactly within the asker's rights."""
RECENT_YEARS = 25.0
_NOT_WORDS = re.compile(r"^\s*第\d+条|[\s,。;:、()\"'\u201c\u201d\u2018\u2019《》]")
_NUMBERED_TITLE = re.compile(r"\d{4}\D{0,3}\d{1,4}号")


@dataclass(frozen=True)
class Found:
    """Candidates with their place in the two lists (0 is first; absent where not found)."""

    text_rank: Mapping[int, int]
    vector_rank: Mapping[int, int]
    cosine: Mapping[int, float]

    def fused(self, clause_id: int) -> float:
        """Reciprocal rank fusion, scaled so that being first in both lists is 1."""
        ranks = (self.text_rank.get(clause_id), self.vector_rank.get(clause_id))
        return sum(_reciprocal(rank) for rank in ranks) / 2

    def leading(self) -> list[int]:
        """The candidates worth a closer look, best first by fused rank and cosine."""
        usual, top = _middle(self.cosine.values()), max(self.cosine.values(), default=UNKNOWN_COSINE)
        candidates = dict.fromkeys([*self.text_rank, *self.vector_rank])

        def promise(clause_id: int) -> float:
            return self.fused(clause_id) + COSINE_SHARE * (self.cosine.get(clause_id, usual) - top)

        return sorted(candidates, key=lambda one: (-promise(one), one))[:CANDIDATES_MAX]


def _reciprocal(rank: int | None) -> float:
    return 0.0 if rank is None else (FUSION_DEPTH + 1) / (FUSION_DEPTH + 1 + rank)


def retrieve(
    connection: Connection,
    index: ClauseIndex,
    embedder: Embedder,
    glossary: Glossary,
    question: str,
    scope: SearchScope,
    limit: int = 10,
    model: RankingModel | None = None,
) -> list[Hit]:
    """The clauses inside the scope that most likely answer the question, best first, at most `limit` (100).

    A question that names a rule of the past may find clauses that are not in force on the day; their dates say so.
    Clauses of the same words in two documents are shown once. `Hit.features["relevance"]` is the probability that
    the clause holds what was asked; `Hit.score` is the same number.
    """
    # The networks and the database work outside the interpreter's lock: on an idle machine they work side by side.
    with ThreadPoolExecutor(1, "read-question") as aside:
        vector = aside.submit(embedder.embed_query, question)
        states = aside.submit(embedder.read_query, question) if gives_tokens(embedder) else None
        gathered = gather(connection, index, embedder, glossary, question, scope, vector)
        hits = ranked(gathered, model or shipped_model())[:HITS_MAX]
        return reordered(reread(connection, embedder, question, hits, asked=states, aside=aside))[:limit]


@dataclass(frozen=True)
class Gathered:
    """Candidates before ranking: clauses, and the named features of each."""

    clauses: list[StoredClause]
    features: list[dict[str, float]]


def gather(
    connection: Connection,
    index: ClauseIndex,
    embedder: Embedder,
    glossary: Glossary,
    question: str,
    scope: SearchScope,
    vector: Future[Vectors] | None = None,
) -> Gathered:
    """The candidates for a question, checked a second time against the database, and their features.

    `vector` is the question's, when it is being computed already.
    """
    asked = analyse(question)
    names = document_names(connection, (*scope.collection_ids, *scope.partial_collection_ids))
    named = {one: share for one, share in names.named(asked).items() if scope.admits(names.version(one))}
    given, scope = scope, _widened(scope, asked, named)
    wanted = wanted_of(connection, index, glossary, asked, scope)
    text_rank = _find_text(connection, index, wanted, scope)
    known = embedder.embed_query(question) if vector is None else vector.result()
    found = _find(connection, index, embedder.name, known, text_rank, scope)
    clauses = get_clauses(connection, found.leading(), scope)
    if scope.include_not_in_force and not given.include_not_in_force:
        clauses = [
            clause for clause in clauses if clause.effective_from is None or clause.effective_from <= scope.as_of
        ]
    return Gathered(clauses, describe(wanted, clauses, found, named, names, scope))


def wanted_of(
    connection: Connection, index: ClauseIndex, glossary: Glossary, asked: Question, scope: SearchScope | None = None
) -> Wanted:
    """The question with the weight of its terms in this library.

    For somebody who may not see all of it, rare terms weigh by what they may see: a word that occurs in hidden
    documents only must change nothing, or its weight would tell that it is there.
    """
    count, frequencies = index.document_frequencies(connection, wanted_terms(asked))
    if scope is not None and scope.limited:
        rare = [term for term, clauses in frequencies.items() if 0 < clauses <= RARE_CLAUSES_MAX]
        frequencies = {**frequencies, **index.frequencies_within(connection, rare, scope)}
    return want(asked, glossary, count, frequencies)


def term_weights(
    connection: Connection, index: ClauseIndex, glossary: Glossary, question: str, scope: SearchScope | None = None
) -> dict[str, float]:
    """Term of the question, or of the library's words for it, to its weight (rare terms weigh more)."""
    wanted = wanted_of(connection, index, glossary, analyse(question), scope)
    weights = dict(wanted.mass)
    for spoken, standards in wanted.synonyms:
        mass = max((wanted.mass[term] for term in spoken), default=0.0)
        for standard in standards:
            for term in standard:
                weights.setdefault(term, mass)
    return weights


_NAMES_LOCK = threading.Lock()
_NAMES: weakref.WeakKeyDictionary[Engine, dict[tuple[str, ...], tuple[tuple[object, ...], DocumentNames]]] = (
    weakref.WeakKeyDictionary()
)


def document_names(connection: Connection, collection_ids: tuple[str, ...]) -> DocumentNames:
    """The names of all findable documents of the collections, remembered until a version comes, goes or changes."""
    state = versions_state(connection, collection_ids)
    with _NAMES_LOCK:
        known = _NAMES.setdefault(connection.engine, {}).get(collection_ids)
    if known is not None and known[0] == state:
        return known[1]
    names = DocumentNames(version for one in collection_ids for version in list_versions(connection, one))
    with _NAMES_LOCK:
        _NAMES[connection.engine][collection_ids] = (state, names)
    return names


def _widened(scope: SearchScope, asked: Question, named: Mapping[str, float]) -> SearchScope:
    """A question that asks for a rule of the past, or names a document, may be answered from what is not in force."""
    if asked.names_old_rule or named:
        return replace(scope, include_not_in_force=True)
    return scope


def _find(
    connection: Connection,
    index: ClauseIndex,
    model: str,
    vector: Vectors,
    text_rank: Mapping[int, int],
    scope: SearchScope,
) -> Found:
    by_vector = index.search_vector(connection, model, vector, scope, VECTOR_CANDIDATES)
    cosine = dict(by_vector)
    others = [clause_id for clause_id in text_rank if clause_id not in cosine]
    cosine.update(index.cosines(connection, model, vector, others))
    vector_rank = {clause_id: rank for rank, (clause_id, _) in enumerate(by_vector)}
    return Found(text_rank, vector_rank, cosine)


def _find_text(connection: Connection, index: ClauseIndex, wanted: Wanted, scope: SearchScope) -> dict[int, int]:
    """The place of each clause that the words lead to; what only a part of the question leads to comes last."""
    terms = wanted.search_terms
    by_text = index.search_text(connection, TextQuery(tuple(terms.items())), scope, TEXT_CANDIDATES)
    text_rank = {clause_id: rank for rank, (clause_id, _) in enumerate(by_text)}
    if len(wanted.parts) > 1:
        for part in wanted.parts:
            own = TextQuery(tuple((term, terms.get(term, 1.0)) for term in part))
            for clause_id, _ in index.search_text(connection, own, scope, PART_CANDIDATES):
                text_rank.setdefault(clause_id, TEXT_CANDIDATES)
    return text_rank


def describe(
    wanted: Wanted,
    clauses: Sequence[StoredClause],
    found: Found,
    named: Mapping[str, float],
    names: DocumentNames,
    scope: SearchScope,
) -> list[dict[str, float]]:
    """The features of each candidate, in the order given."""
    comparison = Comparison(wanted)
    top_cosine = max(found.cosine.values(), default=UNKNOWN_COSINE)
    usual_cosine = _middle(found.cosine.values())
    fused = {clause.clause_id: found.fused(clause.clause_id) for clause in clauses}
    leading = sorted(clauses, key=lambda clause: -fused[clause.clause_id])[:SHARE_DEPTH]
    share = Counter(clause.version.version_id for clause in leading)
    years = names.years()
    described = []
    for clause in clauses:
        one, version_id = clause.clause_id, clause.version.version_id
        cosine = found.cosine.get(one, usual_cosine)
        described.append(
            {
                **comparison.features(clause),
                "cosine": cosine,
                "cosine_gap": cosine - top_cosine,
                "text_rank": _reciprocal(found.text_rank.get(one)),
                "vector_rank": _reciprocal(found.vector_rank.get(one)),
                "fused": fused[one],
                "document_share": share[version_id] / SHARE_DEPTH,
                "named": named.get(version_id, 0.0),
                "named_other": float(bool(named) and version_id not in named),
                "year": float(years.get(version_id, "") in wanted.question.years and bool(wanted.question.years)),
                "in_force": float(_in_force(clause, scope)),
                "recent": _recent(clause, scope),
                "statute": float(names.is_statute(version_id)),
            }
        )
    return described


def _middle(cosines: Iterable[float]) -> float:
    """The median, which stands for the cosine of a clause whose vector is still to come."""
    ordered = sorted(cosines)
    return ordered[len(ordered) // 2] if ordered else UNKNOWN_COSINE


def _in_force(clause: StoredClause, scope: SearchScope) -> bool:
    started = clause.effective_from is None or clause.effective_from <= scope.as_of
    return started and (clause.effective_to is None or clause.effective_to > scope.as_of)


def _recent(clause: StoredClause, scope: SearchScope) -> float:
    """1 for a clause issued today, falling to 0 over 25 years; a half when the date is unknown."""
    issued = clause.effective_from or clause.version.issued_on
    if issued is None:
        return 0.5
    return max(0.0, min(1.0, 1.0 - (scope.as_of - issued).days / 365.25 / RECENT_YEARS))


def ranked(gathered: Gathered, model: RankingModel) -> list[Hit]:
    """All candidates, best first; those of the same words once, by the copy that people can refer to best."""
    clauses, described = gathered.clauses, gathered.features
    scores = model.scores(described)
    order = sorted(range(len(clauses)), key=lambda i: (-scores[i], clauses[i].clause_id))
    seen: dict[str, int] = {}
    hits: list[Hit] = []
    for i in order:
        words = _NOT_WORDS.sub("", prepare(clauses[i]).body)
        relevance = model.relevance(float(scores[i]))
        hit = Hit(clauses[i], relevance, {**described[i], "relevance": relevance, "rank_score": float(scores[i])})
        if words not in seen:
            seen[words] = len(hits)
            hits.append(hit)
        else:
            hits[seen[words]] = _copy_of(hits[seen[words]], hit)
    return hits


def _copy_of(first: Hit, other: Hit) -> Hit:
    """Two clauses of the same words as one hit: in force before not, then the document that is easier to refer to."""
    shown, spare = (other, first) if _standing(other) > _standing(first) else (first, other)
    kept = {name: first.features[name] for name in ("relevance", "rank_score")}
    others = (*first.alternatives, *other.alternatives, spare.clause.clause_id)
    return replace(shown, score=first.score, features={**shown.features, **kept}, alternatives=others)


def _standing(hit: Hit) -> tuple[float, bool, bool]:
    version = hit.clause.version
    return hit.features["in_force"], bool(version.number), bool(_NUMBERED_TITLE.search(version.title))
