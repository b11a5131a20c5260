"""Words that people say for the words of the library: the bank edits them, a starter set comes with the house."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from yinshu.kernel.base.database import Connection
from yinshu.kernel.knowledge.records import Synonym
from yinshu.kernel.knowledge.store import list_synonyms
from yinshu.kernel.knowledge.wording import canonical

STARTER_FILE = "starter_glossary.csv"
STANDARDS_PER_TERM_MAX = 8


@dataclass(frozen=True)
class Said:
    """A term of the glossary found in a question: where in its canonical form, and the library's words for it."""

    start: int
    end: int
    standards: tuple[str, ...]


class Glossary:
    """Finds known terms in a question. Terms and standards are compared in canonical form (二类户 is 2类户)."""

    def __init__(self, synonyms: Iterable[Synonym]) -> None:
        self._standards: dict[str, list[str]] = {}
        for one in synonyms:
            term, standard = canonical(one.term), canonical(one.standard)
            known = self._standards.setdefault(term, [])
            if term and standard and term != standard and standard not in known:
                known.append(standard)
        terms = sorted((term for term, known in self._standards.items() if known), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, terms))) if terms else None

    def __len__(self) -> int:
        return len(self._standards)

    def find(self, canonical_text: str) -> tuple[Said, ...]:
        """The terms in a text of canonical form, longest first at each place, not overlapping."""
        if self._pattern is None:
            return ()
        return tuple(
            Said(match.start(), match.end(), tuple(self._standards[match[0]][:STANDARDS_PER_TERM_MAX]))
            for match in self._pattern.finditer(canonical_text)
        )


def load_glossary(connection: Connection) -> Glossary:
    """The glossary as the bank has it now."""
    return Glossary(list_synonyms(connection))


@lru_cache(maxsize=1)
def starter_synonyms() -> tuple[Synonym, ...]:
    """The synonyms that come with the house, to be put into the table when a library is made."""
    content = files("yinshu.kernel.knowledge").joinpath(STARTER_FILE).read_text(encoding="utf-8")
    rows = csv.DictReader(content.splitlines())
    return tuple(
        Synonym(row["term"].strip(), standard.strip(), "starter")
        for row in rows
        for standard in row["standard"].split("|")
        if standard.strip()
    )
