"""The forward pass of multilingual-e5-small on numpy: two to three times the speed of the wheel's own engine."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from yinshu.adapters.embeddings.e5_file import Floats, ModelFile, unpack_rows
from yinshu.adapters.embeddings.query_adapter import LayerCorrection, QueryAdapter

QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "
GELU_SCALE = 0.7978845608028654
GELU_CUBE = 0.044715
ROWS_PER_STEP = 96
"""Rows of the inner layer handled at once, so that they stay in the second-level cache."""


@dataclass(frozen=True)
class _Layer:
    qkv: Floats
    qkv_bias: Floats
    out: Floats
    out_bias: Floats
    out_norm: tuple[Floats, Floats]
    up: Floats
    up_bias: Floats
    down: Floats
    down_bias: Floats
    down_norm: tuple[Floats, Floats]


class E5Forward:
    """Texts to unit vectors. It keeps no state between calls, so any number of threads may use one instance.

    A text longer than the model's window (510 tokens) is cut into windows whose vectors are averaged by their tokens.
    """

    def __init__(self, model: ModelFile) -> None:
        self._shape = model.shape
        self._tokenizer = model.tokenizer
        self._words = model.rows("emb.word", model.shape.width)
        kind = model.floats("emb.type")[: model.shape.width]
        self._places = model.floats("emb.pos").reshape(-1, model.shape.width) + kind
        self._norm = (model.floats("emb.ln.w"), model.floats("emb.ln.b"))
        self._layers = [_read_layer(model, f"l{i}.") for i in range(model.shape.layers)]

    def adapted(self, adapter: QueryAdapter) -> E5Forward:
        """The same network with corrected layers; what is not corrected is shared."""
        scale = np.float32(1.0 / np.sqrt(self._shape.width / self._shape.heads))
        other = copy(self)
        vars(other)["_layers"] = [
            _corrected(layer, correction, scale) for layer, correction in zip(self._layers, adapter.layers, strict=True)
        ]
        return other

    @property
    def dimension(self) -> int:
        return self._shape.width

    def token_count(self, text: str) -> int:
        """Tokens of a passage with its prefix, without the marks of begin and end."""
        return len(self._tokenizer.tokens(PASSAGE_PREFIX + text))

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of passages, shape (len(texts), dimension)."""
        return self.embed(texts, is_query=False)

    def embed(self, texts: Sequence[str], *, is_query: bool) -> Floats:
        """Unit vectors, shape (len(texts), dimension)."""
        prefix = QUERY_PREFIX if is_query else PASSAGE_PREFIX
        size = self._shape.positions - 2
        owners: list[int] = []
        windows: list[list[int]] = []
        for owner, text in enumerate(texts):
            ids = self._tokenizer.tokens(prefix + text)
            for start in range(0, max(len(ids), 1), size):
                owners.append(owner)
                windows.append([self._tokenizer.begin, *ids[start : start + size], self._tokenizer.end])
        sums = np.zeros((len(texts), self._shape.width), dtype=np.float32)
        means = self._means(windows)
        for owner, window, mean in zip(owners, windows, means, strict=True):
            sums[owner] += max(len(window) - 2, 1) * mean
        vectors: Floats = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return vectors

    def _means(self, windows: list[list[int]]) -> Floats:
        """Mean of the last hidden states of each window, shape (windows, width); shorter windows are padded."""
        longest = max(len(window) for window in windows)
        ids = np.zeros((len(windows), longest), dtype=np.int64)
        real = np.zeros((len(windows), longest), dtype=np.float32)
        for row, window in enumerate(windows):
            ids[row, : len(window)] = window
            real[row, : len(window)] = 1.0
        hidden = unpack_rows(self._words[ids.ravel()]).reshape(*ids.shape, -1) + self._places[:longest]
        hidden = _normalise(hidden.reshape(-1, self._shape.width), self._norm, self._shape.epsilon)
        mask = ((real - 1.0) * 1e9)[:, None, None, :] if real.min() == 0 else None
        for layer in self._layers:
            hidden = self._apply(layer, hidden, ids.shape, mask)
        states = hidden.reshape(*ids.shape, -1) * real[..., None]
        return np.asarray(states.sum(axis=1) / real.sum(axis=1, keepdims=True), dtype=np.float32)

    def _apply(self, layer: _Layer, hidden: Floats, sizes: tuple[int, ...], mask: Floats | None) -> Floats:
        count, longest = sizes
        heads, width = self._shape.heads, self._shape.width
        projected = hidden @ layer.qkv
        projected += layer.qkv_bias
        split = projected.reshape(count, longest, 3, heads, width // heads).transpose(2, 0, 3, 1, 4)
        scores = split[0] @ split[1].transpose(0, 1, 3, 2)
        if mask is not None:
            scores += mask
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ split[2]).transpose(0, 2, 1, 3).reshape(-1, width)
        attended = mixed @ layer.out
        attended += layer.out_bias
        attended += hidden
        hidden = _normalise(attended, layer.out_norm, self._shape.epsilon)
        fed = np.empty_like(hidden)
        for start in range(0, len(hidden), ROWS_PER_STEP):
            part = hidden[start : start + ROWS_PER_STEP]
            np.matmul(_gelu(part @ layer.up + layer.up_bias), layer.down, out=fed[start : start + ROWS_PER_STEP])
        fed += layer.down_bias
        fed += hidden
        return _normalise(fed, layer.down_norm, self._shape.epsilon)


