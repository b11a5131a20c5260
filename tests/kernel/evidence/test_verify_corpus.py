"""The verifier's figures on real regulations: planted errors found, faithful shortenings let through."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.kernel.evidence.corruptions import CORRUPTIONS, faithful, mix_numbers, splice
from yinshu.kernel.evidence.records import Claim, Source
from yinshu.kernel.evidence.verify import verify

SAMPLES = 300
SEED = 23
MIN_DETECTION = 0.98
MAX_FALSE_ALARMS = 0.02
PARAGRAPH = range(25, 600)
SENTENCE = range(15, 160)


def _pool(folder: Path) -> list[tuple[str, str]]:
    chance = random.Random(SEED)
    files = sorted(folder.glob("*.txt"))
    found: list[tuple[str, str]] = []
    for _ in range(SAMPLES * 20):
        lines = [line for line in chance.choice(files).read_text("utf-8").split("\n") if len(line) in PARAGRAPH]
        if not lines or len(found) >= SAMPLES:
            continue
        paragraph = chance.choice(lines)
        fitting = [s.strip() for s in re.findall(r"[^。]+。", paragraph) if len(s) in SENTENCE]
        if fitting:
            found.append((paragraph, chance.choice(fitting)))
    return found


def _supported(claim: str, paragraph: str) -> bool:
    return verify(Claim(claim, ("1",)), {"1": Source("1", "某办法", paragraph, "第一条")}).supported


def _wrong_ones(paragraph: str, sentence: str, chance: random.Random) -> list[tuple[str, str]]:
    made = [(name, corrupt(sentence, chance)) for name, corrupt in CORRUPTIONS.items()]
    others = [part for part in re.findall(r"[^。；]+[。；]", paragraph) if part.strip() != sentence]
    if others:
        other = chance.choice(others)
        made += [("mix", mix_numbers(sentence, other)), ("splice", splice(sentence, other))]
    return [(name, wrong) for name, wrong in made if wrong and wrong.strip("。") not in paragraph]


@pytest.mark.long
def test_planted_errors_in_regulations_are_found(shared: Path) -> None:
    chance = random.Random(SEED)
    tried, missed = 0, []
    for paragraph, sentence in _pool(shared / "corpora" / "regulations" / "pbc" / "text"):
        for name, wrong in _wrong_ones(paragraph, sentence, chance):
            tried += 1
            if _supported(wrong, paragraph):
                missed.append((name, wrong))
    print(f"planted errors: {tried}, missed: {len(missed)}")  # noqa: T201
    assert tried >= SAMPLES
    assert len(missed) <= (1 - MIN_DETECTION) * tried, missed


@pytest.mark.long
def test_faithful_shortenings_of_regulations_pass(shared: Path) -> None:
    tried, stopped = 0, []
    for paragraph, sentence in _pool(shared / "corpora" / "regulations" / "pbc" / "text"):
        for name, short in faithful(sentence):
            tried += 1
            if not _supported(short, paragraph):
                stopped.append((name, short))
    print(f"faithful: {tried}, stopped: {len(stopped)}")  # noqa: T201
    assert tried >= SAMPLES
    assert len(stopped) <= MAX_FALSE_ALARMS * tried, stopped
