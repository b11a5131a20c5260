"""A stream shows what a whole check would show, holds back no more than it may, and ends cleanly when stopped."""

from __future__ import annotations

import random

import pytest

from yinshu.kernel.guard import Action, StreamChecker, default_guard, default_policies
from yinshu.kernel.guard.stream import STOPPED_NOTICE

INTERNAL, PUBLIC = default_policies()


def run(text: str, seed: int, policy=INTERNAL) -> tuple[str, StreamChecker]:
    dice = random.Random(seed)
    checker = StreamChecker(default_guard(), policy)
    out, at = "", 0
    while at < len(text):
        size = dice.randint(1, 9)
        out += checker.feed(text[at : at + size])
        assert checker.held_chars <= policy.hold_chars
        at += size
    return out + checker.finish(), checker


@pytest.mark.parametrize("seed", range(5))
def test_masks_do_not_depend_on_how_the_text_is_cut(seed: int) -> None:
    text = (
        "尊敬的客户，您的手机13800138000已登记。" * 4
        + "身份证11010519491231002X核验通过。"
        + "其余事项请咨询网点柜员。" * 6
    )
    out, checker = run(text, seed)
    assert "13800138000" not in out
    assert "11010519491231002X" not in out
    assert out.count("〔手机号1〕") == 4
    assert checker.verdict is Action.MASK


@pytest.mark.parametrize("seed", range(5))
def test_a_promise_stops_the_stream_before_it_is_shown(seed: int) -> None:
    out, checker = run("您好。以下是产品介绍。这款产品保本保息，放心买。" + "更多内容。" * 30, seed, PUBLIC)
    assert checker.stopped
    assert "保本" not in out
    assert out.endswith(STOPPED_NOTICE)
    assert checker.feed("再来") == ""


def test_clean_text_comes_through_whole() -> None:
    text = "按规定，开户需核验身份。" * 40
    out, checker = run(text, 1)
    assert out == text
    assert checker.verdict is Action.PASS


def test_findings_count_from_the_start_of_the_stream() -> None:
    text = "按规定办理。" * 30 + "电话13800138000。" + "谢谢。" * 30
    _, checker = run(text, 2)
    (finding,) = checker.findings
    assert text[slice(*finding.span)] == "13800138000"
