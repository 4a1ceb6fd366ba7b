"""CBOR (RFC 8949), as far as requests and answers of AWS have it."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from isotherm.api.aws.faults import InvalidParameterValue

_DEEPEST = 32
_BREAK = object()
_TIME = 1
"""Tag of seconds since 1970."""
_MOST = 10_000
"""Parts of one list or map: nobody means more."""


def decode(body: bytes) -> Any:
    """Raises InvalidParameterValue for what is no CBOR."""
    reader = _Reader(body)
    try:
        found = reader.value(0)
    except (IndexError, struct.error, UnicodeDecodeError, OverflowError, ValueError, OSError):
        raise InvalidParameterValue("The body is no CBOR.") from None
    if found is _BREAK or reader.at != len(body):
        raise InvalidParameterValue("The body is no CBOR.")
    return found


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self.at = 0

    def _take(self, size: int) -> bytes:
        if size > len(self._body) - self.at:
            raise IndexError(size)
        taken = self._body[self.at : self.at + size]
        self.at += size
        return taken

    def _number(self, info: int) -> int | None:
        """The length or value that follows; None where it has no end of its own."""
        if info < 24:
            return info
        if info == 31:
            return None
        return int.from_bytes(self._take({24: 1, 25: 2, 26: 4, 27: 8}[info]), "big")

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError(depth)
        (first,) = self._take(1)
        kind, info = first >> 5, first & 31
        if info in (28, 29, 30):
            raise ValueError(info)
        if kind == 7:
            return self._simple(info)
        number = self._number(info)
        match kind:
            case 0 | 1:
                return (number if kind == 0 else -1 - number) if number is not None else _bad()
            case 2:
                return self._text(number, bytes, depth)
            case 3:
                return self._text(number, bytes, depth).decode()
            case 4:
                return self._items(number, lambda: self.value(depth + 1))
            case 5:
                pairs = self._items(number, lambda: self._pair(depth + 1))
                return dict(pairs)
        return self._tagged(number, self.value(depth + 1))

    def _text(self, size: int | None, kind: type[bytes], depth: int) -> bytes:
        if size is not None:
            return self._take(size)
        parts = self._items(None, lambda: self.value(depth + 1))
        return b"".join(each.encode() if isinstance(each, str) else each for each in parts)

    def _pair(self, depth: int) -> Any:
        key = self.value(depth)
        if key is _BREAK:
            return _BREAK
        return (key, self.value(depth)) if isinstance(key, str) else _bad()

    def _items(self, count: int | None, read: Callable[[], Any]) -> list[Any]:
        if count is not None:
            if count > _MOST:
                raise ValueError(count)
            found = [read() for _ in range(count)]
            return _bad() if _BREAK in found else found
        found = []
        while (each := read()) is not _BREAK:
            found.append(each)
            if len(found) > _MOST:
                raise ValueError(len(found))
        return found

    def _simple(self, info: int) -> Any:
        match info:
            case 20 | 21:
                return info == 21
            case 22 | 23:
                return None
            case 25:
                return struct.unpack(">e", self._take(2))[0]
            case 26:
                return struct.unpack(">f", self._take(4))[0]
            case 27:
                return struct.unpack(">d", self._take(8))[0]
            case 31:
                return _BREAK
        return _bad()

    def _tagged(self, tag: int | None, value: Any) -> Any:
        if tag == _TIME and isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        return value


def _bad() -> Any:
    raise ValueError


def encode(value: Any) -> bytes:
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case str():
            text = value.encode("utf-8", "replace")
            return _head(3, len(text)) + text
        case bytes():
            return _head(2, len(value)) + value
        case datetime():
            return _head(6, _TIME) + encode(float(value.timestamp()))
        case dict():
            pairs = b"".join(encode(key) + encode(each) for key, each in value.items())
            return _head(5, len(value)) + pairs
    return _head(4, len(value)) + b"".join(map(encode, value))


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    size = 1 << math.ceil(math.log2((number.bit_length() + 7) // 8))
    info = {1: 24, 2: 25, 4: 26, 8: 27}[size]
    return bytes([kind << 5 | info]) + number.to_bytes(size, "big")
