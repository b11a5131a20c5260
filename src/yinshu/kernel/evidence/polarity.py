"""Decides whether a sentence of a source answers a yes/no question with yes or no; None unless it is plain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from yinshu.kernel.evidence.modality import NEGATION
from yinshu.kernel.evidence.quantities import Quantity, parse_quantities, same_quantity

Polarity = Literal["yes", "no"]
Ask = Literal["permit", "oblige", "premise", "fact"]
Stance = Literal["forbid", "may", "ought", "exempt", "ended", "denied", "stated"]

MIN_SHARED = 2
MIN_PREMISE_COVER = 0.5
MIN_FACT_COVER = 0.6

_END = r"(?:[啊呀呢哦的了]*)\s*$"
_TAG = re.compile(
    rf"[，,]?\s*(?:这(?:个|种|样|话)?(?:说法|理解|做法|认识)?)?(?:对吗|对吧|对不对|没错吧|对么|没错吗|是吧|是吗|是么|是不是|是这样吗|是这样吧|正确吗|是真的吗|真的吗|有没有错|属实吗|准确吗|是不是这样|是对的吗){_END}"
)
_WHETHER = re.compile(r"是不是|是否")
_PERMIT = re.compile(
    r"能不能|可不可以|可否|能否|是否(?:可以|允许|能够?|有权)|可以不可以|允不允许|准不准|让不让|有没有权|(?:可以|行|成|允许|能行|可行|使得)(?:吗|么|不|嘛)"
    rf"|行不行|成不成|(?<![不可功职])(?:能够?|可以|允许|有权|可)(?P<tail>[^，。？?]{{0,60}}?)(?:吗|么|嘛|不){_END}"
)
_OBLIGE = re.compile(
    r"要不要|需不需要|需要不需要|用不用|用得着|是否(?:需要?|应当?|应该|要|必须|得)|该不该|应不应当?该?|必不必须|必须吗"
    rf"|(?<![不只重主还将就])(?:还)?(?:要|需要|必须|得|应当|应该|非得|需|须)(?P<tail>[^，。？?]{{0,60}}?)(?:吗|么|嘛){_END}"
)
_FACT = re.compile(rf"(?:吗|么|嘛){_END}|会不会|算不算|属不属于|受不受|有没有|是否|算不算|管不管|计不计|收不收")
_CONTRARY = re.compile(r"^(?:先|就|也|都|直接|暂时|暂|干脆|一直)?(?:不|别|免)|(?:先|暂时|一律|都|就)不(?!对|足|同|够)")
_PREMISE_EXEMPT = re.compile(r"不用|不需要|无需|不必|可以不|可不|免(?!费)|用不着|不要求")
_PREMISE_FORBID = re.compile(r"不能|不得|不可以?|不允许|不准|禁止|不许|没法|无权")
_PREMISE_OUGHT = re.compile(
    r"必须|应当|应该|需要|一定要|(?<![不只主重])要(?!求|是|素)|(?<![不获取觉])得(?!到|知|出)|须"
)
_PREMISE_MAY = re.compile(r"可以|(?<![不可功])能(?!力|源|够?不)|允许|有权|随便|任意")

_FORBID = re.compile(
    r"不得(?!不)|不能|不可以|不允许|不准|不许|禁止|严禁|不应当?(?!有)|无权|不予(?:办理|受理|批准|支持|退|开)|停止|暂停|切勿"
)
_EXEMPT = re.compile(
    r"无需|无须|毋需|毋须|不必|不需要?|不用(?!于)|免于|可以?(?:暂)?不(?!受)|可以?免|不再(?:要求|执行|需要|参加|提交|开展|收取|实行)"
)
_ENDED = re.compile(r"删除|删去|取消|废止|停止执行|不再执行|失效")
_OUGHT = re.compile(r"应当|应该|必须|务必|(?<![无毋])须(?!知)|(?<![对相反供适响])应(?![用对收付急答变属得计])")
_MAY = re.compile(r"可以|有权|(?<![许认不非])可(?![疑能靠行用控追见比])|允许|准许")
_ONLY = re.compile(r"(?:只能|仅能|仅可|只可|仅限|只得|仅能够|只可以)")
_DENIED = re.compile(
    r"不(?:受|属于|属|包括|含|计|适用|构成|承担|收取|收费|视为|算|是|再|予|具有|享有|支付|纳入|列入|等同|影响|免除|丧失|作为|代表|办理|提供|接受|保护|设|限)|没有|(?:未|并非|不同于)|无(?:效|偿)"
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
_STOP = frozenset(
    "的了吗呢是在有和与或及对于由为被把我你他它们这那个一不要能可以会还就都也什么怎样吧啊，。？、“”《》（）应当得须请问想给让跟说行到上下里中后前时人银行客户单位如果其该等"
)


@dataclass(frozen=True)
class Asked:
    """A yes/no question: what it asks for, about which words, and whether it asks of not doing (能不能不报)."""

    kind: Ask
    focus: str
    contrary: bool = False


def read_question(question: str) -> Asked | None:
    """The first yes/no question in the text; None when it asks something else (多久, 哪些, 多少)."""
    for part in re.findall(r"[^。？?！!]+", question):
        asked = _read_part(part.strip())
        if asked is not None:
            return asked
    return None


def _read_part(part: str) -> Asked | None:
    tag = _TAG.search(part)
    if tag:
        return Asked("premise", part[: tag.start()])
    whether = _WHETHER.match(part) or _WHETHER.search(part)
    permit = _PERMIT.search(part)
    if permit:
        rest = part[permit.start() :]
        action = re.sub(
            r"^(?:能不能|可不可以|可否|能否|是否(?:可以|允许|能够?|有权)|能够?|可以|允许|有权|可)", "", rest
        )
        return Asked("permit", part, contrary=bool(_CONTRARY.search(action)))
    oblige = _OBLIGE.search(part)
    if oblige and not re.search(
        r"不(?:要|需要|用|必)", part[max(0, oblige.start() - 1) : oblige.end()].replace(oblige.group()[:3], "", 1)
    ):
        return Asked("oblige", part)
    if whether and whether.group() == "是不是":
        return Asked("premise", part.replace("是不是", "", 1))
    if _FACT.search(part):
        if _PREMISE_EXEMPT.search(part) or _PREMISE_FORBID.search(part):
            return Asked("premise", part)
        return Asked("fact", part)
    return None


@dataclass(frozen=True)
class _Statement:
    stance: Stance
    text: str
    shared: float


def answer_polarity(question: str, sentence: str) -> Polarity | None:
    """ "yes" or "no" when the sentence plainly answers the question so; None when it does not or depends on more."""
    asked = read_question(question)
    if asked is None:
        return None
    if _shared(asked.focus, sentence) < MIN_SHARED and _shared(question, sentence) < MIN_SHARED:
        return None
    if asked.kind == "premise":
        return _judge_premise(asked.focus, question, sentence)
    statement = _choose(question, asked, sentence)
    if asked.kind == "permit":
        return _judge_permit(asked, question, statement, sentence)
    if asked.kind == "oblige":
        return _judge_oblige(statement)
    return _judge_fact(asked.focus, sentence)


def _content(text: str) -> set[str]:
    return {character for character in text if character not in _STOP and not character.isspace()}


def _shared(question: str, text: str) -> float:
    """Shared content characters plus shared pairs of neighbours."""
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    asked_pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    kept = [pair for pair in pairs & asked_pairs if not set(pair) <= _STOP]
    return len(_content(question) & _content(text)) + 1.5 * len(kept)


def _statements(question: str, sentence: str) -> list[_Statement]:
    found = []
    carried: tuple[Stance, str] | None = None
    for piece in re.findall(r"[^，。；：,;:]+", sentence):
        stance = _stance(piece)
        if stance is None:
            if carried is not None:
                found.append(_Statement(carried[0], piece, _shared(question, piece)))
            continue
        carried = (stance, piece)
        found.append(_Statement(stance, piece, _shared(question, _governed(piece, stance))))
    return found


_PATTERN_OF: dict[Stance, re.Pattern[str]] = {
    "forbid": _FORBID, "exempt": _EXEMPT, "ought": _OUGHT, "may": _MAY, "ended": _ENDED, "denied": _DENIED,
}  # fmt: skip


def _stance(piece: str) -> Stance | None:
    for stance in ("exempt", "forbid", "ought", "may", "ended"):
        if _PATTERN_OF[stance].search(piece):  # type: ignore[index]
            return stance  # type: ignore[return-value]
    return "denied" if _DENIED.search(piece) else None


def _governed(piece: str, stance: Stance) -> str:
    """The words after the modal word: the action that it rules; the whole piece when nothing follows."""
    match = _PATTERN_OF[stance].search(piece)
    rest = piece[match.end() :] if match else ""
    return rest if len(rest) > 1 else piece


def _choose(question: str, asked: Asked, sentence: str) -> _Statement | None:
    """The statement nearest to the question; None when two of opposite stance are equally near."""
    statements = sorted(_statements(question, sentence), key=lambda statement: -statement.shared)
    if not statements:
        return None
    best = statements[0]
    if best.shared <= 0 and len({statement.stance for statement in statements}) > 1:
        return None
    rivals = [s for s in statements[1:] if s.stance != best.stance and s.shared >= best.shared]
    return None if rivals else best


def _judge_permit(asked: Asked, question: str, statement: _Statement | None, sentence: str) -> Polarity | None:
    if _SINGLE.search(sentence) and _AGAIN.search(question) and not asked.contrary:
        return "no"
    if _SEPARATELY.search(sentence) and _TOGETHER.search(question):
        return "no"
    if statement is None or (_UNLESS.search(sentence) and not _UNLESS_SAID.search(question)):
        return None
    if asked.contrary:
        return {"exempt": "yes", "ought": "no"}.get(statement.stance)  # type: ignore[return-value]
    if statement.stance == "forbid":
        refusing = _REFUSING.search(statement.text)
        return None if refusing and refusing.group()[:2] not in question else "no"
    if statement.stance == "may":
        return None if _ONLY.search(sentence) or _UNLESS.search(sentence) else "yes"
    return None


def _judge_oblige(statement: _Statement | None) -> Polarity | None:
    if statement is None:
        return None
    answers: dict[Stance, Polarity] = {"ought": "yes", "exempt": "no", "forbid": "no", "ended": "no"}
    return answers.get(statement.stance)


def _judge_premise(premise: str, question: str, sentence: str) -> Polarity | None:
    by_number = _compare_numbers(premise, sentence)
    if by_number == "no":
        return "no"
    said_anchor = _ANCHOR.search(premise)
    law_anchor = _ANCHOR.search(sentence)
    if law_anchor and said_anchor:
        law, said = (a["law"] or a["said"] for a in (law_anchor, said_anchor))
        if len(_content(law) & _content(said)) * 2 < min(len(_content(law)), len(_content(said))):
            return "no"
    by_modal = _compare_modals(premise, question, sentence)
    if by_modal is not None:
        return by_modal
    if by_number == "yes" and (law_anchor is None or said_anchor) and _cover(premise, sentence) >= MIN_PREMISE_COVER:
        return "yes"
    return _judge_fact(premise, sentence)


def _compare_numbers(premise: str, sentence: str) -> Polarity | None:
    """yes when every figure of the premise stands in the sentence, no when one is contradicted by its kind."""
    said = [q for q in parse_quantities(premise) if q.kind not in ("number", "time")]
    law = parse_quantities(sentence)
    if not said or not law:
        return None
    verdict: Polarity = "yes"
    for figure in said:
        if any(same_quantity(figure, other, convert_periods=True) for other in law):
            continue
        if not any(_comparable(figure, other) for other in law):
            return None
        verdict = "no"
    return verdict


def _comparable(a: Quantity, b: Quantity) -> bool:
    if a.kind != b.kind or a.kind == "date":
        return a.kind == b.kind and a.moment is not None and b.moment is not None
    return a.kind in ("period", "ratio", "multiple", "age") or a.unit == b.unit


def _compare_modals(premise: str, question: str, sentence: str) -> Polarity | None:
    stance = _premise_stance(premise)
    if stance is None:
        return None
    statement = _choose(question, Asked("premise", premise), sentence)
    if statement is None or (_UNLESS.search(sentence) and not _UNLESS_SAID.search(question)):
        return None
    agree: dict[tuple[Stance, Stance], Polarity] = {
        ("may", "forbid"): "no", ("may", "may"): "yes", ("ought", "exempt"): "no", ("ought", "ought"): "yes",
        ("forbid", "forbid"): "yes", ("forbid", "may"): "no", ("exempt", "exempt"): "yes", ("exempt", "ought"): "no",
        ("ought", "forbid"): "no", ("ought", "ended"): "no", ("forbid", "ought"): "no", ("exempt", "ended"): "yes",
    }  # fmt: skip
    verdict = agree.get((stance, statement.stance))
    if (
        statement.stance == "forbid"
        and (refusing := _REFUSING.search(statement.text))
        and refusing.group()[:2] not in premise
    ):
        return None
    if verdict == "yes" and (_cover(premise, sentence) < MIN_PREMISE_COVER or _ONLY.search(sentence)):
        return None
    return verdict


def _premise_stance(premise: str) -> Stance | None:
    for pattern, stance in (
        (_PREMISE_EXEMPT, "exempt"), (_PREMISE_FORBID, "forbid"), (_PREMISE_OUGHT, "ought"), (_PREMISE_MAY, "may"),
    ):  # fmt: skip
        if pattern.search(premise):
            return stance  # type: ignore[return-value]
    return None


def _judge_fact(premise: str, sentence: str) -> Polarity | None:
    """A plain statement of fact, affirmed or denied in the piece that speaks of the same thing."""
    best: tuple[float, str] | None = None
    for piece in re.findall(r"[^，。；：,;:]+", sentence):
        shared = _shared(premise, piece)
        if best is None or shared > best[0]:
            best = (shared, piece)
    if best is None or best[0] < MIN_SHARED or _UNLESS.search(sentence):
        return None
    denied = _DENIED.search(best[1]) is not None
    premise_denied = (
        NEGATION.search(re.sub(r"是不是|算不算|会不会|受不受|有没有|属不属于|是否|对不对", "", premise)) is not None
    )
    if denied != premise_denied:
        return (
            "no"
            if denied
            and not premise_denied
            and _shared(premise, best[1][_DENIED.search(best[1]).end() :]) >= MIN_SHARED
            else None
        )  # type: ignore[union-attr]
    if denied or _stance(best[1]) is not None or parse_quantities(premise):
        return None
    return "yes" if _cover(premise, sentence) >= MIN_FACT_COVER and not NEGATION.search(sentence) else None


def _cover(premise: str, sentence: str) -> float:
    content = _content(premise)
    return len(content & _content(sentence)) / len(content) if content else 0.0
