"""Reading what a document says of others: that it supersedes, repeals or amends them, or single articles of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from yinshu.kernel.documents.headings import is_rule_title
from yinshu.kernel.documents.quotation import quote_depth_after
from yinshu.kernel.documents.records import Clause
from yinshu.kernel.knowledge.amendments import read_amendments
from yinshu.kernel.knowledge.effect import sentences_of, start_stated_in
from yinshu.kernel.knowledge.records import DocumentCard, LinkProposal
from yinshu.kernel.knowledge.references import Reference, find_references, normal_number
from yinshu.kernel.knowledge.titles import inner_titles, plain_title

QUOTE_LENGTH_MAX = 4000
FRONT_CLAUSES_MAX = 6
_REVISED = re.compile(
    r"(?:进行了?|予以|作了)(?:全面|相应)?(?:修订|修改)|(?:修订|修改)(?:了|形成|完善)|对[^。]{0,200}(?:修订|修改)"
)
_REISSUED = re.compile(r"现(?:将|予)?[^。]{0,80}(?:印发|发布|公布|下发)")
_CATALOGUE = re.compile(r"(?:废止|失效)(?:的)?[^，。]{0,12}(?:目录|清单)")
_LISTED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,4}、|\d{1,3}[.．、]?)?\s*(?P<title>[^（）()]{4,90}?(?:（(?:试行|暂行)）)?)\s*[（(](?P<number>.{3,60}?号.{0,40})[）)]。?$"
)
_ENDING = re.compile(
    r"(?:同时|同日|一并|即行|随即|随之|均|亦|予以|应予|自行|相应|也|起|正式|全部)*(?:予以)?"
    r"(?:废止|失效|停止执行|停止实施|停止施行|停止适用|不再执行|不再适用|终止执行|废除|作废)"
)
_ACTIVE = re.compile(
    r"(?:同时|决定|现|即|并|相应|应)*(?:废止|停止执行|不再执行|不再适用|废除)(?:以下|下列)?"
    r"(?:了)?(?=[^《。；，]{0,40}《|(?:中国人民银行)?[^《。；，]{0,30}[〔\[]\s*(?:19|20)\d\d)"
)
_NOT_AN_END = re.compile(r"(?:不|未|没有|无需|无须|不予|暂不|是否|可以|可|如|若|需要|认为)\s*$")
_CONDITIONAL = re.compile(r"(?:期|过渡期|有效期)(?:结束|届满|满|期满)(?:之日|之)?后?$|(?:后|之后)$")
_SCOPED = re.compile(r"不再执行|不再适用|停止适用")
_QUALIFIED = re.compile(r"关于|有关|涉及|所称|中的|中对|规定的")
_EFFECT_HEAD = re.compile(r"(?:施行|执行|实施|生效|试行)(?:之日起)?[，；。,;]?")
_BASIS = re.compile(r"(?:根据|依据|按照|依照|遵照|参照|为(?:落实|贯彻|执行)|符合|适用)\s*(?:中国人民银行)?$")


@dataclass(frozen=True)
class _Statement:
    sentence: str
    clause: Clause


def read_links(clauses: Sequence[Clause], card: DocumentCard) -> list[LinkProposal]:
    """Read every explicit statement that ends or changes another document.

    Returns proposals in reading order: `supersedes` when this document replaces an older one of the same name,
    `repeals` for any other ending, `amends` for changed articles. Statements inside quotation marks (new wording for
    another rule) and statements about no named document are left out. `effective_on` is the day stated in the
    sentence, else the day on which this document takes effect, else its day of issue, else None.
    """
    default = _day(card, "effective_from") or _day(card, "issued_on")
    issued_on = _day(card, "issued_on")
    own = {plain_title(title) for title in (_value(card, "title"), *card.aliases, *inner_titles(clauses)) if title}
    links: list[LinkProposal] = []
    for statement in _statements(clauses):
        links.extend(_endings(statement, own, issued_on, default))
    links.extend(_revisions(clauses, default))
    links.extend(_catalogue(clauses, default))
    links.extend(read_amendments(clauses, default))
    return _without_self(links, card)


def _value(card: DocumentCard, key: str) -> str:
    return card.fields[key].value if key in card.fields else ""


def _day(card: DocumentCard, key: str) -> date | None:
    value = _value(card, key)
    return date.fromisoformat(value) if value else None


def _without_self(links: Sequence[LinkProposal], card: DocumentCard) -> list[LinkProposal]:
    number = _value(card, "number")
    kept = [link for link in links if not (link.target_number and link.target_number == number)]
    return list(dict.fromkeys(kept))


def _statements(clauses: Sequence[Clause]) -> Iterator[_Statement]:
    """Yield sentences outside quotation marks that could end a document. Quotes may span clauses of one group."""
    depth, group = 0, -1
    for clause in clauses:
        if clause.group != group:
            depth, group = 0, clause.group
        for sentence in sentences_of(clause.text):
            opening = depth
            depth = quote_depth_after(sentence, depth)
            if opening == 0 and _ENDING.search(sentence):
                yield _Statement(sentence.strip(), clause)


def _endings(
    statement: _Statement, own: set[str], issued_on: date | None, default: date | None
) -> Iterator[LinkProposal]:
    sentence = statement.sentence
    references = [ref for ref in find_references(sentence) if not _inside_quotes(sentence, ref.start)]
    if not references:
        return
    for match in _ENDING.finditer(sentence):
        if _NOT_AN_END.search(sentence[: match.start()]) or not _is_own_word(sentence, match.start(), references):
            continue
        if _CONDITIONAL.search(sentence[: match.start()]):
            continue
        targets = [ref for ref in _targets(sentence, match, references) if _is_document(ref)]
        for ref in targets:
            superseding = plain_title(ref.title) in own and not ref.articles
            yield LinkProposal(
                relation="supersedes" if superseding else "repeals",
                target_title=ref.title,
                target_number=ref.number,
                quote=sentence[:QUOTE_LENGTH_MAX],
                clause_ordinal=statement.clause.ordinal,
                target_articles=ref.articles,
                effective_on=start_stated_in(sentence, issued_on) or default,
                target_issued_on=ref.issued_on,
                partial=_is_partial(sentence, match, ref, targets),
            )


def _is_own_word(sentence: str, place: int, references: Sequence[Reference]) -> bool:
    """Say whether the ending word stands outside quotation marks and outside the titles of documents."""
    return not _inside_quotes(sentence, place) and not any(ref.start <= place < ref.end for ref in references)


def _is_document(ref: Reference) -> bool:
    return bool(ref.number) or (is_rule_title(ref.title) and not ref.title.endswith(("证", "书", "表", "单")))


def _is_partial(sentence: str, match: re.Match[str], ref: Reference, targets: Sequence[Reference]) -> bool:
    """Say whether only some content ends: 《X》中关于…的要求, or 不再执行第六条 said of a limited set of cases."""
    if _SCOPED.search(match.group(0)) and ref.articles:
        return True
    last = max(targets, key=lambda target: target.start)
    if ref is not last and not ref.articles:
        return False
    between = sentence[last.end : match.start()] if last.end <= match.start() else ""
    return bool(_QUALIFIED.search(between))


def _revisions(clauses: Sequence[Clause], default: date | None) -> Iterator[LinkProposal]:
    """Yield `supersedes` where the document says that it revised and reissues a rule that stands inside it."""
    inner = {plain_title(title) for title in inner_titles(clauses)}
    for clause in clauses[:FRONT_CLAUSES_MAX]:
        for sentence in sentences_of(clause.text):
            if not _REVISED.search(sentence) or not _REISSUED.search(sentence):
                continue
            for ref in find_references(sentence):
                if plain_title(ref.title) in inner and not ref.articles:
                    yield LinkProposal(
                        relation="supersedes",
                        target_title=ref.title,
                        target_number=ref.number,
                        quote=sentence.strip()[:QUOTE_LENGTH_MAX],
                        clause_ordinal=clause.ordinal,
                        effective_on=default,
                    )


def _catalogue(clauses: Sequence[Clause], default: date | None) -> Iterator[LinkProposal]:
    """Yield `repeals` for each line of an attachment that is a list of repealed documents."""
    for clause in clauses:
        if not clause.path or not _CATALOGUE.search(clause.path[0]):
            continue
        for line in clause.text.splitlines():
            match = _LISTED.match(line.strip())
            number = normal_number(match.group("number")) if match else ""
            if match and number:
                yield LinkProposal(
                    relation="repeals",
                    target_title=re.sub(r"\s+", "", match.group("title")).strip("《》"),
                    target_number=number,
                    quote=line.strip()[:QUOTE_LENGTH_MAX],
                    clause_ordinal=clause.ordinal,
                    effective_on=default,
                )


def _inside_quotes(sentence: str, place: int) -> bool:
    before = sentence[:place]
    return before.count("“") > before.count("”")


def _targets(sentence: str, match: re.Match[str], references: Sequence[Reference]) -> list[Reference]:
    """Return the documents that the ending word governs: those after an active verb, else those before it."""
    active = _ACTIVE.match(sentence, match.start())
    if active:
        stop = re.search(r"[。；]|，(?!\s*《)", sentence[active.end() :])
        limit = active.end() + stop.start() if stop else len(sentence)
        return [ref for ref in references if active.end() <= ref.start < limit]
    start = _passive_start(sentence, match.start(), references)
    return [ref for ref in references if start <= ref.start < match.start() and not _is_basis(sentence, ref)]


def _passive_start(sentence: str, end: int, references: Sequence[Reference]) -> int:
    """Return where the subject of a passive ending begins: after the last effect statement, ending or semicolon."""
    start = 0
    inside = [(ref.start, ref.end) for ref in references]
    breaks = [*_EFFECT_HEAD.finditer(sentence, 0, end), *re.finditer(r"[；;]", sentence[:end])]
    breaks.extend(match for match in _ENDING.finditer(sentence, 0, end))
    for match in breaks:
        if not any(first <= match.start() < last for first, last in inside):
            start = max(start, match.end())
    return start


def _is_basis(sentence: str, ref: Reference) -> bool:
    return bool(_BASIS.search(sentence[: ref.start]))
