"""Each of OWASP's ten risks of language models has cases that are stopped or masked, and twins that pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yinshu.kernel.guard import default_guard

CASES = [json.loads(line) for line in Path(__file__).with_name("owasp.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_an_owasp_case_gets_the_verdict_it_must(case: dict[str, str]) -> None:
    verdict = default_guard().check(case["text"], direction=case["direction"], audience="internal")  # type: ignore[arg-type]
    # A note to the safety administrators does not keep anybody from an answer.
    said = verdict.verdict.value.replace("warn", "pass")
    assert said == case["expect"], [(one.rule, one.score) for one in verdict.findings]


def test_every_risk_has_a_case_that_is_stopped_and_one_that_passes() -> None:
    for number in range(1, 11):
        expected = {case["expect"] for case in CASES if case["category"] == f"llm{number:02d}"}
        assert "pass" in expected
        assert len(expected) > 1
