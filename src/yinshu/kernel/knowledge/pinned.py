"""Finds the pinned question that is asked again, if one plainly is, and gives its checked answer first."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection
from yinshu.kernel.evidence.records import Claim
from yinshu.kernel.evidence.verify import verify
from yinshu.kernel.knowledge import store
from yinshu.kernel.knowledge.glossary import Glossary
from yinshu.kernel.knowledge.ports import ClauseIndex
from yinshu.kernel.knowledge.present import cite, source_of
from yinshu.kernel.knowledge.question import analyse
from yinshu.kernel.knowledge.records import Answer, AnswerSentence, Hit, SearchScope, StoredClause
from yinshu.kernel.knowledge.sentences import split_units
from yinshu.kernel.knowledge.store import faq
from yinshu.kernel.knowledge.store.faq import StoredFaq
from yinshu.kernel.knowledge.wording import canonical, grams_of_canonical

PINNED_MAX = 500
COVERED_MIN = 0.85
"""Each question must hold this weighted share of the other's terms; 存 for 取 or 年 for 天 stays below it."""
TERMS_MIN = 2
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ASKING = re.compile(
    r"请问|能不能|可不可以|是不是|有没有|要不要|需不需要|是否|能否|可否|多长时间|多少钱|什么时候|多久|哪些|什么|多少"
    r"|怎么样|怎么|如何|怎样|哪个|几个|需要|可以|能(?!力)|应该|应当|一下|吗|呢|啊|吧|的|了|么|我们|我|[?!,.;:\"()~\s]"
)
"""Words by which one asks, not for what; what is asked for is compared by the kinds of answer."""


def terms_asked_about(canonical_question: str) -> frozenset[str]:
    """The terms of a question in canonical form without the words by which one asks."""
    return frozenset(grams_of_canonical(_ASKING.sub("", canonical_question)))


@dataclass(frozen=True)
class PinnedAnswers:
    """Looks a question up among the pinned ones inside its scope."""

    index: ClauseIndex
    glossary: Callable[[Connection], Glossary]
    clock: Clock

    def find(self, connection: Connection, question: str, scope: SearchScope) -> tuple[Answer, list[Hit]] | None:
        """The pinned answer to this question with the clauses it cites, or None.

        Conservative: the terms must agree both ways, rare ones weighing most, the figures exactly, and the kinds of
        answer asked for. Every cited clause must be in the scope, so that nothing is shown that the asker may not
        read or that is not in force on the day; and every sentence is checked against them once more. A question may
        hold several wordings, one a line.
        """
        collections = [*scope.collection_ids, *scope.partial_collection_ids]
        pinned = faq.pinned_faqs(connection, collections, self.clock.today(), PINNED_MAX)
        if not pinned:
            return None
        glossary = self.glossary(connection)
        asked = _Asked.read(question, glossary)
        candidates = [(one, _Asked.read(line, glossary)) for one in pinned for line in one.question.splitlines()]
        alike = [(one, other) for one, other in candidates if asked.may_be(other)]
        if not alike:
            return None
        terms = sorted({term for _, other in alike for term in other.terms} | asked.terms)
        count, frequencies = self.index.document_frequencies(connection, terms)
        weights = {term: math.log((count + 1) / (frequencies.get(term, 0) + 1)) + 1.0 for term in terms}
        share, best = max(((asked.covered(other, weights), one) for one, other in alike), key=lambda pair: pair[0])
        return _answer(connection, best, question, scope, share) if share >= COVERED_MIN else None


@dataclass(frozen=True)
class _Asked:
    """What a question is about: its terms without the asking words, its figures, the kinds of answer it wants."""

    terms: frozenset[str]
    figures: tuple[str, ...]
    kinds: frozenset[str]

    @staticmethod
    def read(question: str, glossary: Glossary) -> _Asked:
        text = canonical(question)
        for said in reversed(glossary.find(text)):
            if len(said.standards) == 1:
                text = text[: said.start] + said.standards[0] + text[said.end :]
        kinds = frozenset(kind for part in analyse(question).parts for kind in part.kinds)
        return _Asked(terms_asked_about(text), tuple(sorted(_NUMBER.findall(text))), kinds)

    def may_be(self, other: _Asked) -> bool:
        return self.figures == other.figures and self.kinds == other.kinds and len(other.terms) >= TERMS_MIN

    def covered(self, other: _Asked, weights: Mapping[str, float]) -> float:
        """The smaller of the weighted shares of terms that each has of the other."""
        shared = math.fsum(weights[term] for term in self.terms & other.terms)
        whole = max(math.fsum(weights[term] for term in one.terms) for one in (self, other))
        return shared / whole if whole else 0.0


def _answer(
    connection: Connection, found: StoredFaq, question: str, scope: SearchScope, share: float
) -> tuple[Answer, list[Hit]] | None:
    clauses = store.get_clauses(connection, found.clause_ids, scope)
    if len(clauses) != len(found.clause_ids):
        return None
    sentences: list[AnswerSentence] = []
    for unit in split_units(found.answer):
        supported_by = _supporting(unit.text, clauses, question)
        if not supported_by:
            return None
        sentences.append(AnswerSentence(unit.text, supported_by, verified=True))
    hits = [Hit(clause, share) for clause in clauses]
    citations = tuple(cite(number, hit, hit.clause.text, scope.as_of) for number, hit in enumerate(hits, 1))
    answer = Answer(
        "answered",
        "\n".join(sentence.text for sentence in sentences),
        tuple(sentences),
        citations,
        confidence=min(1.0, share),
        faq_id=found.faq_id,
        faq_question=found.question.splitlines()[0],
    )
    return answer, hits


def _supporting(sentence: str, clauses: list[StoredClause], question: str) -> tuple[int, ...]:
    """The numbers of the clauses that support a sentence: each alone, else all together; empty when they do not."""
    sources = {str(number): source_of(clause) for number, clause in enumerate(clauses, 1)}
    alone = tuple(
        number
        for number in range(1, len(clauses) + 1)
        if verify(Claim(sentence, (str(number),)), sources, question=question).supported
    )
    if alone:
        return alone
    together = verify(Claim(sentence, tuple(sources)), sources, question=question)
    return tuple(range(1, len(clauses) + 1)) if together.supported else ()
