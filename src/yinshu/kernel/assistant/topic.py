"""What a question is about and what it asks, told apart by the first words that ask."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yinshu.kernel.knowledge.vague import ATTRIBUTES
from yinshu.kernel.knowledge.wording import without_fillers

TOPIC_CHARS_MAX = 60
SUBJECT_CHARS_MIN = 2

_CUES = (
    "能不能|可不可以|是不是|要不要|有没有|用不用|需不需要|会不会|算不算|该不该|是否|能否|可否|应否|必须|应当|可以|不需要|需要|能够|不能|不得|不可以"
    "|最多|最少|最高|最低|最晚|最迟|最长|最短|至少|至多|多少|多久|多长|多大|多高|几|哪|谁|什么|啥|怎么|怎样|如何|咋|为什么|为啥|何时|属于"
    "|(?<![重主需必])要(?!素|约|点|件)|(?<![功职智可性])能(?!力|源)|(?<![不取获所值觉])得(?!到|出|分)|(?<![反相响对供适])应(?!急|用|收|付|税|届)"
    "|算(?=什么|几|多少|哪)|由(?=谁|哪|什么|几)|收(?=多少|几|什么|不)|交(?=多少|几|什么)|给(?=谁|多少|几)|找(?=谁|哪|什么)"
    "|是(?=多少|几|什么|谁|哪|不|怎|由|按|从|免费|开立)|(?<![没拥持享具所含])有(?=几|多少|什么|哪|没|优惠|例外|效期)"
)
_ATTRIBUTE = re.compile(ATTRIBUTES)
_SPLIT = re.compile(f"{ATTRIBUTES}|{_CUES}")
_SENTENCE = re.compile(r"[？?。！!；;]")
_WHICH = re.compile(
    r"(?:几|多少|哪些?|哪[几种类]|什么|啥)(?!个?(?:工作日|自然日|天|日|个?月|年|小时|分钟|周|次|元|块|钱|万|成|倍|级|岁|点|号|时候|时间))"
)
"""Asks for one of a kind that it names (几张假币), so that what comes before is no whole topic."""
_ASKED = re.compile(
    r"(?:什么|哪些|哪种)(?:情况|情形|条件)下?|(?:最多|最少|最高|最低|最晚|最迟|最长|最短|至少)?(?:能|要|在)?(?:几|多少|哪些?|哪[几种类个]|什么|啥|谁|多久|多长时间?|怎么|如何|怎样)"
    r"(?:个?(?:工作日|自然日|天|日|月|年|小时|分钟|周|次|张|元|块|钱|万|成|倍|级|岁|点|号|家|户|笔|人|种|类|时候|时间))?(?:之?内|以内|之?前)?"
)
_ADVERB = re.compile(
    r"(?:一般|通常|现在|目前|每年|每月|每天|一共|总共|大概|至少|至多|到底|都|也|还|会|将|在|要|就|只)+$"
)
_TRIM = "，,、：: 　的"
_ASKING_TAIL = re.compile(r"(?:吗|呢|吧|么|啊|呀|没错|对吗|对吧|对不对|是吧|行吗)+[\s，,。？?！!]*$")
_LETTER = re.compile(r"[\u3400-\u9fffA-Za-z0-9ⅠⅡⅢⅣ]")


@dataclass(frozen=True)
class Taken:
    """A question in two: `subject` comes before the first words that ask, `ask` is the rest. Either may be empty."""

    subject: str
    ask: str


def take_apart(question: str) -> Taken:
    """Split the first sentence of a question where it begins to ask."""
    first = next((piece for piece in _SENTENCE.split(question) if piece.strip()), question).strip()
    for match in _SPLIT.finditer(first):
        if content(first[: match.start()]) or match.start() == 0:
            return Taken(first[: match.start()].strip(_TRIM), first[match.start() :])
    return Taken(first.strip(_TRIM), "")


def topic_of(question: str, *, with_attribute: bool = False) -> str:
    """The words that carry on what a question is about; "" when it is about nothing of its own.

    `with_attribute` adds what of it was asked for (限额), for questions that name no other.
    """
    first = next((piece for piece in _SENTENCE.split(question) if piece.strip()), question).strip()
    taken = take_apart(question)
    subject = _ADVERB.sub("", taken.subject).strip(_TRIM)
    if content(subject) >= SUBJECT_CHARS_MIN and not _WHICH.match(taken.ask):
        attribute = _ATTRIBUTE.match(taken.ask) if with_attribute else None
        return (subject + (attribute[0] if attribute else ""))[-TOPIC_CHARS_MAX:]
    return statement(first)[:TOPIC_CHARS_MAX]


def statement(question: str) -> str:
    """A question's words without those that only ask."""
    return _ASKED.sub("", _ASKING_TAIL.sub("", question.strip())).strip(_TRIM + "？?。！!要得能会")


def content(text: str) -> int:
    """How many letters of a text say something, words of talk left out."""
    return len(_LETTER.findall(without_fillers(text)))
