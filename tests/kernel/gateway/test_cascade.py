"""A cascade asks the large model only for what the small one is unsure of, and its curve adds up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from yinshu.kernel.base.errors import BadInput
from yinshu.kernel.gateway.cascade import (
    LARGE,
    RULE,
    SMALL,
    Measured,
    SmallModel,
    best_point,
    curve,
    decide,
    shipped_intents,
)
from yinshu.kernel.gateway.cascade_bench import bench_cascade, evenly, read_labelled
from yinshu.kernel.gateway.errors import ContentBlocked
from yinshu.kernel.gateway.ports import Completion, Message, OnText
from yinshu.kernel.gateway.records import Model


class Axes:
    """Texts that begin with a, b or c lie on an axis of their own; everything else in the middle."""

    name = "axes"
    dimension = 3

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.full(3, 0.5, np.float32)
        if text[0] in "abc":
            vector = np.eye(3, dtype=np.float32)["abc".index(text[0])]
        return np.asarray(vector / np.linalg.norm(vector), np.float32)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.embed_query(text) for text in texts])


class Large:
    """A large model that always says the same."""

    name = "large"

    def __init__(self, says: str) -> None:
        self.says = says
        self.asked: list[str] = []

    def complete(
        self, messages: Sequence[Message], *, max_output_tokens: int, timeout_s: float, on_text: OnText | None = None
    ) -> Completion:
        self.asked.append(messages[0].text)
        if self.says == "blocked":
            raise ContentBlocked("拦下")
        return Completion(self.says, "large", 90, 10)


WEIGHTS = np.vstack([np.eye(3, dtype=np.float32) * 8, np.zeros((1, 3), np.float32)])
MODEL = SmallModel(("card", "loan", "rate"), WEIGHTS, 1.0, "axes", {"where is my card": "rate"})


def test_each_step_decides_what_it_is_sure_of() -> None:
    large = Large("2")
    assert decide("Where is my card?!", MODEL, Axes(), large, 0.9).step == RULE
    assert decide("a question", MODEL, Axes(), large, 0.9).label == "card"
    assert large.asked == []
    unsure = decide("?", MODEL, Axes(), large, 0.9)
    assert (unsure.step, unsure.tokens) == (LARGE, 100)
    assert decide("?", MODEL, Axes(), None, 0.9).step == SMALL


@pytest.mark.parametrize("says", ["none of them", "9", "", "blocked"])
def test_the_likeliest_stands_where_the_large_model_gives_no_label(says: str) -> None:
    decided = decide("?", MODEL, Axes(), Large(says), 0.9)
    assert decided.label in MODEL.labels


def test_the_curve_runs_from_the_small_model_alone_to_everything_sent_on() -> None:
    cases = [Measured(False, 0.95, True, True, 10, 0.01)] * 6 + [Measured(False, 0.3, False, True, 10, 0.01)] * 4
    points = curve(cases, 2.0)
    assert (points[0].accuracy, points[0].sent_on, points[0].cost_per_thousand) == (0.6, 0.0, 0.0)
    assert (points[-1].accuracy, points[-1].sent_on, points[-1].cost_per_thousand) == (1.0, 1.0, 10.0)
    chosen = best_point(points)
    assert (chosen.threshold, chosen.accuracy, chosen.sent_on) == (0.35, 1.0, 0.4)


def test_a_large_model_that_is_no_better_is_not_used() -> None:
    cases = [Measured(False, 0.4, True, False, 10, 0.01)] * 5
    assert best_point(curve(cases, 1.0)).threshold == 0.0


def test_the_bench_asks_no_more_than_it_may(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("text,category\n" + "a x,card\n?,loan\n" * 10, "utf-8")
    large = Large("1")
    cascade = bench_cascade(
        "t",
        path,
        read_labelled(path),
        MODEL,
        Axes(),
        (Model("m", "big", "openai", ("chat",)), large),
        4,
        lambda *_: None,
    )
    assert len(large.asked) == 4
    assert cascade.points[0].accuracy >= 0.5
    assert len(cascade.cases_sha256) == 64
    assert cascade.steps[-1] == "large:big"


def test_cases_are_taken_evenly_and_bad_files_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(f'{{"text":"{n}","label":"x"}}\n' for n in range(10)), "utf-8")
    assert [case.text for case in evenly(read_labelled(path), 5)] == ["0", "2", "4", "6", "8"]
    path.write_text('{"text": 1}\n', "utf-8")
    with pytest.raises(BadInput, match="读不懂"):
        read_labelled(path)
    with pytest.raises(BadInput, match="没有找到"):
        read_labelled(tmp_path / "none.csv")


def test_the_shipped_cascade_knows_its_own_sentences() -> None:
    shipped = shipped_intents()
    assert len(shipped.labels) == 77
    assert shipped.by_rule("I lost my card!") == "lost_or_stolen_card"
    assert shipped.by_rule("nobody wrote this sentence") is None
    assert 0.05 <= shipped.temperature <= 5
    shares = shipped.probabilities(np.eye(384, dtype=np.float32)[:2])
    assert shares.shape == (2, 77)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-4)
