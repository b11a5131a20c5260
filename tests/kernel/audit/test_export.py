"""An export is checked offline against its signed head: every tampering is found, an untouched file never blamed."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from yinshu.kernel.audit.chain import canonical, chain_hash, entry_hash
from yinshu.kernel.audit.errors import LedgerBroken
from yinshu.kernel.audit.export import verify_file
from yinshu.kernel.audit.heads import read_head_text
from yinshu.kernel.audit.keys import load_signing_key
from yinshu.kernel.audit.office import AuditOffice
from yinshu.kernel.audit.records import Act
from yinshu.kernel.audit.store import read_entries
from yinshu.kernel.base.database import writing

ENTRIES = 120
FAST_TAMPERINGS = 300
TAMPERINGS = 10_000


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: what is exported does not depend on the database."""
    return sqlite_url


@pytest.fixture
def exported(office: AuditOffice, tmp_path: Path) -> tuple[Path, Path]:
    """A chain in a file, and its head."""
    futures = [
        office.writer.submit(Act(f"人{n % 7}", "test.act", str(n), detail={"n": n, "ratio": n / 7, "词": "规定"}))
        for n in range(ENTRIES - 1)
    ]
    assert all(one.result() is None for one in futures)
    office.export("auditor", tmp_path / "chain", tmp_path / "head")
    return tmp_path / "chain", tmp_path / "head"


def edit(lines: list[bytes], rng: random.Random) -> list[bytes]:
    """Change one byte to another."""
    at = rng.randrange(len(lines))
    place = rng.randrange(len(lines[at]))
    changed = bytes([(lines[at][place] + rng.randrange(1, 256)) % 256])
    lines[at] = lines[at][:place] + changed + lines[at][place + 1 :]
    return lines


def delete(lines: list[bytes], rng: random.Random) -> list[bytes]:
    del lines[rng.randrange(len(lines))]
    return lines


def repeat(lines: list[bytes], rng: random.Random) -> list[bytes]:
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return lines


def insert_byte(lines: list[bytes], rng: random.Random) -> list[bytes]:
    at = rng.randrange(len(lines))
    place = rng.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:place] + rng.choice([b" ", b"\n", b"0", b"}"]) + lines[at][place:]
    return lines


def forge(lines: list[bytes], rng: random.Random) -> list[bytes]:
    """Change an entry and recompute every hash behind it, as an administrator of the database could."""
    at = rng.randrange(1, len(lines))
    prev = lines[at - 1][9:73].decode() if at > 1 else "0" * 64
    entry = [at, "2026-11-22T04:00:00.000000+00:00", "forger", "test.act", "x", {}]
    for place in range(at, len(lines)):
        digest = entry_hash(prev, *entry) if place == at else _rehash(prev, lines[place])
        body = _body(entry) if place == at else lines[place][83:-2]
        lines[place] = b'{"hash":"' + digest.encode() + b'","entry":' + body + b"}\n"
        prev = digest
    return lines


def _body(entry: list[object]) -> bytes:
    return canonical(entry).encode()


def _rehash(prev: str, line: bytes) -> str:
    return chain_hash(prev, line[83:-2].decode())


def swap(lines: list[bytes], rng: random.Random) -> list[bytes]:
    first, second = rng.sample(range(len(lines)), 2)
    lines[first], lines[second] = lines[second], lines[first]
    return lines


def cut(lines: list[bytes], rng: random.Random) -> list[bytes]:
    whole = b"".join(lines)
    return [whole[: rng.randrange(len(whole))]]


def extend(lines: list[bytes], rng: random.Random) -> list[bytes]:
    lines.append(lines[-1].replace(b"[%d," % (len(lines) - 1), b"[%d," % len(lines)))
    return lines


TRICKS: tuple[Callable[[list[bytes], random.Random], list[bytes]], ...] = (
    edit, delete, repeat, insert_byte, forge, swap, cut, extend,
)  # fmt: skip


def count_missed(chain: Path, head: Path, times: int) -> list[str]:
    """The tricks that were not noticed."""
    rng = random.Random(20_261_122)
    whole = chain.read_bytes()
    lines = whole.splitlines(keepends=True)
    missed, tried = [], 0
    while tried < times:
        trick = TRICKS[tried % len(TRICKS)]
        changed = b"".join(trick(list(lines), rng))
        if changed == whole:
            continue
        tried += 1
        chain.write_bytes(changed)
        if verify_file(chain, head).ok:
            missed.append(trick.__name__)
    chain.write_bytes(whole)
    return missed


def test_an_untouched_export_holds(exported: tuple[Path, Path]) -> None:
    report = verify_file(*exported)
    assert (report.ok, report.records, report.first_bad) == (True, ENTRIES, None)


def test_every_one_of_300_random_tamperings_is_found(exported: tuple[Path, Path]) -> None:
    assert count_missed(*exported, FAST_TAMPERINGS) == []
    assert verify_file(*exported).ok


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_every_one_of_10_000_random_tamperings_is_found(exported: tuple[Path, Path]) -> None:
    assert count_missed(*exported, TAMPERINGS) == []


def test_the_first_changed_entry_is_named(exported: tuple[Path, Path]) -> None:
    chain, head = exported
    lines = chain.read_bytes().splitlines(keepends=True)
    lines[40] = lines[40].replace(b"test.act", b"test.bad")
    chain.write_bytes(b"".join(lines))
    assert verify_file(chain, head).first_bad == 40


def test_any_change_of_a_byte_of_the_head_file_is_found(exported: tuple[Path, Path]) -> None:
    chain, head = exported
    whole = head.read_bytes()
    for place in range(len(whole)):
        head.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(LedgerBroken):
            verify_file(chain, head)
    head.write_bytes(whole + b"\n")
    with pytest.raises(LedgerBroken):
        verify_file(chain, head)


def test_a_head_signed_with_another_key_is_refused(exported: tuple[Path, Path], tmp_path: Path) -> None:
    trusted = read_head_text(exported[1].read_text()).public_key
    assert verify_file(*exported, trusted).ok
    other = load_signing_key(tmp_path / "other.key").public_bytes.hex()
    with pytest.raises(LedgerBroken, match="公钥"):
        verify_file(*exported, other)


def test_a_chain_rewritten_in_the_database_no_longer_leads_through_its_signed_heads(
    office: AuditOffice, engine: Engine
) -> None:
    for number in range(5):
        office.writer.write(Act("p", "test.act", str(number)))
    office.sign()
    office.writer.write(Act("p", "test.act", "later"))
    assert office.verify("auditor")[1] == []
    with writing(engine) as connection:
        prev = "0" * 64
        for entry in read_entries(connection):
            at = entry.at.isoformat(timespec="microseconds")
            digest = entry_hash(prev, entry.seq, at, "forger", entry.action, entry.subject, entry.payload)
            connection.execute(
                text("UPDATE ledger SET actor = 'forger', prev_hash = :prev, hash = :hash WHERE seq = :seq"),
                {"prev": prev, "hash": digest, "seq": entry.seq},
            )
            prev = digest
        connection.execute(text("UPDATE ledger_head SET hash = :hash"), {"hash": prev})
    report, failing = office.verify("auditor")
    assert report.ok
    assert failing == [5]
