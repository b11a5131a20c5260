"""What a question is about and what it asks, told apart by the first words that ask."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yinshu.kernel.knowledge.wording import without_fillers

TOPIC_CHARS_MAX = 60
SUBJECT_CHARS_MIN = 2

ATTRIBUTES = (
    "手续费|工本费|服务费|年费|违约金|滞纳金|罚款|费用|收费标准|收费|价格|限额|额度|上限|下限|余额|金额|利率|费率|利息|比例|首付|保证金"
    "|有效期|期限|时限|时间|期间|年限|材料|资料|证件|手续|条件|要求|流程|步骤|程序|审批|授权|权限|标准|门槛|起点|频率|次数|张数"
    "|处罚|责任|后果|依据|出处|原文|规定|例外|优惠|减免|范围|对象|方式|电话|地址|部门|表格|凭证|申请书"
)
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
_GENERIC = re.compile(
    f"{ATTRIBUTES}|"
    r"办理|办结|办妥|办完|办好|办|申请|提交|提供|出示|携带|带|准备|审核|审批|批准|授权|报告|上报|报送|通知|处理|处置|答复|回复|解决|完成|做完|做"
    r"|收取|收|缴纳|缴|交|罚|扣|付|签字|盖章|登记|备案|预约|公证|本人|亲自|代办|代理|家人|别人|他人|去|到|来|网点|柜台|柜面|线上|网上|手机|现场"
    r"|客户|银行|我行|员工|人员|机构|不同意|同意|不服|异议|拒绝|超过|超期|超时|逾期|过期|没有|没|例外|忘了|忘记|失败|不来|不够|不符|不合格|来不了|做不到|达不到"
    r"|起算|算起|开始|截止|到期|开|生效|施行|实施|执行|发布|废止|重新|再次|第几条|哪条|哪一条|条款|条|文件|制度|办法|具体|详细|全部|另外|此外|还有|其他|其它|别的|额外|补充"
    r"|最多|最少|最高|最低|最晚|最迟|最长|最短|至少|至多|必须|应当|应该|一定|可以|需要|能够|可|能|要|得|应|该|由|找|保存|保管|存放|留存|签|打印|调高|调低|调整|提高|降低|延长|缩短|展期|补|退|查|用|向|给|被|会|是|有|无|不|吗|呢|吧|么|工作日|自然日|天|日|年|月|小时|分钟|周"
    r"|次|张|元|块|钱|万|内|前|后|里|中|时|候|个|名|位|份|种|类|级|哪|谁|几|多久|多少|多长|怎么|怎样|如何|什么|啥|为什么|为啥|为何|何时|那么?|而且?|并且|同时|和|与|或|且|的|了|过|着|就|才|都|也|还|再|又|按|照|根据|依据"
)
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


def says_of_itself(question: str) -> int:
    """How many letters are left of a question without words that any matter could be asked with (材料, 几天, 审批)."""
    return len(_LETTER.findall(_GENERIC.sub(" ", without_fillers(question))))
