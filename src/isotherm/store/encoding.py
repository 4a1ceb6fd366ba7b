"""Values as JSON text, with every ``Secret`` in it sealed for the row it is kept in."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping
from typing import Any

import msgspec

from isotherm.core.values import LostSecret, Secret, Value, first_unknown
from isotherm.store.sealing import Sealer, UnsealableError, is_placed
from isotherm.store.types import storable

# A map with just this key stands for a secret; the same key in anybody's data gets a sign more.
_SEALED = "$sealed"
_QUOTED = f'"{_SEALED}'.encode()
# So does this one for a number that JSON has no word for, such as the infinite ones.
_NUMBER = "$number"
_NUMBER_QUOTED = f'"{_NUMBER}'.encode()
_NULL = b"null"
_MARKS = (_SEALED, _NUMBER)
# How an Unknown, a dataclass, would be encoded without complaint.
_PLAIN = msgspec.json.Encoder()
_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_UNKNOWN = b'{"after":'


class Encoding:
    """Turns values into text and back; ``row`` names the row a text belongs to.

    Each secret in a text is sealed for its place there, so that no two change places unnoticed.
    """

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def encode(self, value: Value, row: str) -> str:
        """JSON text; TypeError for what is neither JSON-like nor a Secret."""
        try:
            encoded, seals = self._encoded(value, row)
        except UnicodeEncodeError:
            return self.encode(_storable(value), row)
        if _UNKNOWN in encoded and first_unknown(value):
            raise TypeError(f"cannot be stored: {first_unknown(value)!r}")
        quoted = encoded.count(_QUOTED) != seals or _NUMBER_QUOTED in encoded
        if quoted or (_NULL in encoded and _is_odd(value)):
            encoded, _ = self._encoded(_escaped(value), row)
        return encoded.decode()

    def _encoded(self, value: Value, row: str) -> tuple[bytes, int]:
        """JSON text, and how many secrets are in it."""
        try:
            return _PLAIN.encode(value), 0
        except TypeError:
            # Few texts have secrets in them.
            pass
        places = itertools.count()

        def replace(found: object) -> dict[str, Any]:
            if isinstance(found, Mapping):
                return dict(found)
            if not isinstance(found, Secret):
                raise TypeError(f"cannot be stored: {type(found).__name__}")
            return {_SEALED: self.seal(found.reveal(), _place(row, next(places)))}

        return msgspec.json.encode(value, enc_hook=replace), next(places)

    def decode(self, text: str | bytes, row: str, *, patient: bool = False) -> Value:
        """The value again; UnsealableError where a secret in it cannot be opened. ``patient``
        raises it only when the secret is needed."""
        encoded = text.encode() if isinstance(text, str) else text
        if not _is_marked(encoded):
            return msgspec.json.decode(encoded)
        return _Opening(self, row, patient).opened(encoded)

    def seal(self, value: Value, row: str) -> str:
        """The value as a whole, sealed."""
        return self._sealer.seal(self.encode(value, row).encode(), row)

    def unseal(self, envelope: str, row: str) -> Value:
        """What ``seal`` was given; UnsealableError where it cannot be opened."""
        return self.decode(self._sealer.open(envelope, row), row)

    def content_id(self, *parts: bytes) -> str:
        """A name for content that tells nothing about it to who has no key."""
        return self._sealer.content_id(*parts)


def _is_marked(encoded: bytes) -> bool:
    return _QUOTED in encoded or _NUMBER_QUOTED in encoded


class _Opening:
    """Opens the secrets of one text, in their order."""

    def __init__(self, encoding: Encoding, row: str, patient: bool) -> None:
        self._encoding, self._row, self._patient = encoding, row, patient
        self._places = itertools.count()

    def opened(self, encoded: bytes) -> Value:
        """What a text says. A row may be big, with one secret in it: the parts that have none are
        not looked through."""
        parts = _PARTS.decode(encoded) if encoded.startswith(b"{") else {}
        if not parts or any(key.startswith("$") for key in parts):
            return self.open(msgspec.json.decode(encoded))
        return {key: self._part(bytes(part)) for key, part in parts.items()}

    def _part(self, encoded: bytes) -> Value:
        value = msgspec.json.decode(encoded)
        return self.open(value) if _is_marked(encoded) else value

    def open(self, value: Value) -> Value:
        if isinstance(value, dict):
            if value.keys() == {_SEALED}:
                return self._secret(value[_SEALED])
            if value.keys() == {_NUMBER}:
                return float(value[_NUMBER])
            return {_unescaped_key(key): self.open(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.open(each) for each in value]
        return value

    def _secret(self, envelope: str) -> Secret:
        place = _place(self._row, next(self._places))
        try:
            # Texts from before were sealed for the row as a whole.
            return Secret(
                self._encoding.unseal(envelope, place if is_placed(envelope) else self._row)
            )
        except UnsealableError as error:
            if self._patient:
                return LostSecret(error)
            raise


def _place(row: str, number: int) -> str:
    return f"{row}/{number}"


def _is_odd(value: Value) -> bool:
    """Whether there is a number inside that JSON has no word for. The standard encoder refuses
    those, and looks through big values faster than any code of ours."""
    try:
        json.dumps(value, allow_nan=False, default=_plain)
    except ValueError:
        return True
    return False


def _plain(found: object) -> dict[Any, Any] | None:
    """Nothing in place of what is sealed: that is looked through when it is."""
    return dict(found) if isinstance(found, Mapping) else None


def _escaped(value: Value) -> Value:
    if isinstance(value, float) and not math.isfinite(value):
        return {_NUMBER: str(value)}
    if isinstance(value, Mapping):
        return {_escaped_key(key): _escaped(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_escaped(each) for each in value]
    return value


def _escaped_key(key: Any) -> Any:
    return f"{key}$" if isinstance(key, str) and key.rstrip("$") in _MARKS else key


def _unescaped_key(key: str) -> str:
    return key[:-1] if key.endswith("$") and key.rstrip("$") in _MARKS else key


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
