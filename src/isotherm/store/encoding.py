"""Values as JSON text, with every ``Secret`` in it sealed for the row it is kept in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from isotherm.core.values import LostSecret, Secret, Value, first_unknown
from isotherm.store.sealing import Sealer, UnsealableError
from isotherm.store.types import storable

# A map with just this key stands for a secret; the same key in anybody's data gets a sign more.
_SEALED = "$sealed"
_QUOTED = f'"{_SEALED}'.encode()
# How an Unknown, a dataclass, would be encoded without complaint.
_UNKNOWN = b'{"after":'


class Encoding:
    """Turns values into text and back; ``row`` names the row a text belongs to."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def encode(self, value: Value, row: str) -> str:
        """JSON text; TypeError for what is neither JSON-like nor a Secret."""
        seals = 0

        def replace(found: object) -> dict[str, Any]:
            nonlocal seals
            if isinstance(found, Mapping):
                return dict(found)
            if not isinstance(found, Secret):
                raise TypeError(f"cannot be stored: {type(found).__name__}")
            seals += 1
            return {_SEALED: self.seal(found.reveal(), row)}

        try:
            encoded = msgspec.json.encode(value, enc_hook=replace)
        except UnicodeEncodeError:
            return self.encode(_storable(value), row)
        if _UNKNOWN in encoded and first_unknown(value):
            raise TypeError(f"cannot be stored: {first_unknown(value)!r}")
        if encoded.count(_QUOTED) != seals:
            encoded = msgspec.json.encode(_escaped(value), enc_hook=replace)
        return encoded.decode()

    def decode(self, text: str | bytes, row: str, *, patient: bool = False) -> Value:
        """The value again; UnsealableError where a secret in it cannot be opened. ``patient``
        raises it only when the secret is needed."""
        encoded = text.encode() if isinstance(text, str) else text
        value = msgspec.json.decode(encoded)
        return self._open(value, row, patient) if _QUOTED in encoded else value

    def seal(self, value: Value, row: str) -> str:
        """The value as a whole, sealed."""
        return self._sealer.seal(self.encode(value, row).encode(), row)

    def unseal(self, envelope: str, row: str) -> Value:
        """What ``seal`` was given; UnsealableError where it cannot be opened."""
        return self.decode(self._sealer.open(envelope, row), row)

    def content_id(self, *parts: bytes) -> str:
        """A name for content that tells nothing about it to who has no key."""
        return self._sealer.content_id(*parts)

    def _open(self, value: Value, row: str, patient: bool) -> Value:
        if isinstance(value, dict):
            if value.keys() == {_SEALED}:
                return self._secret(value[_SEALED], row, patient)
            opened = {key: self._open(each, row, patient) for key, each in value.items()}
            return {_unescaped_key(key): each for key, each in opened.items()}
        if isinstance(value, list):
            return [self._open(each, row, patient) for each in value]
        return value

    def _secret(self, envelope: str, row: str, patient: bool) -> Secret:
        try:
            return Secret(self.unseal(envelope, row))
        except UnsealableError as error:
            if patient:
                return LostSecret(error)
            raise


def _escaped(value: Value) -> Value:
    if isinstance(value, Mapping):
        return {_escaped_key(key): _escaped(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_escaped(each) for each in value]
    return value


def _escaped_key(key: Any) -> Any:
    return f"{key}$" if isinstance(key, str) and key.rstrip("$") == _SEALED else key


def _unescaped_key(key: str) -> str:
    return key[:-1] if key.endswith("$") and key.rstrip("$") == _SEALED else key


def _storable(value: Value) -> Value:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Secret):
        return Secret(_storable(value.reveal()))
    if isinstance(value, Mapping):
        return {_storable(key): _storable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(each) for each in value]
    return value
