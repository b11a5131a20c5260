"""Names of documents: inner titles of annexed rules, comparable forms and the short names people use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from yinshu.kernel.documents.headings import is_rule_title
from yinshu.kernel.documents.markers import marker_at_start
from yinshu.kernel.documents.records import Clause
from yinshu.kernel.knowledge.references import number_key

ALIASES_MAX = 24
SHORT_NAME_LENGTH_MIN = 4
_GENERIC = frozenset(
    (
        "管理办法",
        "实施办法",
        "暂行办法",
        "管理规定",
        "实施细则",
        "操作规程",
        "管理条例",
        "业务办法",
        "办法",
        "规定",
        "通知",
        "公告",
    )
)
_ATTACHMENT = re.compile(r"^附\s*[件录表式则图]?\s*[0-9一二三四五六七八九十]{0,3}\s*[:：.、]?\s*")
_EDITION = re.compile(
    r"[（(〔]\s*(?:试行|暂行|修订|修正|修订稿|征求意见稿|\d{4}年(?:修订|版|修正)?|修订版|[^（）]{0,12}修订)\s*[）)〕]$"
)
_BODY = (
    r"(?:中国人民银行(?:办公厅)?|中国银行(?:业|保险)监督管理委员会|国家金融监督管理总局|中国证券监督管理委员会|"
    r"中国保险监督管理委员会|国家外汇管理局|财政部|海关总署|公安部|商务部|国务院|"
    r"[\u4e00-\u9fff]{2,14}(?:委员会|总局|总署|部|局|银行))"
)
_BODIES_AHEAD = re.compile(rf"^(?:中华人民共和国|(?:{_BODY}[、\s]*)+(?=关于|印发|公告|令))")


def strip_attachment(title: str) -> str:
    """Return the title without a leading 附件1 and the like."""
    return _ATTACHMENT.sub("", title).strip()


def inner_titles(clauses: Iterable[Clause]) -> tuple[str, ...]:
    """Return the titles of the rules inside the document (its own, annexed ones), in reading order."""
    return inner_titles_of_paths(clause.path for clause in clauses)


def inner_titles_of_paths(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the titles of rules that head the given clause paths, in order."""
    titles: dict[str, None] = {}
    for path in paths:
        head = strip_attachment(path[0]) if path else ""
        if head and marker_at_start(head) is None and is_rule_title(head) and not head.startswith(("（", "(")):
            titles.setdefault(re.sub(r"\s+", "", head))
    return tuple(titles)


def plain_title(title: str) -> str:
    """Return a title in comparable form: no white space, quotation marks, edition (试行) or number at the end."""
    text = re.sub(r"\s+", "", title)
    text = re.sub(r"[《》〈〉<>“”\"]", "", text).replace("(", "（").replace(")", "）")
    text = _EDITION.sub("", text)
    text = re.sub(r"（[^（）]*(?:号|发布|公布|印发)[^（）]*）$", "", text)
    return _EDITION.sub("", text).replace("帐户", "账户")


def bare_title(title: str) -> str:
    """Return the plain title without issuing bodies in front and without 关于印发…的通知 around a rule's name."""
    plain = plain_title(title)
    wrapped = re.search(r"(?:印发|发布|公布)(.{4,80}?)的(?:通知|公告|决定)$", plain)
    if wrapped:
        plain = plain_title(wrapped.group(1))
    return _BODIES_AHEAD.sub("", plain) or plain


def aliases_of(title: str, number: str, hint: str, inner: Sequence[str]) -> tuple[str, ...]:
    """Return the other names of a document, most telling first, the title itself left out.

    Derived by rule only: titles of the rules inside, the rule named in 关于印发《…》的通知 or in the brackets of a 令,
    the same without issuing body, 中华人民共和国, （试行）, 管理 and 暂行, and forms of the number (2016年第3号令,
    2019年316号文).
    """
    names: dict[str, None] = {}
    for whole in (title, hint, *inner):
        for name in _names_in(whole):
            names.setdefault(name)
    for name in list(names):
        for short in _short_names(name):
            names.setdefault(short)
    for form in _number_forms(number):
        names.setdefault(form)
    names.pop(title, None)
    return tuple(name for name in names if len(name) >= SHORT_NAME_LENGTH_MIN)[:ALIASES_MAX]


def _names_in(whole: str) -> Iterator[str]:
    compact = re.sub(r"\s+", "", whole)
    if not compact:
        return
    yield from re.findall(r"(?:印发|发布|公布)《([^《》]{4,60})》", compact)
    bracketed = re.match(r"^[^（(]*(?:令|公告)[〔（(\[]\d{4}[〕）)\]]第?\d+号[（(](.{4,80})[）)]$", compact)
    if bracketed:
        yield bracketed.group(1).strip("《》")
        return
    without_number = re.sub(r"[（(][^（）()]*[〔\[（(]?\d{4}[〕\]）)]?[^（）()]*号[^（）()]*[）)]?$", "", compact)
    yield compact if number_key(without_number[:30]) else without_number


def _short_names(name: str) -> Iterator[str]:
    base = _EDITION.sub("", name)
    if base != name:
        yield base
    if not is_rule_title(base) or "关于" in base:
        about = re.search(r"关于(.{4,60})的(?:通知|公告|意见|决定)$", base)
        if about:
            yield f"关于{about.group(1)}的{base[-2:]}"
        return
    bare = re.sub(r"^(?:中华人民共和国|中国人民银行)", "", base)
    if bare != base and bare not in _GENERIC and len(bare) >= SHORT_NAME_LENGTH_MIN - 1:
        yield bare
    for dropped in ("暂行", "管理", "业务", "实施"):
        shorter = re.sub(rf"{dropped}(?=(?:管理|暂行|实施)?(?:办法|规定|细则|条例|规程|指引|规则)$)", "", bare)
        if shorter != bare and len(shorter) >= SHORT_NAME_LENGTH_MIN + 1:
            yield shorter


def _number_forms(number: str) -> Iterator[str]:
    key = number_key(number)
    if key is None:
        return
    yield number
    if key.series.endswith(("令", "公告")) and key.year:
        form = "令" if key.series.endswith("令") else "公告"
        yield f"{key.year}年第{key.serial}号{form}"
        yield f"{key.year}年{key.serial}号{form}"
        yield f"{form}〔{key.year}〕第{key.serial}号"
    elif key.year:
        yield f"{key.year}年{key.serial}号文"
