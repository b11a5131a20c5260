"""A route as a cascade: a rule, a small model, a large one; each only for what the one before is unsure of."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from yinshu.kernel.gateway.errors import ContentBlocked
from yinshu.kernel.gateway.ports import ChatModel, Embedder, Message
from yinshu.kernel.gateway.records import CascadePoint

Step = str
RULE, SMALL, LARGE = "rule", "small", "large"
CHOICES = 5
"""The large model chooses among so many labels that the small one holds likeliest."""
LABEL_TOKENS_MAX = 24
THRESHOLDS = tuple(round(step / 20, 2) for step in range(21))
GAIN_WORTH_SENDING = 0.002
"""Accuracy that a further threshold must add to be chosen, because every call of the large model costs."""
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class SmallModel:
    """Labels by softmax regression over sentence vectors; `weights` has shape (dimension + 1, labels).

    `temperature` was fitted on held-out sentences, so that a confidence of 0.8 is right about eight times in ten.
    """

    labels: tuple[str, ...]
    weights: NDArray[np.float32] = field(repr=False)
    temperature: float
    embedder: str
    rules: Mapping[str, str] = field(repr=False, default_factory=dict)

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape (n, labels) for vectors of shape (n, dimension)."""
        scores = (vectors @ self.weights[:-1] + self.weights[-1]) / self.temperature
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)

    def by_rule(self, text: str) -> str | None:
        """The label of a sentence that is known to the letter."""
        return self.rules.get(folded(text))


@dataclass(frozen=True)
class Decision:
    """A label, how sure (0 to 1), which step decided, and the tokens that the large model took."""

    label: str
    confidence: float
    step: Step
    tokens: int = 0
    latency_ms: float = 0.0


def folded(text: str) -> str:
    """A sentence without case, spaces and marks."""
    return _NOT_WORDS.sub(" ", text.lower()).strip()


@lru_cache(maxsize=1)
def shipped_intents() -> SmallModel:
    """The intents of retail support, trained by bench/train_intents.py on bench/intents/phrases.txt."""
    source = files("yinshu.kernel.gateway").joinpath("intents.npz")
    with source.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        rules = dict(zip(kept["rule_texts"].tolist(), kept["rule_labels"].tolist(), strict=True))
        return SmallModel(
            tuple(kept["labels"].tolist()),
            kept["weights"].astype(np.float32),
            float(kept["temperature"]),
            str(kept["embedder"]),
            rules,
        )


def decide(
    text: str, small: SmallModel, embedder: Embedder, large: ChatModel | None, threshold: float, timeout_s: float = 60
) -> Decision:
    """The label of one text. Raises YinshuError when the large model is needed and does not answer."""
    started = time.perf_counter()
    known = small.by_rule(text)
    if known is not None:
        return Decision(known, 1.0, RULE, 0, _since(started))
    row = small.probabilities(embedder.embed_query(text)[np.newaxis, :])[0]
    best = int(row.argmax())
    if row[best] >= threshold or large is None:
        return Decision(small.labels[best], float(row[best]), SMALL, 0, _since(started))
    label, tokens = ask_large(text, candidates(small, row), large, timeout_s)
    return Decision(label, float(row[best]), LARGE, tokens, _since(started))


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1_000


def candidates(small: SmallModel, row: NDArray[np.float32]) -> list[str]:
    """The likeliest labels, best first."""
    return [small.labels[int(place)] for place in np.argsort(-row)[:CHOICES]]


def ask_large(text: str, labels: Sequence[str], large: ChatModel, timeout_s: float) -> tuple[str, int]:
    """The label that the large model picks, and the tokens it took.

    The likeliest label stands where the answer is none, or where the guard does not let the text go to a model.
    """
    listed = "\n".join(f"{number}. {label.replace('_', ' ')}" for number, label in enumerate(labels, 1))
    asked = f"Customer: {text}\nTopics:\n{listed}\nWhich topic fits best? Answer with its number only."
    try:
        said = large.complete([Message("user", asked)], max_output_tokens=LABEL_TOKENS_MAX, timeout_s=timeout_s)
    except ContentBlocked:
        return labels[0], 0
    number = re.search(r"[1-9]", said.text)
    place = int(number[0]) - 1 if number else 0
    label = labels[place] if place < len(labels) else labels[0]
    return label, said.input_tokens + said.output_tokens


@dataclass(frozen=True)
class Measured:
    """One case as both steps see it; `large_right` is None where the large model was not asked."""

    rule: bool
    confidence: float
    small_right: bool
    large_right: bool | None
    large_ms: float
    large_cost: float


def curve(cases: Sequence[Measured], small_ms: float) -> list[CascadePoint]:
    """Accuracy against cost at every threshold.

    Where the large model was asked of a sample only, the rest of what is sent on counts with the sample's accuracy
    among cases of like confidence.
    """
    sampled = [case for case in cases if case.large_right is not None]
    return [_point(cases, sampled, threshold, small_ms) for threshold in THRESHOLDS]


def _point(cases: Sequence[Measured], sampled: Sequence[Measured], threshold: float, small_ms: float) -> CascadePoint:
    sent = [case for case in cases if not case.rule and case.confidence < threshold]
    like = [case for case in sampled if case.confidence < threshold] or list(sampled)
    rate = sum(bool(case.large_right) for case in like) / len(like) if like else 0.0
    cost = sum(case.large_cost for case in like) / len(like) if like else 0.0
    slow = sum(case.large_ms for case in like) / len(like) if like else 0.0
    kept = sum(case.small_right for case in cases) - sum(case.small_right for case in sent)
    gained = sum(bool(case.large_right) if case.large_right is not None else rate for case in sent)
    share = len(sent) / len(cases)
    return CascadePoint(
        threshold=threshold,
        accuracy=round((kept + gained) / len(cases), 4),
        sent_on=round(share, 4),
        cost_per_thousand=round(share * cost * 1_000, 6),
        latency_ms_mean=round(small_ms + share * slow, 1),
    )


def best_point(points: Sequence[CascadePoint]) -> CascadePoint:
    """The cheapest point that comes within `GAIN_WORTH_SENDING` of the best accuracy."""
    top = max(point.accuracy for point in points)
    return next(point for point in points if point.accuracy >= top - GAIN_WORTH_SENDING)
