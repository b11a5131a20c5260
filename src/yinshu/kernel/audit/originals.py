"""What was really said, sealed so that only an auditor can read it and that one person's can be destroyed.

Each person has an X25519 key pair. The server keeps the public half and seals with it; the private half is itself
sealed to the auditors' public key, so that neither the server nor its administrator can read an original. Destroying
the private half erases the person: the chain holds only hashes of sealed bytes, which stay as they were.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, func, insert, select, update

from yinshu.kernel.audit.errors import KeyMissing, LedgerBroken, PersonErased
from yinshu.kernel.audit.keys import write_private
from yinshu.kernel.audit.store import append, stamp
from yinshu.kernel.audit.tables import originals, person_keys
from yinshu.kernel.base.clock import Clock
from yinshu.kernel.base.errors import BadInput, NotFound
from yinshu.kernel.base.ids import new_id

PUBLIC_BYTES = 32
NONCE_BYTES = 12
PASSPHRASE_CHARS_MIN = 8
_INFO = b"yinshu-ledger-original-1"


@dataclass(frozen=True)
class Sealed:
    """A kept original: its id and the SHA-256 of its sealed bytes, both to be written into the entry."""

    id: str
    sha256: str


def seal(public_key: bytes, content: bytes) -> bytes:
    """Encrypt for the holder of the private half: 32 bytes of a fresh public key, 12 of nonce, AES-256-GCM."""
    fresh = X25519PrivateKey.generate()
    shared = fresh.exchange(X25519PublicKey.from_public_bytes(public_key))
    own = fresh.public_key().public_bytes_raw()
    nonce = os.urandom(NONCE_BYTES)
    return own + nonce + AESGCM(_derive(shared, own + public_key)).encrypt(nonce, content, own)


def unseal(private_key: X25519PrivateKey, sealed: bytes) -> bytes:
    """What was sealed. Raises LedgerBroken when the key is another's or a byte was changed."""
    own, nonce = sealed[:PUBLIC_BYTES], sealed[PUBLIC_BYTES : PUBLIC_BYTES + NONCE_BYTES]
    try:
        shared = private_key.exchange(X25519PublicKey.from_public_bytes(own))
        key = _derive(shared, own + private_key.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(nonce, sealed[PUBLIC_BYTES + NONCE_BYTES :], own)
    except (InvalidTag, ValueError):
        raise LedgerBroken("原文无法解密：私钥不对，或密文被改动。请核对审计员私钥文件。") from None


def _derive(shared: bytes, context: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_INFO + context).derive(shared)


def make_auditor_key(private_file: Path, public_file: Path, passphrase: str) -> None:
    """Make the auditors' key pair: the private file is for their custody, the public one for the server.

    Raises BadInput for a short passphrase or when a file is already there.
    """
    if len(passphrase) < PASSPHRASE_CHARS_MIN:
        raise BadInput(f"口令太短，请至少用 {PASSPHRASE_CHARS_MIN} 个字符。")
    for path in (private_file, public_file):
        if path.exists():
            raise BadInput(f"{path} 已经存在。更换审计员密钥会使旧的原文只能用旧私钥读取，请先妥善保管并移走旧文件。")
    key = X25519PrivateKey.generate()
    protection = serialization.BestAvailableEncryption(passphrase.encode())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
    write_private(private_file, pem)
    public_file.write_text(key.public_key().public_bytes_raw().hex() + "\n", "ascii")


def read_auditor_public_key(path: Path) -> bytes | None:
    """The auditors' public key, or None where none was installed. Raises LedgerBroken for a damaged file."""
    if not path.exists():
        return None
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != PUBLIC_BYTES:
        raise LedgerBroken(f"{path} 不是审计员公钥。请用 yinshu audit new-key 生成的公钥文件替换。")
    return key


def read_auditor_private_key(path: Path, passphrase: str) -> X25519PrivateKey:
    """The auditors' private key. Raises KeyMissing, or BadInput for a wrong passphrase."""
    if not path.exists():
        raise KeyMissing(f"没有找到审计员私钥文件 {path}。")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode())
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, X25519PrivateKey):
        raise BadInput("口令不对，或这不是审计员私钥文件。请核对后重试。")
    return key


def keep_original(connection: Connection, clock: Clock, auditors: bytes, person: str, content: str) -> Sealed:
    """Seal what a person said and keep it in the caller's transaction. `auditors` is their public key.

    Raises PersonErased when the person's key was destroyed: nothing of theirs is kept any more.
    """
    row = connection.execute(select(person_keys).where(person_keys.c.person == person)).one_or_none()
    if row is not None and row.destroyed_at is not None:
        raise PersonErased(f"{person} 的密钥已销毁，不再保存其原文。")
    public = row.public_key if row is not None else _make_person_key(connection, clock, auditors, person)
    sealed = seal(public, content.encode())
    kept = Sealed(new_id("org"), hashlib.sha256(sealed).hexdigest())
    connection.execute(insert(originals).values(id=kept.id, person=person, sealed=sealed, made_at=stamp(clock)))
    return kept


def _make_person_key(connection: Connection, clock: Clock, auditors: bytes, person: str) -> bytes:
    key = X25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    connection.execute(
        insert(person_keys).values(
            person=person,
            public_key=public,
            sealed_private_key=seal(auditors, key.private_bytes_raw()),
            made_at=stamp(clock),
        )
    )
    return public


def read_original(connection: Connection, original_id: str, auditor: X25519PrivateKey) -> str:
    """What was said. Raises NotFound, PersonErased, or LedgerBroken for a wrong key or changed bytes."""
    row = connection.execute(select(originals).where(originals.c.id == original_id)).one_or_none()
    if row is None:
        raise NotFound(f"没有编号为 {original_id} 的原文。请核对台账记录中的编号。")
    keys = connection.execute(select(person_keys).where(person_keys.c.person == row.person)).one()
    if keys.sealed_private_key is None:
        raise PersonErased(f"{row.person} 的密钥已于 {keys.destroyed_at} 销毁，原文不可恢复。")
    private = X25519PrivateKey.from_private_bytes(unseal(auditor, keys.sealed_private_key))
    return unseal(private, row.sealed).decode()


def erase_person(connection: Connection, clock: Clock, person: str, *, by: str) -> int:
    """Destroy a person's key and record it; how many originals nobody can read any more. Raises NotFound."""
    row = connection.execute(select(person_keys).where(person_keys.c.person == person)).one_or_none()
    if row is None or row.destroyed_at is not None:
        raise NotFound(f"{person} 没有可销毁的密钥：没有保存过原文，或已经销毁。")
    count = connection.execute(
        select(func.count()).select_from(originals).where(originals.c.person == person)
    ).scalar_one()
    change = update(person_keys).where(person_keys.c.person == person)
    connection.execute(change.values(sealed_private_key=None, destroyed_at=stamp(clock)))
    append(connection, clock, actor=by, action="audit.person_erased", subject=person, payload={"originals": count})
    return count
