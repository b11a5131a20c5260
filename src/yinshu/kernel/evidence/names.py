"""Checks names: titles in 《》, article numbers and institutions must stand in the source or in its metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yinshu.kernel.evidence.numerals import fold
from yinshu.kernel.evidence.quantities import parse_all
from yinshu.kernel.evidence.records import Fault, Source

INSTITUTION = re.compile(
    r"(?:银行|公司|委员会|法院|检察院|公安|交易所|协会|总局|管理局|监管局|外汇局|财政部|证监会|银保监会|中心|机构|部门|行长|经理|先生|女士)$"
)
_TITLE = re.compile(r"《([^《》]{1,80}(?:《[^《》]*》[^《》]*)?)》")
_ARTICLE = re.compile(
    r"第[\d一二三四五六七八九十百零〇]+条(?:之[一二三四五])?(?:第[\d一二三四五六七八九十]+款)?(?:第[（(]?[\d一二三四五六七八九十]+[)）]?项)?"
)
_FRAME = re.compile(r"^(?:根据|按照|依据|依照|按)?\s*$")
_FRAME_END = re.compile(r"^(?:的)?(?:有关)?(?:规定|要求)?[，,：:]?")


def _plain(text: str) -> str:
    return re.sub(r"[\s《》〈〉“”\"（）()]", "", fold(text))


def _title_known(title: str, source: Source) -> bool:
    wanted = _plain(title)
    return wanted in _plain(source.text) or (len(wanted) > 3 and wanted in _plain(source.title))


def _articles(text: str) -> set[tuple[str, str]]:
    return {
        (str(quantity.value), quantity.unit)
        for quantity in parse_all(text)
        if quantity.kind == "ordinal" and quantity.unit in ("条", "款", "项")
    }


def unknown_names(text: str, sources: Sequence[Source]) -> list[tuple[Fault, str]]:
    """Titles and articles of the claim that no named source bears."""
    faults: list[tuple[Fault, str]] = [
        ("name", match.group())
        for match in _TITLE.finditer(text)
        if not any(_title_known(match[1], source) for source in sources)
    ]
    for match in _ARTICLE.finditer(text):
        wanted = _articles(match.group())
        if not any(wanted <= _articles(source.article) | _articles(source.text) for source in sources):
            faults.append(("name", match.group()))
    return faults


def metadata_spans(segment: str, source: Source) -> list[tuple[int, int]]:
    """Spans that the source's own title and article vouch for, such as an opening 根据《…》第十六条，."""
    spans = [
        _with_frame(segment, match.start(), match.end())
        for match in _TITLE.finditer(segment)
        if _plain(match[1]) not in _plain(source.text) and _title_known(match[1], source)
    ]
    spans += [
        _with_frame(segment, match.start(), match.end())
        for match in _ARTICLE.finditer(segment)
        if _articles(match.group()) <= _articles(source.article)
    ]
    spans += [
        (quantity.start, quantity.end)
        for quantity in parse_all(segment)
        if quantity.kind == "document_number" and _plain(quantity.text) in _plain(source.title)
    ]
    return spans


def _with_frame(segment: str, start: int, end: int) -> tuple[int, int]:
    if _FRAME.match(segment[:start]):
        start = 0
    tail = _FRAME_END.match(segment[end:])
    return start, end + (tail.end() if tail else 0)
