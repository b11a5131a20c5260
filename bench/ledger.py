"""Measures the ledger: durable appends a second in groups and alone, and records verified a second offline.

Rates are given by the clock and, for a machine with other load, by the seconds of processor time of this process.

`python -m bench.ledger [--out FILE]`; a fresh SQLite file in the temporary folder, which should be on the disk that
the bank uses.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import threading
import time
from pathlib import Path

from sqlalchemy import text

from yinshu.kernel.audit.export import verify_file
from yinshu.kernel.audit.office import AuditOffice, OfficeKeys
from yinshu.kernel.audit.records import Act
from yinshu.kernel.audit.store import append, verify_chain
from yinshu.kernel.audit.writer import LedgerWriter
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, metadata, open_engine, reading, writing

CALLERS = 64
APPENDS_EACH = 100
ALONE = 100
VERIFIED_RECORDS = 20_000
FILL_BATCH = 250


def act(number: int) -> Act:
    """An entry as an answer makes it, about 700 bytes."""
    evidence = [{"clause": number + n, "version": f"ver_{number:024d}", "article": "第三条"} for n in range(3)]
    detail = {"as_of": "2026-11-22", "status": "answered", "confidence": 0.8123, "evidence": evidence}
    return Act(
        f"person_{number % 500}",
        "knowledge.answered",
        f"run_{number:024d}",
        right="ask",
        model="extractive",
        evidence=(f"ver_{number:024d}",),
        result_digest="0" * 64,
        detail=detail,  # type: ignore[arg-type]
    )


def grouped(writer: LedgerWriter) -> dict[str, float]:
    """64 callers, each waiting for the disk before its next act; every act has an effect of one row."""
    times_ms: list[float] = []

    def effect(connection: Connection, number: int) -> None:
        connection.execute(text("INSERT INTO effects VALUES (:n, :w)"), {"n": number, "w": "字" * 100})

    def caller(which: int) -> None:
        for turn in range(APPENDS_EACH):
            number = which * APPENDS_EACH + turn
            started = time.perf_counter()
            writer.write(act(number), lambda connection, n=number: effect(connection, n))
            times_ms.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=caller, args=(which,)) for which in range(CALLERS)]
    started, started_cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, cpu_s = time.perf_counter() - started, time.process_time() - started_cpu
    times_ms.sort()
    return {
        "appends_per_s": round(len(times_ms) / seconds),
        "appends_per_cpu_s": round(len(times_ms) / cpu_s),
        "latency_ms_p50": round(statistics.median(times_ms), 2),
        "latency_ms_p95": round(times_ms[int(len(times_ms) * 0.95)], 2),
    }


def alone(engine: Engine) -> float:
    """Appends a second of one caller, each in a transaction of its own."""
    started = time.perf_counter()
    for number in range(ALONE):
        with writing(engine) as connection:
            append(connection, Clock(), actor="p", action="bench.alone", subject=str(number), payload={"n": number})
    return round(ALONE / (time.perf_counter() - started))


def verified(office: AuditOffice, engine: Engine, folder: Path) -> dict[str, float]:
    """Records verified a second in an export (one process), and in the database."""
    for first in range(0, VERIFIED_RECORDS, FILL_BATCH):
        waiting = [office.writer.submit(act(first + n)) for n in range(FILL_BATCH)]
        waiting[-1].result()
    started = time.perf_counter()
    count, _ = office.export("bench", folder / "chain", folder / "head")
    export_s = time.perf_counter() - started
    started, started_cpu = time.perf_counter(), time.process_time()
    report = verify_file(folder / "chain", folder / "head")
    file_s, file_cpu_s = time.perf_counter() - started, time.process_time() - started_cpu
    assert report.ok
    started = time.perf_counter()
    with reading(engine) as connection:
        assert verify_chain(connection).ok
    database_s = time.perf_counter() - started
    return {
        "records": count,
        "bytes_a_record": round((folder / "chain").stat().st_size / count),
        "verify_file_per_s": round(count / file_s),
        "verify_file_per_cpu_s": round(count / file_cpu_s),
        "verify_database_per_s": round(count / database_s),
        "export_per_s": round(count / export_s),
    }


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yinshu-bench-") as name:
        folder = Path(name)
        engine = open_engine(f"sqlite:///{folder / 'ledger.sqlite'}")
        metadata.create_all(engine)
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE effects (n INTEGER PRIMARY KEY, w TEXT)"))
        writer = LedgerWriter(engine, Clock())
        office = AuditOffice(engine, Clock(), writer, OfficeKeys(folder / "key", folder / "pub"))
        result = {"callers": CALLERS, **grouped(writer), "alone_per_s": alone(engine)}
        result |= verified(office, engine, folder)
        office.close()
        engine.dispose()
    print(json.dumps(result))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
