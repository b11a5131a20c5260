"""A process under mixed load on the ledger: it says every number whose effect and record it was told are durable."""

from __future__ import annotations

import os
import sys
import threading
from itertools import count

from sqlalchemy import text

from yinshu.kernel.audit.records import Act
from yinshu.kernel.audit.store import append
from yinshu.kernel.audit.writer import LedgerWriter
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Connection, Engine, open_engine, writing

GROUPED_THREADS = 12
OWN_THREADS = 3


def main() -> None:
    url, start = sys.argv[1], int(sys.argv[2])
    engine = open_engine(url)
    writer = LedgerWriter(engine, Clock())
    numbers = count(start)
    lock = threading.Lock()

    def next_number() -> int:
        with lock:
            return next(numbers)

    threads = [threading.Thread(target=grouped, args=(writer, next_number)) for _ in range(GROUPED_THREADS)]
    threads += [threading.Thread(target=alone, args=(engine, next_number)) for _ in range(OWN_THREADS)]
    os.write(1, b"ready\n")
    for thread in threads:
        thread.start()
    threads[0].join()


def effect(connection: Connection, number: int) -> None:
    connection.execute(text("INSERT INTO effects VALUES (:number, :words)"), {"number": number, "words": "字" * 200})


def grouped(writer: LedgerWriter, next_number: object) -> None:
    while True:
        number = next_number()  # type: ignore[operator]
        writer.write(Act("p", "test.grouped", str(number)), lambda connection, n=number: effect(connection, n))
        os.write(1, b"%d\n" % number)


def alone(engine: Engine, next_number: object) -> None:
    while True:
        number = next_number()  # type: ignore[operator]
        with writing(engine) as connection:
            effect(connection, number)
            append(connection, Clock(), actor="p", action="test.alone", subject=str(number), payload={})
        os.write(1, b"%d\n" % number)


if __name__ == "__main__":
    main()
