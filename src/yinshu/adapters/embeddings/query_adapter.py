"""A small correction of the network for questions alone: low-rank matrices trained on questions and their clauses.

Passages keep the vectors of the model as it comes, so nothing is embedded anew when the adapter changes
(low-rank adaptation: Hu et al., LoRA, 2021). `bench/train_query_adapter.py` makes the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from yinshu.adapters.embeddings.e5_file import Floats

ADAPTER_FILE = "query_adapter.npz"


@dataclass(frozen=True)
class LayerCorrection:
    """What is added to the matrices of one layer, each of shape (inputs, outputs)."""

    qkv: Floats
    out: Floats
    up: Floats


@dataclass(frozen=True)
class QueryAdapter:
    """Corrections layer by layer. `version` names the training run in the ledger."""

    version: str
    layers: tuple[LayerCorrection, ...]


@lru_cache(maxsize=1)
def shipped_adapter() -> QueryAdapter:
    """The adapter that comes with the package."""
    with as_file(files("yinshu.adapters.embeddings") / ADAPTER_FILE) as path:
        return read_adapter(path)


def read_adapter(path: Path) -> QueryAdapter:
    """An adapter from the file of `bench/train_query_adapter.py`."""
    with np.load(path) as stored:
        count = int(stored["layers"])
        layers = tuple(
            LayerCorrection(*(_product(stored[f"{i}{name}a"], stored[f"{i}{name}b"]) for name in ("qkv", "out", "up")))
            for i in range(count)
        )
        return QueryAdapter(str(stored["version"]), layers)


def _product(left: Floats, right: Floats) -> Floats:
    return left.astype(np.float32) @ right.astype(np.float32)
