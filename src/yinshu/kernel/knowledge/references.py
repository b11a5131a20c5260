"""Finding the documents that a text names: 《title》（number）with the articles meant, or a bare number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from yinshu.kernel.documents.markers import chinese_to_int
from yinshu.kernel.knowledge.calendar_text import DATE, first_date

_CN = "零〇○一二三四五六七八九十百"
_OPEN, _CLOSE = r"[〔\[［【（(﹝「]", r"[〕\]］】）)﹞」]"
_BODY_END = re.compile(r"(?:银行|办公厅|委员会|局|部|署|院|会|厅)[、\s]*$")
_RUN = re.compile(r"[\u4e00-\u9fff、\s]{1,160}$")
_LETTERS = re.compile(r"[\u4e00-\u9fff]{0,9}(?:发|函|字|库|管|规|综|文|监|办|复|市场|制)(?:电|字|函)?\s*$")
_YEARED = re.compile(
    rf"\s*{_OPEN}?\s*(?<!\d)((?:19|20)\d\s?\d|\d{{2}})\s*年?\s*{_CLOSE}?\s*(?:字|外)?\s*第?\s*(\d[\d\s]{{0,4}}?)\s*号"
)
_OLD = re.compile(
    rf"{_OPEN}\s*(\d{{2}}|(?:19|20)\d{{2}})\s*{_CLOSE}\s*([\u4e00-\u9fff]{{1,8}}?字?)\s*第?\s*(\d{{1,4}})\s*号"
)
_UNYEARED = re.compile(
    rf"(国务院令|中华人民共和国国务院令|中华人民共和国主席令|主席令)\s*{_OPEN}?\s*第?\s*([\d{_CN}]{{1,6}})\s*号"
)
SERIES_LENGTH_MAX = 160
BODY_LENGTH_MAX = 24
_CENTRAL_BANK = "中国人民银行"
_ARTICLE = rf"第\s*[{_CN}\d]+\s*条(?:之[{_CN}])?(?:第[{_CN}\d]+款)?(?:第[{_CN}\d]+项)?(?:第[{_CN}\d]+目)?"
_ARTICLES = re.compile(
    rf"^[\s的中]*({_ARTICLE}(?:\s*(?:、|，|和|及|至|以及|或者)?\s*(?:{_ARTICLE}|第[{_CN}\d]+[款项目])){{0,40}})"
)
_ONE_ARTICLE = re.compile(_ARTICLE)
_ISSUED = re.compile(rf"({DATE})[^《》。；，]{{0,40}}?(?:发布|公布|印发|下发|颁布|制[订定])(?:施行|实施)?(?:的)?$")


@dataclass(frozen=True)
class Reference:
    """A document named in a text. `title` is without 《》; `articles` are those named right after it.

    `issued_on` is set when the text says on which day the document was issued. `start` and `end` are places in the
    text; `end` is behind the articles.
    """

    title: str
    number: str
    articles: tuple[str, ...]
    start: int
    end: int
    issued_on: date | None = None


@dataclass(frozen=True)
class NumberKey:
    """A document number taken apart so that spellings compare equal: series (银发, 令, 公告 with its issuers)."""

    series: str
    year: int
    serial: int


def _full_year(text: str) -> int:
    year = int(re.sub(r"\s", "", text))
    return year + 1900 if year < 100 else year


@dataclass(frozen=True)
class _Number:
    series: str
    year: int
    serial: int
    ordinal: bool
    start: int
    end: int

    @property
    def text(self) -> str:
        mark = "第" if self.ordinal or self.series.endswith(("令", "公告")) else ""
        return f"{self.series}〔{self.year}〕{mark}{self.serial}号"


def _numbers(text: str, start: int = 0, end: int | None = None) -> Iterator[_Number]:
    """Yield the numbers that carry a year, found by their year and serial, with the series read backwards."""
    for match in _YEARED.finditer(text, start, len(text) if end is None else end):
        series = _series_before(text[max(start, match.start() - SERIES_LENGTH_MAX) : match.start()])
        if series:
            yield _Number(
                series,
                _full_year(match.group(1)),
                int(re.sub(r"\s", "", match.group(2))),
                bool(re.search(r"第\s*\d[\d\s]*号$", match.group(0))),
                match.start() - len(series),
                match.end(),
            )


def _series_before(text: str) -> str:
    stripped = text.rstrip()
    if not stripped.endswith(("令", "公告")):
        letters = _LETTERS.search(stripped)
        return _clean_series(letters.group(0)) if letters else ""
    run = _RUN.search(stripped)
    series = _clean_series(run.group(0)) if run else ""
    ahead = series.find(_CENTRAL_BANK)
    if ahead > 0 and not _BODY_END.search(series[:ahead]):
        return series[ahead:]
    return series if ahead >= 0 else series[-BODY_LENGTH_MAX:].lstrip("、 ")


def _clean_series(series: str) -> str:
    text = re.sub(r"\s+", " ", series.strip())
    return re.sub(r"^.*(?:之日起|根据|依据|按照|遵照|日起)", "", text).strip()


def _series_key(series: str) -> str:
    compact = re.sub(r"[\s、]", "", series)
    for ending in ("令", "公告"):
        if compact.endswith(ending):
            issuers = compact[: -len(ending)].replace("中华人民共和国", "")
            return ("" if issuers == _CENTRAL_BANK else issuers) + ending
    return re.sub(r"字$", "", compact)


def number_key(text: str) -> NumberKey | None:
    """Return the number that a string holds, taken apart, or None."""
    number = next(_numbers(text), None)
    if number:
        return NumberKey(_series_key(number.series), number.year, number.serial)
    old = _OLD.search(text)
    if old:
        return NumberKey(_series_key(old.group(2)), _full_year(old.group(1)), int(old.group(3)))
    plain = _UNYEARED.search(text)
    return NumberKey(_series_key(plain.group(1)), 0, chinese_to_int(plain.group(2))) if plain else None


def normal_number(text: str) -> str:
    """Return the number that a string holds in standard brackets (银发〔2019〕316号, 令〔2016〕第3号), or ""."""
    number = next(_numbers(text), None)
    if number:
        return number.text
    old = _OLD.search(text)
    if old:
        return f"〔{_full_year(old.group(1))}〕{old.group(2)}第{old.group(3)}号"
    plain = _UNYEARED.search(text)
    return f"{plain.group(1)}第{chinese_to_int(plain.group(2))}号" if plain else ""


def _titles(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each outermost 《…》; a missing inner 〉 or 》 is forgiven within one sentence."""
    start, depth = -1, 0
    for place, char in enumerate(text):
        if char == "《":
            if depth == 0:
                start = place
            depth += 1
        elif char == "》" and depth:
            depth -= 1
            if depth == 0:
                yield start, place + 1
        elif char in "。；" and depth:
            depth = 0


