"""Decides whether a sentence of a source answers a yes/no question with yes or no; None unless it is plain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from yinshu.kernel.evidence.asking import (
    PREMISE_EXEMPT,
    PREMISE_FORBID,
    PREMISE_MAY,
    PREMISE_OUGHT,
    Asked,
    read_question,
    without_choice,
)
from yinshu.kernel.evidence.modality import NEGATION
from yinshu.kernel.evidence.overlap import content, cover, shared
from yinshu.kernel.evidence.quantities import Quantity, parse_quantities, same_quantity

Polarity = Literal["yes", "no"]
Stance = Literal["forbid", "may", "ought", "exempt", "ended", "denied", "stated"]

MIN_SHARED = 2
MIN_PREMISE_COVER = 0.5
MIN_FOCUS_COVER = 0.45
MIN_NUMBER_SHARED = 4.0
MIN_RIVAL_SHARE = 0.5
_NOT_REACHED = re.compile(r"没达到?|不到|不足|不满|未满|未达到?|没满|低于|少于")
_OTHER = re.compile(r"别的|其他|其它|另外的")
_LONG_PERIODS = frozenset("年季月")
_LACK = re.compile(r"没(?!收)|未(?!来)|无(?!论)|不(?!动产|良|同)|缺|少了")
MIN_ALLOW_COVER = 0.65
MIN_ACTOR_COVER = 0.5
MIN_STATEMENT_COVER = 0.4
MIN_DENY_COVER = 0.3

_BOUND = r"(?!超过|超出|低于|少于|高于|多于|大于|小于|早于|晚于|短于)"
_FORBID = re.compile(
    rf"不得(?!不){_BOUND}|不能{_BOUND}(?![^，。；]{{0,16}}的)|不可以|不允许|不准|不许|禁止|严禁|不应当?(?!有){_BOUND}|无权"
    r"|不予(?:办理|受理|批准|支持|退|开)|(?<!不)停止|(?<!不)暂停|切勿"
)
_EXEMPT = re.compile(
    r"无需|无须|毋需|毋须|不必|不需要?|不用(?!于)|免于|可以?(?:暂)?不(?!受)|可以?免|不再(?:要求|执行|需要|参加|提交|开展|收取|实行)"
)
_ENDED = re.compile(r"删除|删去|取消|废止|停止执行|不再执行|失效")
_OUGHT = re.compile(r"应当|应该|必须|务必|(?<![无毋])须(?!知)|(?<![对相反供适响])应(?![用对收付急答变属得计])")
_MAY = re.compile(r"可以|有权|(?<![许认不非])可(?![疑能靠行用控追见比])|允许|准许")
_ONLY = re.compile(r"(?:只能|仅能|仅可|只可|仅限|限于|只得|只准|仅准|仅用于|只可以)")
_DENIED = re.compile(
    r"不(?:受|属于|属|包括|含|计|适用|构成|承担|收取|收费|视为|算|是|再|予|具有|享有|支付|纳入|列入|等同|影响|免除|丧失|作为|代表|办理|提供|接受|保护|设|限)|没有|未(?!成年|来|婚|满|还|到期|结清)|并非|不同于|无(?:效|偿)"
)
_REFUSING = re.compile(r"拒绝|限制|阻碍|妨碍|干预|推诿|拖延|歧视|泄露|强制|强迫|以.{0,12}为由")
_UNLESS = re.compile(
    r"未经|非经|不经|除[^，。；]{1,30}外|未取得|未获|没有取得|非依|除外|另有|除非|(?:经|征得)[^，。；]{0,20}(?:批准|同意|许可|授权|核准)"
)
_UNLESS_SAID = re.compile(
    r"没.{0,8}(?:批|同意|许可|授权|取得|经|报)|未.{0,8}(?:批|同意|许可|授权|取得|经|报)|不经|擅自|私自|自己|直接"
)
_AGAIN = re.compile(r"再|第二|另外?开?|两[个张户家]|多[个张户]|几[个张户]|还能")
_SINGLE = re.compile(r"(?:只能|仅能|仅可|只可|限)[^，。；]{0,8}(?:一|1)[个张户家次份]")
_TOGETHER = re.compile(
    r"一份|一张|顶(?:了|替)?|代替|替代|合并|合在?一起|一并|一起|只(?:报|交|做|填)一|合二为一|混(?:在|用)|共用"
)
_SEPARATELY = re.compile(r"应当?(?:[^，。；]{0,6})?(?:分别|分开|单独|逐[一笔户]|各自|分户|分账|另行)")
_ANCHOR = re.compile(
    r"自(?P<law>[^，。；]{2,40}?)(?:之日|之时|次日|日)?(?:起|开始)|从(?P<said>[^，。；]{2,30}?)(?:那天|之日|当天|日)?(?:起|开始)"
)


@dataclass(frozen=True)
class _Statement:
    """`near` measures the action it rules, `shared` also the words before the modal word."""

    stance: Stance
    text: str
    near: float
    shared: float


def answer_polarity(question: str, sentence: str) -> Polarity | None:
    """ "yes" or "no" when the sentence plainly answers the question so; None when it does not or depends on more."""
    asked = read_question(question)
    if asked is None:
        return None
    if shared(asked.focus, sentence) < MIN_SHARED and shared(question, sentence) < MIN_SHARED:
        return None
    if asked.kind == "premise":
        return _judge_premise(asked.focus, question, sentence)
    if asked.kind == "fact":
        return _judge_fact(asked.focus, sentence)
    statement = _choose(question, sentence)
    verdict = (
        _judge_permit(asked, question, statement, sentence)
        if asked.kind == "permit"
        else _judge_oblige(asked, statement, sentence)
    )
    if verdict is None:
        return None
    if verdict == "no" or asked.contrary:
        return verdict if _speaks_of(asked.action, sentence) or _speaks_of(asked.focus, sentence) else None
    if statement is None or _OTHER.search(asked.focus) or _disputed(statement, question, sentence):
        return None
    if content(asked.actor) and cover(asked.actor, sentence) < MIN_ACTOR_COVER:
        return None
    if cover(asked.action, statement.text) < MIN_STATEMENT_COVER:
        return None
    return verdict if cover(asked.action, sentence) >= MIN_ALLOW_COVER else None


def _speaks_of(words: str, sentence: str) -> bool:
    """A prohibition may be wider than the question's words; leave and duty are held to the action itself."""
    return cover(words, sentence) >= MIN_DENY_COVER or len(content(words) & content(sentence)) >= MIN_SHARED


