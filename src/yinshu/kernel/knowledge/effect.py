"""Reading from the closing articles when a document takes effect and when it ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yinshu.kernel.documents.markers import chinese_to_int
from yinshu.kernel.documents.records import Clause
from yinshu.kernel.knowledge.calendar_text import DATE, add_months, add_period, first_date
from yinshu.kernel.knowledge.references import find_references

_SELF = (
    r"(?:本|该|此)(?:办法|规定|通知|公告|条例|法|决定|细则|意见|指导意见|规则|规程|指引|规范|制度|方案|预案|操作规程|操作指引|管理办法|"
    r"实施细则|实施办法|暂行办法|暂行规定|管理规定|程序|标准|手册|流程|协议|要求|章程|准则|实施意见|补充规定)"
)
_VERB = r"(?:施行|执行|实施|生效|试行|实行)"
_EXPLAINED_BY = r"(?:由[^，。；]{2,40}?(?:解释|修订|制定)(?:[^，。；]{0,8}(?:解释|修订))?)?"
"""本办法由运营管理部负责解释，自…起施行."""
_COUNT = r"([0-9]{1,3}|[一二三四五六七八九十]{1,3})"
_START = re.compile(rf"自\s*({DATE})\s*(?:零时|0时)?\s*(?:起|始|开始)(?:正式)?(?:在[^，。；]{{1,12}})?{_VERB}")
_START_ON = re.compile(rf"(?:于|从)\s*({DATE})\s*(?:起|开始|正式)*{_VERB}")
_START_RELATIVE = re.compile(
    rf"自\s*(?:发布|公布|印发|下发|发文|颁布|签发|成文)\s*之日(?:起)?\s*(?:{_COUNT}\s*(日|天|个月|年)\s*(?:后|之后|起|内)?(?:起)?)?"
    rf"(?:开始|正式)?{_VERB}"
)
_START_NEXT_MONTH = re.compile(rf"自\s*(?:下月|次月|发布(?:的)?次月)\s*(?:1|一)\s*日起{_VERB}")
_PERIOD = re.compile(
    rf"(?:有效期|试行期|试行期限|执行期|施行期限|有效期限)\s*(?:为|暂定为|暂定|限为)?\s*{_COUNT}\s*(年|个月)"
)
_UNTIL = re.compile(
    rf"(?:有效期|试行期|执行|施行|实施)?\s*(?:截至|截止到|截止|至|到)\s*({DATE})\s*(?:止|废止|失效|期满|届满)"
)
_VALID_UNTIL = re.compile(rf"有效期\s*(?:截至|截止到|至|到)\s*({DATE})")
_PROMULGATED = re.compile(r"现(?:予|将)?(?:以)?(?:发布|公布|颁布|印发)")
_QUOTE_LENGTH_MAX = 200


@dataclass(frozen=True)
class Effect:
    """When the document starts or ends: the day, the sentence that says so and the clause it stands in."""

    day: date
    quote: str
    clause_ordinal: int
    rank: int = 0


def sentences_of(text: str) -> list[str]:
    """Split after full stops; a line end splits only where the line ended a sentence, so wrapped lines stay whole."""
    joined = re.sub(r"(?<![。；：！？”])\n", "", text)
    return [piece for piece in re.split(r"(?<=[。！？])|\n", joined) if piece and piece.strip()]


def effective_from(clauses: Sequence[Clause], issued_on: date | None) -> Effect | None:
    """Return when the document itself takes effect, or None when it does not say (or counts from an unknown day).

    A dated statement about the document beats one relative to its issue; the promulgating text and the rule's own
    closing article rank before a notice that only wraps the rule.
    """
    found = [effect for clause in clauses for effect in _starts_in(clause, issued_on)]
    return min(found, key=lambda effect: (effect.rank, effect.clause_ordinal)) if found else None


def _starts_in(clause: Clause, issued_on: date | None) -> list[Effect]:
    effects = []
    for sentence in sentences_of(clause.text):
        if "自" not in sentence and "从" not in sentence and "于" not in sentence:
            continue
        subject = _subject_rank(sentence, clause)
        if subject is None:
            continue
        day, relative = _start_day(sentence, issued_on)
        if day is not None:
            quote = sentence.strip()[:_QUOTE_LENGTH_MAX]
            effects.append(Effect(day, quote, clause.ordinal, subject + (2 if relative else 0)))
    return effects


def _subject_rank(sentence: str, clause: Clause) -> int | None:
    """Return 0 for a statement about the document itself, 1 for its wrapping notice, None for anything else."""
    match = _first_start(sentence)
    if match is None:
        return None
    before = sentence[: match.start()]
    if before.count("“") > before.count("”"):
        return None
    own = re.search(rf"{_SELF}(?:（[^）]*）)?(?:经[^。]*?)?{_EXPLAINED_BY}(?:均|应|将)?[，,；;]?\s*$", before)
    if own:
        wraps = clause.kind == "section" and re.search(r"本(?:通知|公告|决定)", own.group(0))
        return 1 if wraps else 0
    if _PROMULGATED.search(before) or re.search(r"(?:现予|予以)(?:发布|公布)", before):
        return 0
    if re.match(r"^\s*(?:[一二三四五六七八九十]+、|第[^条]{1,6}条\s*)?《[^》]+》(?:[（(][^）)]*[）)])?\s*$", before):
        return 0
    return None


def _first_start(sentence: str) -> re.Match[str] | None:
    found = [pattern.search(sentence) for pattern in (_START, _START_ON, _START_RELATIVE, _START_NEXT_MONTH)]
    hits = [match for match in found if match]
    return min(hits, key=lambda match: match.start()) if hits else None


def _start_day(sentence: str, issued_on: date | None) -> tuple[date | None, bool]:
    dated = _START.search(sentence) or _START_ON.search(sentence)
    if dated:
        return first_date(dated.group(1)), False
    if issued_on is None:
        return None, True
    relative = _START_RELATIVE.search(sentence)
    if relative:
        if relative.group(1):
            return add_period(issued_on, chinese_to_int(relative.group(1)), relative.group(2)), True
        return issued_on, True
    if _START_NEXT_MONTH.search(sentence):
        return add_months(issued_on.replace(day=1), 1), True
    return None, True


def start_stated_in(sentence: str, issued_on: date | None) -> date | None:
    """Return the day from which a sentence says that something holds (自…起施行), whatever its subject."""
    return _start_day(sentence, issued_on)[0]


def effective_to(clauses: Sequence[Clause], start: date | None) -> Effect | None:
    """Return the first day on which the document no longer holds by its own words (有效期3年, 至…止), or None."""
    for clause in clauses:
        for sentence in sentences_of(clause.text):
            day = _end_day(sentence, start)
            if day is not None:
                return Effect(day, sentence.strip()[:_QUOTE_LENGTH_MAX], clause.ordinal)
    return None


def _end_day(sentence: str, start: date | None) -> date | None:
    own = re.search(rf"{_SELF}[^。]{{0,60}}", sentence)
    if not own or (
        _first_start(sentence) is None and not re.search(rf"{_SELF}(?:的)?(?:有效期|试行期|执行期)", sentence)
    ):
        return None
    if any(reference.title for reference in find_references(sentence[: own.start()])):
        return None
    until = _VALID_UNTIL.search(sentence) or _UNTIL.search(sentence)
    if until:
        last = first_date(until.group(1))
        return last + timedelta(days=1) if last else None
    period = _PERIOD.search(sentence)
    if period and start:
        return add_period(start, chinese_to_int(period.group(1)), period.group(2))
    return None
