"""Names of people near a cue: after a label, before a title, or beside another personal datum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import ahocorasick_rs as aho

from yinshu.kernel.guard.normalise import Reading
from yinshu.kernel.guard.records import Hit, Kind, Severity
from yinshu.kernel.guard.signs import BREAK, COMPOUND_SURNAMES, SHORT_CHARS, SURNAME, SURNAMES

_WORDS_TOO = frozenset("任方白万向安易文武成时应和全连关解路管明师党商游单左包边华项查景季房司宁尚古")
"""Surnames that are common words as well: accepted only right after a colon or before a title."""
_GIVEN = r"[\u4e00-\u9fff]"
_NAME = rf"(?:(?:{COMPOUND_SURNAMES}){_GIVEN}{{1,2}}|[{SURNAMES}][·•]?{_GIVEN}{{1,2}})"
_LABEL = (
    r"客户姓名|客户名称|姓名|户名|收款人|付款人|汇款人|借款人|联系人|经办人|申请人|担保人|持卡人|存款人|开户人|投保人|被保险人|受益人|"
    r"法定代表人|法人代表|法人|代理人|委托人|被执行人|共同借款人|紧急联系人|客户经理|配偶|父亲|母亲|丈夫|妻子|儿子|女儿|客户|户主|本人|我叫|我是|名叫|叫做|叫"
)
_LABELLED = re.compile(rf"(?:{_LABEL})(?P<sign>\s?(?:[:：=]|是|为|名叫|叫)?\s?)(?P<name>{_NAME}?)(?=(?P<after>.?.?))")
_TITLES = ("先生", "女士", "小姐", "太太", "同志", "阿姨", "大爷", "师傅")
_AFTER_LABEL = frozenset(SURNAMES + "".join(name[0] for name in COMPOUND_SURNAMES.split("|")) + ":：=是为名叫 ")
"""What may stand right behind a label when a name follows; other white space is looked at as well."""
_TITLED = re.compile(rf"(?P<name>{_NAME})$")
_BESIDE = re.compile(
    rf"[\s,，。;；:：、|(（](?P<name>{_NAME})(?=[\s,，:：、|(（\t的]{{0,3}}"
    r"(?:的?(?:身份证|手机|电话|卡号|银行卡|账号|联系方式|证件|护照|公民身份|住址|家庭住址|邮箱)[号码]{0,2}(?:[:：是为]|\s|\d)|1[3-9]\d[ \-]?\d{4}|[1-9]\d{16}[\dXx]|62\d{2}[ \d]))"  # noqa: E501
)
_BESIDE_SIGN = re.compile(
    r"身份证|手机|电话|卡号|银行卡|账号|联系方式|证件|护照|公民身份|住址|邮箱|1[3-9]\d|\d{8}|62\d"
)
"""Without one of these nobody is named beside a datum."""
_FIRST = re.compile(r"\A" + _BESIDE.pattern.partition("]")[2])
TITLED_NAME_CHARS = (3, 4, 2)
"""Lengths of a full name before a title, likeliest first."""
_BOUNDARY = re.compile(
    r"$|[\s,，。.;；:：、!！?？()（）|\"”’'\-/0-9A-Za-z]|先生|女士|身份|证件|手机|电话|的|于|向|在|已|从|申请|来|因|与|和|将|曾|今|昨|前|办|名下|户|账|卡"
)
_PAUSE = re.compile(r"$|[\s,，。.;；:：、!！?？()（）0-9]")
_NOT_NAMES = re.compile(
    r"应当|应该|应为|于是|和其|和电|和地|时间|时候|任何|任职|方可|方式|方便|方法|万元|向我|向银|向客|向本|安全|安排|成为|成功|成立|全部|全体|全额|全国|连续|关于|"
    r"关系|解除|解释|单位|单独|单一|包括|华人|查询|明细|明确|金额|金融|高级|高管|高龄|高风|文件|温馨|常用|尚未|宁波|宁夏|左右|路径|路费|管理|房产|房屋|游客|景区|"
    r"付汇|付款|付息|汇款|谢谢|经理|同意|信息|身份|证件|电话|号码|地址|名称|账户|账号|贷款|存款|银行|公司|客户|柜员|员工|名单|有限|代表|代理|申请|提供|不得|必须|可以|需要|需|是否|如|等|及|或|"
    r"与|应|之|所|其|本|该|的|了|吗|呢|吧|不|没|也|都|很|还|要|会|能|把|被|让|给|对|从|为何|怎么|什么|资料|马上|曾经|任意|程序|白名|黑名|项目|项下|易于|党员|师傅|"
    r"支行|分行|总行|行长|主任|部门|符合|申报|申诉|解冻|解约|安徽|江苏|江西|贵州|云南|石家|秦皇|温州|金华|叶片|高中|高考|顾客|顾问|殷实|车辆|车主|车险|牛奶|"
    r"莫名|何时|何种|何处|何人|余额|严重|严格|严禁|周转|周期|周一|周二|周三|周四|周五|周六|周日|周末|段时|时期|单据|单号|许可|许多|曲线|国籍|"
    r"农民|农户|农村|农商|农行|全称|全程|全家|成员|成本|成年|明年|明天|明白|明知|时常|时效|文书|文化|文字|司机|司法|和谐|和解|关闭|关注|关联"
)


@lru_cache(maxsize=1)
def _cues() -> tuple[aho.AhoCorasick, int]:
    """Labels and titles, found in one pass, and how many are labels; of several at one place the first counts."""
    labels = _LABEL.split("|")
    return aho.AhoCorasick([*labels, *_TITLES], matchkind=aho.MatchKind.LeftmostFirst), len(labels)


def find_names(reading: Reading) -> Iterator[Hit]:
    """Names in the plain reading."""
    plain = reading.plain
    for match, pattern in _candidates(reading):
        span = _settled(plain.text, match, pattern) if match["name"] else None
        if span is not None:
            start, end = plain.span(*span)
            yield Hit(Kind.PERSONAL, "name", start, end, Severity.LOW, "personal", 0.9, plain.text[slice(*span)])


def _candidates(reading: Reading) -> Iterator[tuple[re.Match[str], re.Pattern[str]]]:
    text = reading.plain.text
    automaton, labels = _cues()
    titles: list[int] = []
    last = 0
    for which, start, end in automaton.find_matches_as_indexes(text):
        if which >= labels:
            titles.append(start)
            continue
        if start < last or not (text[end : end + 1] in _AFTER_LABEL or text[end : end + 1].isspace()):
            continue
        match = _LABELLED.match(text, start)
        if match is not None:
            last = match.end()
            yield match, _LABELLED
    if _BESIDE_SIGN.search(text):
        for match in (*_beside(reading), *_FIRST.finditer(text, 0, SHORT_CHARS)):
            yield match, match.re
    for title in titles:
        for chars in TITLED_NAME_CHARS:
            found = _TITLED.match(text, title - chars, title) if title >= chars else None
            if found is not None:
                yield found, _TITLED
                break


def _beside(reading: Reading) -> Iterator[re.Match[str]]:
    text = reading.plain.text
    if len(text) <= SHORT_CHARS:
        yield from _BESIDE.finditer(text)
        return
    signs = reading.signs
    last = 0
    for place in (((signs[:-1] & BREAK) > 0) & ((signs[1:] & SURNAME) > 0)).nonzero()[0].tolist():
        match = _BESIDE.match(text, place) if place >= last else None
        if match is not None:
            last = match.end()
            yield match


def _settled(text: str, match: re.Match[str], pattern: re.Pattern[str]) -> tuple[int, int] | None:
    """The place of the name, shortened where only the shorter form ends at a boundary; None when it is no name."""
    start, end = match.span("name")
    signed = pattern is not _LABELLED or any(sign in match["sign"] for sign in ":：=")
    if text[start] in _WORDS_TOO and not signed and not _PAUSE.match(text, end):
        return None
    least = start + (3 if re.match(COMPOUND_SURNAMES, text[start:end]) else 2)
    while end >= least:
        name = text[start:end]
        if pattern is not _LABELLED or _BOUNDARY.match(text, end):
            return None if _NOT_NAMES.search(name[1:]) or _NOT_NAMES.match(name) else (start, end)
        end -= 1
    return None
