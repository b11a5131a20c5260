"""Measures how follow-up questions are completed: which are touched, and whether the right words are carried."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from yinshu.kernel.assistant.follow import understand
from yinshu.kernel.assistant.records import Turn, Understood
from yinshu.kernel.knowledge.records import Answer, Citation

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 22)


def turns_of(case: dict[str, Any]) -> list[Turn]:
    """The questions before as turns, each understood from those before it; the last cites what the case says."""
    turns: list[Turn] = []
    for number, question in enumerate(case["before"], 1):
        cited = case.get("cited")
        answer = None
        if cited:
            source = Citation(1, cited["document"], "a.docx", "ver_1", cited["article"], "x", 1, document_id="doc_1")
            answer = Answer("answered", "x", (), (source,))
        text = understand(question, turns, TODAY).text
        moment = datetime(2026, 11, 22, tzinfo=UTC)
        turns.append(
            Turn(f"t{number}", "c", number, "answered", question, text, TODAY, (), "", (), moment, answer=answer)
        )
    return turns


def fault_of(case: dict[str, Any], understood: Understood) -> str:
    """What is wrong with a completion; "" when nothing is."""
    if case.get("untouched"):
        return "" if understood.text == case["question"] and understood.as_of is None else "touched"
    if understood.text == case["question"] and understood.as_of is None:
        return "not touched"
    missing = [word for word in case["has"] if word not in understood.text]
    kept = [word for word in case["not"] if word in understood.text]
    as_of = understood.as_of.isoformat() if understood.as_of else None
    day = f"as_of {as_of}" if case.get("as_of") and case["as_of"] != as_of else ""
    return "; ".join(filter(None, [f"missing {missing}" if missing else "", f"kept {kept}" if kept else "", day]))


def read_cases(name: str) -> list[dict[str, Any]]:
    """The cases of one file: `cases` (written while the rules were) or `held_out` (asked once, after)."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def main() -> None:
    """Print the misses and the two rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", choices=["cases", "held_out"], default="cases")
    name = parser.parse_args().cases
    right = {True: 0, False: 0}
    total = {True: 0, False: 0}
    for case in read_cases(name):
        untouched = bool(case.get("untouched"))
        understood = understand(case["question"], turns_of(case), TODAY)
        fault = fault_of(case, understood)
        total[untouched] += 1
        right[untouched] += not fault
        if fault:
            print(case["id"], case["before"], "|", case["question"], "->", understood.text, "|", fault)
    print(f"completed {right[False]}/{total[False]}, left alone {right[True]}/{total[True]}")


if __name__ == "__main__":
    main()
