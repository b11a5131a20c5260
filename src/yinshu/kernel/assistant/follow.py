"""A follow-up question completed from its conversation, without any model: what stands on its own is left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yinshu.kernel.assistant.moment import named_moment, without_moment
from yinshu.kernel.assistant.records import Turn, Understood
from yinshu.kernel.assistant.swap import asked_of, swapped
from yinshu.kernel.assistant.topic import content, topic_of
from yinshu.kernel.assistant.withhold import is_attached
from yinshu.kernel.knowledge.question import answer_kinds
from yinshu.kernel.knowledge.records import Citation
from yinshu.kernel.knowledge.vague import ATTRIBUTES, says_of_itself
from yinshu.kernel.knowledge.wording import short_title

THING_CHARS_MAX = 16
"""Longer words before 呢 are a statement of their own."""
OWN_CHARS_MAX = 1
"""A question with more letters of its own than this stands alone."""
MODAL_CHARS_MAX = 4
"""A question that begins with 能 or 要 has no subject; with so few letters of its own it needs one."""
NAME_CHARS_MAX = 12
"""A longer topic is a statement."""
ANTECEDENT_CHARS = 5
"""With so much said before a pronoun in the same question, it points there and not back into the conversation."""

ATTRIBUTE = re.compile(ATTRIBUTES)
_NUMBERS = ("一1", "二2", "三3", "四4")
_NUMBERED = re.compile(r"(?:我?选|我?问的是|是)?第?(?P<number>[一二三四1-4])[个项种条]?吧?")
_LEAD = re.compile(
    r"^(?:那么|那|然后|另外|以及|再问一下|还想问下?|请问|而|and\s+|what about\s+|how about\s+)[，, ]*", re.IGNORECASE
)
_CASE = re.compile(r"^(?:如果|要是|假如|若是|若|换成|改成|假设|万一)(?:是|说)?")
_END = re.compile(r"[\s。？?！!，,]*$")
_WHAT_OF = re.compile(r"^(?P<thing>.{1,40}?)(?:呢|又如何|怎么样|又怎么样|怎么说)$")
_ABOUT = re.compile(r"^(?:and\s+)?(?:what|how)\s+about\s+(?P<thing>.+)$", re.IGNORECASE)
_MORE = re.compile(r"^(?:还有(?:别的|其他|其它|什么)?(?:吗|呢)?|其他的?呢|别的呢|继续|没了吗)$")
_RULE = "办法|规定|文件|制度|通知|细则|规程|条例|规则|指引|公告|手册|标准表"
_OF_DOCUMENT = re.compile(
    rf"(?:这个|这份|这一|这部|该|上述|前述|本|那个|那份|此)(?:{_RULE})|(?:它|这)(?=(?:是)?(?:什么时候|何时|哪天|从哪天|几时|谁)(?:开始|起)?(?:施行|实施|生效|执行|发布|印发|废止))"
)
_OF_ARTICLE = re.compile(r"(?:这一?条|该条|上述条款|这个条款|该条款|这款|本条)(?!件)")
_POINTS = re.compile(
    r"它(?!行|国|地)|上述|前述|上面(?:说|提)|刚才|前面(?:说|提)"
    r"|(?:这|该)(?:个|种|类|项|些)?(?:业务|账户|产品|费用|手续|限额|额度|期限|金额|比例|材料|证件|条件|情况|情形|行为|岗位|报告|权限|贷款|存款|交易|卡|钱|单子|事)(?!号|本)"
    r"|(?:这些|这类|该类|此类)(?:客户|人|单位|企业|机构|网点|员工|柜员|账户)|^[他她]们?(?=怎么|这样|如何|能|可以|要|需要|是|有|会|应)"
    r"|^(?:那|这)(?:个|种|些)?(?=怎么|如何|能|可以|要|需要|是|有|多|几|谁|什么|吗|算|该|得)"
)
_PEOPLE = re.compile(r"[他她]|(?:这些|这类|该类|此类)(?:客户|人|单位|企业|机构|网点|员工|柜员|账户)")
_CONDITION = re.compile(
    r"不|没|未|丢|忘|过期|逾期|超|错|损坏|失败|支取|还款|延期|展期|续|提前|撤销|退|(?:后|时|时候|前|期间|以上|以下|以内)$"
)
_MODAL = re.compile(r"^(?:能不能|可不可以|能否|可否|能|可以|要不要|要|需要|需不需要|会不会|会|得|必须|不能|不可以)")
_PRODUCT = re.compile(
    r"卡|账户|户|存款|贷|存单|存折|支票|本票|汇票|保函|票据|理财|基金|保险|外汇|黄金|印章|凭证|盾|征信|投诉|客户|柜员|员工|网点"
)
_DROPPED = re.compile(
    r"(?:[他她它]们?|上述|前述|上面(?:说|提到?)|刚才(?:说|提到?|问)?|前面(?:说|提到?)|(?:这|那|该|此)(?:个|种|类|项|些)?)的?"
)


@dataclass(frozen=True)
class _Last:
    """What a follow-up can lean on: the last question as it was understood, and its first source of the library.

    `carried` are the versions whose words stand in that question already.
    """

    question: str
    source: Citation | None
    carried: tuple[str, ...] = ()


def understand(question: str, before: Sequence[Turn], today: date, *, as_written: bool = False) -> Understood:
    """The question as it will be asked, given the turns before it (oldest first).

    Left as written when `as_written`, when there is nothing before it, or when it stands on its own.
    """
    if as_written or not before:
        return Understood(question)
    words = _END.sub("", _LEAD.sub("", question.strip()))
    chosen = _chosen(words, before[-1])
    if chosen is not None:
        return chosen
    last = _last(before)
    if last is None:
        return Understood(question)
    for complete in (_by_time(today), _by_document, _by_pronoun, _by_thing, _by_topic):
        found = complete(words, question, last)
        if found is not None:
            carried = tuple(dict.fromkeys((*last.carried, *found.carried_versions)))
            return replace(found, carried_versions=carried)
    return Understood(question)


_Completion = Callable[[str, str, _Last], "Understood | None"]


def _last(before: Sequence[Turn]) -> _Last | None:
    """The latest turn that is about something."""
    for turn in reversed(before):
        if topic_of(turn.understood_as):
            cited = turn.answer.citations if turn.answer is not None else ()
            source = next((one for one in cited if not is_attached(one)), None)
            return _Last(turn.understood_as, source, turn.carried_versions)
    return None


def _chosen(words: str, last: Turn) -> Understood | None:
    """第二个, or words that stand in one choice alone: what was meant, when the last turn asked back."""
    choices = last.answer.clarify if last.answer is not None and last.answer.status == "clarify" else ()
    if not choices or last.answer is None:
        return None
    named = _NUMBERED.fullmatch(words)
    if named is not None:
        numbers = [number for number, names in enumerate(_NUMBERS) if named["number"] in names]
    else:
        bare = words.removesuffix("呢").removesuffix("的")
        fits = 1 < len(bare) <= THING_CHARS_MAX
        numbers = [number for number, choice in enumerate(choices) if fits and bare in choice]
    if len(numbers) != 1 or numbers[0] >= len(choices):
        return None
    sources = last.answer.nearest
    carried = (sources[numbers[0]].version,) if numbers[0] < len(sources) else ()
    return Understood(choices[numbers[0]], carried_versions=carried)


def _by_time(today: date) -> _Completion:
    """2017年呢: the last question by the law of another day."""

    def complete(_words: str, question: str, last: _Last) -> Understood | None:
        moment = named_moment(question, today)
        if moment is None:
            return None
        same = without_moment(last.question) or last.question
        return Understood(f"{moment.era}{same}" if moment.era else same, as_of=moment.as_of)

    return complete


def _by_document(words: str, question: str, last: _Last) -> Understood | None:
    """这个办法什么时候施行: the document, or the article, that the last answer cited."""
    if last.source is None or not last.source.document:
        return None
    title = f"《{short_title(last.source.document)}》"
    article = _OF_ARTICLE.search(words)
    match = article or _OF_DOCUMENT.search(words)
    if match is None or content(words[: match.start()]) >= ANTECEDENT_CHARS:
        return None
    named = f"{title}{last.source.article}" if article else title
    return Understood(_put(words, match, named, question), carried_versions=(last.source.version,))


def _by_pronoun(words: str, question: str, last: _Last) -> Understood | None:
    """它能透支吗: what the last question was about."""
    match = _POINTS.search(words)
    if match is None or content(words[: match.start()]) >= ANTECEDENT_CHARS:
        return None
    topic = topic_of(last.question, with_attribute=not ATTRIBUTE.search(words))
    if topic in words:
        return None
    pointer = _DROPPED.match(words, match.start())
    assert pointer is not None, "what points is a pronoun"
    behind = words[pointer.end() :]
    if behind.startswith(("情况", "情形", "事", "行为")) or _PEOPLE.match(words, match.start()):
        return Understood(f"{words[: match.start()]}{topic}，{words[match.start() :]}{_mark(question)}")
    noun = re.match(r"(?:业务|账户|产品|贷款|存款|交易|卡|钱|单子)", behind)
    if noun and noun[0] in topic:
        behind = behind[noun.end() :]
    joint = "的" if ATTRIBUTE.match(behind) and not topic.endswith("的") else _joint(topic)
    return Understood(f"{words[: match.start()]}{topic}{joint}{behind}{_mark(question)}")


def _by_thing(words: str, question: str, last: _Last) -> Understood | None:
    """单位的呢: the last question with one thing exchanged; 如果超过30万呢: with a case added."""
    match = _WHAT_OF.match(words) or _ABOUT.match(words)
    if match is None or _MORE.match(words):
        return None
    case = bool(_CASE.match(match["thing"]) or _CONDITION.search(match["thing"].removesuffix("的")))
    thing = _CASE.sub("", match["thing"]).strip("，, ").removesuffix("的")
    asks = bool(answer_kinds(thing))
    if not thing or len(thing) > THING_CHARS_MAX or (asks and says_of_itself(thing) > OWN_CHARS_MAX):
        return None
    if asks:
        return _by_topic(thing, question, last)
    taken = swapped(thing, last.question)
    if taken is None:
        taken = f"{thing}，{last.question}" if case or not says_of_itself(thing) else asked_of(thing, last.question)
    return Understood(taken)


def _by_topic(words: str, question: str, last: _Last) -> Understood | None:
    """需要几天: asked of what the last question was about, because these words are about nothing."""
    if not _MORE.match(words) and says_of_itself(words) > OWN_CHARS_MAX and not _lacks_subject(words):
        return None
    topic = topic_of(last.question, with_attribute=not ATTRIBUTE.search(words))
    if not words or (topic and topic in words):
        return None
    asked = "还有哪些规定" if _MORE.match(words) else words
    return Understood(f"{topic}{_joint(topic)}{asked}{_mark(question)}")


def _lacks_subject(words: str) -> bool:
    """能取现金吗 begins with what may be done and names nothing it could be done with."""
    modal = _MODAL.match(words)
    if modal is None or _PRODUCT.search(words):
        return False
    return says_of_itself(words[modal.end() :]) <= MODAL_CHARS_MAX


def _joint(topic: str) -> str:
    """A statement is set off by a comma; a name is not."""
    return (
        "，" if "，" in topic or topic.endswith(("后", "时", "了", "的", "前")) or len(topic) > NAME_CHARS_MAX else ""
    )


def _put(words: str, match: re.Match[str], named: str, question: str) -> str:
    return f"{words[: match.start()]}{named}{words[match.end() :]}{_mark(question)}"


def _mark(question: str) -> str:
    return "？" if not question.rstrip().endswith(("？", "?", "。")) else question.rstrip()[-1]
