"""What the commands of the ledger print."""

from __future__ import annotations

import pytest

from yinshu.cli.show_audit import show_replay


@pytest.mark.parametrize(("chose", "told"), [(True, "当时选的句子（原文未改）"), (False, "当时说的话")])
def test_a_model_that_only_chose_sentences_is_not_said_to_have_worded_them(chose: bool, told: str) -> None:
    sentence = {"text": "应当在2日内报告。", "then": 1, "now": 1, "faults": []}
    wording = {"model": "m", "prompt_version": "p@1", "said": "x", "sentences": [sentence], "chose": chose}
    shown = show_replay(
        {
            "run_id": "run_1",
            "asked_at": "2026-11-22T04:00:00Z",
            "as_of": "2026-11-22",
            "same": True,
            "now": {"answer": "应当在2日内报告。"},
            "wording": wording,
        }
    )
    assert f"模型 m（提示词 p@1）{told}，这次没有再问它：" in shown
