"""Fit how the quick classifier and the second reader are weighed, on scenes that neither of them was trained on.

python -m bench.guard.blend --held-out 0 [--out src/yinshu/kernel/guard/second_reading.json]

`--held-out` must be the part that the shipped reader was trained without (bench/guard/train_reader.py).
"""

from __future__ import annotations

import argparse
import json
import math
import random
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.guard.expand import samples
from bench.guard.train import (
    PARTS,
    PUBLIC_SCORE,
    line_weights,
    matrix,
    own_questions,
    part_of,
    quick_of,
    report,
    scale_of,
)
from yinshu.adapters.embeddings.request_reader import shipped_request_reader
from yinshu.kernel.guard.second import READER_MOST, Blend

OUT = Path("src/yinshu/kernel/guard/second_reading.json")
READ_MAX = 2_500
"""Held-out sentences read, a random choice: each takes tens of milliseconds."""


def main() -> None:
    """Train a quick classifier without the part, read the part twice, fit, set the scale, write, print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--held-out", type=int, choices=range(PARTS), required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    everything = samples(4) + own_questions()
    kept = [item for item in everything if part_of(item) != options.held_out]
    left = [item for item in everything if part_of(item) == options.held_out]
    random.Random(2).shuffle(left)
    left = left[:READ_MAX]
    quick_model = quick_of(kept, matrix([item.text for item in kept]))
    quick = quick_model.decision_function(matrix([item.text for item in left]))
    reader = shipped_request_reader()
    second = np.clip([reader.odds(item.text) for item in left], -READER_MOST, READER_MOST)
    attack, weights = np.array([item.attack for item in left]), line_weights(left)
    both = np.column_stack([quick, second])
    model = LogisticRegression(C=10.0).fit(both, attack, sample_weight=weights * len(left) / weights.sum())
    odds = model.decision_function(both)
    for name, values in (("quick", quick), ("reader", second), ("both", odds)):
        print(name)
        report(left, values, weights)
    slope, shift = scale_of(odds[~attack], weights[~attack])
    found = {
        "quick": float(model.coef_[0][0]) * slope,
        "reader": float(model.coef_[0][1]) * slope,
        "bias": float(model.intercept_[0]) * slope + shift,
    }
    least = Blend(**found).least_quick(math.log(PUBLIC_SCORE / (1 - PUBLIC_SCORE)))
    print(f"harmless sentences that are not read again: {(quick[~attack] < least).mean():.3f}")
    options.out.write_text(json.dumps({"reader_version": reader.version, **found}, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
