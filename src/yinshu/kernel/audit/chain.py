"""The canonical form of an entry and the hash that ties it to the one before."""

from __future__ import annotations

import hashlib
import json

_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(value: object) -> str:
    """Plain JSON in the one form that is hashed: sorted keys, no spaces, characters as they are."""
    return _ENCODE(value)


def entry_body(seq: int, at: str, actor: str, action: str, subject: str, payload: object) -> str:
    """The text of an entry that is hashed."""
    return body_of(seq, at, actor, action, subject, _ENCODE(payload))


def body_of(seq: int, at: str, actor: str, action: str, subject: str, payload_text: str) -> str:
    """`entry_body` of a payload that is canonical text already."""
    return f"{_ENCODE([seq, at, actor, action, subject])[:-1]},{payload_text}]"


def chain_hash(prev_hash: str, body: str) -> str:
    """SHA-256 (hex) over the hash before, a line feed, and the body."""
    return hashlib.sha256(f"{prev_hash}\n{body}".encode()).hexdigest()


def entry_hash(prev_hash: str, seq: int, at: str, actor: str, action: str, subject: str, payload: object) -> str:
    """SHA-256 (hex) that ties an entry to the one before it."""
    return chain_hash(prev_hash, entry_body(seq, at, actor, action, subject, payload))
