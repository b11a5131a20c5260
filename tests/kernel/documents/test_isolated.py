"""Reading in a process of its own: same result, stopped at its limits, and alive for the next file."""

from __future__ import annotations

import os
import signal
import time

import pytest

from yinshu.kernel.documents import ParseLimits, ParseWorker, errors, parse, parse_isolated


@pytest.fixture(scope="module")
def worker():
    worker = ParseWorker()
    yield worker
    worker.close()


def read(worker: ParseWorker, data: bytes, name: str, limits: ParseLimits | None = None, **options):
    settings = {"ocr": None, "progress": None} | options
    return worker.parse(data, name, limits=limits or ParseLimits(), **settings)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx", "pdf", "xls"])
def test_the_result_is_the_same_as_in_process(make, worker, kind):
    data = getattr(make, kind)()
    assert read(worker, data, f"a.{kind}") == parse(data, f"a.{kind}")


def test_errors_keep_their_type_and_message(make, worker):
    data = make.docx()[:500]
    with pytest.raises(errors.DamagedFile) as near:
        parse(data, "坏.docx")
    with pytest.raises(errors.DamagedFile) as far:
        read(worker, data, "坏.docx")
    assert far.value.message == near.value.message


def test_a_slow_file_is_stopped_at_its_time(make, worker):
    data = make.drawn_pdf(lambda page: page.drawString(80, 700, "正文内容" * 8), pages=500)
    read(worker, make.docx(), "warm.docx")
    started = time.monotonic()
    with pytest.raises(errors.ParseTimeout, match=r"“慢.pdf”读取超时.*请"):
        read(worker, data, "慢.pdf", ParseLimits(seconds=0.3))
    assert time.monotonic() - started < 5
    assert read(worker, make.docx(), "a.docx").blocks


def test_a_file_that_needs_too_much_memory_is_stopped(make, worker):
    data = make.xlsx(
        lambda book: [book.active.append([f"值{row}-{column}" for column in range(20)]) for row in range(500)]
    )
    with pytest.raises(errors.DocumentError, match="请"):
        read(worker, data, "大表.xlsx", ParseLimits(memory_bytes=2 * 1024 * 1024))
    assert read(worker, data, "大表.xlsx").blocks


def test_a_crash_is_a_message_and_the_next_file_is_read(make, worker):
    data = make.drawn_pdf(lambda page: page.drawString(80, 700, "正文内容"), pages=400)

    def crash(done, total):
        if done == 5:
            os.kill(worker._process.pid, signal.SIGKILL)

    with pytest.raises(errors.DamagedFile, match="意外中止"):
        read(worker, data, "崩.pdf", progress=crash)
    assert read(worker, make.docx(), "a.docx").blocks


def test_progress_is_passed_on(make, worker):
    steps: list[tuple[int, int]] = []
    data = make.drawn_pdf(lambda page: page.drawString(80, 700, "正文内容"), pages=4)
    read(worker, data, "a.pdf", progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_one_process_serves_many_files(make, worker):
    read(worker, make.docx(), "a.docx")
    first = worker._process.pid
    read(worker, make.xlsx(), "a.xlsx")
    assert worker._process.pid == first


def test_plain_text_needs_no_process():
    assert parse_isolated("第一条　内容。".encode(), "a.txt").blocks[0].text == "第一条　内容。"
