"""Print every link read from a folder of documents with what it was matched to, for a person to check.

Usage: python bench/audit_links.py FOLDER [--index FILE.csv] [--matched]
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from datetime import date
from pathlib import Path

from yinshu.kernel.documents import parse
from yinshu.kernel.documents.cut import cut
from yinshu.kernel.knowledge.card import read_card
from yinshu.kernel.knowledge.links import read_links
from yinshu.kernel.knowledge.matching import ClauseFacts, VersionFacts
from yinshu.kernel.knowledge.timeline import Timeline, VersionLink, resolve


def read_library(folder: Path, index: dict[str, dict[str, str]]) -> tuple[list[VersionFacts], list[VersionLink]]:
    """Read every file of the folder: its facts and its links, with the index rows as hints."""
    versions: list[VersionFacts] = []
    links: list[VersionLink] = []
    for path in sorted(folder.iterdir()):
        row = index.get(path.name, {})
        parsed = parse(path.read_bytes(), path.name)
        clauses = cut(parsed)
        hint = _day(row.get("published", ""))
        card = read_card(parsed, clauses, title_hint=row.get("title", ""), issued_hint=hint)
        said = {key: field.value for key, field in card.fields.items()}
        versions.append(
            VersionFacts(
                version_id=path.name,
                title=row.get("title") or said.get("title", path.stem),
                number=said.get("number", ""),
                aliases=card.aliases,
                issued_on=_day(said.get("issued_on", "")) or hint,
                effective_from=_day(said.get("effective_from", "")),
                effective_to=_day(said.get("effective_to", "")),
                clauses=tuple(ClauseFacts(one.ordinal, one.article, one.path, one.text) for one in clauses),
            )
        )
        links.extend(VersionLink(path.name, link) for link in read_links(clauses, card))
    return versions, links


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _print(timeline: Timeline, *, matched_only: bool) -> None:
    for link in timeline.links:
        if matched_only and not link.match.version_ids:
            continue
        proposal = link.source.link
        print(
            json.dumps(
                {
                    "from": link.source.version_id,
                    "relation": proposal.relation + ("（部分）" if proposal.partial else ""),
                    "target": f"{proposal.target_title} {proposal.target_number}".strip(),
                    "articles": proposal.target_articles,
                    "on": str(link.effective_on),
                    "matched": link.match.version_ids,
                    "by": link.match.by,
                    "note": link.match.note or link.match.inner_title,
                    "quote": proposal.quote[:160],
                },
                ensure_ascii=False,
            )
        )


def main() -> int:
    """Read, settle and print; the last line on stderr counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--matched", action="store_true")
    arguments = parser.parse_args()
    index: dict[str, dict[str, str]] = {}
    if arguments.index:
        with arguments.index.open(encoding="utf-8") as file:
            index = {row["file"]: row for row in csv.DictReader(file)}
    timeline = resolve(*read_library(arguments.folder, index))
    _print(timeline, matched_only=arguments.matched)
    ended = sum(1 for period in timeline.versions.values() if period.effective_to)
    matched = sum(1 for link in timeline.links if link.match.version_ids)
    counts = f"links={len(timeline.links)} matched={matched} documents_ended={ended}"
    print(f"{counts} clauses_touched={len(timeline.clauses)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
