"""Time and memory over the regulations: one asker, twenty askers, and while vectors are computed.

python -m bench.latency --out build/bench/latency.json            everything, from an empty data folder
python -m bench.latency --home FOLDER --out FILE                  a folder that holds the collection already
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.serving import Server, read_questions, run_yinshu, running_server, shared_folder, spread

COLLECTION = "pbc"
ASKERS = 20
QUESTIONS_PER_ASKER = 12
WARM_UP_QUESTIONS = 5
QUESTIONS_WHILE_EMBEDDING = 40
VECTOR_SECONDS_MAX = 1_500


def ask_in_turn(server: Server, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """One asker, one question after the other."""
    connection = server.connect()
    evidence_ms, answer_ms, wall_ms = [], [], []
    for question in questions:
        started = time.perf_counter()
        result = server.post(connection, "/api/ask", body(question))
        wall_ms.append((time.perf_counter() - started) * 1000)
        evidence_ms.append(result["latency_ms"]["evidence"])
        answer_ms.append(result["latency_ms"]["answer"])
    connection.close()
    return {
        "questions": len(questions),
        "evidence_ms": spread(evidence_ms),
        "answer_ms": spread(answer_ms),
        "wall_ms": spread(wall_ms),
    }


def ask_together(server: Server, questions: list[dict[str, Any]], askers: int, each: int) -> dict[str, Any]:
    """Many askers at once, each asking `each` questions without a pause."""
    barrier = threading.Barrier(askers)

    def one(number: int) -> list[float]:
        connection = server.connect()
        barrier.wait()
        times_ms = []
        for turn in range(each):
            question = questions[(number * each + turn) % len(questions)]
            started = time.perf_counter()
            server.post(connection, "/api/ask", body(question))
            times_ms.append((time.perf_counter() - started) * 1000)
        connection.close()
        return times_ms

    started = time.perf_counter()
    with ThreadPoolExecutor(askers) as threads:
        times_ms = [value for part in threads.map(one, range(askers)) for value in part]
    seconds = time.perf_counter() - started
    return {"askers": askers, "questions": len(times_ms), "wall_ms": spread(times_ms), "per_s": len(times_ms) / seconds}


def body(question: dict[str, Any]) -> dict[str, Any]:
    """The request of a case."""
    return {"question": question["question"], "collection": COLLECTION, "as_of": question.get("as_of")}


def fill(server: Server, corpus: Path, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """Take the corpus in and ask while its vectors are computed; waits for them."""
    started = time.perf_counter()
    index = str(corpus / "index.csv")
    report = run_yinshu(
        server.home,
        *("knowledge", "ingest", str(corpus / "text"), "--collection", COLLECTION, "--index", index, "--published"),
    )
    text_seconds = time.perf_counter() - started
    meanwhile = ask_in_turn(server, questions[:QUESTIONS_WHILE_EMBEDDING])
    vectors = wait_for_vectors(server)
    return {
        "text_searchable_seconds": round(text_seconds, 1),
        "clauses": report.get("clauses"),
        "failed": len(report.get("failed", [])),
        "while_embedding": meanwhile,
        "vectors_seconds": round(time.perf_counter() - started, 1),
        "vectors": vectors,
        "memory_mb": server.memory_mb(),
    }


def wait_for_vectors(server: Server) -> dict[str, int]:
    """Clauses and vectors of the collection, once they are equal or the time is up."""
    deadline = time.monotonic() + VECTOR_SECONDS_MAX
    while True:
        listed = run_yinshu(server.home, "knowledge", "collections")["collections"]
        counts = next(one for one in listed if one["name"] == COLLECTION)
        if counts["vectors"] >= counts["clauses"] or time.monotonic() > deadline:
            return {"clauses": counts["clauses"], "vectors": counts["vectors"]}
        time.sleep(5)


def main() -> None:
    """Measure and write JSON."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path, help="a data folder that holds the collection already")
    options.add_argument("--cases", type=Path, help="questions (JSONL); default: the development cases")
    options.add_argument("--out", type=Path, required=True)
    chosen = options.parse_args()
    questions = read_questions(chosen.cases or shared_folder() / "bench/qa/pbc_dev.jsonl")
    result: dict[str, Any] = {}
    with ExitStack() as stack:
        home = chosen.home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yinshu-bench-")))
        if chosen.home is None:
            run_yinshu(home, "init")
        server = stack.enter_context(running_server(home))
        if chosen.home is None:
            result["fill"] = fill(server, shared_folder() / "corpora/regulations/pbc", questions)
        ask_in_turn(server, questions[:WARM_UP_QUESTIONS])
        result["alone"] = ask_in_turn(server, questions)
        result["together"] = ask_together(server, questions, ASKERS, QUESTIONS_PER_ASKER)
        result["memory_mb"] = server.memory_mb()
    if "fill" in result:
        slow, quick = (part["answer_ms"]["p50"] for part in (result["fill"]["while_embedding"], result["alone"]))
        result["slow_down_while_embedding"] = round(slow / quick, 2)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
