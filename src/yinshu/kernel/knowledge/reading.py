"""Turns the bytes of one file into everything a version is made of; pure, so that it can run anywhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from yinshu.kernel.documents.records import Clause, ParsedDocument
from yinshu.kernel.knowledge.records import DocumentCard, LinkProposal


@dataclass(frozen=True)
class Hints:
    """What somebody says of a file without its text proving it (a row of --index): used where the text is silent."""

    title: str = ""
    number: str = ""
    issuer: str = ""
    kind: str = ""
    issued_on: date | None = None
    effective_from: date | None = None


@dataclass(frozen=True)
class FreshVersion:
    """A version before it is stored. `card` is the text's own testimony; the plain fields are what counts."""

    title: str
    number: str
    issuer: str
    kind: str
    issued_on: date | None
    effective_from: date | None
    effective_to: date | None
    card: DocumentCard
    parsed: ParsedDocument
    clauses: tuple[Clause, ...]
    links: tuple[LinkProposal, ...]
    aliases: tuple[str, ...] = field(default=())
