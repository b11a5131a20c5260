"""The ranking model: trees over named features, and the probability made of their score."""

from __future__ import annotations

import json

import numpy as np
import pytest

from yinshu.kernel.knowledge.features import FEATURES
from yinshu.kernel.knowledge.rank import parse_model, shipped_model

TREE = {"feature": [0, -1, 1, -1, -1], "threshold": [0.5, 0, 2.0, 0, 0], "left": [1, 0, 3, 0, 0],
        "right": [2, 0, 4, 0, 0], "value": [0, -1.0, 0, 1.0, 3.0]}  # fmt: skip


def _model(**changes: object) -> str:
    return json.dumps(
        {"features": ["a", "b"], "weights": [0.0, 0.0], "trees": [TREE], "slope": 1.0, "offset": 0.0} | changes
    )


def test_a_tree_is_walked_to_its_leaf() -> None:
    rows = [{"a": 0.5, "b": 9.0}, {"a": 0.6, "b": 2.0}, {"a": 0.6, "b": 2.1}]
    assert parse_model(_model()).scores(rows).tolist() == [-1.0, 1.0, 3.0]


def test_weights_and_several_trees_add_up() -> None:
    model = parse_model(_model(weights=[10.0, 0.0], trees=[TREE, TREE]))
    assert model.scores([{"a": 0.6, "b": 0.0}])[0] == pytest.approx(8.0)


def test_a_missing_feature_counts_as_zero_and_no_clauses_give_no_scores() -> None:
    assert parse_model(_model()).scores([{}]).tolist() == [-1.0]
    assert parse_model(_model()).scores([]).shape == (0,)


def test_relevance_is_a_probability_that_rises_with_the_score() -> None:
    model = parse_model(_model(slope=2.0, offset=-1.0))
    assert model.relevance(0.5) == pytest.approx(0.5)
    values = [model.relevance(score) for score in (-1e6, -1.0, 0.0, 1.0, 1e6)]
    assert values == sorted(values)
    assert 0.0 < values[0] < values[-1] <= 1.0


def test_the_shipped_model_knows_only_named_features_and_is_sane() -> None:
    model = shipped_model()
    assert set(model.features) <= set(FEATURES)
    poor = dict.fromkeys(FEATURES, 0.0)
    rich = poor | {"bm25": 0.9, "cover_all": 0.95, "cover_body": 0.9, "cover_sentence": 0.9, "cosine": 0.93, "fused": 1.0,
                   "run_share": 0.9, "text_rank": 1.0, "vector_rank": 1.0, "in_force": 1.0, "length": 0.7}  # fmt: skip
    low, high = model.scores([poor, rich])
    assert model.relevance(float(high)) > model.relevance(float(low))
    assert np.isfinite([low, high]).all()
