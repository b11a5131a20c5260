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
class Forest:
    """Regression trees, one after the other in parallel arrays; `roots` is where each begins.

    At a leaf `feature` is 0, the threshold infinite and `left` the leaf itself, so that walking on stays there.
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    depth: int

    def score(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum over all trees for each row, shape (rows,); values above a threshold go right."""
        node = np.repeat(self.roots[:, None], len(rows), axis=1)
        start = np.arange(len(rows)) * rows.shape[1]
        flat = rows.ravel()
        for _ in range(self.depth):
            goes_left = flat.take(self.feature.take(node) + start) <= self.threshold.take(node)
            node = np.where(goes_left, self.left.take(node), self.right.take(node))
        total: NDArray[np.float64] = self.value.take(node).sum(axis=0)
        return total


@dataclass(frozen=True)
class RankingModel:
    """Weights for features (a linear part), trees, and the curve that makes a score a probability."""

    features: tuple[str, ...]
    weights: NDArray[np.float64]
    trees: Forest
    slope: float
    offset: float

    def scores(self, features: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """One score per clause; higher is better; comparable within one question."""
        rows = np.array([[one.get(name, 0.0) for name in self.features] for one in features], dtype=np.float64)
        if not len(rows):
            return np.zeros(0)
        total: NDArray[np.float64] = rows @ self.weights
        return total + self.trees.score(rows)

    def relevance(self, score: float) -> float:
        """The probability (0 to 1) that a clause of this score holds what was asked, as calibrated in training."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.slope * score + self.offset))))


def parse_model(content: str) -> RankingModel:
    """Read a model: {features, weights, trees: [{feature, threshold, left, right, value}], slope, offset}."""
    read = json.loads(content)
    weights = np.array(read["weights"], np.float64)
    forest = _planted(read["trees"])
    return RankingModel(tuple(read["features"]), weights, forest, float(read["slope"]), float(read["offset"]))


def _planted(trees: Sequence[Mapping[str, Sequence[float]]]) -> Forest:
    columns: dict[str, list[float]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    roots: list[int] = []
    depth = 0
    for tree in trees:
        root = len(columns["feature"])
        roots.append(root)
        depth = max(depth, _depth(tree))
        for node, feature in enumerate(tree["feature"]):
            leaf = feature == LEAF
            columns["feature"].append(0 if leaf else feature)
            columns["threshold"].append(math.inf if leaf else tree["threshold"][node])
            columns["left"].append(root + (node if leaf else tree["left"][node]))
            columns["right"].append(root + (node if leaf else tree["right"][node]))
            columns["value"].append(tree["value"][node])
    return Forest(
        roots=np.array(roots, np.int64),
        feature=np.array(columns["feature"], np.int64),
        threshold=np.array(columns["threshold"], np.float64),
        left=np.array(columns["left"], np.int64),
        right=np.array(columns["right"], np.int64),
        value=np.array(columns["value"], np.float64),
        depth=depth,
    )


def _depth(tree: Mapping[str, Sequence[float]]) -> int:
    """Steps from the root to the farthest leaf."""
    farthest, level = 0, [0]
    while level:
        inner = [int(node) for node in level if tree["feature"][node] != LEAF]
        farthest += bool(inner)
        level = [int(child) for node in inner for child in (tree["left"][node], tree["right"][node])]
    return farthest


@lru_cache(maxsize=1)
def shipped_model() -> RankingModel:
    """The model that comes with the house."""
    return parse_model(files("yinshu.kernel.knowledge").joinpath(MODEL_FILE).read_text(encoding="utf-8"))
