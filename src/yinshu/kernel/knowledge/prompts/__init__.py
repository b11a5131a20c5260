"""The prompts that this room sends to models, each a file with its version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True)
class Prompt:
    """A shipped prompt: its name, its version and its words."""

    name: str
    version: str
    text: str

    @property
    def cited_as(self) -> str:
        """How the ledger names it, e.g. "word_answer@2"."""
        return f"{self.name}@{self.version}"


@lru_cache(maxsize=8)
def shipped_prompt(name: str) -> Prompt:
    """The prompt of this name."""
    text = files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
    head, _, body = text.partition("---\n")
    return Prompt(name, head.removeprefix("version:").strip(), body.strip())