def _corrected(layer: _Layer, correction: LayerCorrection, scale: np.float32) -> _Layer:
    """The layer with its correction added; the query third of `qkv` carries the scale of attention."""
    qkv = correction.qkv.copy()
    qkv[:, : qkv.shape[1] // 3] *= scale
    return replace(layer, qkv=layer.qkv + qkv, out=layer.out + correction.out, up=layer.up + correction.up)


def _read_layer(model: ModelFile, at: str) -> _Layer:
    width, inner = model.shape.width, model.shape.inner
    scale = np.float32(1.0 / np.sqrt(width / model.shape.heads))
    query, key, value = (model.matrix(f"{at}{name}.w", width) for name in "qkv")
    biases = [model.floats(f"{at}{name}.b") for name in "qkv"]
    return _Layer(
        qkv=np.ascontiguousarray(np.concatenate([query * scale, key, value]).T),
        qkv_bias=np.concatenate([biases[0] * scale, biases[1], biases[2]]),
        out=np.ascontiguousarray(model.matrix(f"{at}ao.w", width).T),
        out_bias=model.floats(f"{at}ao.b"),
        out_norm=(model.floats(f"{at}aln.w"), model.floats(f"{at}aln.b")),
        up=np.ascontiguousarray(model.matrix(f"{at}fi.w", width).T),
        up_bias=model.floats(f"{at}fi.b"),
        down=np.ascontiguousarray(model.matrix(f"{at}fo.w", inner).T),
        down_bias=model.floats(f"{at}fo.b"),
        down_norm=(model.floats(f"{at}oln.w"), model.floats(f"{at}oln.b")),
    )


def _normalise(rows: Floats, weights: tuple[Floats, Floats], epsilon: float) -> Floats:
    """Layer normalisation of each row, in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
    rows *= (1.0 / np.sqrt(variance + epsilon)).astype(np.float32)[:, None]
    rows *= weights[0]
    rows += weights[1]
    return rows


def _gelu(values: Floats) -> Floats:
    """GELU in its tanh form; it differs from the exact one by less than 0.001."""
    inner = values * values
    inner *= GELU_CUBE
    inner += 1.0
    inner *= values
    inner *= GELU_SCALE
    np.tanh(inner, out=inner)
    inner += 1.0
    inner *= values
    inner *= 0.5
    return inner
