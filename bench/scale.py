"""Evidence over half a million clauses: a library's own clauses, replicated with noise, asked by one process.

    python -m bench.scale --home FOLDER --clauses 500000 --out build/bench/scale.json

FOLDER holds the collection with its vectors; it is copied, not changed.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Row, insert, select, text

from bench.serving import read_questions, shared_folder, spread
from yinshu.adapters.indexes.sqlite_index import SqliteIndex
from yinshu.api.platform import Asked
from yinshu.app import open_application
from yinshu.kernel.base.database import Engine, reading, writing
from yinshu.kernel.identity import local_operator
from yinshu.kernel.knowledge.ports import IndexedText
from yinshu.kernel.knowledge.tables import clauses, documents, vectors, versions
from yinshu.settings import Settings

COLLECTION = "pbc"
SEED = 20_261_122
NOISE_SHARE = 0.05
VECTOR_NOISE = 0.35
QUESTIONS = 72
WARM_UP_QUESTIONS = 5
HITS = 12
COMPLETE = "replicated.json"
COPY_TOKENS = (
    "INSERT INTO passage_tokens (key, embedder, states, scales, ends) "
    "SELECT key || :suffix, embedder, states, scales, ends FROM passage_tokens WHERE instr(key, '~') = 0"
)


@dataclass(frozen=True)
class Originals:
    """The rows that are replicated."""

    documents: list[Row[Any]]
    versions: list[Row[Any]]
    clauses: list[Row[Any]]
    vectors: dict[str, bytes]
    embedder: str


def read_originals(engine: Engine) -> Originals:
    """Everything of the library as it is."""
    with reading(engine) as connection:
        found = list(connection.execute(select(vectors)))
        return Originals(
            list(connection.execute(select(documents))),
            list(connection.execute(select(versions))),
            list(connection.execute(select(clauses))),
            {row.key: row.vector for row in found},
            found[0].embedder,
        )


def noisy_text(text: str, letters: str, dice: random.Random) -> str:
    """The text with some of its characters replaced by others of the same library."""
    changed = list(text)
    for _ in range(int(len(changed) * NOISE_SHARE) + 1):
        changed[dice.randrange(len(changed))] = dice.choice(letters)
    return "".join(changed)


def noisy_vector(vector: bytes, dice: np.random.Generator) -> bytes:
    """A unit vector near the given one."""
    values = np.frombuffer(vector, "<f4")
    moved = values + dice.normal(0, VECTOR_NOISE / np.sqrt(len(values)), len(values)).astype("<f4")
    return bytes((moved / np.linalg.norm(moved)).astype("<f4").tobytes())


def replicate(engine: Engine, originals: Originals, clause_count: int) -> Iterator[int]:
    """Add noisy copies until there are `clause_count` clauses; yields the count after every copy of the library."""
    index, dice, vector_dice = SqliteIndex(), random.Random(SEED), np.random.default_rng(SEED)
    letters = "".join(row.text for row in originals.clauses[:500])
    total, copy = len(originals.clauses), 0
    while total < clause_count:
        copy += 1
        wanted = originals.clauses[: clause_count - total]
        with writing(engine) as connection:
            suffix = f"~{copy}"
            connection.execute(insert(documents), [_renamed(row, suffix) for row in originals.documents])
            connection.execute(insert(versions), [_of_copy(row, suffix) for row in originals.versions])
            rows = [_clause_copy(row, suffix, noisy_text(row.text, letters, dice)) for row in wanted]
            ids = list(connection.execute(insert(clauses).returning(clauses.c.id), rows).scalars())
            connection.execute(
                insert(vectors),
                [
                    {
                        "key": row.vector_key[: -len(suffix)] + suffix,
                        "embedder": originals.embedder,
                        "vector": noisy_vector(originals.vectors[row.vector_key], vector_dice),
                    }
                    for row in {row.vector_key: row for row in wanted if row.vector_key in originals.vectors}.values()
                ],
            )
            connection.execute(text(COPY_TOKENS), {"suffix": suffix})
            index.add(
                connection,
                [
                    IndexedText(clause_id, "", " ".join(row["path"]), str(row["text"]))
                    for clause_id, row in zip(ids, rows, strict=True)
                ],
            )
        total += len(wanted)
        yield total


def _renamed(row: Row[Any], suffix: str) -> dict[str, Any]:
    kept = dict(row._mapping)
    return {**kept, "id": row.id + suffix, "file_name": row.file_name + suffix, "title": row.title + suffix}


def _of_copy(row: Row[Any], suffix: str) -> dict[str, Any]:
    return {**dict(row._mapping), "id": row.id + suffix, "document_id": row.document_id + suffix}


def _clause_copy(row: Row[Any], suffix: str, text: str) -> dict[str, Any]:
    kept = {key: value for key, value in row._mapping.items() if key != "id"}
    key = row.vector_key[: -len(suffix)] + suffix
    owners = {"version_id": row.version_id + suffix, "document_id": row.document_id + suffix}
    return {**kept, **owners, "text": text, "vector_key": key}


def measure(settings: Settings, cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Evidence in milliseconds, one question after the other, and the processor time it took, on any machine load."""
    with open_application(settings) as application:
        platform = application.platform
        asked = [
            Asked(local_operator(), case["question"], COLLECTION, platform.clock.today(), "extractive")
            for case in cases[:QUESTIONS]
        ]
        for one in asked[:WARM_UP_QUESTIONS]:
            platform.search(one, HITS)
        times_ms, processor_ms = [], []
        for one in asked:
            started, worked = time.perf_counter(), time.process_time()
            platform.search(replace(one), HITS)
            times_ms.append((time.perf_counter() - started) * 1000)
            processor_ms.append((time.process_time() - worked) * 1000)
    return {"evidence_ms": spread(times_ms), "processor_ms": spread(processor_ms), "questions": len(times_ms)}


def build(original: Path, home: Path, clause_count: int) -> None:
    """Copy a library and replicate its clauses; the file COMPLETE says that it was done, and how long it took."""
    shutil.copytree(original, home, ignore=shutil.ignore_patterns("*.sock", "originals", "*.log"))
    started = time.perf_counter()
    with open_application(Settings(home=home)) as application:
        engine = application.platform.engine
        for total in replicate(engine, read_originals(engine), clause_count):
            print(f"{total} clauses", flush=True)
    seconds = round(time.perf_counter() - started, 1)
    (home / COMPLETE).write_text(json.dumps({"replication_seconds": seconds}))


def main() -> None:
    """Replicate, measure, write JSON."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--clauses", type=int, default=500_000)
    options.add_argument("--cases", type=Path)
    options.add_argument("--keep", type=Path, help="Build here, or measure what was built here before.")
    options.add_argument("--only-build", action="store_true")
    options.add_argument("--out", type=Path, required=True)
    chosen = options.parse_args()
    cases = read_questions(chosen.cases or shared_folder() / "bench/qa/pbc_dev.jsonl")
    with tempfile.TemporaryDirectory(prefix="yinshu-scale-") as folder:
        home = chosen.keep or Path(folder) / "home"
        if not (home / COMPLETE).exists():
            build(chosen.home, home, chosen.clauses)
        result = {"clauses": chosen.clauses, **json.loads((home / COMPLETE).read_text())}
        if not chosen.only_build:
            result |= measure(Settings(home=home), cases)
        result["memory_mb_max"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
