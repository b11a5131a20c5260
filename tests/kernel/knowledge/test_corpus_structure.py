"""Claims about the real rules of the shared corpus: nothing is lost in cutting, quotes stay whole, dates are right."""

from __future__ import annotations

import csv
import json
import re
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from yinshu.kernel.base.clock import Clock
from yinshu.kernel.documents import parse
from yinshu.kernel.documents.cut import cut
from yinshu.kernel.documents.records import Clause, ParsedDocument
from yinshu.kernel.knowledge.card import read_card
from yinshu.kernel.knowledge.links import read_links
from yinshu.kernel.knowledge.matching import ClauseFacts, VersionFacts
from yinshu.kernel.knowledge.timeline import Timeline, VersionLink, resolve

CUT_SECONDS_MAX = 10.0
ONE_CLAUSE_SHARE_MIN = 0.97

Library = dict[str, tuple[ParsedDocument, list[Clause], dict[str, str]]]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@pytest.fixture(scope="module")
def library(shared: Path) -> Library:
    folder = shared / "corpora" / "regulations" / "pbc"
    with (folder / "index.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    read: Library = {}
    for row in rows:
        parsed = parse((folder / "text" / row["file"]).read_bytes(), row["file"])
        read[row["file"]] = (parsed, cut(parsed), row)
    return read


@pytest.fixture(scope="module")
def timeline(library: Library) -> Timeline:
    versions: list[VersionFacts] = []
    links: list[VersionLink] = []
    for name, (parsed, clauses, row) in library.items():
        hint = day(row["published"])
        card = read_card(parsed, clauses, title_hint=row["title"], issued_hint=hint)
        said = {key: field.value for key, field in card.fields.items()}
        facts = tuple(ClauseFacts(clause.ordinal, clause.article, clause.path, clause.text) for clause in clauses)
        dates = (day(said.get(key, "")) for key in ("issued_on", "effective_from", "effective_to"))
        issued_on, start, end = dates
        version = VersionFacts(
            name, row["title"], said.get("number", ""), card.aliases, issued_on or hint, start, end, facts
        )
        versions.append(version)
        links.extend(VersionLink(name, link) for link in read_links(clauses, card))
    return resolve(versions, links)


def cases(shared: Path) -> list[dict[str, object]]:
    lines = (shared / "bench" / "qa" / "pbc_dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_no_character_of_any_document_is_lost(library: Library) -> None:
    lossy = []
    for name, (parsed, clauses, _) in library.items():
        kept: Counter[str] = Counter()
        last: tuple[str, ...] = ()
        for clause in clauses:
            kept.update(squeezed(clause.text))
            for depth, heading in enumerate(clause.path):
                if last[: depth + 1] != clause.path[: depth + 1]:
                    kept.update(squeezed(heading))
            last = clause.path
        if Counter(squeezed("".join(block.text for block in parsed.blocks))) - kept:
            lossy.append(name)
    assert lossy == []


def test_gold_quotes_lie_in_one_clause(library: Library, shared: Path) -> None:
    whole = total = 0
    for case in cases(shared):
        for gold in case["gold"]:  # type: ignore[attr-defined]
            quote = squeezed(gold["quote"])
            total += 1
            whole += any(quote in squeezed(clause.text) for clause in library[gold["file"]][1])
    assert whole / total >= ONE_CLAUSE_SHARE_MIN


def test_the_whole_corpus_is_cut_in_seconds(library: Library) -> None:
    started = time.process_time()
    count = sum(len(cut(parsed)) for parsed, _, _ in library.values())
    assert time.process_time() - started < CUT_SECONDS_MAX
    assert 12_000 <= count <= 18_000


def test_gold_is_in_force_on_the_day_asked(library: Library, timeline: Timeline, shared: Path, clock: Clock) -> None:
    """Questions of type version may name an old rule on purpose; every other gold must count on its day."""
    ended = {(period.version_id, period.ordinal): period.effective_to for period in timeline.clauses}
    wrong = []
    for case in cases(shared):
        if case["type"] == "version":
            continue
        as_of = day(str(case["as_of"])) or clock.today()
        for gold in case["gold"]:  # type: ignore[attr-defined]
            period = timeline.versions[gold["file"]]
            quote = squeezed(gold["quote"])
            holding = [clause for clause in library[gold["file"]][1] if quote in squeezed(clause.text)]
            ends = [period.effective_to, *(ended.get((gold["file"], clause.ordinal)) for clause in holding)]
            begins_late = period.effective_from is not None and period.effective_from > as_of
            if begins_late or any(end is not None and end <= as_of for end in ends):
                wrong.append((case["id"], gold["file"]))
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("departmental_rule_0061.txt", date(2022, 3, 1)),
        ("normative_document_0259.txt", date(2020, 11, 1)),
        ("normative_document_0386.txt", date(2025, 12, 1)),
        ("normative_document_0243.txt", date(2019, 8, 1)),
        ("normative_document_0114.txt", date(2022, 7, 1)),
    ],
)
def test_a_rule_that_another_repeals_ends_on_its_day(timeline: Timeline, name: str, end: date) -> None:
    assert timeline.versions[name].effective_to == end


def test_a_number_in_quoted_wording_of_another_document_ends_nothing(timeline: Timeline) -> None:
    assert timeline.versions["departmental_rule_0050.txt"].effective_to is None
