"""Train the request classifier: logistic regression over its features, scores set by cross-validation.

Needs the shared material (YINSHU_SHARED): jade-db and the hard benign requests are among the training lines.

python -m bench.guard.train [--each 6] [--out src/yinshu/kernel/guard/request_classifier.npz]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import zlib
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bench.guard.expand import GOAL_LINES_FROM, SCENE_LINES_FROM, Sample, written
from bench.guard.sets import BENIGN_GROUP, JADE_GROUP, shared_lines
from yinshu.kernel.guard.classifier import CATEGORY_BUCKETS, weigh
from yinshu.kernel.guard.features import BUCKETS, features

MODEL = Path("src/yinshu/kernel/guard/request_classifier.npz")
FOLDS = 4
OWN_FILES = tuple(f"{name}_{part}" for name in ("regulations", "regulations2", "regulations4") for part in "abcd")
OWN_WEIGHT = 0.4
HARD_BENIGN_WEIGHT = 2.0
JADE_WEIGHT = 0.6
LIFE_WEIGHT = 0.15
"""Of harmless lines of everyday life: they lie nearest to real attacks, and a bank's assistant is seldom asked them."""
PUBLIC_SHARE, STAFF_SHARE = 0.035, 0.025
"""Share of held-out harmless sentences, by weight, that reach the scores below."""
PUBLIC_SCORE, STAFF_SCORE = 0.75, 0.9
"""What policies call these points: the public's blocks from the first, the staff's from the second."""
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
    return LogisticRegression(C=C_BINARY, max_iter=300).fit(rows, labels, sample_weight=weights)


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
    if item.life:
        return LIFE_WEIGHT
    if item.group.startswith(JADE_GROUP):
        return JADE_WEIGHT
    hard = item.line < GOAL_LINES_FROM or item.group.startswith(BENIGN_GROUP)
    return HARD_BENIGN_WEIGHT if hard and not item.attack else 1.0


def own_questions() -> list[Sample]:
    """Some of our own question files as benign lines; the other files are left for testing."""
    questions = [
        json.loads(row)["question"]
        for name in OWN_FILES
        for row in Path(f"bench/questions/{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return [Sample(text, False, "", "own_questions", 100_000 + place) for place, text in enumerate(questions)]


def others() -> list[Sample]:
    """What is taught beside our own training files: knowledge questions and the shared lines."""
    return own_questions() + shared_lines()


def fold_of(item: Sample) -> int:
    """Which of the FOLDS a sentence belongs to: by its scene or attack type, so that a whole one is left out."""
    name = str(item.line) if item.group == "own_questions" else item.group
    return zlib.crc32(name.encode()) % FOLDS


def quick_of(items: list[Sample], rows: csr_matrix) -> LogisticRegression:
    """The quick classifier of these sentences."""
    return fit(rows, np.array([item.attack for item in items]), line_weights(items))


def held_out(items: list[Sample], rows: csr_matrix) -> np.ndarray:
    """Log odds of each sentence by a model that saw no sentence of its scene, harmful or harmless."""
    folds = np.array([fold_of(item) for item in items])
    odds = np.zeros(len(items))
    for fold in range(FOLDS):
        seen = [item for item, other in zip(items, folds, strict=True) if other != fold]
        odds[folds == fold] = quick_of(seen, rows[folds != fold]).decision_function(rows[folds == fold])
    return odds


def cut_at(odds: np.ndarray, weights: np.ndarray, share: float) -> float:
    """The odds that only this share of the weight reaches."""
    order = np.argsort(odds)
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(odds[order][min(len(order) - 1, int(np.searchsorted(reached, 1 - share)))])


def scale_of(odds: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Slope and shift of log odds of held-out harmless sentences, so that the scores of policies mean their shares."""
    public, staff = (cut_at(odds, weights, share) for share in (PUBLIC_SHARE, STAFF_SHARE))
    low, high = math.log(PUBLIC_SCORE / (1 - PUBLIC_SCORE)), math.log(STAFF_SCORE / (1 - STAFF_SCORE))
    slope = (high - low) / max(staff - public, 1e-3)
    return slope, low - slope * public


def report(items: list[Sample], odds: np.ndarray, weights: np.ndarray) -> None:
    """Attacks and harmless sentences above the cuts for the public and for staff, all and by kind."""
    attack = np.array([item.attack for item in items])
    life = np.array([item.life for item in items])
    scene = np.array([SCENE_LINES_FROM <= item.line < GOAL_LINES_FROM for item in items])
    jade, hard = (np.array([item.group.startswith(name) for item in items]) for name in (JADE_GROUP, BENIGN_GROUP))
    for name, share in (("public", PUBLIC_SHARE), ("staff", STAFF_SHARE)):
        over = odds >= cut_at(odds[~attack], weights[~attack], share)
        shown = {
            "attacks": attack,
            "jade-db": jade,
            "attacks of scenes": attack & scene,
            "hard benign": hard,
            "harmless of bank scenes": ~attack & scene & ~life,
            "harmless of everyday scenes": life,
            "harmless, not everyday": ~attack & ~life,
        }
        print(f"{name}: " + ", ".join(f"{label} {over[chosen].mean():.3f}" for label, chosen in shown.items()))


def main() -> None:
    """Cross-validate by scene, choose the scale, train on everything, write the weights and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=6)
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    items = written(options.each) + others()
    labels = np.array([item.attack for item in items])
    rows = matrix([item.text for item in items])
    print(f"{len(items)} sentences of {len({i.line for i in items})} lines, {labels.sum()} attacks")
    weights = line_weights(items)
    odds = held_out(items, rows)
    report(items, odds, weights)
    save(options.out, quick_of(items, rows), items, rows, scale_of(odds[~labels], weights[~labels]))


def save(
    path: Path, model: LogisticRegression, items: list[Sample], rows: csr_matrix, scale: tuple[float, float]
) -> None:
    """Write int8 weights with their scale; the version is a digest of the weights."""
    attack = np.array([item.attack for item in items])
    risks = sorted({item.risk for item in items if item.attack})
    rows = rows[:, :BUCKETS].tocsr()
    coarse = csr_matrix(
        (rows.data, rows.indices % CATEGORY_BUCKETS, rows.indptr), shape=(rows.shape[0], CATEGORY_BUCKETS)
    )
    coarse.sum_duplicates()
    category = LogisticRegression(C=10.0, max_iter=400).fit(
        coarse[attack], [risks.index(item.risk) for item in items if item.attack]
    )
    weights, step = quantised(model.coef_[0][:BUCKETS])
    category_weights, category_step = quantised(category.coef_)
    version = "request_classifier_" + hashlib.sha256(weights.tobytes()).hexdigest()[:8]
    np.savez_compressed(
        path,
        weights=weights,
        scale=step,
        sense_weights=model.coef_[0][BUCKETS:].astype(np.float32),
        bias=model.intercept_[0],
        threshold=PUBLIC_SCORE,
        slope=scale[0],
        shift=scale[1],
        version=version,
        categories=np.array(risks),
        category_weights=category_weights,
        category_scale=category_step,
        category_bias=category.intercept_,
    )
    print(f"{path}: {version}, {path.stat().st_size / 1e6:.2f} MB, slope {scale[0]:.3f}, shift {scale[1]:.3f}")


def quantised(values: np.ndarray) -> tuple[np.ndarray, float]:
    """Eight-bit integers and the factor that gives the values back."""
    scale = float(np.abs(values).max()) / 127
    return np.round(values / scale).astype(np.int8), scale


if __name__ == "__main__":
    main()
