"""Find training lines that come close to a test case, so that the test sets that are not trained on stay tests.

python -m bench.guard.overlap [--remove]      exit code 1 when lines are found and not removed
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from bench.guard.expand import FOLDER, SCENE_LINES_FROM, written
from bench.guard.sets import shared_lines, shared_sets

NEAR = 0.33
"""Share of the shorter text's three-character pieces that both hold, from which a line is a paraphrase."""
LEAST_PIECES = 5
_UNITS = re.compile(r"[a-z0-9]+|[^\sa-z0-9]")


def near_lines() -> dict[int, tuple[float, str, str]]:
    """Number of each training line that is near a case: how near, the case, the sentence of the line."""
    texts = written(12)
    pieces = [_pieces(item.text) for item in texts]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, held in enumerate(pieces):
        for piece in held:
            holders[piece].append(place)
    found: dict[int, tuple[float, str, str]] = {}
    taught = {item.text for item in shared_lines()}
    for name, (_, cases) in shared_sets().items():
        for case in cases if not name.startswith("own_") else ():
            if case in taught:
                continue
            held = _pieces(case)
            for place, shared in Counter(place for piece in held for place in holders.get(piece, ())).items():
                share = shared / max(1, min(len(held), len(pieces[place])))
                line = texts[place].line
                if shared >= LEAST_PIECES and share >= NEAR and share > found.get(line, (0.0,))[0]:
                    found[line] = (share, case, texts[place].text)
    return found


def _pieces(text: str) -> set[str]:
    """Three neighbours each: ideographs, marks, and whole Latin words or numbers."""
    units = _UNITS.findall(text.lower())
    return {" ".join(units[place : place + 3]) for place in range(len(units) - 2)}


def remove(lines: set[int]) -> None:
    """Delete the numbered lines from the training files; numbers count as in `samples`."""
    for pattern, begun in (("[ab]*.txt", 0), ("scenes_*.txt", SCENE_LINES_FROM)):
        _remove_from(sorted(FOLDER.glob(pattern)), begun, lines)


def _remove_from(paths: list[Path], number: int, lines: set[int]) -> None:
    for path in paths:
        kept: list[str] = []
        for row in path.read_text(encoding="utf-8").splitlines():
            if row.strip() and not row.startswith(("## ", "# ")):
                number += 1
                if number in lines:
                    continue
            kept.append(row)
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def main() -> None:
    """Print what is near; remove it when asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--remove", action="store_true")
    options = parser.parse_args()
    found = near_lines()
    for share, case, text in sorted(found.values(), reverse=True):
        print(f"{share:.2f} {text[:60]!r} ~ {case[:60]!r}")
    print(f"{len(found)} lines near a case")
    if options.remove:
        remove(set(found))
    elif found:
        sys.exit(1)


if __name__ == "__main__":
    main()
