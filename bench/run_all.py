"""Every bench that needs no decision, one after the other; results as JSON files in one folder.

python -m bench.run_all --out build/bench
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from bench.serving import run_yinshu, shared_folder

COLLECTION = "pbc"
SECONDS_MAX = 2 * 3_600


def run(module: str, *arguments: str) -> None:
    """Run one bench in a process of its own; its failure ends the run."""
    print(f"== {module} {' '.join(arguments)}", flush=True)
    subprocess.run([sys.executable, "-m", module, *arguments], check=True, timeout=SECONDS_MAX)


def make_library(home: Path) -> None:
    """A data folder with the regulations and their vectors, made once and kept."""
    corpus = shared_folder() / "corpora/regulations/pbc"
    home.mkdir(parents=True, exist_ok=True)
    run_yinshu(home, "init")
    index = str(corpus / "index.csv")
    run_yinshu(
        home,
        *("knowledge", "ingest", str(corpus / "text"), "--index", index),
        *("--collection", COLLECTION, "--published", "--wait"),
    )


def main() -> None:
    """Run them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--home", type=Path, help="a data folder that holds the regulations already")
    options.add_argument("--clauses", type=int, default=500_000, help="size of the large library")
    chosen = options.parse_args()
    out: Path = chosen.out
    out.mkdir(parents=True, exist_ok=True)
    home = chosen.home or out / "home"
    if chosen.home is None:
        make_library(home)
    cases = shared_folder() / "bench/qa/pbc_dev.jsonl"
    answers = out / "answers.jsonl"
    run_yinshu(home, "bench", "qa", "--collection", COLLECTION, "--cases", str(cases), "--out", str(answers))
    with (out / "qa.txt").open("w") as report:
        scorer = shared_folder() / "bench/score/qa.py"
        subprocess.run([sys.executable, str(scorer), str(cases), str(answers)], check=True, stdout=report)
    run("bench.latency", "--home", str(home), "--out", str(out / "latency.json"))
    run("bench.scale", "--home", str(home), "--clauses", str(chosen.clauses), "--out", str(out / "scale.json"))


if __name__ == "__main__":
    main()