def _disputed(chosen: _Statement, question: str, sentence: str) -> bool:
    """Whether the same sentence forbids something nearly as near to the question as what it allows."""
    return any(
        other.stance == "forbid" and other.shared >= MIN_RIVAL_SHARE * chosen.shared
        for other in _statements(question, sentence)
    )


def _statements(question: str, sentence: str) -> list[_Statement]:
    found = []
    carried: tuple[Stance, str] | None = None
    for piece in re.findall(r"[^，。；：,;:]+", sentence):
        stance = _stance(piece)
        if stance is None:
            if carried is not None:
                found.append(_Statement(carried[0], piece, shared(question, piece), shared(question, piece)))
            continue
        carried = (stance, piece)
        governed = _governed(piece, stance)
        near = shared(question, governed)
        before = shared(question, piece[: len(piece) - len(governed)])
        found.append(_Statement(stance, piece, near, near + 0.5 * before))
    return found


_PATTERN_OF: dict[Stance, re.Pattern[str]] = {
    "forbid": _FORBID, "exempt": _EXEMPT, "ought": _OUGHT, "may": _MAY, "ended": _ENDED, "denied": _DENIED,
}  # fmt: skip


def _stance(piece: str) -> Stance | None:
    for stance in ("exempt", "forbid", "ought", "may", "ended"):
        if _PATTERN_OF[stance].search(piece):
            return stance
    return "denied" if _DENIED.search(piece) else None


def _governed(piece: str, stance: Stance) -> str:
    """The words after the modal word: the action that it rules; the whole piece when nothing follows."""
    match = _PATTERN_OF[stance].search(piece)
    rest = piece[match.end() :] if match else ""
    return rest if len(rest) > 1 else piece


def _choose(question: str, sentence: str) -> _Statement | None:
    """The statement nearest to the question; None when two of opposite stance are equally near."""
    spoken = [statement for statement in _statements(question, sentence) if statement.stance != "denied"]
    statements = sorted(spoken, key=lambda statement: (-statement.near, -statement.shared))
    if not statements:
        return None
    best = statements[0]
    if best.shared <= 0 and len({statement.stance for statement in statements}) > 1:
        return None
    rivals = [s for s in statements[1:] if s.stance != best.stance and s.near >= best.near]
    return None if rivals else best


