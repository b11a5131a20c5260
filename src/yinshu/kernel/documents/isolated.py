"""Untrusted files are read in a process of their own, which is stopped at a limit of time or memory."""

from __future__ import annotations

import atexit
import json
import os
import pickle
import select
import subprocess
import sys
import threading
import time

from yinshu.kernel.documents import errors, wire
from yinshu.kernel.documents.limits import DEFAULT, ParseLimits
from yinshu.kernel.documents.parse import Progress, parse
from yinshu.kernel.documents.ports import OcrEngine
from yinshu.kernel.documents.records import ParsedDocument
from yinshu.kernel.documents.sniff import is_plain_text, shown_name

RESIDENT_BYTES_MAX = 900 * 1024 * 1024
"""A worker that has grown beyond this is replaced before the next file."""
FILES_MAX = 1_000
_READ_BYTES = 1 << 20
_STARTUP_SECONDS = 60.0


class _Gone(Exception):
    """The worker's pipe is closed."""


class ParseWorker:
    """One warm reading process. Calls from several threads take turns."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        self._files = 0

    def parse(
        self, data: bytes, file_name: str, *, ocr: OcrEngine | None, limits: ParseLimits, progress: Progress | None
    ) -> ParsedDocument:
        """Like `parse`, and raises ParseTimeout or ParseOutOfMemory at the limits."""
        engine = pickle.dumps(ocr) if ocr is not None else None
        request = pickle.dumps((file_name, limits, engine, None))
        return wire.read_document(self._take_turn(request, data, file_name, limits, progress)["document"])

    def draw(self, data: bytes, file_name: str, page: int, width_pixels: int, limits: ParseLimits) -> bytes:
        """Like `render_page`, and raises ParseTimeout or ParseOutOfMemory at the limits."""
        request = pickle.dumps((file_name, limits, None, (page, width_pixels)))
        return wire.read_picture(self._take_turn(request, data, file_name, limits, None)["picture"])

    def _take_turn(
        self, request: bytes, data: bytes, file_name: str, limits: ParseLimits, progress: Progress | None
    ) -> wire.Message:
        with self._lock:
            try:
                return self._ask(request, data, shown_name(file_name), limits, progress)
            except BaseException as error:
                if not isinstance(error, errors.DocumentError) or isinstance(error, errors.ParseOutOfMemory):
                    self._stop()
                raise

    def close(self) -> None:
        """Stop the process."""
        with self._lock:
            self._stop()

    def _ask(
        self, request: bytes, data: bytes, name: str, limits: ParseLimits, progress: Progress | None
    ) -> wire.Message:
        for attempt in (1, 2):
            fresh = self._start()
            try:
                self._write(request)
                self._write(data)
                break
            except OSError as error:
                self._stop()
                if fresh or attempt == 2:
                    raise errors.damaged(name, detail=f"worker does not start: {error!r}") from error
        try:
            return self._listen(name, limits, progress, _STARTUP_SECONDS if fresh else 0.0)
        except _Gone as error:
            code = self._process.wait() if self._process is not None else None
            self._stop()
            raise errors.DamagedFile(
                name,
                "结构异常，读取过程意外中止",
                "请用原软件打开确认并另存一份，或拆分成几个文件后再上传",
                detail=f"worker ended with {code}",
            ) from error

    def _listen(self, name: str, limits: ParseLimits, progress: Progress | None, startup: float) -> wire.Message:
        """Follow the worker's messages until it replies or the time is over."""
        deadline = time.monotonic() + limits.seconds + startup
        kept = 0.0
        while True:
            message = self._receive(deadline, name)
            now = time.monotonic()
            if message.get("ocr") == "started":
                kept, deadline = deadline - now, now + limits.ocr_seconds_per_page
            elif message.get("ocr") == "done":
                deadline = now + kept
            elif "progress" in message and progress is not None:
                progress(*wire.read_progress(message["progress"]))
            elif message.keys() & {"error", "document", "picture"}:
                self._after_file(name)
                if "error" in message:
                    raise wire.read_error(message["error"])
                return message

    def _after_file(self, name: str) -> None:
        size = self._receive(time.monotonic() + _STARTUP_SECONDS, name).get("resident_bytes", 0)
        self._files += 1
        if (isinstance(size, int) and size > RESIDENT_BYTES_MAX) or self._files >= FILES_MAX:
            self._stop()

    def _start(self) -> bool:
        """Have a living process; true when it is a new one."""
        if self._process is not None and self._process.poll() is None:
            return False
        self._stop()
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "yinshu.kernel.documents.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        return True

    def _write(self, payload: bytes) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        wire.send(self._process.stdin, payload)  # type: ignore[arg-type]

    def _receive(self, deadline: float, name: str) -> wire.Message:
        """The next message. Raises ParseTimeout at the deadline and _Gone when the process has ended."""
        assert self._process is not None
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while True:
            message = self._take()
            if message is not None:
                return message
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                self._stop()
                raise errors.ParseTimeout(name, "读取超时，已停止", "请拆分成几个文件，或用原软件另存一份后再上传")
            chunk = os.read(descriptor, _READ_BYTES)
            if not chunk:
                raise _Gone
            self._buffer += chunk

    def _take(self) -> wire.Message | None:
        if len(self._buffer) < wire.HEADER.size:
            return None
        (length,) = wire.HEADER.unpack(self._buffer[: wire.HEADER.size])
        if length > wire.MESSAGE_BYTES_MAX:
            raise _Gone
        end = wire.HEADER.size + length
        if len(self._buffer) < end:
            return None
        payload = bytes(self._buffer[wire.HEADER.size : end])
        del self._buffer[:end]
        message = json.loads(payload)
        assert isinstance(message, dict)
        return message

    def _stop(self) -> None:
        process, self._process = self._process, None
        self._buffer.clear()
        self._files = 0
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue


_worker = ParseWorker()
_painter = ParseWorker()
"""Draws pages for readers, who do not wait until a long file has been read."""
atexit.register(_worker.close)
atexit.register(_painter.close)


def parse_isolated(
    data: bytes,
    file_name: str,
    *,
    ocr: OcrEngine | None = None,
    limits: ParseLimits = DEFAULT,
    progress: Progress | None = None,
) -> ParsedDocument:
    """Like `parse`, in a warm process of its own; plain text, which can do no harm, is read here.

    Raises `errors.DocumentError`; at the limits ParseTimeout or ParseOutOfMemory. `ocr` must be picklable.
    """
    if is_plain_text(data, file_name, limits):
        return parse(data, file_name, limits=limits)
    return _worker.parse(data, file_name, ocr=ocr, limits=limits, progress=progress)


def draw_isolated(data: bytes, file_name: str, page: int, width_pixels: int, limits: ParseLimits = DEFAULT) -> bytes:
    """Like `render.render_page`, in a warm process of its own. Raises `errors.DocumentError`."""
    return _painter.draw(data, file_name, page, width_pixels, limits)
