"""Training lines: sections of a file, and the sentences that a line with alternatives stands for."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).with_name("train")
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Sample:
    """A sentence, whether it is an attack, its risk code ("" when benign), its group for cross-validation, its line.

    `life` marks harmless sentences of everyday life, outside of a bank's work.
    """

    text: str
    attack: bool
    risk: str
    group: str
    line: int
    life: bool = False


def samples(each: int, seed: int = 7) -> list[Sample]:
    """At most `each` sentences of every line of every training file, the same for the same seed; some wrapped again."""
    found = written(each, seed)
    return found + wrapped(found, random.Random(seed))


def written(each: int, seed: int = 7) -> list[Sample]:
    """The sentences of the training files as they were written."""
    dice = random.Random(seed)
    found: list[Sample] = []
    line = 0
    for path in sorted(FOLDER.glob("*.txt")):
        if not path.name.startswith(("attacks", "benign")):
            continue
        for risk, group, pattern in _lines(path):
            line += 1
            attack = path.name.startswith("attacks")
            found += [Sample(text, attack, risk, group, line) for text in _expanded(pattern, each, dice)]
    return found + scenes(each, dice) + framed(each, dice)


WRAPPED_SHARE = 0.6
"""Share of the sentences that are there a second time, with neutral words around them."""
SHORT_CHARS = 40
GOAL_LINES_FROM = 50_000
SCENE_LINES_FROM = 20_000
BANK_MARK = " | bank"
"""Ends the head of a scene that belongs to a bank's work."""


def scenes(each: int, dice: random.Random) -> list[Sample]:
    """Lines of the scene files: in each scene harmful (-) and harmless (+) requests about the same matter."""
    found: list[Sample] = []
    line = SCENE_LINES_FROM
    for path in sorted(FOLDER.glob("scenes_*.txt")):
        for risk, group, row in _lines(path):
            line += 1
            attack = row.startswith("- ")
            name = group.removesuffix(BANK_MARK)
            life = not attack and name == group
            texts = _expanded(row[2:], each, dice)
            found += [Sample(text, attack, risk if attack else "", name, line, life) for text in texts]
    return found


def wrapped(found: list[Sample], dice: random.Random) -> list[Sample]:
    """Some of the short sentences again with neutral words before and behind, in both classes alike."""
    words = _sections(FOLDER / "wrappers.txt")
    again: list[Sample] = []
    for item in found:
        if len(item.text) > SHORT_CHARS or "\n" in item.text or dice.random() > WRAPPED_SHARE:
            continue
        before = dice.choice(words["before"]) if dice.random() < 0.7 else ""
        after = dice.choice(words["after"]) if not before or dice.random() < 0.6 else ""
        again.append(replace(item, text=before + (item.text.rstrip("？?。！") if after else item.text) + after))
    return again


def framed(each: int, dice: random.Random) -> list[Sample]:
    """Every aim in `each` attack frames and `each` harmless ones: the same words, only the wish differs."""
    frames = {name: _sections(FOLDER / f"frames_{name}.txt") for name in ("attack", "benign")}
    found: list[Sample] = []
    line = GOAL_LINES_FROM
    risk = group = form = ""
    for row in (FOLDER / "goals.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("## "):
            risk, group, form = (part.strip() for part in row[3:].split("|"))
        elif row.strip() and not row.startswith("# "):
            line += 1
            for name, sections in frames.items():
                for frame in dice.sample(sections[form], min(each, len(sections[form]))):
                    text = _expanded(frame, 1, dice)[0].replace("<goal>", row)
                    found.append(Sample(text, name == "attack", risk if name == "attack" else "", group, line))
    return found


def _sections(path: Path) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for row in path.read_text(encoding="utf-8").splitlines():
        if row.startswith("## "):
            sections[row[3:].strip()] = []
        elif row.strip() and not row.startswith("# "):
            sections[list(sections)[-1]].append(row)
    return sections


def _lines(path: Path) -> Iterator[tuple[str, str, str]]:
    risk, group = "", path.stem
    for row in path.read_text(encoding="utf-8").splitlines():
        if row.startswith("## "):
            head = [part.strip() for part in row[3:].split("|", 1)]
            risk, group = (head[0], head[1]) if len(head) == 2 else ("", head[0])
        elif row.strip() and not (row.startswith("# ")):
            yield risk, group, row.replace("\\n", "\n")


def _expanded(pattern: str, each: int, dice: random.Random) -> list[str]:
    texts = {_CHOICE.sub(lambda match: dice.choice(match[1].split("|")), pattern) for _ in range(each * 3)}
    return sorted(texts)[:each] if len(texts) <= each else dice.sample(sorted(texts), each)
