"""Train the request classifier: logistic regression over its features, threshold by cross-validation.

python -m bench.guard.train [--each 6] [--out src/yinshu/kernel/guard/request_classifier.npz]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bench.guard.expand import GOAL_LINES_FROM, Sample, samples
from yinshu.kernel.guard.classifier import CATEGORY_BUCKETS, weigh
from yinshu.kernel.guard.features import BUCKETS, features

MODEL = Path("src/yinshu/kernel/guard/request_classifier.npz")
FOLDS = 3
OWN_FILES = tuple(f"{name}_{part}" for name in ("regulations", "regulations2") for part in "abcd")
OWN_WEIGHT = 0.4
HARD_BENIGN_WEIGHT = 2.0
BENIGN_TARGET = 0.05
"""Share of held-out benign lines that the threshold may block."""
C_BINARY = 60.0


def matrix(texts: list[str]) -> csr_matrix:
    """Rows of the classifier's features, shape (n, BUCKETS + SENSE_WIDTH)."""
    starts, columns, values, senses = [0], [], [], []
    for text in texts:
        seen = features(text)
        rows, weights = weigh(seen.grams, seen.traits)
        columns.append(rows)
        values.append(weights)
        senses.append(seen.sense)
        starts.append(starts[-1] + len(rows))
    found = csr_matrix((np.concatenate(values), np.concatenate(columns), starts), shape=(len(texts), BUCKETS))
    found.sum_duplicates()
    return hstack([found, csr_matrix(np.array(senses))]).tocsr()


def fit(rows: csr_matrix, labels: np.ndarray, weights: np.ndarray) -> LogisticRegression:
    """One binary model; each training line weighs the same however many sentences it makes."""
    return LogisticRegression(C=C_BINARY, max_iter=120).fit(rows, labels, sample_weight=weights)


def line_weights(items: list[Sample]) -> np.ndarray:
    """Each line weighs 1, and both classes weigh the same."""
    counts: dict[int, int] = {}
    for item in items:
        counts[item.line] = counts.get(item.line, 0) + 1
    weights = np.array([_importance(item) / counts[item.line] for item in items])
    attack = np.array([item.attack for item in items])
    weights[attack] *= weights.sum() / 2 / weights[attack].sum()
    weights[~attack] *= weights[attack].sum() / weights[~attack].sum()
    return weights


def _importance(item: Sample) -> float:
    """Questions to the library are many and easy; harmless lines with alarming words are few and hard."""
    if item.group == "own_questions":
        return OWN_WEIGHT
    return HARD_BENIGN_WEIGHT if not item.attack and item.line < GOAL_LINES_FROM else 1.0


def own_questions() -> list[Sample]:
    """Some of our own question files as benign lines; the other files are left for testing."""
    questions = [
        json.loads(row)["question"]
        for name in OWN_FILES
        for row in Path(f"bench/questions/{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return [Sample(text, False, "", "own_questions", 100_000 + place) for place, text in enumerate(questions)]


def held_out(items: list[Sample], rows: csr_matrix, by_group: bool) -> np.ndarray:
    """The probability of each sentence by a model that saw neither its line nor, when by_group, its attack type."""
    labels = np.array([item.attack for item in items])
    weights = line_weights(items)
    lines = sorted({item.line for item in items})
    random.Random(11).shuffle(lines)
    fold_of_line = {line: place % FOLDS for place, line in enumerate(lines)}
    groups = sorted({item.group for item in items if item.attack})
    random.Random(5).shuffle(groups)
    fold_of_group = {group: place % FOLDS for place, group in enumerate(groups)}
    folds = np.array(
        [
            fold_of_group.get(item.group, fold_of_line[item.line]) if by_group else fold_of_line[item.line]
            for item in items
        ]
    )
    scores = np.zeros(len(items))
    for fold in range(FOLDS):
        model = fit(rows[folds != fold], labels[folds != fold], weights[folds != fold])
        scores[folds == fold] = model.predict_proba(rows[folds == fold])[:, 1]
    return scores


def main() -> None:
    """Cross-validate, choose the threshold, train on everything, write the weights and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=6)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--threshold", type=float, default=None)
    options = parser.parse_args()
    items = samples(options.each) + own_questions()
    labels = np.array([item.attack for item in items])
    rows = matrix([item.text for item in items])
    print(f"{len(items)} sentences of {len({i.line for i in items})} lines, {labels.sum()} attacks")
    by_line = held_out(items, rows, by_group=False)
    weights = line_weights(items)
    threshold = options.threshold or float(np.quantile(by_line[~labels], 1 - BENIGN_TARGET))
    for name, scores in (("by line", by_line), ("by attack type", held_out(items, rows, by_group=True))):
        for cut in (threshold, 0.5):
            blocked, wrong = scores[labels] >= cut, scores[~labels] >= cut
            print(f"{name} at {cut:.3f}: attacks blocked {blocked.mean():.3f}, benign blocked {wrong.mean():.4f}")
        if name == "by attack type":
            for group in sorted({item.group for item in items if item.attack}):
                chosen = np.array([item.group == group and item.attack for item in items])
                print(f"   {group}: {(scores[chosen] >= threshold).mean():.2f}")
    model = fit(rows, labels, weights)
    save(options.out, model, items, rows, threshold)


def save(path: Path, model: LogisticRegression, items: list[Sample], rows: csr_matrix, threshold: float) -> None:
    """Write int8 weights with their scale; the version is a digest of the weights."""
    attack = np.array([item.attack for item in items])
    risks = sorted({item.risk for item in items if item.attack})
    rows = rows[:, :BUCKETS].tocsr()
    coarse = csr_matrix(
        (rows.data, rows.indices % CATEGORY_BUCKETS, rows.indptr), shape=(rows.shape[0], CATEGORY_BUCKETS)
    )
    coarse.sum_duplicates()
    category = LogisticRegression(C=10.0, max_iter=120).fit(
        coarse[attack], [risks.index(item.risk) for item in items if item.attack]
    )
    weights, scale = quantised(model.coef_[0][:BUCKETS])
    category_weights, category_scale = quantised(category.coef_)
    version = "request_classifier_" + hashlib.sha256(weights.tobytes()).hexdigest()[:8]
    np.savez_compressed(
        path,
        weights=weights,
        scale=scale,
        sense_weights=model.coef_[0][BUCKETS:].astype(np.float32),
        bias=model.intercept_[0],
        threshold=threshold,
        version=version,
        categories=np.array(risks),
        category_weights=category_weights,
        category_scale=category_scale,
        category_bias=category.intercept_,
    )
    print(f"{path}: {version}, {path.stat().st_size / 1e6:.2f} MB, threshold {threshold:.3f}")


def quantised(values: np.ndarray) -> tuple[np.ndarray, float]:
    """Eight-bit integers and the factor that gives the values back."""
    scale = float(np.abs(values).max()) / 127
    return np.round(values / scale).astype(np.int8), scale


if __name__ == "__main__":
    main()
