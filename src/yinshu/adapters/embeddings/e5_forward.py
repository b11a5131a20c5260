"""The forward pass of multilingual-e5-small on onnxruntime: three to four times the speed of the wheel's own engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from yinshu.adapters.embeddings.e5_file import Floats, ModelFile, unpack_rows
from yinshu.adapters.embeddings.onnx_graph import MICROSOFT, Graph
from yinshu.adapters.embeddings.query_adapter import LayerCorrection, QueryAdapter

QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "
LAYERS_TOGETHER = 4
"""Layers that run in one go. A corrected network shares those goes of which it leaves every layer as it is."""


@dataclass(frozen=True)
class _Layer:
    """The matrices of one layer, each of shape (inputs, outputs), with their biases and normalisations."""

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


@dataclass(frozen=True)
class Read:
    """A text as the network read it.

    `vector` is its unit vector, shape (width,); `states` has a row for each of its tokens, shape (tokens, width);
    `ends` says behind which character of the text each token ends, shape (tokens,).
    """

    vector: Floats
    states: Floats
    ends: NDArray[np.int64]


class E5Forward:
    """Texts to unit vectors. It keeps no state between calls, so any number of threads may use one instance.

    A text longer than the model's window (510 tokens) is cut into windows whose vectors are averaged by their tokens.
    Each window runs alone: side by side they would only be padded to one length.
    """

    def __init__(self, model: ModelFile, runs: Sequence[onnxruntime.InferenceSession] | None = None) -> None:
        """`runs`: the layers, ready to run; without them they are those of the model as it comes."""
        self._model = model
        self._shape = model.shape
        self._tokenizer = model.tokenizer
        self._words = model.rows("emb.word", model.shape.width)
        kind = model.floats("emb.type")[: model.shape.width]
        self._places = model.floats("emb.pos").reshape(-1, model.shape.width) + kind
        self._norm = (model.floats("emb.ln.w"), model.floats("emb.ln.b"))
        self._runs = runs or [_run_of(model, layers) for layers in self._layers_together()]

    def corrected(self, adapter: QueryAdapter) -> E5Forward:
        """The network with its layers corrected. What the adapter leaves as it is, is shared and not loaded again."""
        runs = [
            _run_of(self._model, layers, adapter) if any(adapter.layers[i] for i in layers) else plain
            for layers, plain in zip(self._layers_together(), self._runs, strict=True)
        ]
        return E5Forward(self._model, runs)

    def _layers_together(self) -> list[range]:
        count = self._shape.layers
        return [range(start, min(start + LAYERS_TOGETHER, count)) for start in range(0, count, LAYERS_TOGETHER)]

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
        vectors = np.zeros((len(texts), self._shape.width), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.read(text, is_query=is_query).vector
        return vectors

    def read(self, text: str, *, is_query: bool) -> Read:
        """A text's unit vector and what the network made of each of its tokens."""
        prefix = QUERY_PREFIX if is_query else PASSAGE_PREFIX
        size = self._shape.positions - 2
        ids, ends = self._tokenizer.pieces_of(prefix + text)
        total = np.zeros(self._shape.width, dtype=np.float32)
        parts = []
        for start in range(0, max(len(ids), 1), size):
            window = [self._tokenizer.begin, *ids[start : start + size], self._tokenizer.end]
            states = self._states(window)
            total += max(len(window) - 2, 1) * states.mean(axis=0)
            parts.append(states[1:-1])
        own = [i for i, end in enumerate(ends) if end > len(prefix)]
        return Read(
            total / np.linalg.norm(total),
            np.concatenate(parts)[own],
            np.array([ends[i] - len(prefix) for i in own], dtype=np.int64),
        )

    def head_and_tail(self, text: str, *, is_query: bool, tokens_max: int) -> tuple[Floats, ...]:
        """The last hidden states of a text, with those of its prefix and the marks of begin and end.

        A text of more than `tokens_max` tokens gives two windows of that length: its head, and its tail.
        """
        prefix = QUERY_PREFIX if is_query else PASSAGE_PREFIX
        ids = self._tokenizer.tokens(prefix + text)
        windows = [ids[:tokens_max]]
        if len(ids) > tokens_max:
            before = self._tokenizer.tokens(prefix.strip())
            windows.append([*before, *ids[len(before) - tokens_max :]])
        return tuple(self._states([self._tokenizer.begin, *ids, self._tokenizer.end]) for ids in windows)

    def _states(self, window: Sequence[int]) -> Floats:
        """The last hidden states of a window, shape (tokens, width)."""
        rows = unpack_rows(self._words[np.array(window)]) + self._places[: len(window)]
        states = _normalise(rows, self._norm, self._shape.epsilon)[None]
        for run in self._runs:
            (states,) = run.run(None, {"x": states})
        return np.asarray(states[0], dtype=np.float32)


