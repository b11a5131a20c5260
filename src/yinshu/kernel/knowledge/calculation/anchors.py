"""The period of a clause that a date in the question runs by: which one, from which event, and in which direction."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yinshu.kernel.evidence.overlap import shared
from yinshu.kernel.knowledge.calculation.reading import ASKS_DATE, Figure, Reading, choose

MIN_ANCHOR_SHARED = 2
_WINDOW = re.compile(
    r"(?:每|最近|连续|近|过去|上溯|累计|(?<!届满)(?<!期满)(?<!到期)前|(?<![届期])满|不足|年龄|不低于|(?<!不)(?<!不得)超过|逾期|最后|对|[当次每下本个]月|月度?)(?:的)?\s*$"
)
_BACKWARD = re.compile(r"(?:提前|期满前?|届满前?|到期前?|之前)(?:至少|不少于)?\s*$")
_ANCHOR = re.compile(
    r"自(?P<since>[^，。；自]{2,40}?)(?:之日|之时|当日|次日|的次日|日)?(?:起|开始)|(?P<day>[^，。；自]{2,30}?)之日起|(?P<after>[^，。；自]{2,24}?)(?:之?后|以后)(?:的)?$"
)
_END_EVENT = re.compile(
    r"终止|结束|届满|期满|到期|完结|清偿|还清|结清|还完|销户|注销|解除|关闭|撤销|离职|终了|办结|了结|退出"
)
_END_SAID = re.compile(r"销[了掉户]|还[了上掉清]|交清|办完|做完|关[了掉停]|全还|结了|做完|卖掉|退掉")
_CHANGE_EVENT = re.compile(r"变更|变化|更换|调整|改变")
_CHANGE_SAID = re.compile(r"[换改变调]|搬|迁")
_SAID_AS = (
    (re.compile(r"收到|接到|收悉"), re.compile(r"收到|接到|拿到|收了|收下|转来|送来|送达|投到|交来|提了|提出|寄来")),
    (re.compile(r"受理"), re.compile(r"受理")),
    (re.compile(r"出票|签发|开立|开户"), re.compile(r"开|签发|出票")),
    (re.compile(r"取得|获得|颁发|领取|批准|获准|认定"), re.compile(r"取得|获得|获准|批|拿到|领到|发的|发了|下来|认定")),
    (re.compile(r"发出|通知"), re.compile(r"发了|发出|通知")),
    (re.compile(r"列入|进入"), re.compile(r"列入|进了|上了|进入")),
    (re.compile(r"收缴"), re.compile(r"收缴|被收|没收")),
    (re.compile(r"发现|确认|知道"), re.compile(r"发现|查出|确认|知道|认出")),
    (re.compile(r"提示付款"), re.compile(r"提示")),
)
_GENERIC_EVENT = re.compile(r"(?:该|上述|前款|规定的?)情形(?:发生|出现)?")
_MONTH_RULE = re.compile(r"对日|按月计算")
_QUESTION_TERM = re.compile(r"(?:后|起|期限|为期|有效期|期)[为是]?\s*$")
_EXTENSION = re.compile(r"(?:情况|情形|案情)?(?:特别|比较)?复杂|延长|延期|特殊情况|疑难|展期")
_NO_EXTENSION = re.compile(r"(?:没|不|未|无)[有会得]?(?:延期|延长|展期|复杂)|普通|正常|一般")
_IN_ALL = re.compile(r"(?:最长[^，。；]{0,10}|延长至|延至|之日起)\s*$")
_VAGUE = re.compile(r"多|来|没|未|以上|以来")
_DUE_AFTER = re.compile(r"\s*(?:以内|之内|内)")
_DUE_BEFORE = re.compile(r"(?:起|后|期限为|有效期为?|为期|不得超过|不超过|不少于|不得少于|至少|最长|期)\s*$")
_RENEWAL = re.compile(r"续展|延续|续期|续办|换证|换发|想续|要续|再续|续的")
_ASKS_VALIDITY = re.compile(r"管到|有效到|有效至")
_VALIDITY = re.compile(r"有效期(?:限|间)?(?:为|是|共)?\s*$")


def term_of(reading: Reading) -> Figure | None:
    """The period to add: the clause's, or the question's own when the clause only says how periods are counted."""
    periods = candidates(reading)
    if not periods:
        rule = any(_MONTH_RULE.search(text) for text in reading.evidence)
        own = [f for f in reading.asked if f.quantity.kind == "period" and _QUESTION_TERM.search(f.before)]
        return own[0] if rule and len(own) == 1 else None
    periods = [f for f in periods if anchor_agrees(reading, f)]
    term = choose(reading, periods)
    if term is None and re.search("最长|最晚|最迟|最短", reading.question):
        term = choose(reading, [f for f in periods if re.search("最长|最晚|最迟|最短", f.piece)])
    if term is None:
        return None
    others = [f for f in reading.asked if f.quantity.kind == "period" and not _VAGUE.match(f.after)]
    said = (term.value, term.quantity.unit)
    return None if any((f.value, f.quantity.unit) != said for f in others) else term


def candidates(reading: Reading) -> list[Figure]:
    """Periods of the clause by which something is due, without windows, extensions not asked for and the like."""
    periods = [f for f in reading.law_of("period") if not _WINDOW.search(f.before) and f.quantity.bound != "gt"]
    if _RENEWAL.search(reading.question):
        periods = [f for f in periods if is_backward(f)]
    if _ASKS_VALIDITY.search(reading.question):
        periods = [f for f in periods if "期限" in f.segment or "有效期" in f.segment]
    periods = [f for f in periods if _is_due(f)] or periods
    return _by_extension(reading, periods)


def _is_due(term: Figure) -> bool:
    return is_backward(term) or bool(_DUE_AFTER.match(term.after) or _DUE_BEFORE.search(term.before))


def is_extension(term: Figure) -> bool:
    """情况复杂的…可以延长至60日: a period for the exceptional case."""
    return _EXTENSION.search(term.before + term.after[:8]) is not None


def asks_extension(question: str) -> bool:
    """Whether the part of the question that asks for a date speaks of the exceptional case."""
    parts = re.split(r"[？?；;]", question)
    part = next((part for part in parts if ASKS_DATE.search(part)), question)
    return _EXTENSION.search(part) is not None and _NO_EXTENSION.search(part) is None


def _by_extension(reading: Reading, periods: Sequence[Figure]) -> list[Figure]:
    wanted = asks_extension(reading.question)
    return [f for f in periods if is_extension(f) == wanted] or list(periods)


def extension_of(reading: Reading, term: Figure) -> Figure | None:
    """The longer period in all (not the addition) that the same clause allows in the exceptional case."""
    if is_extension(term) or is_backward(term) or _NO_EXTENSION.search(re.sub("正常", "", reading.question)):
        return None
    longer = [
        f
        for f in reading.law_of("period")
        if is_extension(f) and f.quantity.unit == term.quantity.unit and f.value > term.value
        and _IN_ALL.search(f.before)
    ]  # fmt: skip
    return longer[0] if len({f.value for f in longer}) == 1 else None


def anchor_agrees(reading: Reading, term: Figure) -> bool:
    """The clause counts from an event: the question must speak of that event, an end must be met by an end."""
    anchors = list(_ANCHOR.finditer(term.before))
    if not anchors:
        return True
    anchor = next((found for found in reversed(anchors) if not found["day"]), anchors[-1])
    event = anchor["since"] or anchor["day"] or anchor["after"]
    if _GENERIC_EVENT.search(event):
        return term.evidence == 0
    if _END_EVENT.search(event):
        return _END_EVENT.search(reading.question) is not None or _END_SAID.search(reading.question) is not None
    if _CHANGE_EVENT.search(event):
        return _CHANGE_SAID.search(reading.question) is not None
    dated = [f for f in reading.asked if f.quantity.moment is not None]
    for law, said in _SAID_AS:
        thing = law.sub("", event)
        if law.search(event) and any(said.search(f.piece) for f in dated):
            return len(thing) < MIN_ANCHOR_SHARED or shared(thing, said.sub("", reading.question)) >= 1
    if not any(shared(event, figure.piece) >= 1 for figure in dated):
        return False
    return shared(event, reading.question) >= MIN_ANCHOR_SHARED


def is_backward(term: Figure) -> bool:
    """提前30日, 届满前30日 and 届满60日前 count back from the end."""
    if re.match(r"\s*之?后", term.after):
        return False
    return bool(_BACKWARD.search(term.before)) or (
        bool(re.match(r"\s*(?:之?前|以前)", term.after)) and bool(re.search(r"期满|届满|到期", term.before))
    )


def validity_of(reading: Reading) -> Figure | None:
    """有效期为3年 in the clause, when there is one only."""
    return choose(reading, [f for f in reading.law_of("period") if _VALIDITY.search(f.before)])


def rule_indexes(reading: Reading) -> tuple[int, ...]:
    """The evidence that says how months are counted."""
    return tuple(i for i, text in enumerate(reading.evidence) if _MONTH_RULE.search(text))[:1]
