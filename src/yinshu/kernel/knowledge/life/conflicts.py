"""Clauses in force that rule one thing differently, by figures or by what must, may or must not be: for a person."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from yinshu.kernel.evidence.modality import Modal
from yinshu.kernel.evidence.quantities import NOT_QUANTITIES, Kind, Quantity, parse_quantities
from yinshu.kernel.knowledge.life.forms import Form, apart, form_of, is_comparable, one_subject
from yinshu.kernel.knowledge.records import StoredClause
from yinshu.kernel.knowledge.sentences import split_units

ALIKE_MAX = 20
"""More sentences of one form are a form (a table, a fee list), not a contradiction."""
SHARED_BY_MAX = 40
"""A pair of letters that more sentences share tells nothing of what a sentence is about."""
SHARED_SHARE_MIN = 0.5
"""Of the rarer pairs of letters, so many must be shared before two sentences are compared letter by letter."""
CONFLICTS_MAX = 200
RULING = frozenset({"article", "section", "qa"})
"""Kinds of clauses that rule something; tables, title blocks and signatures do not."""
MEASURED: frozenset[Kind] = frozenset({"money", "ratio", "multiple", "period", "age", "count", "length"})
"""Figures that can contradict each other. Days cannot: every rule has its own."""
_DAYS: Mapping[str, Decimal] = {
    "日": Decimal(1), "周": Decimal(7), "月": Decimal(30), "季": Decimal(90), "年": Decimal(365)
}  # fmt: skip
_SAME_SPAN = Decimal("0.03")
"""One month is thirty days to whoever wrote the rule; so far spans may differ and be one."""
_OPPOSED: frozenset[frozenset[Modal]] = frozenset(
    frozenset(pair)
    for pair in (("must", "may"), ("must", "exempt"), ("must", "forbid"), ("may", "forbid"), ("forbid", "exempt"))
)
_SHOWN: Mapping[Modal, str] = {"must": "应当", "may": "可以", "forbid": "不得", "exempt": "不必"}


@dataclass(frozen=True)
class Statement:
    """A sentence of a clause, and its form: what it says apart from figures and modals."""

    clause: StoredClause
    text: str
    form: Form

    @cached_property
    def figures(self) -> tuple[Quantity, ...]:
        """The figures that the sentence gives."""
        return tuple(one for one in parse_quantities(self.text) if one.kind not in NOT_QUANTITIES)


@dataclass(frozen=True)
class Contradiction:
    """Two sentences of different documents that rule one thing differently; `differing` has what differs, by pairs."""

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
    """Compare the sentences of clauses that are in force. Pure; conservative, because every hit costs a person's time.

    Two documents, one subject and action, and different figures of one kind in the same places, or one duty against
    one permission. The same subject and action: the words are the same but for figures, modals, words that change
    nothing, and (for figures) a few words that one says besides. At most `CONFLICTS_MAX`, in
    the order of the clauses.
    """
    statements = [
        Statement(clause, text, form)
        for clause in clauses
        if clause.kind in RULING
        for text, form in _sentences(clause)
    ]
    found: dict[tuple[int, int], Contradiction] = {}
    for first, second in sorted({*_of_one_form(statements), *_nearly_alike(statements)}):
        one, other = statements[first], statements[second]
        if one.clause.version.document_id != other.clause.version.document_id and one_subject(
            one.form, one.clause.version.title, other.form, other.clause.version.title
        ):
            differing = _differing(one, other)
            if differing:
                found.setdefault((one.clause.clause_id, other.clause.clause_id), Contradiction(one, other, differing))
    return list(found.values())[:CONFLICTS_MAX]


def _sentences(clause: StoredClause) -> Iterator[tuple[str, Form]]:
    for unit in split_units(clause.text):
        if is_comparable(unit.text):
            form = form_of(unit.text, clause.lead)
            if form.tells:
                yield unit.text, form


def _of_one_form(statements: Sequence[Statement]) -> Iterator[tuple[int, int]]:
    """The places of sentences that say the same but for figures and modals."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(statements):
        alike[one.form.parts].append(place)
    for places in alike.values():
        if len(places) <= ALIKE_MAX:
            yield from combinations(places, 2)


def _nearly_alike(statements: Sequence[Statement]) -> Iterator[tuple[int, int]]:
    """The places of sentences with figures that share most of their rarer pairs of letters."""
    holding: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(statements):
        if one.form.measures:
            for pair in one.form.pairs:
                holding[pair].append(place)
    rare = {pair: places for pair, places in holding.items() if len(places) <= SHARED_BY_MAX}
    known = Counter(place for places in rare.values() for place in places)
    shared = Counter(both for places in rare.values() for both in combinations(places, 2))
    for (first, second), count in shared.items():
        enough = count >= SHARED_SHARE_MIN * min(known[first], known[second])
        if enough and not apart(statements[first].form, statements[second].form):
            yield first, second


def _differing(first: Statement, second: Statement) -> tuple[tuple[str, str], ...]:
    """What the two rule differently; nothing where they agree, or speak of different things."""
    same_words = first.form.parts == second.form.parts
    figures = _differing_figures(first.figures, second.figures)
    if figures is None:
        return ()
    modals = list(zip(first.form.modals, second.form.modals, strict=True)) if same_words else []
    opposed = [(one, other) for one, other in modals if frozenset((one, other)) in _OPPOSED]
    return (*figures, *((_SHOWN[one], _SHOWN[other]) for one, other in opposed))


def _differing_figures(first: Sequence[Quantity], second: Sequence[Quantity]) -> tuple[tuple[str, str], ...] | None:
    """The figures that differ, side by side; None when they do not stand in the same places."""
    mine = [one for one in first if one.kind in MEASURED]
    theirs = [one for one in second if one.kind in MEASURED]
    if len(mine) != len(theirs):
        return None
    pairs = list(zip(mine, theirs, strict=True))
    if any(one.kind != other.kind or one.bound != other.bound for one, other in pairs):
        return None
    if any(one.kind != "period" and one.unit != other.unit for one, other in pairs):
        return None
    return tuple((one.text, other.text) for one, other in pairs if not _equal(one, other))


def _equal(one: Quantity, other: Quantity) -> bool:
    if one.unit == other.unit:
        return one.value == other.value
    if one.unit not in _DAYS or other.unit not in _DAYS:
        return False
    days, other_days = one.value * _DAYS[one.unit], other.value * _DAYS[other.unit]
    return abs(days - other_days) <= _SAME_SPAN * max(days, other_days)
