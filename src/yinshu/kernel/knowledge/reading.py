"""Turns the bytes of one file into everything a version is made of; pure, so that it can run anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath

from yinshu.kernel.base.errors import BadInput
from yinshu.kernel.documents import DEFAULT, OcrEngine, ParsedDocument, ParseLimits, parse_isolated
from yinshu.kernel.documents.cut import cut
from yinshu.kernel.knowledge.card import read_card
from yinshu.kernel.knowledge.links import read_links
from yinshu.kernel.knowledge.records import FreshVersion, Hints

TITLE_CHARS_MAX = 500
SHORT_FIELD_CHARS_MAX = 200
KIND_CHARS_MAX = 100


PageProgress = Callable[[int, int], None]
"""Called with (pages done, pages in all) while a long file is read."""
FileReader = Callable[[bytes, str, Hints, PageProgress], FreshVersion]
"""Content, file name and hints in, a version out; raises `BadInput` with the file's name and the remedy."""


def file_reader(*, ocr: OcrEngine | None = None, limits: ParseLimits = DEFAULT) -> FileReader:
    """The reader of every format, in a process of its own, with an OCR engine for scans where there is one."""

    def read(content: bytes, file_name: str, hints: Hints, progress: PageProgress) -> FreshVersion:
        parsed = parse_isolated(content, file_name, ocr=ocr, limits=limits, progress=progress)
        return compose_version(parsed, file_name, hints)

    return read


FindForbidden = Callable[[str], list[str]]
"""What a text holds that may not be kept at all (passwords, security codes), by name; empty when it may."""


class FileQuarantined(BadInput):
    """The file holds what may not be kept; its original is removed."""

    code = "file_quarantined"


def screened_reader(read: FileReader, forbidden: FindForbidden) -> FileReader:
    """The reader, refusing files that hold what may not be kept. Raises FileQuarantined."""

    def read_and_look(content: bytes, file_name: str, hints: Hints, progress: PageProgress) -> FreshVersion:
        fresh = read(content, file_name, hints, progress)
        parts = (fresh.title, *(part for clause in fresh.clauses for part in (clause.lead, clause.text)))
        found = forbidden("\n".join(parts))
        if found:
            names = "、".join(found)
            raise FileQuarantined(
                f"文件“{file_name}”中有不得留存的敏感信息（{names}），已隔离：没有入库，上传的原件已删除。请删去后重新上传。"
            )
        return fresh

    return read_and_look


def compose_version(parsed: ParsedDocument, file_name: str, hints: Hints) -> FreshVersion:
    """Cut a parsed file and settle its metadata: the text's own words first, hints where it is silent.

    A title is the exception: one that somebody wrote down beats one that was guessed from the layout.
    """
    clauses = tuple(cut(parsed))
    card = read_card(parsed, clauses, title_hint=hints.title, issued_hint=hints.issued_on)

    def said(key: str) -> str:
        return card.fields[key].value if key in card.fields else ""

    def day(key: str) -> date | None:
        return date.fromisoformat(said(key)) if said(key) else None

    title = hints.title or said("title") or parsed.title_hint or PurePosixPath(file_name).stem
    return FreshVersion(
        title=title[:TITLE_CHARS_MAX],
        number=(said("number") or hints.number)[:SHORT_FIELD_CHARS_MAX],
        issuer=(said("issuer") or hints.issuer)[:SHORT_FIELD_CHARS_MAX],
        kind=(said("kind") or hints.kind)[:KIND_CHARS_MAX],
        issued_on=day("issued_on") or hints.issued_on,
        effective_from=day("effective_from") or hints.effective_from,
        effective_to=day("effective_to"),
        card=card,
        parsed=parsed,
        clauses=clauses,
        links=tuple(read_links(clauses, card)),
        aliases=card.aliases,
    )
