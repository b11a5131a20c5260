"""The learnt weights that turn a candidate's features into the probability that it answers: a logistic model in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from yinshu.kernel.knowledge.compose import Scored
from yinshu.kernel.knowledge.select import Candidate

WEIGHTS_FILE = "selector.json"


@dataclass(frozen=True)
class Logistic:
    """`names[i]` has mean `centre[i]`, spread `scale[i]` and weight `weights[i]`. `version` names it in the ledger."""

    version: str
    names: tuple[str, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """One probability (0 to 1) a row; a missing feature counts as 0."""
        if not rows:
            return []
        table = np.array([[row.get(name, 0.0) for name in self.names] for row in rows], dtype=np.float64)
        standard = (table - np.array(self.centre)) / np.array(self.scale)
        logit = standard @ np.array(self.weights) + self.bias
        return [float(value) for value in 1.0 / (1.0 + np.exp(-np.clip(logit, -40, 40)))]


def read_logistic(text: str) -> Logistic:
    """Read the JSON of `bench/train_selector.py`. Raises KeyError or ValueError when it is of another form."""
    raw = json.loads(text)
    return Logistic(
        version=str(raw["version"]),
        names=tuple(raw["names"]),
        centre=tuple(map(float, raw["centre"])),
        scale=tuple(map(float, raw["scale"])),
        weights=tuple(map(float, raw["weights"])),
        bias=float(raw["bias"]),
    )


@lru_cache(maxsize=1)
def shipped_selector() -> Logistic:
    """The selector that comes with the package."""
    return read_logistic((files("yinshu.kernel.knowledge") / "weights" / WEIGHTS_FILE).read_text("utf-8"))


def score(found: Sequence[Candidate], selector: Logistic) -> list[Scored]:
    """Every candidate with its probability, in the order given."""
    chances = selector.probabilities([candidate.features for candidate in found])
    return [Scored(candidate, chance) for candidate, chance in zip(found, chances, strict=True)]
