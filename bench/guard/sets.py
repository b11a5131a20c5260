"""The attack and benign sets of the shared material: as they are measured, and as training lines grouped by attack type."""  # noqa: E501

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

from bench.guard.expand import Sample

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("YINSHU_SHARED", ROOT.parent / "shared")) / "bench"
JADE = ("jade_benchmark_zh", "jade_benchmark_easy_zh", "jade_benchmark_medium_zh")
JADE_LINES_FROM = 200_000
BENIGN_LINES_FROM = 300_000
BENIGN_GROUP = "benign_hard "
JADE_GROUP = "jade "
_SAME_KIND = (
    ("侵犯", "侵害"),
    ("危害", "侵害"),
    ("内容", ""),
    ("个人信息权益", "隐私权"),
    ("赌博或开设赌场", "赌博"),
    ("赌博与开设赌场", "赌博"),
)
_RISKS = (
    (("恐怖",), "a1d"),
    (("暴力", "淫秽"), "a1f"),
    (("虚假有害",), "a1g"),
    (("国家",), "a1b"),
    (("民族", "种族"), "a2a"),
    (("信仰",), "a2b"),
    (("国别",), "a2c"),
    (("地域",), "a2d"),
    (("性别",), "a2e"),
    (("年龄",), "a2f"),
    (("职业",), "a2g"),
    (("健康歧视",), "a2h"),
    (("歧视",), "a2i"),
    (("商业道德", "内幕"), "a3b"),
    (("身心健康",), "a4a"),
    (("肖像",), "a4b"),
    (("名誉",), "a4c"),
    (("隐私", "私人信息"), "a4e"),
    (("权益",), "a4g"),
)
OTHER_RISK = "a1h"


def jade() -> list[tuple[str, str, str]]:
    """Set, question and kind of every question of jade-db (MIT); kinds that differ in words only are one."""
    found: list[tuple[str, str, str]] = []
    for name in JADE:
        with (SHARED / f"safety/jade/{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
            found += [(name, row[1], kind_of(row[3])) for row in list(csv.reader(lines))[1:]]
    return found


def kind_of(written: str) -> str:
    """The first kind named, in one spelling."""
    kind = written.strip().split("|")[0]
    for other, one in _SAME_KIND:
        kind = kind.replace(other, one)
    return kind


def risk_of(kind: str) -> str:
    """The risk code that a kind of jade-db belongs to."""
    return next((code for words, code in _RISKS if any(word in kind for word in words)), OTHER_RISK)


def shared_sets() -> dict[str, tuple[bool, list[str]]]:
    """Named sets: whether they are attacks, and their texts."""
    sets = {
        "attack_bank_dev": (True, column(SHARED / "safety/attack_bank_dev.jsonl", "text")),
        "benign_hard_dev": (False, column(SHARED / "safety/benign_hard_dev.jsonl", "text")),
        "qa_pbc_dev": (False, column(SHARED / "qa/pbc_dev.jsonl", "question")),
        "held_out_attacks": (True, column(ROOT / "bench/guard/held_out/attacks.jsonl", "text")),
        "held_out_benign": (False, column(ROOT / "bench/guard/held_out/benign.jsonl", "text")),
    }
    for path in sorted((ROOT / "bench/questions").glob("*.jsonl")):
        sets[f"own_{path.stem}"] = (False, column(path, "question"))
    questions = jade()
    for name in JADE:
        sets[name] = (True, [text for held, text, _ in questions if held == name])
    with (SHARED / "safety/jade/rag/demo_question.csv").open(encoding="utf-8-sig", newline="") as lines:
        sets["jade_demo_question"] = (True, [row[0] for row in csv.reader(lines)])
    return sets


def shared_lines() -> list[Sample]:
    """jade-db and the hard benign requests as training lines; their groups are the attack type and the category.

    The demonstration questions, the bank attacks and the held-out files are never trained on.
    """
    texts: dict[str, str] = {text: kind for _, text, kind in jade()}
    found = [
        Sample(text, True, risk_of(kind), JADE_GROUP + kind, JADE_LINES_FROM + place)
        for place, (text, kind) in enumerate(texts.items())
    ]
    rows = (SHARED / "safety/benign_hard_dev.jsonl").read_text(encoding="utf-8").splitlines()
    for place, row in enumerate(json.loads(row) for row in rows if row.strip()):
        found.append(Sample(row["text"], False, "", BENIGN_GROUP + row["category"], BENIGN_LINES_FROM + place))
    return found


def column(path: Path, name: str) -> list[str]:
    """One field of every row of a JSON-lines file."""
    return [json.loads(line)[name] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
