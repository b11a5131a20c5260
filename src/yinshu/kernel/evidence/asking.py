"""Reads what a yes/no question asks: may one, must one, is this so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from yinshu.kernel.evidence.overlap import content

Ask = Literal["permit", "oblige", "premise", "fact"]

MIN_ACTION = 1
_GENERIC = frozenset("做办批接先直照样么来弄搞")
_END = r"(?:[啊呀呢哦的了]*)\s*$"
_TAG = re.compile(
    rf"[，,]?\s*(?:这(?:个|种|样|话)?(?:说法|理解|做法|认识)?)?(?:对吗|对吧|对不对|没错吧|对么|没错吗|是吧|是吗|是么|是不是|是这样吗|是这样吧|正确吗|是真的吗|真的吗|有没有错|属实吗|准确吗|是不是这样|是对的吗){_END}"
)
_PERMIT = re.compile(
    r"能不能|可不可以|可否|能否|是否(?:可以|允许|能够?|有权)|可以不可以|允不允许|准不准|让不让|有没有权|(?:可以|(?<![执银进发施实运履])行|成|允许|使得)(?:吗|么|嘛)|(?:可以|能行|可行)不(?=$|[啊呀呢])"
    rf"|行不行|成不成|(?<![不可功职])(?:能够?|可以|允许|有权|可)(?P<tail>[^，。？?]{{0,60}}?)(?:吗|么|嘛|不){_END}"
)
_OBLIGE = re.compile(
    r"要不要|需不需要|需要不需要|用不用|用得着|是否(?:需要?|应当?|应该|要|必须|得)|该不该|应不应当?该?|必不必须|必须吗"
    rf"|(?<![不只重主还将就])(?:还)?(?:要|需要|必须|得|应当|应该|非得|需|须)(?P<tail>[^，。？?]{{0,60}}?)(?:吗|么|嘛){_END}"
)
_FACT = re.compile(rf"(?:吗|么|嘛){_END}|会不会|算不算|属不属于|受不受|有没有|是否|算不算|管不管|计不计|收不收")
_CONTRARY = re.compile(r"^(?:先|就|也|都|直接|暂时|暂|干脆|一直)?(?:不|别|免)|(?:先|暂时|一律|都|就)不(?!对|足|同|够)")
_PERMIT_WORDS = re.compile(
    r"^(?:能不能|可不可以|可以不可以|可否|能否|允不允许|准不准|让不让|有没有权|是否(?:可以|允许|能够?|有权)|行不行|成不成"
    r"|(?:可以|行|成|允许|能行|可行|使得)(?:吗|么|不|嘛)|能够?|可以|允许|有权|可)"
)
_OBLIGE_WORDS = re.compile(
    r"^(?:还)?(?:要不要|需不需要|需要不需要|用不用|用得着|是否(?:需要?|应当?|应该|要|必须|得)|该不该|应不应当?该?|必不必须|必须吗"
    r"|要|需要|必须|得|应当|应该|非得|需|须)"
)
_OPEN = re.compile(r"几[天个次年月日级]|多少|多久|多长|哪|什么|怎么|怎样|如何|何时|谁|为啥|啥")
_PREMISE_NOT_NEEDED = re.compile(r"不用|不需要(?!需)|无需|不必|用不着|不要求")
PREMISE_EXEMPT = re.compile(r"不用|不需要|无需|不必|可以不|可不|免(?!费)|用不着|不要求")
PREMISE_FORBID = re.compile(r"不能|不得|不可以?|不允许|不准|禁止|不许|没法|无权")
PREMISE_OUGHT = re.compile(r"必须|应当|应该|需要|一定要|(?<![不只重主])要(?!求|是|素)|(?<![不获取觉])得(?!到|知|出)|须")
PREMISE_MAY = re.compile(r"可以|(?<![不可功])能(?!力|源|够?不)|允许|有权|随便|任意|[也就都]行|也?合规|没问题")


@dataclass(frozen=True)
class Asked:
    """A yes/no question: what it asks for, about which words, and whether it asks of not doing (能不能不报).

    `action` is what may or must be done: the words behind 能不能, or the whole part when there are none; `actor` is
    the words before it.
    """

    kind: Ask
    focus: str
    action: str = ""
    actor: str = ""
    contrary: bool = False


def without_choice(text: str) -> str:
    """能不能 becomes 能, 计不计 becomes 计: the asking itself is no negation."""
    return re.sub(r"([一-龥])不\1", r"\1", text).replace("是否", "是").replace("有没有", "有")


def read_question(question: str) -> Asked | None:
    """The first yes/no question in the text; None when it asks something else (多久, 哪些, 多少)."""
    for part in re.findall(r"[^。？?！!]+", question):
        asked = _read_part(part.strip())
        if asked is not None:
            return asked
    return None


def _read_part(part: str) -> Asked | None:
    asked = _classify(part)
    if asked is not None and asked.kind != "premise" and _OPEN.search(re.split("[，,]", part)[-1]):
        return None
    return asked


def _classify(part: str) -> Asked | None:
    tag = _TAG.search(part)
    if tag:
        return Asked("premise", part[: tag.start()])
    if _PREMISE_NOT_NEEDED.search(part) and _FACT.search(part):
        return Asked("premise", part)
    permit, oblige = _PERMIT.search(part), _OBLIGE.search(part)
    if permit:
        action = _action(_PERMIT_WORDS.sub("", part[permit.start() :]), part)
        return Asked("permit", part, action, _actor(part[: permit.start()]), bool(_CONTRARY.search(action)))
    if oblige:
        action = _action(_OBLIGE_WORDS.sub("", part[oblige.start() :]), part)
        return Asked("oblige", part, action, _actor(part[: oblige.start()]))
    if "是不是" in part:
        return Asked("premise", part.replace("是不是", "", 1))
    if _FACT.search(part):
        if PREMISE_EXEMPT.search(part) or PREMISE_FORBID.search(part):
            return Asked("premise", part)
        return Asked("fact", part)
    return None


def _actor(before: str) -> str:
    return re.split("[，,、]", before)[-1]


def _action(rest: str, part: str) -> str:
    words = re.sub(r"[吗么嘛呢啊呀的了]+$", "", rest)
    return words if len(content(words) - _GENERIC) >= MIN_ACTION else part
