"""What the ledger holds, as frozen types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
GENESIS_HASH = "0" * 64


@dataclass(frozen=True)
class LedgerEntry:
    """One act. `hash` is the SHA-256 of `prev_hash` and the canonical JSON of everything else in the entry.

    `seq` counts from 1 without gaps; `actor` is a subject's id, `action` a verb of a package (knowledge.ingest),
    `subject` the id of what was acted on.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    payload: dict[str, Json]
    prev_hash: str
    hash: str


@dataclass(frozen=True)
class ChainReport:
    """The result of reading the chain: how many entries, whether all hold, and the first that does not."""

    records: int
    ok: bool
    first_bad: int | None
    head_hash: str
