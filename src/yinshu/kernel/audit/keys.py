"""The key that signs the ledger's heads: made once, kept where the bank says, readable by nobody else."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yinshu.kernel.audit.errors import LedgerBroken
from yinshu.kernel.base.lock import PRIVATE_MODE

ALGORITHM = "ed25519"
KEY_ID_DIGITS = 16


def key_id_of(public_key: bytes) -> str:
    """The first 16 hex digits of the public key's SHA-256, short enough to read out over the telephone."""
    return hashlib.sha256(public_key).hexdigest()[:KEY_ID_DIGITS]


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 key pair; the private half never leaves this object."""

    _private: Ed25519PrivateKey = field(repr=False)

    @property
    def public_bytes(self) -> bytes:
        """The 32 bytes of the public half."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return self._private.sign(message)


def signature_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is this key's over this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def load_signing_key(path: Path) -> SigningKey:
    """The key in a PEM file (mode 0600), made on first use. Raises LedgerBroken when the file holds something else."""
    if not path.exists():
        write_private(
            path,
            Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise LedgerBroken(f"{path} 不是 Ed25519 私钥（PEM）。请恢复原来的签名密钥文件，或移走它以生成新的。")
    return SigningKey(key)


def write_private(path: Path, content: bytes) -> None:
    """Make a file that only its owner can read; one that another process made first is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
