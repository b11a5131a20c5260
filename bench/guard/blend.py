"""Fit how the quick classifier and the second reader are weighed, on scenes and attack types that neither was taught.

python -m bench.guard.blend SCORES.json... [--out src/yinshu/kernel/guard/second_reading.json]

The files are what `bench.guard.train_reader --held-out N --scores` wrote, each by a reader that never saw its fold.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.guard.expand import Sample, samples
from bench.guard.train import (
    PUBLIC_SCORE,
    fold_of,
    line_weights,
    matrix,
    others,
    quick_of,
    report,
    scale_of,
)
from yinshu.adapters.embeddings.request_reader import shipped_request_reader
from yinshu.kernel.guard.second import READER_MOST

OUT = Path("src/yinshu/kernel/guard/second_reading.json")
EXPANDED = 4
UNREAD_ATTACKS = 0.003
"""Share of the held-out attacks that the public policy stops and that may pass for want of a second reading."""


def held_out_odds(files: list[Path]) -> tuple[list[Sample], np.ndarray, np.ndarray]:
    """The sentences that the readers of these files did not see, with the odds of both readings, shape (sentences,)."""
    everything = samples(EXPANDED) + others()
    rows = matrix([item.text for item in everything])
    folds = np.array([fold_of(item) for item in everything])
    left: list[int] = []
    quick: list[np.ndarray] = []
    second: list[float] = []
    for path in files:
        held = json.loads(path.read_text(encoding="utf-8"))
        of_text: dict[str, float] = held["odds"]
        taught = folds != held["fold"]
        model = quick_of([item for item, seen in zip(everything, taught, strict=True) if seen], rows[taught])
        here = [i for i in np.flatnonzero(~taught) if everything[i].text in of_text]
        left += here
        quick.append(model.decision_function(rows[here]))
        second += [of_text[everything[i].text] for i in here]
    return [everything[i] for i in left], np.concatenate(quick), np.clip(second, -READER_MOST, READER_MOST)


def main() -> None:
    """Fit on what was left out, set the scale, write, print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scores", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    left, quick, second = held_out_odds(options.scores)
    reader = shipped_request_reader()
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
    stopped = attack & (odds * slope + shift >= math.log(PUBLIC_SCORE / (1 - PUBLIC_SCORE)))
    found["least"] = float(np.quantile(quick[stopped], UNREAD_ATTACKS))
    print(f"harmless sentences that are not read again: {(quick[~attack] < found['least']).mean():.3f}")
    options.out.write_text(json.dumps({"reader_version": reader.version, **found}, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
