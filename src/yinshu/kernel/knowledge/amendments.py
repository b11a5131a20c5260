"""Reading amending documents: 将《X》第六条修改为…, 删除第五条, 第四十四条中“…”修改为“…”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from yinshu.kernel.documents.quotation import mask_quotes
from yinshu.kernel.documents.records import Clause
from yinshu.kernel.knowledge.records import LinkProposal
from yinshu.kernel.knowledge.references import Reference, articles_after, find_references

QUOTE_LENGTH_MAX = 600
ANNOUNCEMENT_CLAUSES_MAX = 8
MASK = "□"
_CN = "零〇○一二三四五六七八九十百"
_PLACE = rf"第[{_CN}\d]+条(?:之[{_CN}])?(?:第[{_CN}\d]+款)?(?:第[{_CN}\d]+项)?(?:第[{_CN}\d]+目)?"
_PLACES = rf"(?P<where>{_PLACE}(?:(?:、|和|及|以及){_PLACE})*)"
_VERB = r"(?:修改为|修订为|修改成|调整为|改为)"
_ANNOUNCES = re.compile(
    r"(?:作(?:出)?(?:如下|以下)(?:修改|修订)|(?:决定|现)(?:对|将)[\s\S]{0,300}?(?:修改|修订)|(?:修改|修订)如下|决定(?:修改|修订))"
)
_WORDED = re.compile(rf"{_PLACES}(?:改为{_PLACE}[，,])?[^。；“”《》{MASK}]{{0,10}}?{_VERB}\s*[:：]?\s*“")
_PHRASED = re.compile(rf"{_PLACES}\s*(?:中)?的?\s*“{MASK}*”[^。；“”]{{0,16}}?(?:{_VERB}|删除|删去)")
_DELETED = re.compile(
    rf"(?:删除|删去)\s*(?:原)?(?:《[^《》]{{2,80}}》(?:（[^）]*）)?)?{_PLACES}(?P<phrase>\s*(?:中)?的?\s*“)?"
)
_DELETED_AFTER = re.compile(rf"{_PLACES}(?:予以)?(?:删除|删去)(?!第)")


@dataclass(frozen=True)
class _Change:
    places: tuple[str, ...]
    start: int
    end: int
    partial: bool


def read_amendments(clauses: Sequence[Clause], default: date | None) -> list[LinkProposal]:
    """Return one `amends` proposal per changed passage of other documents.

    The target is the last 《title》 named before the change in the same numbered section. In a document that announces
    the amendment of exactly one other, that one is meant where a section names none; elsewhere a change counts only
    right behind the title it belongs to. `partial` is set when only a phrase of the named place changes, so that the
    rest of it stands. `default` is the day on which the amending document takes effect.
    """
    announced, announces = _announcement(clauses)
    found: list[LinkProposal] = []
    for _, members in groupby(clauses, key=lambda clause: clause.group):
        group = list(members)
        text = "\n".join(clause.text for clause in group)
        masked = mask_quotes(text)
        references = find_references(masked)
        for change in _changes(masked):
            target = _target(change, references, announced, announces=announces)
            if target is not None:
                found.append(
                    LinkProposal(
                        relation="amends",
                        target_title=target.title,
                        target_number=target.number,
                        quote=_quote(text, masked, change),
                        clause_ordinal=_ordinal_at(group, change.start),
                        target_articles=change.places,
                        effective_on=default,
                        target_issued_on=target.issued_on,
                        partial=change.partial,
                    )
                )
    return list(dict.fromkeys(found))


def _announcement(clauses: Sequence[Clause]) -> tuple[Reference | None, bool]:
    """Return the one document whose amendment is announced (None when several are), and whether any is announced."""
    for clause in clauses[:ANNOUNCEMENT_CLAUSES_MAX]:
        masked = mask_quotes(clause.text)
        match = _ANNOUNCES.search(masked)
        if not match:
            continue
        line_start = masked.rfind("\n", 0, match.start()) + 1
        line_end = masked.find("\n", match.end())
        sentence = masked[line_start : line_end if line_end > 0 else len(masked)]
        targets = [ref for ref in find_references(sentence) if not _is_basis(sentence, ref) and not _is_own_name(ref)]
        named = {ref.title or ref.number for ref in targets}
        several = len(named) != 1 or re.search(r"等\s*[\d一二三四五六七八九十]+\s*[件个部项]", sentence)
        return (None if several else targets[0]), True
    return None, False


def _is_basis(sentence: str, ref: Reference) -> bool:
    return bool(re.search(r"(?:根据|依据|按照|依照|落实|贯彻)[^，。；]{0,60}$", sentence[: ref.start]))


def _changes(masked: str) -> Iterator[_Change]:
    for match in _WORDED.finditer(masked):
        yield _Change(_places(match), match.start("where"), match.end(), partial=False)
    for match in _PHRASED.finditer(masked):
        yield _Change(_places(match), match.start("where"), match.end(), partial=True)
    for match in _DELETED.finditer(masked):
        yield _Change(_places(match), match.start("where"), match.end(), partial=bool(match.group("phrase")))
    for match in _DELETED_AFTER.finditer(masked):
        yield _Change(_places(match), match.start("where"), match.end(), partial=False)


def _places(match: re.Match[str]) -> tuple[str, ...]:
    return articles_after(match.group("where"))[0]


def _target(
    change: _Change, references: Sequence[Reference], announced: Reference | None, *, announces: bool
) -> Reference | None:
    before = [ref for ref in references if ref.start < change.start and not _is_own_name(ref)]
    if announces:
        return before[-1] if before else announced
    adjoining = [ref for ref in before if ref.end >= change.start]
    return adjoining[-1] if adjoining else None


def _is_own_name(ref: Reference) -> bool:
    return ref.title.startswith("中国人民银行关于修改") or ref.title.startswith("关于修改")


def _quote(text: str, masked: str, change: _Change) -> str:
    start = max(masked.rfind(mark, 0, change.start) for mark in "。；\n”") + 1
    closing = masked.find("”", change.end)
    ends = [place for place in (masked.find("。", change.end), masked.find("\n", change.end)) if place > 0]
    end = closing + 1 if closing > 0 and masked[change.end - 1] == "“" else min(ends, default=len(text))
    return text[start : min(end, start + QUOTE_LENGTH_MAX)].strip()


def _ordinal_at(group: Sequence[Clause], place: int) -> int:
    passed = 0
    for clause in group:
        passed += len(clause.text) + 1
        if place < passed:
            return clause.ordinal
    return group[-1].ordinal