def _judge_permit(asked: Asked, question: str, statement: _Statement | None, sentence: str) -> Polarity | None:
    if _SINGLE.search(sentence) and _AGAIN.search(question) and not asked.contrary:
        return "no"
    if _SEPARATELY.search(sentence) and _TOGETHER.search(question):
        return "no"
    if not asked.contrary and (_beyond(asked.focus, sentence) or _crosses(asked.action, sentence)):
        return "no"
    if statement is None or _depends(question, sentence):
        return None
    if asked.contrary:
        return {"exempt": "yes", "ought": "no"}.get(statement.stance)  # type: ignore[return-value]
    if statement.stance == "forbid":
        refusing = _REFUSING.search(statement.text)
        return None if statement.shared < MIN_SHARED or (refusing and refusing.group()[:2] not in question) else "no"
    if statement.stance == "may":
        return "yes" if _plainly_allowed(asked.focus, sentence) else None
    return None


def _depends(question: str, sentence: str) -> bool:
    """未经同意不得…: the answer hangs on a condition, unless the question says that it is not met."""
    if not _UNLESS.search(sentence) or _UNLESS_SAID.search(question):
        return False
    wanted = re.search(r"(?:未经|非经|不经|未取得|未获)(?P<what>[^，。；]{2,12})", sentence)
    lacking = re.search(r"(?:没有?|未|不|无)(?P<what>[^，。；？?]{1,10})", without_choice(question))
    return not (wanted and lacking and shared(wanted["what"], lacking["what"]) >= MIN_SHARED)


def _beyond(focus: str, sentence: str) -> bool:
    """Whether the question's one figure breaks the one bound of its kind that the sentence sets."""
    said = [q for q in parse_quantities(focus) if q.kind in ("period", "money", "ratio", "count", "age")]
    limits = [q for q in parse_quantities(sentence) if q.bound == "le" and q.bound_words not in ("前", "内", "以内")]
    if len(said) != 1 or len(limits) != 1 or (said[0].kind, said[0].unit) != (limits[0].kind, limits[0].unit):
        return False
    return said[0].value > limits[0].value and shared(focus, sentence) >= MIN_NUMBER_SHARED


def _crosses(action: str, sentence: str) -> bool:
    """能超过发行规模吗 against 不得超过发行规模."""
    said = re.match(r"(超过|超出|低于|高于|少于)(.{2,})", action)
    return said is not None and re.search(f"不(?:得|能|应|可以?)?{said[1]}", sentence) is not None


def _plainly_allowed(focus: str, sentence: str) -> bool:
    """Leave without restriction: no only, no unless, no figure or lack that the sentence does not name."""
    if _ONLY.search(sentence) or _UNLESS.search(sentence) or cover(focus, sentence) < MIN_FOCUS_COVER:
        return False
    law = parse_quantities(sentence)
    if any(not any(same_quantity(q, other) for other in law) for q in parse_quantities(focus)):
        return False
    return bool(_LACK.search(without_choice(focus))) <= bool(_LACK.search(sentence))


def _judge_oblige(asked: Asked, statement: _Statement | None, sentence: str) -> Polarity | None:
    if statement is None or statement.shared < MIN_SHARED:
        return None
    if statement.stance == "ought" and not _reached(asked.focus, sentence):
        return None
    if statement.stance == "forbid" and cover(asked.action, _governed(statement.text, "forbid")) < MIN_ALLOW_COVER:
        return None
    answers: dict[Stance, Polarity] = {"ought": "yes", "exempt": "no", "forbid": "no", "ended": "no"}
    return answers.get(statement.stance)


def _reached(focus: str, sentence: str) -> bool:
    """A duty from a threshold upward holds only when the question's figure reaches it."""
    asked = without_choice(focus)
    if any(pattern.search(asked) and not pattern.search(sentence) for pattern in (_NOT_REACHED, _LACK)):
        return False
    for figure in parse_quantities(focus):
        rivals = [q for q in parse_quantities(sentence) if (q.kind, q.unit) == (figure.kind, figure.unit)]
        for limit in rivals:
            below = limit.bound in ("ge", "gt") and figure.value < limit.value
            above = limit.bound in ("le", "lt") and figure.value > limit.value
            if below or above:
                return False
    return True


def _judge_premise(premise: str, question: str, sentence: str) -> Polarity | None:
    by_number = _compare_numbers(premise, sentence)
    if by_number == "no":
        return "no"
    said_anchor = _ANCHOR.search(premise)
    law_anchor = _ANCHOR.search(sentence)
    if law_anchor and said_anchor:
        law, said = (a["law"] or a["said"] for a in (law_anchor, said_anchor))
        if len(content(law) & content(said)) * 2 < min(len(content(law)), len(content(said))):
            return "no"
    by_modal = _compare_modals(premise, question, sentence)
    if by_modal is not None:
        return by_modal
    same_sense = _denies(premise) == _denies(sentence)
    anchored = law_anchor is None or said_anchor is not None
    if by_number == "yes" and anchored and same_sense and cover(premise, sentence) >= MIN_PREMISE_COVER:
        return "yes"
    return _judge_fact(premise, sentence)


