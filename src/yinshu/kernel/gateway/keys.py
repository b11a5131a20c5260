"""Keys of model servers, encrypted at rest by a key file of the data folder; a key goes in and is never shown again."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yinshu.kernel.gateway.errors import BadModel

KEY_FILE_NAME = "model-keys.key"
KEY_BITS = 256
NONCE_BYTES = 12
PRIVATE_MODE = 0o600
SECRET_CHARS_MAX = 4_096


class KeyRing:
    """Seals and opens secrets with AES-GCM; each is bound to the endpoint it belongs to."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, secret: str, endpoint_id: str) -> bytes:
        """The secret as ciphertext. Raises BadModel when it is too long to be a key."""
        if len(secret) > SECRET_CHARS_MAX:
            raise BadModel(f"模型密钥超过 {SECRET_CHARS_MAX} 个字符，请核对后重新填写。")
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), endpoint_id.encode())

    def open(self, sealed: bytes, endpoint_id: str) -> str:
        """The secret. Raises BadModel when the key file is not the one it was sealed with."""
        try:
            plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], endpoint_id.encode())
        except InvalidTag:
            raise BadModel(
                f"模型密钥解不开：数据文件夹中的 {KEY_FILE_NAME} 与加密时的不同。请恢复该文件，或重新填写密钥。"
            ) from None
        return plain.decode()


def load_key_ring(home: Path) -> KeyRing:
    """The ring of the data folder; its key file (mode 0600) is made on first use."""
    path = home / KEY_FILE_NAME
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    except FileExistsError:
        return KeyRing(path.read_bytes())
    key = AESGCM.generate_key(KEY_BITS)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return KeyRing(key)
