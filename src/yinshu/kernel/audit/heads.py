"""Heads of the chain: signed, kept, put outside, written as a file of one canonical form, and checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from yinshu.kernel.audit.chain import canonical
from yinshu.kernel.audit.errors import LedgerBroken
from yinshu.kernel.audit.keys import ALGORITHM, SigningKey, key_id_of, signature_holds
from yinshu.kernel.audit.ports import Anchor
from yinshu.kernel.audit.records import Head, SignedHead
from yinshu.kernel.audit.store import read_head, stamp
from yinshu.kernel.audit.tables import ledger, signed_heads
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.database import Engine, writing

FORMAT = "yinshu-ledger-head-1"
HEADS_LISTED = 100


def signed_message(head: Head) -> bytes:
    """The bytes that are signed."""
    parts = (FORMAT, str(head.start_seq), head.start_hash, str(head.seq), head.hash, head.at)
    return "\n".join(parts).encode()


def sign_head(head: Head, key: SigningKey) -> SignedHead:
    """The head with a signature."""
    public = key.public_bytes
    signature = key.sign(signed_message(head)).hex()
    return SignedHead(head, ALGORITHM, key_id_of(public), public.hex(), signature)


def head_text(signed: SignedHead) -> str:
    """A signed head as one line of canonical JSON with a line feed."""
    head = signed.head
    fields = {
        "format": FORMAT,
        "seq": head.seq,
        "hash": head.hash,
        "at": head.at,
        "start_seq": head.start_seq,
        "start_hash": head.start_hash,
        "algorithm": signed.algorithm,
        "key_id": signed.key_id,
        "public_key": signed.public_key,
        "signature": signed.signature,
    }
    return canonical(fields) + "\n"


def read_head_text(text: str) -> SignedHead:
    """A signed head whose signature holds and whose every byte is as written. Raises LedgerBroken."""
    broken = LedgerBroken("链头文件被改动或不是银枢的链头文件。请使用导出时一并生成、另行保管的那一份。")
    try:
        fields = json.loads(text)
        head = Head(fields["seq"], fields["hash"], fields["at"], fields["start_seq"], fields["start_hash"])
        signed = SignedHead(head, fields["algorithm"], fields["key_id"], fields["public_key"], fields["signature"])
        public, signature = bytes.fromhex(signed.public_key), bytes.fromhex(signed.signature)
    except (ValueError, KeyError, TypeError):
        raise broken from None
    if head_text(signed) != text or signed.algorithm != ALGORITHM or signed.key_id != key_id_of(public):
        raise broken
    if not signature_holds(public, signed_message(head), signature):
        raise broken
    return signed


def take_head(engine: Engine, clock: Clock, key: SigningKey) -> SignedHead:
    """Sign the present end of the chain and keep it; the same end is signed once."""
    with writing(engine) as connection:
        head = read_head(connection)
        kept = connection.execute(select(signed_heads).where(signed_heads.c.seq == head.seq)).one_or_none()
        if kept is not None and kept.public_key == key.public_bytes.hex() and kept.start_seq == head.start_seq:
            return _kept(kept)
        signed = sign_head(Head(head.seq, head.hash, stamp(clock), head.start_seq, head.start_hash), key)
        row = {
            "hash": head.hash,
            "at": signed.head.at,
            "start_seq": head.start_seq,
            "start_hash": head.start_hash,
            "algorithm": signed.algorithm,
            "key_id": signed.key_id,
            "public_key": signed.public_key,
            "signature": signed.signature,
            "anchored_to": "",
        }
        if kept is None:
            connection.execute(insert(signed_heads).values(seq=head.seq, **row))
        else:
            connection.execute(update(signed_heads).where(signed_heads.c.seq == head.seq).values(**row))
    return signed


def anchor_head(engine: Engine, clock: Clock, key: SigningKey, anchors: Sequence[Anchor]) -> SignedHead:
    """Sign the end of the chain and put it at every place outside. Raises DependencyDown when one fails."""
    signed = take_head(engine, clock, key)
    for anchor in anchors:
        anchor.publish(signed)
    if anchors:
        names = "；".join(anchor.name for anchor in anchors)
        with writing(engine) as connection:
            row = signed_heads.c.seq == signed.head.seq
            connection.execute(update(signed_heads).where(row).values(anchored_to=names))
    return signed


def list_heads(connection: Connection, limit: int = HEADS_LISTED) -> list[tuple[SignedHead, str]]:
    """The latest signed heads with the places they were put, newest first."""
    query = select(signed_heads).order_by(signed_heads.c.seq.desc()).limit(limit)
    return [(_kept(row), row.anchored_to) for row in connection.execute(query)]


def heads_that_fail(connection: Connection) -> list[int]:
    """The seqs of signed heads that the chain no longer leads through, or whose signature does not hold."""
    start_seq = read_head(connection).start_seq
    joined = signed_heads.outerjoin(ledger, ledger.c.seq == signed_heads.c.seq)
    query = select(signed_heads, ledger.c.hash.label("chain_hash")).select_from(joined).order_by(signed_heads.c.seq)
    failing = []
    for row in connection.execute(query):
        head = _kept(row)
        signed = signature_holds(
            bytes.fromhex(head.public_key), signed_message(head.head), bytes.fromhex(head.signature)
        )
        in_chain = row.seq <= start_seq or row.chain_hash == row.hash
        if not (signed and in_chain):
            failing.append(row.seq)
    return failing


def _kept(row: Row[Any]) -> SignedHead:
    head = Head(row.seq, row.hash, row.at, row.start_seq, row.start_hash)
    return SignedHead(head, row.algorithm, row.key_id, row.public_key, row.signature)
