"""Stands at the door: a sentence is supported only when its source says the same numbers, names, modals and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from yinshu.kernel.evidence.align import align
from yinshu.kernel.evidence.arithmetic import check_computation, computed_spans
from yinshu.kernel.evidence.faults import Found, added_faults, dropped_faults
from yinshu.kernel.evidence.names import metadata_spans, unknown_names
from yinshu.kernel.evidence.numerals import fold
from yinshu.kernel.evidence.polarity import Polarity, answer_polarity
from yinshu.kernel.evidence.records import Claim, Source, Support, Verdict
from yinshu.kernel.evidence.tokens import Token, tokenise
from yinshu.kernel.evidence.units import Unit, units_of

MAX_CANDIDATES = 6
MAX_CLAIM_CHARACTERS = 2_000
MIN_INDEPENDENT_TOKENS = 8
MAX_JOINTS = 4
MAX_OPENING_TOKENS = 1
"""A statement may open with its article number before the words that count."""
_SEGMENT = re.compile(r"[^。；;！？!?\n]+")
_MARKER = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十\d]+[)）]|\d+[.．、](?!\d)|[①-⑳]|[一二三四五六七八九十]+、|[-*•])\s*"
)
_VERDICT = re.compile(
    r"^\s*(?P<word>不可以|可以|不能|能|不行|行|不是|是的|是|不对|对的|对|没错|不正确|正确|不需要|需要|不用|要|不会|会|无需|有|没有)[，。,！]"
)
_NEGATIVE_VERDICT = re.compile(r"^(不|没有|无需)")
_ADVERBIAL = re.compile(r"(?:内|前|后|时|的|起|日|下|中|者|部分|外|为|按照|根据|对于?|由|向|自)$")
_PREDICATE = re.compile(r"应|须|得|可以|为|是|由|处|按|有|不|报|予")


@dataclass(frozen=True)
class _Checked:
    faults: tuple[Found, ...]
    literal: bool


def verify(claim: Claim, sources: Mapping[str, Source], *, question: str = "") -> Verdict:
    """Check one sentence against the sources it names.

    `question` is what the user asked: figures of a computation may come from it, a condition that the question states
    itself may be left out of the claim, and an opening verdict ("不可以。") is checked against it.
    """
    named = [sources[source_id] for source_id in claim.source_ids if source_id in sources]
    missing = [source_id for source_id in claim.source_ids if source_id not in sources]
    text = claim.text.strip()
    if not named or missing or not text:
        return Verdict(False, "unsupported", (("no_source", "、".join(missing) or text[:20]),))
    if len(text) > MAX_CLAIM_CHARACTERS:
        return Verdict(False, "unsupported", (("wording", "句子过长"),))
    faults: list[Found] = []
    text, verdict_faults = _take_verdict(text, named, question)
    faults += verdict_faults
    faults += unknown_names(text, named)
    if claim.computation is not None:
        faults += check_computation(text, claim.computation, named, question)
    literal = claim.computation is None and not verdict_faults
    for segment in _segments(text):
        checked = _check_segment(segment, named, question, claim)
        faults += checked.faults
        literal = literal and checked.literal
    if faults:
        return Verdict(False, "unsupported", tuple(dict.fromkeys(faults)))
    support: Support = "computed" if claim.computation else "quoted" if literal else "entailed"
    return Verdict(True, support)


def verify_verdict(verdict: Polarity, question: str, source_sentence: str) -> Verdict:
    """Whether the sentence of a source gives this answer ("yes" or "no") to a yes/no question."""
    found = answer_polarity(question, source_sentence)
    if found == verdict:
        return Verdict(True, "entailed")
    return Verdict(False, "unsupported", (("negation", verdict),))


def _take_verdict(text: str, sources: Sequence[Source], question: str) -> tuple[str, list[Found]]:
    opening = _VERDICT.match(text)
    if opening is None:
        return text, []
    rest = text[opening.end() :].strip()
    verdict: Polarity = "no" if _NEGATIVE_VERDICT.match(opening["word"]) else "yes"
    sentences = [rest] if rest else [unit.text for source in sources for unit in units_of(source.text)]
    if question and any(answer_polarity(question, sentence) == verdict for sentence in sentences):
        return rest, []
    if rest and any(opening.group().rstrip("，。,！") in fold(source.text) for source in sources) and text[0] == "有":
        return text, []
    return rest, [("negation", opening["word"])]


def _segments(text: str) -> list[str]:
    return [segment for part in _SEGMENT.findall(text) if (segment := _MARKER.sub("", part).strip())]


def _check_segment(segment: str, sources: Sequence[Source], question: str, claim: Claim) -> _Checked:
    exempt = computed_spans(segment, claim.computation, question) if claim.computation else []
    best: _Checked | None = None
    for source in sources:
        covered = exempt + metadata_spans(segment, source)
        checked = _check_against(segment, source, covered, question, computed=claim.computation is not None)
        if not checked.faults:
            return checked
        if best is None or len(checked.faults) < len(best.faults):
            best = checked
    assert best is not None
    return best


def _check_against(
    segment: str, source: Source, covered: list[tuple[int, int]], question: str, *, computed: bool
) -> _Checked:
    tokens = tuple(t for t in tokenise(segment) if not any(a <= t.start and t.end <= b for a, b in covered))
    tokens = _without_outer_commas(tokens)
    if not tokens:
        return _Checked((), False)
    units = units_of(source.text)
    if not covered and _stands_verbatim(segment, tokens, units, question):
        return _Checked((), True)
    foreign = _is_foreign(segment, tokens, units)
    candidates = _nearest(tokens, units)[: 1 if foreign else MAX_CANDIDATES]
    best: tuple[Found, ...] = (("wording", segment[:40]),)
    if computed and not candidates:
        return _Checked(tuple(added_faults(segment, tokens, align(tokens, ()))), False)
    for unit in candidates:
        faults = _faults(segment, tokens, unit, question, computed=computed)
        if not faults:
            return _Checked((), _is_literal(segment, source.text) and not covered)
        if best[0] == ("wording", segment[:40]) or len(faults) < len(best):
            best = faults
    if not foreign and _supported_in_parts(segment, tokens, units, question):
        return _Checked((), False)
    return _Checked(best, False)


def _stands_verbatim(segment: str, tokens: Sequence[Token], units: Iterable[Unit], question: str) -> bool:
    """The quick way for quotes: only statements that hold the very words are looked at."""
    words = _compact(segment)
    holding = [unit for unit in units if words in _compact(unit.text)]
    return any(not _faults(segment, tokens, unit, question) for unit in holding[:MAX_CANDIDATES])


def _is_foreign(segment: str, tokens: Sequence[Token], units: Iterable[Unit]) -> bool:
    """Whether the claim holds a word that the source nowhere has: then no statement can carry it."""
    known = {token.key for unit in units for token in unit.tokens}
    return any(
        token.kind != "comma" and token.key not in known and added_faults(segment, [token], align([token], ()))
        for token in tokens
    )


def _without_outer_commas(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    kept = list(tokens)
    while kept and kept[0].kind == "comma":
        kept.pop(0)
    while kept and kept[-1].kind == "comma":
        kept.pop()
    return tuple(kept)


def _faults(
    segment: str, tokens: Sequence[Token], unit: Unit, question: str, *, computed: bool = False
) -> tuple[Found, ...]:
    alignment = align(tokens, unit.tokens)
    added = added_faults(segment, tokens, alignment)
    if computed:
        return tuple(added)
    dropped = dropped_faults(unit.text, unit.tokens, alignment, question)
    return (*added, *dropped)


def _nearest(tokens: Sequence[Token], units: Iterable[Unit]) -> list[Unit]:
    wanted = _pairs(tokens)
    singles = {token.key for token in tokens}
    scored = []
    for order, unit in enumerate(units):
        theirs = _pairs(unit.tokens)
        shared = len(wanted & theirs) + 0.1 * len(singles & {token.key for token in unit.tokens})
        if shared:
            scored.append((-shared, len(unit.text), order, unit))
    scored.sort(key=lambda entry: entry[:3])
    return [entry[3] for entry in scored[:MAX_CANDIDATES]]


def _pairs(tokens: Sequence[Token]) -> set[tuple[str, str]]:
    keys = [token.key for token in tokens if token.kind != "comma"]
    return set(pairwise(keys))


def _supported_in_parts(segment: str, tokens: tuple[Token, ...], units: tuple[Unit, ...], question: str) -> bool:
    """Two neighbouring sentences of one source joined by a comma: each part must stand on its own."""
    commas = [index for index, token in enumerate(tokens) if token.kind == "comma"]
    order = {unit.text: place for place, unit in enumerate(units)}
    for comma in commas[:MAX_JOINTS]:
        first, second = tokens[:comma], tokens[comma + 1 :]
        words = segment[first[0].start : first[-1].end] if first else ""
        if len(first) < MIN_INDEPENDENT_TOKENS or len(second) < MIN_INDEPENDENT_TOKENS:
            continue
        if _ADVERBIAL.search(words) or not _PREDICATE.search(words):
            continue
        if not _PREDICATE.search(segment[second[0].start : second[-1].end]):
            continue
        ahead = [u for u in _nearest(first, units) if not _faults(segment, first, u, question)]
        if not ahead:
            continue
        behind = [u for u in _nearest(second, units) if _opens(second, u) and not _faults(segment, second, u, question)]
        if any(
            0 < order[b.text] - order[a.text] <= 3 and _full_stop(a) and b.lead_length == 0
            for a in ahead
            for b in behind
        ):
            return True
    return False


def _opens(tokens: Sequence[Token], unit: Unit) -> bool:
    """Whether the part begins where the statement begins, so that it brings its own subject."""
    partner = align(tokens, unit.tokens).partner[0]
    return partner is not None and partner <= MAX_OPENING_TOKENS


def _full_stop(unit: Unit) -> bool:
    return unit.text.rstrip().endswith(("。", "！", "？"))


def _is_literal(segment: str, source_text: str) -> bool:
    return _compact(segment) in _compact(source_text)


@lru_cache(maxsize=4096)
def _compact(text: str) -> str:
    return re.sub(r"[\s\"'“”‘’]", "", fold(text))