def find_references(text: str) -> list[Reference]:
    """Return the documents that the text names, in order.

    A number in brackets right after a title belongs to it, and so do the articles after that. Numbers that belong to
    no title are references of their own when they name a 令 or 公告 or stand alone.
    """
    found: list[Reference] = []
    covered = 0
    for start, end in _titles(text):
        found.extend(_bare_numbers(text, covered, start))
        tail = text[end:]
        number, used = _number_after(tail)
        articles, more = articles_after(tail[used:])
        before = _ISSUED.search(text[max(0, start - 70) : start])
        found.append(
            Reference(
                title=re.sub(r"\s+", "", text[start + 1 : end - 1]),
                number=number,
                articles=articles,
                start=start,
                end=end + used + more,
                issued_on=first_date(before.group(1)) if before else None,
            )
        )
        covered = end + used + more
    found.extend(_bare_numbers(text, covered, len(text)))
    return found


def _number_after(tail: str) -> tuple[str, int]:
    bracket = re.match(r"\s*[（(]([^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*)[）)]", tail)
    if not bracket:
        return "", 0
    number = normal_number(bracket.group(1))
    return (number, bracket.end()) if number else ("", 0)


def articles_after(tail: str) -> tuple[tuple[str, ...], int]:
    """Return the articles named at the start of `tail` (ranges with 至 filled in) and the length used."""
    match = _ARTICLES.match(tail)
    if not match:
        return (), 0
    names = [re.sub(r"\s", "", name) for name in _ONE_ARTICLE.findall(match.group(1))]
    return tuple(dict.fromkeys(_fill_ranges(names, match.group(1)))), match.end()


def _fill_ranges(names: list[str], text: str) -> Iterator[str]:
    for place, name in enumerate(names):
        yield name
        if place + 1 < len(names) and re.search(rf"{name}\s*至\s*{names[place + 1]}", re.sub(r"\s", "", text)):
            first, last = article_number(name), article_number(names[place + 1])
            for number in range(first + 1, min(last, first + 60)):
                yield f"第{_to_chinese(number)}条"


def article_number(name: str) -> int:
    """Return the number of 第N条 at the start of an article's name, or 0."""
    match = re.match(rf"第\s*([{_CN}\d]+)\s*条", name)
    return chinese_to_int(match.group(1)) if match else 0


def _to_chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


def _bare_numbers(text: str, start: int, end: int) -> Iterator[Reference]:
    for number in _numbers(text, start, end):
        articles, used = articles_after(text[number.end :])
        yield Reference("", number.text, articles, max(start, number.start), number.end + used)
