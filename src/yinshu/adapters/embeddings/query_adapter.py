"""A small correction of the network: low-rank matrices, for questions alone or for another reader of its states.

Passages keep the vectors of the model as it comes, so nothing is embedded anew when the adapter changes
(low-rank adaptation: Hu et al., LoRA, 2021). `bench/train_query_adapter.py` makes the file for questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile

from yinshu.adapters.embeddings.e5_file import Floats

ADAPTER_FILE = "query_adapter.npz"


@dataclass(frozen=True)
class LowRank:
    """What is added to a matrix: the product of `left`, shape (inputs, rank), and `right`, shape (rank, outputs)."""

    left: Floats
    right: Floats

    def product(self) -> Floats:
        """The whole matrix, shape (inputs, outputs): made where it is added, because it is a hundred times larger."""
        return self.left @ self.right


@dataclass(frozen=True)
class LayerCorrection:
    """What is added to the matrices of one layer."""

    qkv: LowRank
    out: LowRank
    up: LowRank


@dataclass(frozen=True)
class QueryAdapter:
    """Corrections layer by layer, None where one is left as it is. `version` names the training run in the ledger."""

    version: str
    layers: tuple[LayerCorrection | None, ...]


@lru_cache(maxsize=1)
def shipped_adapter() -> QueryAdapter:
    """The adapter that comes with the package."""
    with as_file(files("yinshu.adapters.embeddings") / ADAPTER_FILE) as path:
        return read_adapter(path)


def read_adapter(path: Path) -> QueryAdapter:
    """An adapter from the file of `bench/train_query_adapter.py`."""
    with np.load(path) as stored:
        return adapter_in(stored)


def adapter_in(stored: NpzFile) -> QueryAdapter:
    """The adapter that an open file holds, with whatever else may be in it."""
    return QueryAdapter(str(stored["version"]), tuple(_correction(stored, i) for i in range(int(stored["layers"]))))


def _correction(stored: NpzFile, layer: int) -> LayerCorrection | None:
    def part(name: str) -> LowRank:
        return LowRank(*(stored[f"{layer}{name}{side}"].astype(np.float32) for side in "ab"))

    return LayerCorrection(part("qkv"), part("out"), part("up")) if f"{layer}qkva" in stored else None
