"""Sealing of secrets at rest: AES-256-GCM, bound to the row they belong to."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from isotherm.core.ids import random_piece
from isotherm.ports.store import StoreUnavailable

_VERSION = "2"
_FORMER = "1"
"""Sealed for a row as a whole, not for a place in it."""
_NONCE_BYTES = 12
_KEY_BYTES = 32


class UnsealableError(StoreUnavailable):
    """A sealed value cannot be opened: wrong key, wrong row or damaged. It can be again when
    the right key is there."""


class Key:
    """A sealing key with its id; the id tells nothing about the key."""

    __slots__ = ("cipher", "content_key", "id")

    def __init__(self, key: bytes) -> None:
        self.id = hashlib.sha256(b"isotherm key id\0" + key).hexdigest()[:8]
        self.cipher = AESGCM(key)
        self.content_key = hmac.digest(key, b"isotherm content ids", "sha256")

    @classmethod
    def from_passphrase(cls, passphrase: str) -> Key:
        """The key made of a configured string, such as an ``auth_encryption_key``."""
        derivation = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"isotherm sealing")
        return cls(derivation.derive(passphrase.encode()))

    @classmethod
    def from_file(cls, path: Path) -> Key:
        """The key kept in ``path``, created with mode 0600 if there is none.

        Processes that start at the same time end up with the same key. ValueError
        if the file holds anything else than a key.
        """
        if not path.exists():
            _create_key_file(path)
        try:
            key = base64.b64decode(path.read_bytes(), validate=False)
        except binascii.Error:
            key = b""
        if len(key) != _KEY_BYTES:
            raise ValueError(f"{path} does not hold a sealing key")
        return cls(key)


def _create_key_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, leaves alone what another process has put there first.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def is_placed(envelope: str) -> bool:
    """Whether a value was sealed for its place in a row."""
    return not envelope.startswith(f"{_FORMER}:")


def key_id_of(envelope: str) -> str:
    """The id of the key by which a value was sealed."""
    return envelope.split(":", 2)[1]


class Sealer:
    """Seals with the current key; opens what any of the known keys has sealed."""

    def __init__(self, current: Key, *former: Key) -> None:
        self._current = current
        self._keys = {key.id: key for key in (*former, current)}

    def seal(self, plain: bytes, row: str) -> str:
        """An envelope ``version:key id:base64`` that opens only for the same ``row``."""
        nonce = random_piece()[:_NONCE_BYTES]
        sealed = nonce + self._current.cipher.encrypt(nonce, plain, row.encode())
        return f"{_VERSION}:{self._current.id}:{base64.b64encode(sealed).decode()}"

    def open(self, envelope: str, row: str) -> bytes:
        """What was sealed; UnsealableError if it was not sealed for ``row`` by a known key."""
        version, _, rest = envelope.partition(":")
        key_id, _, text = rest.partition(":")
        if version not in (_VERSION, _FORMER):
            raise UnsealableError(f"unknown kind of sealed value for {row}")
        key = self._keys.get(key_id)
        if key is None:
            raise UnsealableError(f"{row} was sealed with key {key_id}, which is not configured")
        try:
            sealed = base64.b64decode(text, validate=True)
            return key.cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row.encode())
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise UnsealableError(f"the sealed value of {row} is damaged") from error

    def content_id(self, *parts: bytes) -> str:
        """64 hexadecimal digits: equal for equal parts, and no clue to them without the key."""
        digest = hmac.new(self._current.content_key, digestmod="sha256")
        for part in parts:
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return digest.hexdigest()
