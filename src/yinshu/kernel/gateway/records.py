"""The nouns of the gateway as frozen types: models, endpoints, callers, quotas, usage and what a call left behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args

from yinshu.kernel.identity import Subject

Capability = Literal["chat", "reason", "embed", "rerank", "vision", "ocr", "asr", "tts", "classify"]
Stage = Literal["trial", "approved", "retired"]
ModelKind = Literal["openai", "embedded", "builtin"]
"""`openai`: any server that speaks OpenAI's HTTP; `embedded`: our own llama.cpp process; `builtin`: in this process."""
SizeClass = Literal["tiny", "small", "medium", "large"]
EndpointState = Literal["active", "draining", "off"]
HolderKind = Literal["department", "person", "application"]
CallStatus = Literal["ok", "blocked", "failed", "cancelled", "refused"]
CAPABILITIES: tuple[Capability, ...] = get_args(Capability)
STAGES: tuple[Stage, ...] = get_args(Stage)
TOKENS_PER_PRICE = 1_000_000
"""Prices are for this many tokens."""


@dataclass(frozen=True)
class Endpoint:
    """One server that runs a model. `url` ends before /chat/completions; `has_key` tells that a key is kept for it."""

    id: str
    model_id: str
    url: str
    upstream_model: str
    state: EndpointState = "active"
    in_flight_max: int = 256
    has_key: bool = False


@dataclass(frozen=True)
class Model:
    """One entry of the registry.

    `price_input` and `price_output` are in `currency` for a million tokens. `data_level_max` (1 to 5) and
    `customer_level_max` (0 to 3, C1 to C3) bound what may be sent. `fallbacks` are names, tried in order.
    """

    id: str
    name: str
    kind: ModelKind
    capabilities: tuple[Capability, ...]
    size_class: SizeClass = "medium"
    context_tokens: int = 8_192
    price_input: Decimal = Decimal(0)
    price_output: Decimal = Decimal(0)
    currency: str = "CNY"
    data_level_max: int = 2
    customer_level_max: int = 1
    owner: str = ""
    stage: Stage = "trial"
    licence: str = ""
    source: str = ""
    fallbacks: tuple[str, ...] = ()
    timeout_seconds: float = 120.0
    endpoints: tuple[Endpoint, ...] = ()

    def cost(self, input_tokens: int, output_tokens: int) -> Decimal:
        """What these tokens cost, in `currency`."""
        return (self.price_input * input_tokens + self.price_output * output_tokens) / TOKENS_PER_PRICE


@dataclass(frozen=True)
class Caller:
    """Who calls, by which application, and how confidential what they send is (data level 1 to 5)."""

    subject: Subject
    application: str = ""
    data_level: int = 2
    request_id: str = ""


@dataclass(frozen=True)
class Quota:
    """Bounds for one holder; None does not bound."""

    holder_kind: HolderKind
    holder_id: str
    tokens_per_day: int | None = None
    requests_per_minute: int | None = None
    streams_max: int | None = None


@dataclass(frozen=True)
class Tokens:
    """Tokens in and out; `estimated` when the model did not say and they were reckoned from the length."""

    input: int = 0
    output: int = 0
    estimated: bool = False

    @property
    def total(self) -> int:
        return self.input + self.output


@dataclass(frozen=True)
class GuardWord:
    """What the guard said of one side of a call: the action, the policy, and the rules that spoke."""

    action: str = "pass"
    policy: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """One call as it is recorded: usage row and ledger entry are made from it."""

    id: str
    caller: Caller
    capability: Capability
    model: str
    endpoint_id: str
    status: CallStatus
    tokens: Tokens
    cost: Decimal
    currency: str
    prompt_sha256: str
    result_sha256: str
    verdict_in: GuardWord
    verdict_out: GuardWord
    streamed: bool
    latency_ms: float
    attempts: int = 1
    error: str = ""
    prompt_version: str = ""


@dataclass(frozen=True)
class UsageRow:
    """Usage summed over a group; `key` is the group (a person, a department, a model, a day...)."""

    key: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal
    failed: int
    blocked: int


@dataclass(frozen=True)
class UsageFilter:
    """Which calls to sum: from a day to a day (both included); empty fields do not bound."""

    first_day: date
    last_day: date
    model: str = ""
    subject: str = ""
    department: str = ""
    application: str = ""


@dataclass(frozen=True)
class CascadePoint:
    """One threshold of a cascade with what it gives on the cases: accuracy and share sent on are 0 to 1."""

    threshold: float
    accuracy: float
    sent_on: float
    cost_per_thousand: float
    latency_ms_mean: float


@dataclass(frozen=True)
class Cascade:
    """A route as a cascade: steps in order, the chosen threshold and the curve it was chosen from."""

    name: str
    task: str
    steps: tuple[str, ...]
    threshold: float
    points: tuple[CascadePoint, ...] = ()
    cases: str = ""
    cases_sha256: str = ""
    chosen_at: datetime | None = None
    chosen_by: str = ""
    note: str = field(default="")


@dataclass(frozen=True)
class ModelCase:
    """A sentence that a model made of a clause and that says something else: a case for judging models.

    `faults` are pairs of the kind of fault and the offending words.
    """

    id: str
    at: datetime
    run_id: str
    model: str
    sentence: str
    clause_id: int
    faults: tuple[tuple[str, str], ...]
