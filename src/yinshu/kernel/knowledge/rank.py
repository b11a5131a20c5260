"""The ranking model: a few regression trees over named features, trained offline and shipped as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

MODEL_FILE = "ranking_model.json"
LEAF = -1


@dataclass(frozen=True)
class Tree:
    """A regression tree as parallel arrays; `feature` is -1 at a leaf. Values above the threshold go right."""

    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]

    def score(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The tree's value for each row, shape (rows,)."""
        node = np.zeros(len(rows), dtype=np.int32)
        everyone = np.arange(len(rows))
        while True:
            feature = self.feature[node]
            inner = feature != LEAF
            if not inner.any():
                return self.value[node]
            goes_left = rows[everyone, np.where(inner, feature, 0)] <= self.threshold[node]
            node = np.where(inner, np.where(goes_left, self.left[node], self.right[node]), node)


@dataclass(frozen=True)
class RankingModel:
    """Weights for features (a linear part), trees, and the curve that makes a score a probability."""

    features: tuple[str, ...]
    weights: NDArray[np.float64]
    trees: tuple[Tree, ...]
    slope: float
    offset: float

    def scores(self, features: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """One score per clause; higher is better; comparable within one question."""
        rows = np.array([[one.get(name, 0.0) for name in self.features] for one in features], dtype=np.float64)
        if not len(rows):
            return np.zeros(0)
        total: NDArray[np.float64] = rows @ self.weights
        for tree in self.trees:
            total = total + tree.score(rows)
        return total

    def relevance(self, score: float) -> float:
        """The probability (0 to 1) that a clause of this score holds what was asked, as calibrated in training."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.slope * score + self.offset))))


def parse_model(content: str) -> RankingModel:
    """Read a model: {features, weights, trees: [{feature, threshold, left, right, value}], slope, offset}."""
    read = json.loads(content)
    trees = tuple(
        Tree(
            np.array(tree["feature"], np.int32),
            np.array(tree["threshold"], np.float64),
            np.array(tree["left"], np.int32),
            np.array(tree["right"], np.int32),
            np.array(tree["value"], np.float64),
        )
        for tree in read["trees"]
    )
    weights = np.array(read["weights"], np.float64)
    return RankingModel(tuple(read["features"]), weights, trees, float(read["slope"]), float(read["offset"]))


@lru_cache(maxsize=1)
def shipped_model() -> RankingModel:
    """The model that comes with the house."""
    return parse_model(files("yinshu.kernel.knowledge").joinpath(MODEL_FILE).read_text(encoding="utf-8"))
