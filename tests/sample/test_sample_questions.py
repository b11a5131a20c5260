"""The questions over the sample bank: in the bench's format, each answerable from the sources it names."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from typing import Any

import pytest

from yinshu.sample import questions_file, source_files
from yinshu.sample.build import plain_lines
from yinshu.sample.source import Source, article_of, read_source

TYPES = {
    "fact", "number", "procedure", "condition", "list", "compare", "version", "calc", "multi_doc", "unanswerable",
    "false_premise",
}  # fmt: skip
# The words of these answers are computed or carry a verdict; the others must stand in a gold source.
WORDED = {"calc", "false_premise", "condition"}


def questions() -> list[dict[str, Any]]:
    return [json.loads(line) for line in questions_file().read_text(encoding="utf-8").splitlines()]


def by_file() -> dict[str, Source]:
    return {source.file_name: source for source in map(read_source, source_files())}


ANSWERABLE = [question for question in questions() if question["type"] != "unanswerable"]


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def test_there_are_enough_questions_of_every_type() -> None:
    counts = Counter(question["type"] for question in questions())
    assert counts.total() >= 60
    assert set(counts) == TYPES
    assert counts["unanswerable"] >= 10
    assert counts["version"] >= 5
    assert sum(1 for question in questions() if question["as_of"]) >= 4
    assert len({question["id"] for question in questions()}) == counts.total()
    assert len({question["question"] for question in questions()}) == counts.total()


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question["id"])
def test_gold_quote_stands_in_its_file_under_its_article(question: dict[str, Any]) -> None:
    files = by_file()
    assert question["facts"]
    assert any(not gold.get("alt") for gold in question["gold"])
    for gold in question["gold"]:
        assert article_of(files[gold["file"]], gold["quote"]) == gold["article"]
    assert set(question.get("also_in", [])) <= set(files)


@pytest.mark.parametrize(
    "question", [q for q in ANSWERABLE if q["type"] not in WORDED], ids=lambda question: question["id"]
)
def test_expected_facts_stand_in_the_gold_sources(question: dict[str, Any]) -> None:
    files = by_file()
    text = plain("".join(line for gold in question["gold"] for line in plain_lines(files[gold["file"]])))
    for forms in question["facts"]:
        assert any(plain(form) in text for form in forms), forms


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question["id"])
def test_model_answer_holds_every_fact_and_no_rejected_form(question: dict[str, Any]) -> None:
    answer = plain(question["answer"])
    assert all(any(plain(form) in answer for form in forms) for forms in question["facts"])
    assert not any(plain(form) in answer for form in question.get("reject", []))


def test_unanswerable_questions_name_no_source() -> None:
    for question in questions():
        if question["type"] == "unanswerable":
            assert (question["facts"], question["gold"]) == ([], [])
