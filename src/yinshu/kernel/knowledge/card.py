"""Reading a document's card (title, number, issuer, kind, dates, other names) from its own text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from yinshu.kernel.documents.headings import is_issuer_line, is_rule_title
from yinshu.kernel.documents.records import Clause, ParsedDocument
from yinshu.kernel.knowledge.calendar_text import DATE, dates_in, first_date
from yinshu.kernel.knowledge.effect import effective_from, effective_to
from yinshu.kernel.knowledge.records import DocumentCard, Proposed
from yinshu.kernel.knowledge.references import normal_number, number_key
from yinshu.kernel.knowledge.titles import aliases_of, inner_titles, strip_attachment

FRONT_CLAUSES_MAX = 4
FRONT_LINES_MAX = 30
QUOTE_LENGTH_MAX = 200
_NOTICE = r"(?:通知|公告|决定|意见|批复|复函|通告|办法|规定|函|令|纪要|答复)"
_ABOUT_TITLE = re.compile(rf"^[^。；：]{{0,90}}(?:关于|印发|发布)[^。；：]{{2,120}}?的{_NOTICE}")
_AMENDED = re.compile(r"(?:修正|修订|修改)(?:[）)。，\s]|$|\s*根据)")
_PASSED = re.compile(rf"({DATE})[^）)]{{0,60}}?(?:通过|公布|发布|批准)")
_SIGN_OFF_KINDS = ("signoff", "section", "preamble")


def read_card(
    parsed: ParsedDocument,
    clauses: Sequence[Clause],
    *,
    title_hint: str = "",
    issued_hint: date | None = None,
) -> DocumentCard:
    """Read what the document says of itself.

    `clauses` are `cut(parsed)`. `title_hint` is a title that somebody wrote down (an index row, a file's properties);
    it helps to find number, issuer and kind where the text is silent. `issued_hint` is a whole date of issue from
    outside: used only to count 自发布之日起 when the text carries no date. Values that rest on a hint have
    `clause_ordinal` None and the hint as quote. Dates are YYYY-MM-DD; `effective_to` is the first day not in force.
    """
    hint = title_hint or parsed.title_hint or ""
    front = list(_front_lines(clauses))
    fields: dict[str, Proposed] = {}
    title = _read_title(front, clauses, hint)
    number = _read_number(front, hint)
    issued = _read_issued(front, clauses)
    _put(fields, "title", title)
    _put(fields, "number", number)
    _put(fields, "issuer", _read_issuer(title, number, clauses, hint))
    _put(fields, "kind", _read_kind(title, number, hint))
    _put(fields, "issued_on", issued)
    issued_on = date.fromisoformat(issued.value) if issued else issued_hint
    start = effective_from(clauses, issued_on)
    amended_on = _last_amendment(front)
    if amended_on and (start is None or amended_on[0] > start.day):
        fields["effective_from"] = Proposed(amended_on[0].isoformat(), amended_on[1], amended_on[2])
    elif start:
        fields["effective_from"] = Proposed(start.day.isoformat(), start.quote, start.clause_ordinal)
    end = effective_to(clauses, start.day if start else None)
    if end:
        fields["effective_to"] = Proposed(end.day.isoformat(), end.quote, end.clause_ordinal)
    said_title = title.value if title else ""
    said_number = number.value if number else ""
    return DocumentCard(fields, aliases_of(said_title, said_number, hint, inner_titles(clauses)))


def _put(fields: dict[str, Proposed], key: str, value: Proposed | None) -> None:
    if value is not None and value.value:
        fields[key] = value


Front = tuple[str, int]


def _front_lines(clauses: Sequence[Clause]) -> Iterator[Front]:
    """Yield the lines before the first numbered clause, with their clause ordinals."""
    count = 0
    for clause in clauses[:FRONT_CLAUSES_MAX]:
        if clause.kind not in ("preamble", "section", "signoff") or (
            clause.kind == "section" and clause.article != "正文"
        ):
            return
        for line in clause.text.splitlines():
            count += 1
            if count > FRONT_LINES_MAX:
                return
            yield line.strip(), clause.ordinal


# Title.


def _read_title(front: Sequence[Front], clauses: Sequence[Clause], hint: str) -> Proposed | None:
    for place in range(min(len(front), 14)):
        if not _opens_title(front[place][0]):
            continue
        for width in (1, 2, 3):
            lines = front[place : place + width]
            if len(lines) < width or any(re.search(r"[。；：]", line) for line, _ in lines[:-1]):
                break
            match = _ABOUT_TITLE.match("".join(line for line, _ in lines))
            if match and len(match.group(0)) >= 8:
                return Proposed(_tidy_title(match.group(0)), match.group(0)[:QUOTE_LENGTH_MAX], lines[0][1])
    first = next((clause for clause in clauses if clause.kind == "article"), None)
    if first and first.path and not first.path[0].startswith("第") and strip_attachment(first.path[0]):
        title = strip_attachment(first.path[0])
        return Proposed(title, title[:QUOTE_LENGTH_MAX], first.ordinal)
    for line, ordinal in front[:8]:
        if is_rule_title(line) and not number_key(line) and not line.startswith(("（", "(")):
            return Proposed(_tidy_title(line), line, ordinal)
    if hint:
        return Proposed(hint, hint[:QUOTE_LENGTH_MAX], None)
    return Proposed(front[0][0][:120], front[0][0][:QUOTE_LENGTH_MAX], front[0][1]) if front else None


def _opens_title(line: str) -> bool:
    number = normal_number(line)
    is_letterhead = line.endswith("文件") or (bool(number) and len(re.sub(r"\s", "", line)) <= len(number) + 4)
    return (
        not is_letterhead
        and first_date(line[:20]) is None
        and not line.startswith(("（", "("))
        and not re.match(r"^(?:特|急|加)?\s*[急提]?件?$", line)
    )


def _tidy_title(text: str) -> str:
    return re.sub(r"(?<=[\u4e00-\u9fff》])\s+(?=[\u4e00-\u9fff《])", " ", text).strip()


# Number.


def _read_number(front: Sequence[Front], hint: str) -> Proposed | None:
    for place, (line, ordinal) in enumerate(front[:14]):
        continues = re.match(r"^\s*(?:[〔\[（(【]\s*(?:19|20)\d\d|第\s*\d+\s*号$)", line)
        joined = f"{front[place - 1][0]}{line}" if place and continues else line
        if re.search(r"[，。；]", joined) or "《" in joined:
            continue
        number = normal_number(joined)
        if number and len(re.sub(r"\s", "", joined)) <= len(number) + 14:
            return Proposed(number, joined, ordinal)
    for line, ordinal in front[:3]:
        number = _number_in_title(line)
        if number:
            return Proposed(number, line[:QUOTE_LENGTH_MAX], ordinal)
    number = _number_in_title(hint)
    return Proposed(number, hint[:QUOTE_LENGTH_MAX], None) if number else None


def _number_in_title(title: str) -> str:
    """Return the number that a title carries at its end in brackets, or as its head (令〔2016〕第3号（…）)."""
    tail = re.search(
        r"[（(]\s*([^（()）《》]{0,30}?[〔\[（(]?\s*(?:19|20)\d\d\s*[〕\]）)]?[^（）()]{0,8}号|国务院令[^）)]{1,12}号)\s*[）)]\s*$",
        title,
    )
    if tail:
        return normal_number(tail.group(1))
    head = re.match(
        r"^[^《》（(]{0,80}?(?:令|公告)\s*[〔\[（(]?\s*(?:(?:19|20)\d\d\s*[〕\]）)]?)?\s*第?\s*[\d一二三四五六七八九十百]+\s*号",
        title,
    )
    return normal_number(head.group(0)) if head else ""


# Issuer and kind.


def _read_issuer(
    title: Proposed | None, number: Proposed | None, clauses: Sequence[Clause], hint: str
) -> Proposed | None:
    for source in (title, Proposed(hint, hint[:QUOTE_LENGTH_MAX], None) if hint else None):
        match = re.match(r"^([\u4e00-\u9fff、\s（）]{3,120}?)(?:关于|公告|令|印发)", source.value) if source else None
        if source and match and _is_body(match.group(1)):
            return Proposed(_join_bodies(match.group(1)), source.quote, source.clause_ordinal)
    head = re.match(r"^([\u4e00-\u9fff\s、]+?)(?:令|公告)〔", number.value) if number else None
    if number and head:
        return Proposed(_join_bodies(head.group(1)), number.quote, number.clause_ordinal)
    for clause in clauses:
        if clause.kind != "signoff":
            continue
        lines = [line for line in clause.text.splitlines() if is_issuer_line(line)]
        if lines:
            return Proposed("、".join(_join_bodies(line) for line in lines), "\n".join(lines), clause.ordinal)
    if title and re.match(r"^中华人民共和国.{1,20}法(?:（.*）)?$", title.value):
        return Proposed("全国人民代表大会", title.quote, title.clause_ordinal)
    return None


def _is_body(text: str) -> bool:
    return bool(re.search(r"(?:银行|委员会|部|局|署|院|会|厅|公司|办公室)\s*$", text.strip()))


def _join_bodies(text: str) -> str:
    spread = re.sub(r"(?<![\u4e00-\u9fff]{2})([\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff](?:\s|$))", r"\1", text.strip())
    return "、".join(piece for piece in re.split(r"[\s、]+", spread) if piece)


def _read_kind(title: Proposed | None, number: Proposed | None, hint: str) -> Proposed | None:
    for source in (title, Proposed(hint, hint[:QUOTE_LENGTH_MAX], None) if hint else None):
        kind = _kind_of(source.value if source else "", number.value if number else "")
        if kind and source:
            return Proposed(kind, source.quote, source.clause_ordinal)
    return None


def _kind_of(title: str, number: str) -> str:
    bare = re.sub(r"[（(][^（）()]*[）)]\s*$", "", title).strip()
    if re.match(r"^中华人民共和国[^《》]{1,30}法$", bare) or "人民代表大会" in bare:
        return "法律"
    if "国务院令" in number or "国务院令" in title or re.search(r"条例$", bare):
        return "行政法规"
    if "令〔" in number or re.search(r"令[〔\[（(]", title):
        return "部门规章"
    for ending in ("通知", "公告", "意见", "决定", "批复"):
        if bare.endswith(ending) or f"{ending}〔" in number:
            return ending
    return next((noun for noun in ("办法", "规定", "细则", "规程", "指引", "制度", "手册") if bare.endswith(noun)), "")


# Date of issue.


def _read_issued(front: Sequence[Front], clauses: Sequence[Clause]) -> Proposed | None:
    attached = next((c.ordinal for c in clauses if c.path and re.match(r"^附\s*[件表录]?", c.path[0])), len(clauses))
    body = [clause for clause in clauses if clause.kind in _SIGN_OFF_KINDS and clause.ordinal < max(attached, 1)]
    for clause in body:
        found = _sign_off_date(clause)
        if found:
            return found
    note = _issue_note(front)
    if note:
        return note
    for clause in clauses:
        if clause.kind == "signoff":
            found = _sign_off_date(clause) or _printed_date(clause)
            if found:
                return found
    return _metadata_date(front)


def _issue_note(front: Sequence[Front]) -> Proposed | None:
    """Read the note under a law's or rule's title: （2006年10月31日…通过 2024年11月8日…修订）: the first date."""
    for line, ordinal in front[:8]:
        match = re.match(r"^\s*[（(]\s*", line)
        passed = _PASSED.search(line) if match else None
        day = first_date(passed.group(1)) if passed else None
        if day:
            return Proposed(day.isoformat(), line[:QUOTE_LENGTH_MAX], ordinal)
    return None


def _sign_off_date(clause: Clause) -> Proposed | None:
    """Return the date with which a line of the end matter ends (the issuers before it on the same line or above)."""
    for line in clause.text.splitlines():
        match = re.search(rf"({DATE})\s*(?:附\s*件.{{0,60}})?$", line.strip())
        alone = match and (clause.kind == "signoff" or len(line.strip()) <= 40)
        if match and alone and "印发" not in line and not re.search(r"[。；]", line[: match.start()]):
            day = first_date(match.group(1))
            if day:
                return Proposed(day.isoformat(), line.strip()[-QUOTE_LENGTH_MAX:], clause.ordinal)
    return None


def _printed_date(clause: Clause) -> Proposed | None:
    match = re.search(rf"({DATE})\s*印发", clause.text)
    day = first_date(match.group(1)) if match else None
    return Proposed(day.isoformat(), match.group(0), clause.ordinal) if match and day else None


def _metadata_date(front: Sequence[Front]) -> Proposed | None:
    for place, (line, ordinal) in enumerate(front):
        if re.match(r"^(?:发布|印发|成文|公布)(?:日期|时间)\s*[:：]", line):
            following = front[place + 1][0] if place + 1 < len(front) else ""
            day = first_date(line) or first_date(following)
            if day:
                return Proposed(day.isoformat(), line, ordinal)
    return None


def _last_amendment(front: Sequence[Front]) -> tuple[date, str, int] | None:
    """Return the last date of a title's note that names an amendment: from then on this wording can hold."""
    for line, ordinal in front[:8]:
        if re.match(r"^\s*[（(]", line) and _AMENDED.search(line):
            days = dates_in(line)
            if days:
                return max(day for day, _ in days), line[:QUOTE_LENGTH_MAX], ordinal
    return None
