"""A text is embedded once; what a model returns is checked before it is kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from yinshu.kernel.base.errors import DependencyDown
from yinshu.kernel.gateway import Embedder, Message, TokenStates, complete, embed, embed_question, gives_tokens

Vectors = NDArray[np.float32]


class Cache:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Vectors] = {}
        self.batches: list[int] = []
        self.tokens: dict[str, TokenStates] = {}

    def known(self, embedder: str, keys: Sequence[str]) -> set[str]:
        return {key for key in keys if (embedder, key) in self.kept}

    def keep(
        self,
        embedder: str,
        vectors: Sequence[tuple[str, Vectors]],
        tokens: Sequence[tuple[str, TokenStates]],
    ) -> None:
        self.batches.append(len(vectors))
        self.tokens.update(tokens)
        self.kept.update({(embedder, key): vector for key, vector in vectors})


class Broken:
    name = "broken"
    dimension = 4

    def __init__(self, answer: Vectors) -> None:
        self.answer = answer

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self.answer

    def embed_query(self, text: str) -> Vectors:
        return np.asarray(self.answer[0], np.float32)


class Reading(Broken):
    """Gives a token for each letter beside its vectors."""

    def read_passages(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenStates]]:
        def tokens(text: str) -> TokenStates:
            size = len(text)
            ends = np.arange(1, size + 1, dtype=np.uint16)
            return TokenStates(np.full((size, 2), 3, np.int8), np.full(size, 0.5, np.float16), ends)

        return np.tile(np.array([1, 0, 0, 0], np.float32), (len(texts), 1)), [tokens(text) for text in texts]

    def read_query(self, text: str) -> TokenStates:
        return self.read_passages([text])[1][0]


TEXTS = {f"key_{number}": "字" * (number + 1) for number in range(10)}


def test_each_text_is_embedded_once(embedder: Embedder) -> None:
    cache = Cache()
    assert embed(embedder, TEXTS, cache, batch_texts=4) == 10
    assert embed(embedder, TEXTS, cache, batch_texts=4) == 0
    assert cache.batches == [4, 4, 2]
    assert np.array_equal(cache.kept["tiny-1", "key_3"], embedder.embed_query(TEXTS["key_3"]))


def test_tokens_are_kept_beside_the_vectors_of_an_embedder_that_gives_them(embedder: Embedder) -> None:
    cache, reading = Cache(), Reading(np.zeros((1, 4), np.float32))
    assert gives_tokens(reading)
    assert not gives_tokens(embedder)
    embed(reading, TEXTS, cache)
    assert {key: len(tokens.ends) for key, tokens in cache.tokens.items()} == {k: len(t) for k, t in TEXTS.items()}
    assert cache.tokens["key_3"].floats().tolist() == [[1.5, 1.5]] * 4
    embed(embedder, TEXTS, cache)
    assert len(cache.kept) == 2 * len(TEXTS)


def test_progress_counts_what_was_there_already(embedder: Embedder) -> None:
    cache = Cache()
    embed(embedder, {key: TEXTS[key] for key in list(TEXTS)[:4]}, cache)
    told: list[int] = []
    embed(embedder, TEXTS, cache, batch_texts=3, progress=told.append)
    assert told == [7, 10]


@pytest.mark.parametrize(
    "answer",
    [
        np.full((10, 4), np.nan, np.float32),
        np.zeros((10, 4), np.float32),
        np.full((10, 4), 5.0, np.float32),
        np.full((9, 4), 0.5, np.float32),
        np.full((10, 5), 0.5, np.float32),
        np.full(4, 0.5, np.float32),
    ],
    ids=["nan", "zero", "too long", "too few", "wrong width", "flat"],
)
def test_an_unsound_answer_is_refused_and_not_kept(answer: Vectors) -> None:
    cache = Cache()
    with pytest.raises(DependencyDown) as refused:
        embed(Broken(answer), TEXTS, cache)
    assert "向量模型" in refused.value.message
    assert cache.kept == {}


def test_an_unsound_question_vector_is_refused() -> None:
    with pytest.raises(DependencyDown):
        embed_question(Broken(np.full((1, 4), np.nan, np.float32)), "期限")


def test_without_a_model_the_user_is_told_what_to_do() -> None:
    with pytest.raises(DependencyDown) as refused:
        complete(None, [Message("user", "你好")])
    assert "--composer extractive" in refused.value.message
