"""Tokens: random, shown once, kept as hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32
KEY_PREFIX = "ysk_"
KEY_OPENING_CHARS = 12
_CSRF = b"yinshu csrf"


def new_token() -> str:
    """256 random bits, for a cookie or a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_key() -> str:
    """An API key; its beginning tells what it is, so that a scanner for lost secrets can find it."""
    return KEY_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token. It is random already, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(session_token: str) -> str:
    """What a page of this session must send along to change anything; it follows from the token and is kept nowhere."""
    return hmac.new(session_token.encode(), _CSRF, hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare without telling by the time how much was right."""
    return secrets.compare_digest(one.encode(), other.encode())
