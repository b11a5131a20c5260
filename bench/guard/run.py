"""The figures of the guard: attacks blocked, benign requests blocked, speed.

python -m bench.guard.run cases --cases FILE.jsonl --out VERDICTS.jsonl --json
python -m bench.guard.run shared [--audience public] [--quick] --json
                                                   (attack and benign sets of the shared material and our own questions)
python -m bench.guard.run speed [--text FILE] --json

`--quick` leaves out the second reading.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

from bench.guard.expand import samples
from bench.guard.sets import ROOT, shared_sets
from yinshu.app.guard import classifier_of_product, product_guard
from yinshu.kernel.guard import Audience, bench_cases, default_guard, figures
from yinshu.kernel.guard.cases import STOPPING
from yinshu.kernel.guard.normalise import Reading

REQUEST_CHARS = 500
REQUESTS = 300
SECOND_READINGS = 100


def cases(path: Path, out: Path | None) -> dict[str, object]:
    """Run a case file, write the rows, give the figures."""
    rows = list(bench_cases(product_guard(), path))
    if out is not None:
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return figures(rows)


def shared(show: int, audience: Audience, quick: bool) -> dict[str, object]:
    """Share stopped of every set."""
    guard = default_guard() if quick else product_guard()
    result: dict[str, object] = {}
    for name, (attack, texts) in shared_sets().items():
        verdicts = [guard.check(text, direction="in", audience=audience) for text in texts]
        stopped = [verdict.verdict in STOPPING for verdict in verdicts]
        other = sum(verdict.verdict.value in {"mask", "warn"} for verdict in verdicts)
        result[name] = {
            "cases": len(texts),
            "attack": attack,
            "stopped": round(sum(stopped) / len(texts), 4),
            "changed": other,
        }
        wrong = [(text, verdict) for text, verdict, was in zip(texts, verdicts, stopped, strict=True) if was != attack]
        for text, verdict in wrong[:show]:
            print(name, [(found.rule, round(found.score, 2)) for found in verdict.findings], text[:120])
    return result


def speed(path: Path | None) -> dict[str, object]:
    """Rule part on text without findings, characters a second of processor time; classifier on 500 characters, ms."""
    guard = default_guard()
    text = path.read_text(encoding="utf-8") if path else plain_text()
    reading = Reading(text)
    found = len(guard.hits(reading, "in"))
    taken = min(_seconds(lambda: guard.hits(Reading(text), "in")) for _ in range(5))
    dice = random.Random(3)
    starts = [dice.randrange(0, len(text) - REQUEST_CHARS) for _ in range(REQUESTS)]
    requests = [text[start : start + REQUEST_CHARS] for start in starts]
    guard.check(requests[0], direction="in", audience="internal")
    walls = sorted(guard.check(request, direction="in", audience="internal").elapsed_ms for request in requests)
    cpus = sorted(
        _seconds(lambda r=request: guard.check(r, direction="in", audience="internal")) * 1e3 for request in requests
    )  # type: ignore[misc]
    at = int(len(requests) * 0.95)
    twice = second_readings()
    return {
        "chars": len(text),
        "findings": found,
        "rule_chars_per_s": round(len(text) / taken),
        "check_500_ms_p50": round(cpus[len(cpus) // 2], 3),
        "check_500_ms_p95": round(cpus[at], 3),
        "check_500_wall_ms_p95": round(walls[at], 3),
        "second_reading_ms_p50": round(twice[len(twice) // 2], 3),
        "second_reading_ms_p95": round(twice[int(len(twice) * 0.95)], 3),
    }


def second_readings() -> list[float]:
    """Processor time of second readings, ms, in rising order: on our own written requests of ordinary length."""
    reader = classifier_of_product().reader
    texts = [item.text for item in random.Random(4).sample(samples(1), SECOND_READINGS)]
    reader.odds(texts[0])
    return sorted(_seconds(lambda r=text: reader.odds(r)) * 1e3 for text in texts)  # type: ignore[misc]


def _seconds(work) -> float:  # type: ignore[no-untyped-def]
    started = time.process_time()
    work()
    return time.process_time() - started


def plain_text(chars: int = 400_000) -> str:
    """Ordinary text without findings: the repository's own documents about the sample bank, repeated."""
    parts = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "src/yinshu/sample/sources").rglob("*.*"))
        if path.suffix in {".md", ".txt"}
    ]
    whole = "\n".join(parts)
    guard = default_guard()
    lines = [line for line in whole.splitlines() if line.strip() and not guard.hits(Reading(line), "in")]
    once = "\n".join(lines)
    return (once * (chars // max(1, len(once)) + 1))[:chars]


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["cases", "shared", "speed"])
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--audience", choices=["internal", "public"], default="internal")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.what == "cases":
        result = cases(options.cases, options.out)
    elif options.what == "shared":
        result = shared(options.show, options.audience, options.quick)
    else:
        result = speed(options.text)
    print(json.dumps(result, ensure_ascii=False, indent=None if options.json else 1))


if __name__ == "__main__":
    main()
