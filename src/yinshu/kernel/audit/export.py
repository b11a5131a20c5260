"""The ledger as a file of lines that anybody can check without the database, and the check itself."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from yinshu.kernel.audit.chain import canonical, entry_body
from yinshu.kernel.audit.errors import LedgerBroken
from yinshu.kernel.audit.heads import head_text, read_head_text
from yinshu.kernel.audit.records import Head, SignedHead
from yinshu.kernel.audit.store import all_entries
from yinshu.kernel.base.database import Engine, reading

FORMAT = "yinshu-ledger-1"
LINE_BYTES_MAX = 16 * 1024 * 1024
_HASH_KEY = b'{"hash":"'
_ENTRY_KEY = b'","entry":'
_HASH_END = len(_HASH_KEY) + 64
_BODY_START = _HASH_END + len(_ENTRY_KEY)
_LINE_END = b"}\n"


@dataclass(frozen=True)
class FileReport:
    """The result of reading an export. `first_bad` is the seq of the first entry that does not hold."""

    records: int
    ok: bool
    first_bad: int | None
    reason: str
    head: SignedHead


def _file_header(head: Head) -> bytes:
    fields = {
        "format": FORMAT,
        "fields": ["seq", "at", "actor", "action", "subject", "payload"],
        "start_seq": head.start_seq,
        "start_hash": head.start_hash,
        "end_seq": head.seq,
    }
    return (canonical(fields) + "\n").encode()


def export_ledger(
    engine: Engine, sign: Callable[[], SignedHead], target: Path, head_file: Path
) -> tuple[int, SignedHead]:
    """Write the chain up to the head that `sign` gives, and the head beside it; entries written and the head.

    Both files appear whole or not at all. Every line is JSON: the hash first, then the entry in the very bytes that
    were hashed, so that checking needs no parser.
    """
    signed = sign()
    head = signed.head
    partial = target.with_name(target.name + ".partial")
    count = 0
    with partial.open("wb") as file:
        file.write(_file_header(head))
        with reading(engine) as connection:
            for entry in all_entries(connection, head.start_seq):
                if entry.seq > head.seq:
                    break
                at = entry.at.isoformat(timespec="microseconds")
                body = entry_body(entry.seq, at, entry.actor, entry.action, entry.subject, entry.payload).encode()
                file.write(_HASH_KEY + entry.hash.encode() + _ENTRY_KEY + body + _LINE_END)
                count += 1
        file.flush()
        os.fsync(file.fileno())
    head_file.write_text(head_text(signed), "utf-8")
    partial.replace(target)
    return count, signed


def verify_file(path: Path, head_file: Path, public_key: str = "") -> FileReport:
    """Check an export against its signed head, offline, in one pass.

    Every byte of the file takes part: an edit, a deletion, an insertion, a change of order or a cut end breaks a
    hash, the framing of a line, or the end that was signed. `public_key` (hex) is the key the auditor trusts; ""
    trusts the key in the head file. Raises LedgerBroken when the head file itself does not hold.
    """
    signed = read_head_text(_read_text(head_file))
    if public_key and signed.public_key != public_key.strip().lower():
        raise LedgerBroken("链头不是用所给的公钥签名的。请核对公钥，或查明是谁重新签了链头。")
    head = signed.head
    with path.open("rb") as file:
        if file.readline(LINE_BYTES_MAX) != _file_header(head):
            return FileReport(0, False, head.start_seq + 1, "文件首行与链头不符", signed)
        seq, digest = head.start_seq, head.start_hash.encode()
        sha256 = hashlib.sha256
        for line in file:
            seq += 1
            body = line[_BODY_START:-2]
            digest, said = sha256(digest + b"\n" + body).hexdigest().encode(), line[len(_HASH_KEY) : _HASH_END]
            if (
                digest != said
                or line[_HASH_END:_BODY_START] != _ENTRY_KEY
                or not line.startswith(_HASH_KEY)
                or line[-2:] != _LINE_END
                or not body.startswith(b"[%d," % seq)
            ):
                return FileReport(seq - 1 - head.start_seq, False, seq, "记录与哈希链不符", signed)
    if (seq, digest.decode()) != (head.seq, head.hash):
        first_bad = min(seq, head.seq) + 1 if seq != head.seq else seq
        return FileReport(seq - head.start_seq, False, first_bad, "文件末尾与签名的链头不符", signed)
    return FileReport(seq - head.start_seq, True, None, "", signed)


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise LedgerBroken("链头文件被改动或不是银枢的链头文件。请使用导出时一并生成、另行保管的那一份。") from None
