"""Mutated files of every format: a document or a message, never a crash, never a hang."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest

from yinshu.kernel.documents import ParseLimits, ParseWorker, errors

SECONDS_MAX = 20.0
FAST_COUNT = 60
LONG_COUNT = 2_000
ARCHIVES = ("docx", "xlsx", "pptx")
PAGE = "<html><body><h1>通知</h1><table><tr><td rowspan=3>甲<td>乙<tr><td>丙</table><ol><li>丁<li>戊</ol></body></html>"
MARKDOWN = "# 通知\n\n1. 甲\n   - 乙\n\n|项目|标准|\n|-|-|\n|挂失|10|\n\n<b>丙</b>\n\n```\n丁\n```\n"


@pytest.fixture(scope="module")
def seeds(make) -> dict[str, bytes]:
    picture = make.picture(size=14)
    table = (("项目", "标准"), ("跨行转账", "5元/笔"))
    found = {kind: getattr(make, kind)() for kind in ("docx", "xlsx", "pptx", "xls")}
    found |= {
        "pdf": make.pdf(("第一条　收费标准如下：", table, "第二条　自发布之日起执行。")),
        "scan.pdf": make.scanned_pdf(picture),
        "png": make.png(picture),
        "jpg": make.png(picture, "JPEG"),
        "tif": make.png(picture, "TIFF"),
        "bmp": make.png(picture.resize((200, 200)), "BMP"),
        "html": PAGE.encode(),
        "md": MARKDOWN.encode(),
        "csv": "项目,标准\n转账,5\n挂失,10\n".encode("gb18030"),
        "txt": "第一条　账户管理。\n第二条　附则。\n".encode("utf-16"),
    }
    return found


def mutated(seeds: dict[str, bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` broken files, the same for the same seed."""
    chance = random.Random(seed)
    kinds = sorted(seeds)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        data = seeds[kind]
        if kind in ARCHIVES and chance.random() < 0.6:
            yield kind, inside(data, seeds, chance)
        else:
            yield kind, broken(data, seeds, chance)


def broken(data: bytes, seeds: dict[str, bytes], chance: random.Random) -> bytes:
    """One to three injuries: flipped bits, a cut, a splice, zeros, a doubled stretch, changed digits."""
    for _ in range(chance.randint(1, 3)):
        if not data:
            break
        start = chance.randrange(len(data))
        end = min(len(data), start + chance.randint(1, 2000))
        match chance.randrange(6):
            case 0:
                torn = bytearray(data)
                for _ in range(chance.choice((1, 4, 32, 256))):
                    torn[chance.randrange(len(torn))] ^= 1 << chance.randrange(8)
                data = bytes(torn)
            case 1:
                data = data[:start]
            case 2:
                other = seeds[chance.choice(sorted(seeds))]
                place = chance.randrange(len(other))
                data = data[:start] + other[place : place + chance.randint(1, 4000)] + data[end:]
            case 3:
                data = data[:start] + bytes(end - start) + data[end:]
            case 4:
                data = data[:end] + data[start:end] * chance.randint(1, 50) + data[end:]
            case _:
                digit = str(chance.randrange(10)).encode()
                data = data[:start] + data[start:end].translate(bytes.maketrans(b"0123456789", digit * 10)) + data[end:]
    return data


def inside(data: bytes, seeds: dict[str, bytes], chance: random.Random) -> bytes:
    """Injuries to one part of an archive, which is then packed correctly, so that they reach the readers."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        victim = chance.choice([name for name in names if name.endswith((".xml", ".rels"))])
        for name in names:
            part = old.read(name)
            if name != victim:
                new.writestr(name, part)
            elif chance.random() < 0.9:
                new.writestr(name, shuffled(part, chance) if chance.random() < 0.5 else broken(part, seeds, chance))
    return file.getvalue()


def shuffled(part: bytes, chance: random.Random) -> bytes:
    """XML with tags moved, doubled and lost."""
    tags = part.split(b"<")
    for _ in range(chance.randint(1, 8)):
        here, there = chance.randrange(len(tags)), chance.randrange(len(tags))
        match chance.randrange(3):
            case 0:
                tags[here], tags[there] = tags[there], tags[here]
            case 1:
                tags.insert(here, tags[there])
            case _ if len(tags) > 2:
                del tags[here]
    return b"<".join(tags)


def campaign(seeds: dict[str, bytes], engine: object, count: int, seed: int) -> Counter[str]:
    """Read every mutation in a worker; what came of them, by name. Each stays within its time."""
    worker, outcomes = ParseWorker(), Counter[str]()
    try:
        for number, (kind, data) in enumerate(mutated(seeds, count, seed)):
            started = time.monotonic()
            name = f"{number}.{kind}"
            outcome, named = attempt(worker, data, name, engine)
            outcomes[outcome] += 1
            assert named, name
            assert time.monotonic() - started < SECONDS_MAX + 10
    finally:
        worker.close()
    return outcomes


def attempt(worker: ParseWorker, data: bytes, name: str, engine: object) -> tuple[str, bool]:
    """What came of one file, and whether that is whole: blocks, or a message that names the file."""
    try:
        limits = ParseLimits(seconds=SECONDS_MAX)
        return "read", bool(worker.parse(data, name, ocr=engine, limits=limits, progress=None).blocks)
    except errors.DocumentError as error:
        crashed = "意外中止" in error.message
        return "crash" if crashed else type(error).__name__, f"“{name}”" in error.message


def test_a_sample_of_mutated_files_gives_documents_or_messages(seeds, blank_engine):
    outcomes = campaign(seeds, blank_engine, FAST_COUNT, seed=20261122)
    assert outcomes["crash"] == outcomes["ParseTimeout"] == 0
    assert outcomes["read"] > 0
    assert outcomes["DamagedFile"] > 0


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_two_thousand_mutated_files_give_documents_or_messages(seeds, blank_engine):
    outcomes = campaign(seeds, blank_engine, LONG_COUNT, seed=1)
    assert outcomes["crash"] == outcomes["ParseTimeout"] == 0
    assert outcomes["read"] > LONG_COUNT / 10