def _compare_numbers(premise: str, sentence: str) -> Polarity | None:
    """yes when every figure of the premise stands in the sentence, no when one is contradicted by its kind."""
    said = [q for q in parse_quantities(premise) if q.kind not in ("number", "time")]
    law = parse_quantities(sentence)
    if not said or not law:
        return None
    verdict: Polarity = "yes"
    pieces = re.findall(r"[^，。；：,;:]+", sentence)
    near = max((shared(premise, piece) for piece in pieces if parse_quantities(piece)), default=0.0)
    for figure in said:
        if any(same_quantity(figure, other, convert_periods=True) for other in law):
            continue
        if near < MIN_NUMBER_SHARED or not any(_comparable(figure, other) for other in law):
            return None
        verdict = "no"
    return verdict


def _comparable(a: Quantity, b: Quantity) -> bool:
    if a.kind != b.kind or a.kind == "date":
        return a.kind == b.kind and a.moment is not None and b.moment is not None
    if a.kind == "period":
        return (a.unit in _LONG_PERIODS) == (b.unit in _LONG_PERIODS)
    return a.kind in ("ratio", "multiple", "age") or a.unit == b.unit


def _compare_modals(premise: str, question: str, sentence: str) -> Polarity | None:
    stance = _premise_stance(premise)
    if stance is None:
        return None
    statement = _choose(question, sentence)
    if statement is None or _depends(question, sentence):
        return None
    agree: dict[tuple[Stance, Stance], Polarity] = {
        ("may", "forbid"): "no", ("may", "may"): "yes", ("ought", "exempt"): "no", ("ought", "ought"): "yes",
        ("forbid", "forbid"): "yes", ("forbid", "may"): "no", ("exempt", "exempt"): "yes", ("exempt", "ought"): "no",
        ("ought", "forbid"): "no", ("ought", "ended"): "no", ("forbid", "ought"): "no", ("exempt", "ended"): "yes",
    }  # fmt: skip
    verdict = agree.get((stance, statement.stance))
    if statement.shared < MIN_SHARED:
        return None
    if (
        statement.stance == "forbid"
        and (refusing := _REFUSING.search(statement.text))
        and refusing.group()[:2] not in premise
    ):
        return None
    if verdict == "yes" and (cover(premise, sentence) < MIN_PREMISE_COVER or _ONLY.search(sentence)):
        return None
    if verdict == "yes" and stance == "may" and not _plainly_allowed(premise, sentence):
        return None
    return verdict


def _premise_stance(premise: str) -> Stance | None:
    for pattern, stance in (
        (PREMISE_EXEMPT, "exempt"), (PREMISE_FORBID, "forbid"), (PREMISE_OUGHT, "ought"), (PREMISE_MAY, "may"),
    ):  # fmt: skip
        if pattern.search(premise):
            return stance  # type: ignore[return-value]
    return None


def _judge_fact(premise: str, sentence: str) -> Polarity | None:
    """no when the piece that speaks of the same thing denies it; a plain yes is never read from mere agreement."""
    asked = without_choice(premise)
    if _denies(asked) or _UNLESS.search(sentence):
        return None
    pieces = sorted(re.findall(r"[^，。；：,;:]+", sentence), key=lambda piece: -shared(premise, piece))
    for rank, piece in enumerate(pieces):
        denial = (_DENIED.search(piece) if rank == 0 else None) or _denied_word(asked, piece)
        if denial is None or shared(premise, piece) < MIN_SHARED:
            continue
        if denial.re is not _DENIED or shared(premise, piece[denial.start() :]) >= MIN_SHARED:
            return "no"
    return None


def _denies(text: str) -> bool:
    return (
        NEGATION.search(re.sub(r"不(?:得|应|能|可)?(?:超过|低于|少于|高于|多于)", "", without_choice(text))) is not None
    )


def _denied_word(asked: str, piece: str) -> re.Match[str] | None:
    """不退还 answers 会退吗: a denied verb that the question holds."""
    for match in re.finditer(r"不(?:予)?([一-龥])", piece):
        if match[1] in content(asked):
            return match
    return None
