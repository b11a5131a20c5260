"""Clauses in force that say the same of one thing with different figures: candidates for a person to look at."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from yinshu.kernel.evidence.numerals import ARABIC_NUMERAL, CHINESE_NUMERAL
from yinshu.kernel.evidence.quantities import NOT_QUANTITIES, Kind, Quantity, parse_quantities
from yinshu.kernel.knowledge.records import StoredClause
from yinshu.kernel.knowledge.sentences import split_units
from yinshu.kernel.knowledge.wording import normalise

WORDS_MIN = 12
"""A shorter sentence (不超过3年) says too little to be about the same thing elsewhere."""
ALIKE_MAX = 20
"""More sentences of one form are a form (a table, a fee list), not a contradiction."""
CONFLICTS_MAX = 200
RULING = frozenset({"article", "section", "qa"})
"""Kinds of clauses that rule something; tables, title blocks and signatures do not."""
MEASURED: frozenset[Kind] = frozenset({"money", "ratio", "multiple", "period", "age", "count", "length"})
"""Figures that can contradict each other. Days cannot: every rule has its own."""
_NUMERAL = re.compile(rf"{CHINESE_NUMERAL}|{ARABIC_NUMERAL}")
_LABEL = re.compile(r"^\s*(?:第[^条]{1,9}条|[（(][^）)]{1,4}[）)]|[一二三四五六七八九十\d]{1,3}[、.．])\s*")
_FILLING = re.compile(r"[\s的了应当须必要，,。；;：:、“”\"']")
"""Letters that make no difference to what a sentence is about."""


@dataclass(frozen=True)
class Statement:
    """A sentence of a clause with the figures it gives."""

    clause: StoredClause
    text: str
    figures: tuple[Quantity, ...]


@dataclass(frozen=True)
class Contradiction:
    """Two sentences of different documents, alike but for the figures; `differing` are the figures side by side."""

    first: Statement
    second: Statement
    differing: tuple[tuple[str, str], ...]


@dataclass
class Remembered:
    """The contradictions of a state of the library: finding them takes seconds, so they are kept until it changes."""

    state: object = None
    found: list[Contradiction] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, state: object) -> bool:
        """Whether the caller is to compare: the state is new, and nobody else has begun with it."""
        with self.lock:
            new = self.state != state
            self.state = state
            return new

    def forget(self) -> None:
        """Let the next one compare again, because this comparison failed."""
        with self.lock:
            self.state = None


def find_contradictions(clauses: Iterable[StoredClause]) -> list[Contradiction]:
    """Compare the sentences of clauses that are in force. Pure; conservative: every word but the figures must agree.

    Two documents, two different figures of the same kind and unit in the same place, and a sentence long enough to be
    about one thing. At most `CONFLICTS_MAX`, in the order of the clauses.
    """
    alike: dict[str, list[tuple[StoredClause, str]]] = defaultdict(list)
    for clause in clauses:
        if clause.kind not in RULING:
            continue
        for sentence in _sentences(clause):
            form = _form(sentence)
            if "#" in form and len(form.replace("#", "")) >= WORDS_MIN:
                alike[form].append((clause, sentence))
    found: list[Contradiction] = []
    for members in alike.values():
        if 1 < len(members) <= ALIKE_MAX and len({one.version.document_id for one, _ in members}) > 1:
            found.extend(_among(members))
    return found[:CONFLICTS_MAX]


def _sentences(clause: StoredClause) -> Iterator[str]:
    for unit in split_units(clause.text):
        if _NUMERAL.search(unit.text):
            yield unit.text


def _form(sentence: str) -> str:
    """A sentence without its label and fillings, every numeral as #: what two versions of one rule share."""
    return _FILLING.sub("", _NUMERAL.sub("#", normalise(_LABEL.sub("", sentence))))


def _among(members: Sequence[tuple[StoredClause, str]]) -> Iterator[Contradiction]:
    statements = [
        Statement(clause, text, tuple(one for one in parse_quantities(text) if one.kind not in NOT_QUANTITIES))
        for clause, text in members
    ]
    for first, second in combinations(statements, 2):
        if first.clause.version.document_id == second.clause.version.document_id:
            continue
        differing = _differing(first, second)
        if differing:
            yield Contradiction(first, second, differing)


def _differing(first: Statement, second: Statement) -> tuple[tuple[str, str], ...]:
    """The figures that differ; nothing unless the sentences agree in all the rest."""
    if len(first.figures) != len(second.figures) or _rest(first) != _rest(second):
        return ()
    pairs = list(zip(first.figures, second.figures, strict=True))
    if any(one.kind != other.kind or one.unit != other.unit or one.bound != other.bound for one, other in pairs):
        return ()
    differing = [(one, other) for one, other in pairs if _value(one) != _value(other)]
    if any(one.kind not in MEASURED for one, _ in differing):
        return ()
    return tuple((one.text, other.text) for one, other in differing)


def _value(quantity: Quantity) -> tuple[object, object]:
    return quantity.value, quantity.moment


def _rest(statement: Statement) -> str:
    """The sentence without its figures, label and fillings; numerals that are no figures stay."""
    pieces, last = [], 0
    for one in statement.figures:
        pieces.append(statement.text[last : one.start])
        last = one.end
    return _FILLING.sub("", normalise(_LABEL.sub("", "".join([*pieces, statement.text[last:]]))))
