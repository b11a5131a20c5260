"""What the ledger asks of others: masking of free text, and a place outside for its signed heads."""

from __future__ import annotations

from typing import Protocol

from yinshu.kernel.audit.records import SignedHead


class MaskText(Protocol):
    """Takes personal data and secrets out of a text before it is written for good."""

    def __call__(self, text: str) -> str:
        """The text as it may be kept."""


class Anchor(Protocol):
    """A place that this database's administrator cannot change."""

    @property
    def name(self) -> str:
        """Where it is, for the record; no secrets."""

    def publish(self, head: SignedHead) -> None:
        """Put the head there. Raises DependencyDown with the remedy when it cannot be reached."""
