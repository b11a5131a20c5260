"""What a question asks for: its parts, the kind of answer each part wants, and the premises it brings along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

AnswerKind = Literal[
    "duration",
    "date",
    "amount",
    "ratio",
    "count",
    "size",
    "verdict",
    "list",
    "who",
    "where",
    "manner",
    "penalty",
    "what",
]

MAX_PARTS = 6

_CUES: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = (
    (
        "penalty",
        re.compile(r"怎么罚|如何处罚|罚多少|罚款|被罚|会罚|处罚|受什么罚|怎么处罚|怎么追责|什么责任|什么后果|什么罪"),
    ),
    (
        "duration",
        re.compile(
            r"多久|多长时间|几天|几日|多少天|多少日|几个工作日|多少个工作日|几个月|多少个月|几年|多少年|几小时|几个小时|多少小时"
            r"|时限|期限|有效期|多长|最长|最晚|最迟|最短|保存到|几个营业日|几分钟|几周|提前多"
        ),
    ),
    (
        "date",
        re.compile(
            r"哪天|哪一天|哪日|几号|几月|什么时候|何时|什么时间|哪年|哪一年|截止日|到期日|从哪天|起算|几点|每月.{0,6}前|到哪天|什么日子|施行日|生效"
        ),
    ),
    (
        "amount",
        re.compile(
            r"多少钱|多少元|多少万|多少亿|多少人民币|多少美元|金额|限额|额度|起点|上限|下限|封顶|资本.{0,6}多少|几块|几万|几千"
            r"|余额.{0,8}多少|收费|费用|手续费|年费|工本费|服务费"
            r"|[费额款账金收交缴付汇转取存计笔][^，,？?]{0,4}多少(?![天日年月次人张个户笔家倍种条位份名时])|最多能?.{0,6}(?:转|取|付|买|开|存|汇|带|借|收|刷)|最高|最低|起买|门槛"
        ),
    ),
    (
        "ratio",
        re.compile(
            r"比例|百分之几|百分之多少|几成|[^效频速功机]率|几倍|多少倍|系数|百分点|占比|浮动|多大比|几折|权重|税率|%"
        ),
    ),
    (
        "count",
        re.compile(
            r"几次|多少次|几张|多少张|几个|多少个|几家|多少家|几人|几个人|多少人|几名|几户|几笔|多少笔|几条|几位|多少户|几份|几类|几级"
        ),
    ),
    ("size", re.compile(r"规格|尺寸|多大|颜色|什么样|式样|长宽|几厘米|字体|大小")),
    (
        "verdict",
        re.compile(
            r"能不能|可不可以|是不是|要不要|用不用|需不需要|行不行|对不对|好不好|有没有|算不算|该不该|属不属于|是否|能否|可否|应否|吗|没错吧|对吧"
            r"|是吧|行吧|可以吧|不是说|会不会|得不得|受不受|照办|能批|也能|还能|成不成"
        ),
    ),
    (
        "list",
        re.compile(
            r"哪些|哪几|什么材料|什么资料|什么证件|什么手续|什么条件|哪类|哪种|什么内容|包括什么|有什么要求|什么情况|什么情形|交什么|带什么|要什么"
            r"|查什么|写什么|填什么|几类|几种|分哪|什么要求|什么信息|都有啥|有啥"
        ),
    ),
    ("where", re.compile(r"去哪|哪里|哪儿|什么地方|哪个部门|向哪|在哪|哪一级|哪级|什么层级|哪家")),
    ("who", re.compile(r"谁|什么人|哪个机构|哪个单位|由哪|向谁|找谁|哪个行|哪方|哪一方|什么机构|哪些人")),
    ("manner", re.compile(r"怎么|如何|怎样|咋|什么流程|啥流程|步骤|什么方式|怎办|什么措施|按什么|什么处理")),
    ("what", re.compile(r"什么|啥|哪个|是指|定义|算什么|性质|定性|含义|多少|几")),
)

_SENTENCE_END = re.compile(r"[？?。！!；;]")
_COMMA = re.compile(r"[，,：:]")
_TITLE = re.compile(r"《([^《》]{2,60})》")
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)年?")
_NUMBER = re.compile(
    r"(?:(银发|银办发|银令|令|公告|国发|财库)[〔\[（(]?)?(\d{4})[〕\]）)年]?\s*(?:第)?\s*(\d{1,4})\s*号(文|令|公告)?"
)
_OLD_CUE = re.compile(
    r"老办法|旧办法|老规|旧规|旧版|老版|原来的?规定|以前|之前的规定|当时|当年|那时|过去|修订前|原办法|废止前|曾经"
)
_FALSE_PREMISE_CUE = re.compile(
    r"没错吧|对吧|对不对|是吧|是这样吧|对吗|是不是|没问题吧|不是说|听说|据说|都说|有人说|正确吗|可以吧|没错|行吧"
)


@dataclass(frozen=True)
class Part:
    """One thing asked. `text` is its own words, `kinds` the answers it wants, most telling first."""

    text: str
    kinds: tuple[AnswerKind, ...]


@dataclass(frozen=True)
class Question:
    """A question taken apart.

    `context` is what the question states without asking. `titles`, `numbers` (year, serial) and `years` name documents
    or times; `names_old_rule` is true when it asks for a rule of the past; `checks_premise` when it wants a statement
    confirmed; `distributes` when it asks the same of several things (分别, 各).
    """

    text: str
    context: str
    parts: tuple[Part, ...]
    titles: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    years: tuple[str, ...] = ()
    names_old_rule: bool = False
    checks_premise: bool = False
    distributes: bool = False

    @property
    def kinds(self) -> frozenset[AnswerKind]:
        """All kinds of answer wanted by any part."""
        return frozenset(kind for part in self.parts for kind in part.kinds)


def answer_kinds(text: str) -> tuple[AnswerKind, ...]:
    """The kinds of answer that the words of a question ask for; empty when it does not ask."""
    found = [kind for kind, pattern in _CUES if pattern.search(text)]
    if len(found) > 1 and found[-1] == "what":
        found.pop()
    return tuple(found)


def analyse(text: str) -> Question:
    """Take a question apart; never fails, a statement becomes one part that wants `what`."""
    context: list[str] = []
    parts: list[Part] = []
    for sentence in filter(None, (piece.strip() for piece in _SENTENCE_END.split(text))):
        waiting: list[str] = []
        for segment in filter(None, (piece.strip() for piece in _COMMA.split(sentence))):
            kinds = answer_kinds(segment)
            if kinds and not _only_echo(segment):
                parts.append(Part("，".join([*waiting, segment]), kinds))
                waiting = []
            elif kinds and parts:
                last = parts.pop()
                parts.append(Part(f"{last.text}，{segment}", tuple(dict.fromkeys((*last.kinds, *kinds)))))
            elif kinds:
                parts.append(Part("，".join([*waiting, segment]), kinds))
                waiting = []
            else:
                waiting.append(segment)
        context.extend(waiting)
    if not parts:
        parts = [Part(text.strip(), ("what",))]
    return Question(
        text=text,
        context="，".join(context),
        parts=tuple(parts[:MAX_PARTS]),
        titles=tuple(_TITLE.findall(text)),
        numbers=tuple((m.group(2), m.group(3)) for m in _NUMBER.finditer(text)),
        years=tuple(dict.fromkeys(_YEAR.findall(text))),
        names_old_rule=bool(_OLD_CUE.search(text)),
        checks_premise=bool(_FALSE_PREMISE_CUE.search(text)),
        distributes=bool(re.search(r"分别|各(?:是|为|要|有|多|自|几|能|怎)|各[^种类项地级个]{0,2}多少", text)),
    )


_ECHO = re.compile(
    r"^(?:对不对|对吧|对吗|是吧|是吗|行吗|行不行|可以吗|可不可以|没错吧|好吗|要不要|能不能|是不是|可以吧|成吗|行吧)$"
)


def _only_echo(segment: str) -> bool:
    """A tail such as 对吧 asks nothing of its own: it belongs to the words before it."""
    return bool(_ECHO.match(segment))
