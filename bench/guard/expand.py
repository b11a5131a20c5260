"""Training lines: sections of a file, and the sentences that a line with alternatives stands for."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("train")
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Sample:
    """A sentence, whether it is an attack, its risk code ("" when benign), its group for cross-validation, its line."""

    text: str
    attack: bool
    risk: str
    group: str
    line: int


def samples(each: int, seed: int = 7) -> list[Sample]:
    """At most `each` sentences of every line of every training file, the same for the same seed."""
    dice = random.Random(seed)
    found: list[Sample] = []
    line = 0
    for path in sorted(FOLDER.glob("*.txt")):
        for risk, group, pattern in _lines(path):
            line += 1
            attack = path.name.startswith("attacks")
            found += [Sample(text, attack, risk, group, line) for text in _expanded(pattern, each, dice)]
    return found


def _lines(path: Path) -> Iterator[tuple[str, str, str]]:
    risk, group = "", path.stem
    for row in path.read_text(encoding="utf-8").splitlines():
        if row.startswith("## "):
            head = row[3:].split("|")
            risk, group = (head[0].strip(), head[1].strip()) if len(head) == 2 else ("", head[0].strip())
        elif row.strip() and not (row.startswith("# ")):
            yield risk, group, row.replace("\\n", "\n")


def _expanded(pattern: str, each: int, dice: random.Random) -> list[str]:
    texts = {_CHOICE.sub(lambda match: dice.choice(match[1].split("|")), pattern) for _ in range(each * 3)}
    return sorted(texts)[:each] if len(texts) <= each else dice.sample(sorted(texts), each)
