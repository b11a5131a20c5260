"""Sources, claims and verdicts: the types shared by answers, figures and findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Support = Literal["quoted", "entailed", "computed", "unsupported"]
Fault = Literal["no_source", "number", "date", "name", "negation", "modal", "wording"]


@dataclass(frozen=True)
class Source:
    """A piece of evidence: `text` is exactly what the document says, `title` names the document."""

    id: str
    title: str
    text: str
    article: str = ""


@dataclass(frozen=True)
class Computation:
    """Arithmetic done by code on figures of a source, shown to the reader as it is.

    `expression` is what is shown (500亿×5%＋300亿×4%＝37亿元), `inputs` are the literal figures taken from the
    sources and the question, `result` is the shown result.
    """

    expression: str
    inputs: tuple[str, ...]
    result: str


@dataclass(frozen=True)
class Claim:
    """One sentence of an answer and the sources it names (ids of `Source`)."""

    text: str
    source_ids: tuple[str, ...]
    computation: Computation | None = None


@dataclass(frozen=True)
class Verdict:
    """What the verifier says of a claim: `supported`, how, and which faults it found with the offending words."""

    supported: bool
    support: Support
    faults: tuple[tuple[Fault, str], ...] = ()
