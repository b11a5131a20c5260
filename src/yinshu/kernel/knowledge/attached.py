"""Clauses of files that were dropped into a question: found, ranked and cited like the library's, but never kept in it.

They live in no index: the few hundred clauses of such files are compared with the question one by one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from yinshu.kernel.base.database import Connection
from yinshu.kernel.documents.records import Clause
from yinshu.kernel.gateway.ports import Embedder
from yinshu.kernel.knowledge.features import Wanted
from yinshu.kernel.knowledge.question import Question
from yinshu.kernel.knowledge.rank import RankingModel, shipped_model
from yinshu.kernel.knowledge.records import Hit, SearchScope, StoredClause, VersionInfo
from yinshu.kernel.knowledge.retrieve import Found, Gathered, describe, document_names, ranked
from yinshu.kernel.knowledge.wording import embedding_text, grams, vector_key

TITLE = "您上传的文件：{name}"
KIND = "上传文件"
LEADING = 8
"""Clauses that are looked at closely; each costs an embedding the first time."""
VECTORS_KEPT = 2_000
TERMS_KEPT = 6_000
"""Clauses whose terms are remembered from one question to the next."""
POINTING_WORDS = ("附件", "上传", "这个文件", "这份文件", "该文件", "文件里", "文件中", "合同里", "材料里")
MatchingVector = NDArray[np.float32]


def stored(attachment_id: str, name: str, first_number: int, clauses: Sequence[Clause]) -> list[StoredClause]:
    """The clauses of one file as evidence. Their ids are negative, counted down from `first_number`."""
    version = VersionInfo(attachment_id, attachment_id, "", TITLE.format(name=name), name, kind=KIND)
    return [
        StoredClause(
            clause_id=first_number - number,
            version=version,
            ordinal=clause.ordinal,
            path=clause.path,
            article=clause.article,
            kind=clause.kind,
            text=clause.text,
            lead=clause.lead,
            heading=clause.heading,
            group=clause.group,
            page=clause.page,
            box=clause.box,
            effective_from=None,
            effective_to=None,
        )
        for number, clause in enumerate(clauses)
    ]


class VectorMemory:
    """Vectors of attached clauses by the hash of their text, the oldest forgotten first. Safe for many threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, MatchingVector] = OrderedDict()
        self._lock = threading.Lock()

    def cosines(self, question: str, clauses: Sequence[StoredClause]) -> dict[int, float]:
        """The cosine of each clause with the question, by clause id."""
        texts = {one.clause_id: _embedded(one) for one in clauses}
        keys = {clause_id: vector_key(text) for clause_id, text in texts.items()}
        with self._lock:
            new = {keys[one]: text for one, text in texts.items() if keys[one] not in self._known}
        if new:
            made = self._embedder.embed_passages(list(new.values()))
            with self._lock:
                self._known.update(zip(new, made, strict=True))
                while len(self._known) > VECTORS_KEPT:
                    self._known.popitem(last=False)
        vector = self._embedder.embed_query(question)
        with self._lock:
            return {one: float(self._known[key] @ vector) for one, key in keys.items() if key in self._known}


def _embedded(clause: StoredClause) -> str:
    return embedding_text(clause.version.file_name, clause.path, clause.text, clause.lead)


def attached_hits(
    connection: Connection,
    wanted: Wanted,
    clauses: Sequence[StoredClause],
    memory: VectorMemory,
    scope: SearchScope,
    *,
    top_cosine: float = 0.0,
    model: RankingModel | None = None,
) -> list[Hit]:
    """The clauses that may answer, best first, by the library's own ranking.

    `top_cosine` is the best cosine among the library's clauses, so that both are measured alike.
    """
    by_words = _by_words(wanted, clauses)[:LEADING]
    if not by_words:
        return []
    cosine = memory.cosines(wanted.question.text, by_words)
    by_cosine = sorted(by_words, key=lambda one: -cosine[one.clause_id])
    found = Found(
        text_rank={one.clause_id: rank for rank, one in enumerate(by_words)},
        vector_rank={one.clause_id: rank for rank, one in enumerate(by_cosine)},
        cosine={**cosine, **({0: top_cosine} if top_cosine else {})},
    )
    named = {one.version.version_id: 1.0 for one in by_words} if _points_at_file(wanted.question) else {}
    names = document_names(connection, scope.collection_ids)
    described = describe(wanted, by_words, found, named, names, scope)
    return ranked(Gathered(list(by_words), described), model or shipped_model())


def _points_at_file(question: Question) -> bool:
    return any(word in question.text for word in POINTING_WORDS)


def _by_words(wanted: Wanted, clauses: Sequence[StoredClause]) -> list[StoredClause]:
    """The clauses that share words with the question, those with the weightiest first."""
    weights: Mapping[str, float] = wanted.mass
    spoken = wanted.search_terms

    def weight(clause: StoredClause) -> float:
        told = f"{clause.version.file_name}{''.join(clause.path)}{clause.heading}{clause.lead}{clause.text}"
        terms = _terms(told)
        return sum(weights.get(term, share) * share for term, share in spoken.items() if term in terms)

    weighed = [(weight(clause), clause) for clause in clauses]
    return [clause for share, clause in sorted(weighed, key=lambda pair: -pair[0]) if share > 0]


@lru_cache(maxsize=TERMS_KEPT)
def _terms(text: str) -> frozenset[str]:
    return frozenset(grams(text))


def joined(library: Sequence[Hit], attached: Sequence[Hit], limit: int) -> tuple[Hit, ...]:
    """Both kinds of evidence, best first."""
    return tuple(sorted([*library, *attached], key=lambda hit: -hit.score)[:limit])
