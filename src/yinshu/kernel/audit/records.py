"""What the ledger holds, as frozen types."""

from __future__ import annotations

from dataclasses import dataclass, field
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
class Act:
    """What is to be recorded. The names follow OCSF where it has one; what is empty is left out of the payload.

    `right` is the rule under which it was allowed, `evidence` the ids of document versions, `guard` verdicts as
    `policy@version:rule:action`, `cost_cny` a decimal number as text, `result_digest` a hash of what went out.
    `content` is free text (questions, prompts): it is masked before it is written. `detail` is plain JSON.
    """

    actor: str
    action: str
    subject: str
    right: str = ""
    model: str = ""
    model_version: str = ""
    prompt_version: str = ""
    evidence: tuple[str, ...] = ()
    guard: tuple[str, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    cost_cny: str = ""
    result_digest: str = ""
    content: dict[str, str] = field(default_factory=dict, repr=False)
    detail: dict[str, Json] = field(default_factory=dict)

    def payload(self) -> dict[str, Json]:
        """Everything but actor, action and subject, as plain JSON; `content` is not in it."""
        named: dict[str, Json] = {
            "right": self.right,
            "model": self.model,
            "model_version": self.model_version,
            "prompt_version": self.prompt_version,
            "evidence_versions": list(self.evidence),
            "guard": list(self.guard),
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "cost_cny": self.cost_cny,
            "result_digest": self.result_digest,
        }
        return {**self.detail, **{name: value for name, value in named.items() if value}}


@dataclass(frozen=True)
class Origin:
    """From where somebody acts: the network address, the door (http, cli, job) and the request's id."""

    ip: str = ""
    channel: str = ""
    request_id: str = ""
    session: str = ""

    def payload(self) -> dict[str, Json]:
        """As OCSF's `src_endpoint` without what is empty."""
        named = {"ip": self.ip, "channel": self.channel, "request_uid": self.request_id, "session_uid": self.session}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True)
class ChainReport:
    """The result of reading the chain: how many entries, whether all hold, and the first that does not."""

    records: int
    ok: bool
    first_bad: int | None
    head_hash: str


@dataclass(frozen=True)
class Head:
    """The end of the chain at a moment, with the beginning from which it is counted (later after an archive)."""

    seq: int
    hash: str
    at: str
    start_seq: int = 0
    start_hash: str = GENESIS_HASH


@dataclass(frozen=True)
class SignedHead:
    """A head and the signature over it. `key_id` is the first 16 hex digits of the public key's SHA-256."""

    head: Head
    algorithm: str
    key_id: str
    public_key: str
    signature: str


@dataclass(frozen=True)
class LedgerQuery:
    """Which entries are wanted; what is empty or None does not narrow. Newest first, before `before_seq`.

    `actor` is who is sought as it was typed; `actors` are the ids that may be meant, where a name was typed.
    """

    actor: str = ""
    actors: tuple[str, ...] = ()
    action: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""
    words: str = ""
    before_seq: int | None = None
    limit: int = 50