def _run_of(model: ModelFile, layers: range, adapter: QueryAdapter | None = None) -> onnxruntime.InferenceSession:
    """Some layers that follow each other, ready to run: states in, states out, shape (1, tokens, width)."""
    graph, states = Graph(model.shape.width), "x"
    for i in layers:
        layer = _read_layer(model, f"l{i}.", adapter.layers[i] if adapter else None)
        states = _add_layer(graph, f"l{i}.", layer, states, model)
    return graph.session(states)


def _add_layer(graph: Graph, at: str, layer: _Layer, states: str, model: ModelFile) -> str:
    """Append the operators of one layer to the graph; the name of its output."""

    def weigh(name: str, values: Floats) -> str:
        return graph.weight(at + name, values)

    def join(name: str, new: str, old: str, bias: Floats, norm: tuple[Floats, Floats]) -> str:
        inputs = [new, old, weigh(f"{name}.w", norm[0]), weigh(f"{name}.b", norm[1]), weigh(f"{name}.bias", bias)]
        epsilon = model.shape.epsilon
        return graph.add("SkipLayerNormalization", inputs, f"{at}{name}", MICROSOFT, epsilon=epsilon)

    inputs = [states, weigh("qkv.w", layer.qkv), weigh("qkv.b", layer.qkv_bias)]
    attended = graph.add("Attention", inputs, f"{at}attended", MICROSOFT, num_heads=model.shape.heads)
    mixed = graph.add("MatMul", [attended, weigh("out.w", layer.out)], f"{at}mixed")
    attended = join("out.norm", mixed, states, layer.out_bias, layer.out_norm)
    raised = graph.add("MatMul", [attended, weigh("up.w", layer.up)], f"{at}raised")
    # GELU in its tanh form; it differs from the exact one by less than 0.001.
    bent = graph.add("FastGelu", [raised, weigh("up.b", layer.up_bias)], f"{at}bent", MICROSOFT)
    fed = graph.add("MatMul", [bent, weigh("down.w", layer.down)], f"{at}fed")
    return join("down.norm", fed, attended, layer.down_bias, layer.down_norm)


def _read_layer(model: ModelFile, at: str, correction: LayerCorrection | None) -> _Layer:
    width, inner = model.shape.width, model.shape.inner
    query, key, value = (model.matrix(f"{at}{name}.w", width) for name in "qkv")
    qkv, out = np.concatenate([query, key, value]).T, model.matrix(f"{at}ao.w", width).T
    up = model.matrix(f"{at}fi.w", width).T
    return _Layer(
        qkv=qkv + correction.qkv.product() if correction else qkv,
        qkv_bias=np.concatenate([model.floats(f"{at}{name}.b") for name in "qkv"]),
        out=out + correction.out.product() if correction else out,
        out_bias=model.floats(f"{at}ao.b"),
        out_norm=(model.floats(f"{at}aln.w"), model.floats(f"{at}aln.b")),
        up=up + correction.up.product() if correction else up,
        up_bias=model.floats(f"{at}fi.b"),
        down=model.matrix(f"{at}fo.w", inner).T,
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
