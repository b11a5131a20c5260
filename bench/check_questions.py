"""Check the question sets of bench/questions against the regulations and the development cases they must not repeat.

Usage: python bench/check_questions.py [FILE.jsonl ...]; reads the shared folder named by YINSHU_SHARED, or ../shared.
Exit code 0 when nothing is wrong, 1 when a line breaks a rule, 2 when the shared folder is absent.
"""

import json
import os
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TYPES = frozenset(
    {
        "fact", "number", "procedure", "condition", "list", "compare", "version", "calc", "multi_doc",
        "unanswerable", "false_premise",
    }
)  # fmt: skip
LOCATE_CHARS = 16
PARAGRAPH_CHARS = 420
TOO_ALIKE = 0.6

Case = dict[str, Any]


def squeeze(text: str) -> str:
    """The text with every white space removed."""
    return re.sub(r"\s+", "", text)


def folded(text: str) -> str:
    """Width-folded text without white space and without thousands commas, as the judge compares it."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", squeeze(unicodedata.normalize("NFKC", text)))


def holds(text: str, form: str) -> bool:
    """Whether `form` stands in `text` without cutting a number apart (5年 is not in 2025年)."""
    want = folded(form)
    pattern = re.escape(want)
    if want[0].isdigit():
        pattern = r"(?<![\d.])" + pattern
    if want[-1].isdigit():
        pattern += r"(?![\d.万亿])"
    return re.search(pattern, folded(text)) is not None


def alike(left: str, right: str) -> float:
    """Overlap of the character pairs of two questions, from 0 to 1."""
    first, second = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (squeeze(left), squeeze(right)))
    return len(first & second) / max(1, min(len(first), len(second)))


def evidence(case: Case, texts: Path, found: list[str]) -> str:
    """The text from each gold sentence on, joined; what is wrong with a gold entry is added to `found`."""
    parts = []
    for gold in case["gold"]:
        path = texts / gold["file"]
        if not path.is_file():
            found.append(f"no such file: {gold['file']}")
            continue
        text, locate = squeeze(path.read_text(encoding="utf-8")), gold["locate"]
        if len(locate) > LOCATE_CHARS or text.count(locate) != 1:
            found.append(f"locate is too long or not unique: {locate}")
            continue
        start = text.index(locate)
        parts.append(text[start : start + PARAGRAPH_CHARS])
    return "\n".join(parts)


def wrong(case: Case, texts: Path) -> list[str]:
    """What is wrong with one case, in words; empty when nothing is."""
    found: list[str] = []
    if case["type"] not in TYPES:
        found.append(f"unknown type: {case['type']}")
    if (case["type"] == "unanswerable") != (not case["gold"]):
        found.append("only an unanswerable case has no gold")
    near = evidence(case, texts, found)
    if case["gold"] and not case["facts"]:
        found.append("no facts")
    if case["type"] != "calc" and near:
        absent = [forms for forms in case["facts"] if not any(holds(near, form) for form in forms)]
        found += [f"fact not near the gold: {forms}" for forms in absent]
        found += [f"rejected form stands in the gold: {form}" for form in case.get("reject", []) if holds(near, form)]
    return found


def shared_folder() -> Path:
    """The folder with the regulations and the development cases."""
    return Path(os.environ.get("YINSHU_SHARED", ROOT.parent / "shared"))


def load(path: Path) -> list[Case]:
    """The cases of one JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main(names: list[str]) -> int:
    """Check the named files, or all of bench/questions; print what is wrong and the number of each type."""
    shared = shared_folder()
    texts = shared / "corpora" / "regulations" / "pbc" / "text"
    if not texts.is_dir():
        print(f"缺少共享材料：{texts}。请设置环境变量 YINSHU_SHARED。", file=sys.stderr)
        return 2
    known = [case["question"] for case in load(shared / "bench" / "qa" / "pbc_dev.jsonl")]
    files = [Path(name) for name in names] or sorted((ROOT / "bench" / "questions").glob("regulations*.jsonl"))
    ids: set[str] = set()
    types: Counter[str] = Counter()
    faults = 0
    for case in (case for path in files for case in load(path)):
        found = wrong(case, texts)
        found += [f"too close to: {other}" for other in known if alike(case["question"], other) > TOO_ALIKE]
        if case["id"] in ids:
            found.append("id used twice")
        ids.add(case["id"])
        known.append(case["question"])
        types[case["type"]] += 1
        faults += len(found)
        for fault in found:
            print(f"{case['id']} {case['question']}: {fault}")
    print(f"{sum(types.values())} questions, {faults} faults, {dict(types.most_common())}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
