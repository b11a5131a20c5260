"""Vectors through the gateway: computed once per content, kept in the caller's store, checked before they are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeGuard

import numpy as np

from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.gateway.ports import Embedder, TokenEmbedder, TokenStates, Vectors

BATCH_TEXTS = 16
UNIT_LENGTH_TOLERANCE = 1e-2
Progress = Callable[[int], None]
"""Called with the number of texts that are done, after every batch."""


class VectorCache(Protocol):
    """Where vectors are kept, by the key of their text."""

    def known(self, embedder: str, keys: Sequence[str]) -> set[str]:
        """Those of the keys that have a vector of this embedder already."""

    def keep(
        self,
        embedder: str,
        vectors: Sequence[tuple[str, Vectors]],
        tokens: Sequence[tuple[str, TokenStates]],
    ) -> None:
        """Store unit vectors of shape (dimension,) and tokens under their keys, durably; known keys stay as they are.

        `tokens` is empty when the embedder gives none.
        """


def embed(
    embedder: Embedder,
    texts: Mapping[str, str],
    cache: VectorCache,
    *,
    batch_texts: int = BATCH_TEXTS,
    progress: Progress | None = None,
) -> int:
    """Make sure that every text (by key) has a vector in the cache; returns how many were computed now.

    Every batch is kept as soon as it is computed, so that a kill costs one batch. Texts of like length are embedded
    together. Raises `DependencyDown` when the model's answer is not what it promised.
    """
    missing = set(texts) - cache.known(embedder.name, list(texts))
    ordered = sorted(missing, key=lambda key: (len(texts[key]), key))
    done = len(texts) - len(missing)
    for start in range(0, len(ordered), batch_texts):
        keys = ordered[start : start + batch_texts]
        vectors, tokens = _read(embedder, [texts[key] for key in keys])
        cache.keep(
            embedder.name,
            list(zip(keys, checked(embedder, vectors, len(keys)), strict=True)),
            list(zip(keys, tokens, strict=True)) if tokens else [],
        )
        done += len(keys)
        if progress is not None:
            progress(done)
    return len(missing)


def _read(embedder: Embedder, texts: Sequence[str]) -> tuple[Vectors, list[TokenStates]]:
    if gives_tokens(embedder):
        return embedder.read_passages(texts)
    return embedder.embed_passages(texts), []


def gives_tokens(embedder: Embedder) -> TypeGuard[TokenEmbedder]:
    """Whether the embedder gives its tokens beside its vectors."""
    return hasattr(embedder, "read_passages")


def embed_question(embedder: Embedder, text: str) -> Vectors:
    """The unit vector of a question, shape (dimension,). Raises `DependencyDown` like `embed`."""
    vector: Vectors = checked(embedder, embedder.embed_query(text)[np.newaxis, :], 1)[0]
    return vector


def checked(embedder: Embedder, vectors: Vectors, count: int) -> Vectors:
    """The vectors as float32, if they are `count` finite unit vectors of the promised dimension."""
    lengths = np.linalg.norm(vectors, axis=1) if vectors.ndim == 2 else np.zeros(0)
    sound = vectors.shape == (count, embedder.dimension) and bool(
        np.all(np.abs(lengths - 1.0) <= UNIT_LENGTH_TOLERANCE)
    )
    if not sound:
        raise DependencyDown(
            "向量模型返回的结果不对。请检查模型文件是否完整，或更换向量模型后重试。",
            detail=f"embedder={embedder.name} shape={vectors.shape}",
        )
    return vectors.astype(np.float32, copy=False)
