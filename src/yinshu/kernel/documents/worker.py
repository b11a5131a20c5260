"""The reading process: takes one file after another on standard input, within limits of time and memory.

Run as `python -m yinshu.kernel.documents.worker`; `isolated` starts it and speaks with it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import select
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from yinshu.kernel.documents import errors, wire
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.parse import out_of_memory, parse
from yinshu.kernel.documents.ports import Image, OcrEngine, OcrLine
from yinshu.kernel.documents.render import render_page
from yinshu.kernel.documents.sniff import shown_name

IDLE_SECONDS_MAX = 120.0
GRACE_SECONDS = 10.0
OCR_MEMORY_BYTES = 3 << 30
"""Address space an OCR engine may take on top of `memory_bytes`: models, threads and working buffers."""


@dataclass
class _WatchedEngine:
    """Tells the parent when a page goes to OCR and comes back, so that its time is counted apart."""

    engine: OcrEngine
    output: BinaryIO
    seconds: float

    def read(self, image: Image) -> Sequence[OcrLine]:
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        signal.setitimer(signal.ITIMER_REAL, self.seconds + GRACE_SECONDS)
        wire.send(self.output, wire.pack({"ocr": "started"}))
        try:
            return self.engine.read(image)
        finally:
            wire.send(self.output, wire.pack({"ocr": "done"}))
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.1))


@contextlib.contextmanager
def _limited(limits: ParseLimits, with_ocr: bool) -> Iterator[None]:
    """An alarm that ends the process (even inside C code), and a lid on its address space."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + GRACE_SECONDS)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    lid = _address_space() + limits.memory_bytes + (OCR_MEMORY_BYTES if with_ocr else 0)
    resource.setrlimit(resource.RLIMIT_AS, (min(lid, hard) if hard != resource.RLIM_INFINITY else lid, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _address_space() -> int:
    """Bytes of address space in use (Linux), otherwise 0."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def resident_bytes() -> int:
    """Bytes of memory in use (Linux), otherwise 0."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _answer(request: bytes, data: bytes, engines: dict[bytes, OcrEngine], output: BinaryIO) -> bytes:
    """Read one file, or draw one page of it; the reply as a message."""
    file_name, limits, engine_pickle, drawn = pickle.loads(request)  # noqa: S301 - from our own parent process only
    engine: OcrEngine | None = None
    if engine_pickle is not None:
        if engine_pickle not in engines:
            engines.clear()
            engines[engine_pickle] = pickle.loads(engine_pickle)  # noqa: S301 - likewise
        engine = _WatchedEngine(engines[engine_pickle], output, limits.ocr_seconds_per_page)

    def progress(done: int, total: int) -> None:
        wire.send(output, wire.pack({"progress": [done, total]}))

    try:
        with _limited(limits, engine is not None):
            if drawn is not None:
                page, width_pixels = drawn
                return wire.pack_picture(render_page(data, file_name, page, width_pixels, limits))
            return wire.pack_document(parse(data, file_name, ocr=engine, limits=limits, progress=progress))
    except errors.DocumentError as error:
        return wire.pack_error(error)
    except MemoryError:
        return wire.pack_error(out_of_memory(shown_name(file_name)))
    except Exception as error:  # noqa: BLE001 - the run boundary: a library's surprise is a damaged file
        return wire.pack_error(errors.damaged(shown_name(file_name), detail=repr(error)))


def main() -> None:
    """Serve until the parent goes away or is silent for two minutes."""
    source = os.fdopen(os.dup(0), "rb")
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    engines: dict[bytes, OcrEngine] = {}
    while True:
        ready, _, _ = select.select([source], [], [], IDLE_SECONDS_MAX)
        request = wire.receive(source) if ready else None
        data = wire.receive(source) if request is not None else None
        if request is None or data is None:
            return
        wire.send(output, _answer(request, data, engines, output))
        wire.send(output, wire.pack({"resident_bytes": resident_bytes()}))


if __name__ == "__main__":
    main()
