"""Telling what a line is by its form: a rule's title, an attachment's label, a sign-off, a caption."""

from __future__ import annotations

import re

TITLE_LENGTH_MAX = 70
CAPTION_LENGTH_MAX = 36

_RULE_NOUN = (
    r"(?:办法|规定|规则|通则|总则|原则|条例|细则|法|指引|制度|规程|规范|意见|准则|方案|预案|手续|说明|协议|流程|要求|标准|纪要|公约|章程|须知|要点|"
    r"指南|清单|表|书|单|决定|通知|公告|格式|式样|内容|名单|计划|手册|须知|声明|承诺函|合同|程序|报告|政策|基本规定)"
)
_TITLE = re.compile(rf"{_RULE_NOUN}(?:[（(〔\[][^）)〕\]]{{1,24}}[）)〕\]])?$")
_ANNEX = re.compile(
    r"^(附\s*[件录表式则图]?)\s*([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})?(?:[-－—.]\d{1,2})?\s*(?:[:：.、．]|之)?\s*(.*)$"
)
_DATE_LINE = re.compile(
    r"^(?:[0-9０-９]{4}\s*年\s*[0-9０-９]{1,2}\s*月\s*[0-9０-９]{1,2}\s*日"
    r"|[一二三四五六七八九○〇OО0零Ｏ]{4}\s*年\s*[一二三四五六七八九十元]{1,3}\s*月\s*[一二三四五六七八九十]{1,3}\s*日)"
)
_DATE_END = re.compile(
    r"(?:[0-9０-９]{4}\s*年\s*[0-9０-９]{1,2}\s*月\s*[0-9０-９]{1,2}\s*日"
    r"|[一二三四五六七八九○〇OО0零Ｏ]{4}\s*年\s*[一二三四五六七八九十]{1,3}\s*月\s*[一二三四五六七八九十]{1,3}\s*日)\s*(?:印发)?$"
)
_ISSUER_LINE = re.compile(
    r"^[\u4e00-\u9fff（）()、\s]{2,60}(?:银行|办公厅|委员会|管理局|部|总局|总署|总公司|国务院|银监会|证监会|保监会|署|局)$"
)
_SIGN_OFF = re.compile(
    r"^(?:信息公开(?:选项|属性|类型)|抄\s*送|抄\s*报|主\s*送|内部发送|主题词|联\s*系\s*(?:人|电话|方式)|联系部门|发\s*送|打字|校对|"
    r"[（(]\s*共印|[（(]此\s*页|[（(]?此件|电\s*话[:：]|传\s*真[:：]|行长[:：\s]|.{0,14}(?:行长|主席|局长|署长|部长|主任)\s*[:：])"
)
_EFFECT = re.compile(
    r"(?:自.{1,40}?(?:起|之日).{0,8}(?:施行|执行|实施|生效)|(?:发布|公布|印发|下发)之日起.{0,12}(?:施行|执行|实施|生效))"
)
_CLOSING = re.compile(
    r"^(?:请(?:你|各|人民银行|中国人民银行|中国|将|认真|遵照).{0,160}|(?:以上|上述).{0,20}请.{0,20}执行.{0,8}|"
    r"(?:各单位)?(?:在)?(?:执行|实施|贯彻|试行|办理|落实)(?:中|过程中|中如).{0,80}|本(?:通知|公告|意见|决定|指导意见|批复)"
    r".{0,60}|特此(?:通知|公告|批复).{0,4}|此前.{0,40}(?:不一致|不符).{0,30}|.{0,30}(?:如遇|遇到)(?:问题|有关问题).{0,60})"
)
_SENTENCE_END = "。；;：:！!？?"


def is_rule_title(text: str) -> bool:
    """Say whether a line is the title of a rule or form: short, one phrase, ending in a word such as 办法."""
    compact = re.sub(r"\s", "", text)
    if not 3 <= len(compact) <= TITLE_LENGTH_MAX or re.search(r"[。；;：:，,！？]", compact):
        return False
    return bool(_TITLE.search(compact))


def annex_of(text: str) -> tuple[str, str] | None:
    """Return ("附件1", rest of the line) when the line opens or names an attachment, otherwise None."""
    match = _ANNEX.match(text.strip())
    if match is None:
        return None
    kind, number, rest = re.sub(r"\s", "", match.group(1)), match.group(2) or "", match.group(3).strip()
    between = text.strip()[match.end(1) : match.start(3)]
    if kind == "附则" or (kind == "附" and not number and not re.search(r"[:：]", between) and rest):
        return None
    if rest and not number and not re.search(r"[:：\s]", between):
        return None
    return f"{kind}{number}", rest


def is_date_line(text: str) -> bool:
    """Say whether a line is, or starts with, a full date and nothing much else."""
    compact = text.strip()
    return bool(_DATE_LINE.match(compact)) and len(compact) <= 40 and not re.search(r"[。，；]", compact)


def ends_with_date(text: str) -> bool:
    """Say whether a short line ends in a full date, as a sign-off with its issuers does."""
    compact = text.strip()
    return len(compact) <= 120 and bool(_DATE_END.search(compact)) and not re.search(r"[。；，]", compact)


def is_sign_off(text: str) -> bool:
    """Say whether a line belongs to the end matter: issuer, date, copies, contact."""
    compact = text.strip()
    return bool(_SIGN_OFF.match(compact)) or is_date_line(compact) or ends_with_date(compact) or is_issuer_line(compact)


def is_issuer_line(text: str) -> bool:
    """Say whether a line is only the name of one or more issuing bodies."""
    return bool(_ISSUER_LINE.match(text.strip())) and "关于" not in text


def is_closing(text: str) -> bool:
    """Say whether an unnumbered paragraph closes the whole notice (施行, 转发, 执行中如遇问题)."""
    return bool(_CLOSING.match(text.strip()))


def states_effect(text: str) -> bool:
    """Say whether a paragraph says when the document takes effect."""
    return bool(_EFFECT.search(text))


def caption_of(text: str) -> str:
    """Return the caption that opens a section (after its number), or "" when it opens with ordinary text."""
    first_line, _, rest = text.strip().partition("\n")
    stripped = first_line.strip()
    if len(stripped) <= CAPTION_LENGTH_MAX and stripped and stripped[-1] not in _SENTENCE_END + "，,、":
        return stripped if rest.strip() or len(stripped) <= 24 else ""
    match = re.match(r"^([^。；：，,\n]{2,30})。(?=.{6})", stripped + rest)
    return match.group(1).strip() if match else ""


def ends_sentence(text: str) -> bool:
    """Say whether the line ends as a sentence or lead-in does."""
    stripped = text.rstrip().rstrip('”’"）)')
    return bool(stripped) and stripped[-1] in _SENTENCE_END
