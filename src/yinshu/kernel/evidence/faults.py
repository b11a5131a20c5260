"""Names what is wrong between a claim and the statement it was laid along: words added, words left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from yinshu.kernel.evidence.align import Alignment
from yinshu.kernel.evidence.modality import CONDITION, EXCEPTION, NEGATION, modals
from yinshu.kernel.evidence.names import INSTITUTION
from yinshu.kernel.evidence.records import Fault
from yinshu.kernel.evidence.tokens import Token, tokenise

Found = tuple[Fault, str]

_FREE_WORDS = re.compile(
    r"^(?:也就是说?|其中|因此|所以|具体(?:为|是)?|包括|分别(?:为|是)|根据|依据|依照|有关规定|规定|如下|以下|第?[一二三四五六七八九十]+是|的|了|是|为|即|也|其|该|之|者|则|等|和|以|款)+$"
)
_STRAY_COVER = 0.62


def added_faults(text: str, tokens: Sequence[Token], alignment: Alignment) -> list[Found]:
    """Claim tokens without a partner, grouped in runs, each named by its most serious kind."""
    faults: list[Found] = []
    run: list[Token] = []
    for token, partner in zip(tokens, alignment.partner, strict=True):
        if partner is None and token.kind != "comma":
            run.append(token)
            continue
        if token.kind == "comma" and run and partner is None:
            continue
        faults += _name_run(text, run)
        run = []
    return faults + _name_run(text, run)


def _name_run(text: str, run: list[Token]) -> list[Found]:
    if not run:
        return []
    words = text[run[0].start : run[-1].end]
    for token in run:
        if token.kind == "quantity":
            return [("date" if token.key.startswith("date:") else "number", words)]
    for token in run:
        if token.kind == "bound":
            return [("number", words)]
        if token.kind == "modal":
            return [("negation" if token.key in ("modal:forbid", "modal:exempt", "modal:cease") else "modal", words)]
    if NEGATION.search(words):
        return [("negation", words)]
    if INSTITUTION.search(words) or "《" in text[max(0, run[0].start - 1) : run[-1].end + 1]:
        return [("name", words)]
    return [] if _FREE_WORDS.match(re.sub(r"[\W_]", "", words)) else [("wording", words)]


_PART_OF_PERIOD = re.compile(r"[月季年度周旬][初末底]")
"""“每月初15个工作日内” without 初 is another time."""


def dropped_faults(source_text: str, source: Sequence[Token], alignment: Alignment, question: str) -> list[Found]:
    """What the claim left out of the statement and may not: a negation, a bound, a condition, an exception."""
    used = {place for place in alignment.partner if place is not None}
    if not used:
        return []
    faults: list[Found] = []
    last_used = max(used)
    shared_modal = _modals_said_twice(source, sorted(used))
    for first, last in _pieces(source):
        inside = [place for place in range(first, last) if source[place].kind != "comma"]
        if not inside:
            continue
        words = source_text[source[first].start : source[last - 1].end]
        if any(place in used for place in inside):
            faults += _dropped_in_piece(source_text, source, inside, used | shared_modal)
        elif fault := _dropped_piece(words, source_text[source[last - 1].end :][:1], last <= last_used, question):
            faults.append(fault)
    return faults


def _modals_said_twice(source: Sequence[Token], used: list[int]) -> set[int]:
    """Places left out between two uses of one modal word: 不得甲，不得乙 said as 不得乙 loses no prohibition."""
    spared: set[int] = set()
    for before, after in pairwise(used):
        gap = range(before + 1, after)
        if not any(source[place].kind == "comma" for place in gap):
            continue
        first_out = source[before].kind == "modal" and source[before].key == source[after - 1].key
        last_out = source[after].kind == "modal" and source[after].key == source[before + 1].key
        if first_out or last_out:
            spared.update(gap)
    return spared


def _pieces(source: Sequence[Token]) -> list[tuple[int, int]]:
    cuts = [index for index, token in enumerate(source) if token.kind == "comma"]
    starts = [0, *(cut + 1 for cut in cuts)]
    return [(start, end) for start, end in zip(starts, [*cuts, len(source)], strict=True) if end > start]


def _dropped_in_piece(text: str, source: Sequence[Token], inside: list[int], used: set[int]) -> list[Found]:
    faults: list[Found] = []
    run: list[int] = []
    for place in [*inside, -1]:
        if place >= 0 and place not in used:
            run.append(place)
            continue
        if run:
            start = source[run[0]].start
            words = text[start : source[run[-1]].end]
            faults += _serious(words, [source[p] for p in run])
            if run[0] - 1 in used and _PART_OF_PERIOD.match(text[start - 1 : start + 1]):
                faults.append(("date", "漏：" + text[start - 1 : start + 1]))
        run = []
    return faults


def _serious(words: str, tokens: list[Token]) -> list[Found]:
    if EXCEPTION.search(words):
        return [("negation", "漏：" + words)]
    for token in tokens:
        if token.kind == "bound":
            return [("number", "漏：" + words)]
        if token.kind == "modal" and token.key not in ("modal:ought", "modal:must"):
            return [("modal" if token.key == "modal:may" else "negation", "漏：" + words)]
    if NEGATION.search(words):
        return [("negation", "漏：" + words)]
    return []


def _dropped_piece(words: str, next_character: str, before_a_match: bool, question: str) -> Found | None:
    """A whole part between commas was left out."""
    closed = words + ("，" if next_character in "，,：:" else "")
    serious = bool(EXCEPTION.search(words)) or (
        bool(CONDITION.search(closed)) and (before_a_match or _late_condition(words))
    )
    if not serious or (question and _said_in(words, question)):
        return None
    return ("negation", "漏：" + words)


def _late_condition(words: str) -> bool:
    return re.match(r"(?:如|若|但|除)", words) is not None


def _said_in(words: str, question: str) -> bool:
    """Whether the question itself states the condition: most of its characters, all of its quantities and negations."""
    theirs = {token.key for token in tokenise(question)}
    mine = [token for token in tokenise(words) if token.kind != "comma" and not token.key.startswith("ordinal:")]
    if any(token.kind == "quantity" and token.key not in theirs for token in mine):
        return False
    if bool(NEGATION.search(words)) and not (NEGATION.search(question) or modals(question)):
        return False
    shared = sum(token.key in theirs for token in mine)
    return shared >= _STRAY_COVER * len(mine)
