"""The templates and environments that were read last, by their content."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from isotherm.core.diagnostics import Diagnostic
from isotherm.template.limits import Limits

_MOST_DOCUMENTS = 128
_MOST_BYTES = 2**20
"""Of all sources together; what is read of them takes about ten times as much memory."""

Source = str | bytes | Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A document without mistakes, as what it was read; the warnings about it, the limits that it
    was read with, and its size in bytes as far as one was counted."""

    document: T
    warnings: tuple[Diagnostic, ...]
    limits: Limits
    size: int = 0


class Key(NamedTuple):
    """What a source is known by, and its size in bytes."""

    digest: bytes
    size: int


class DocumentCache(Generic[T]):
    """Holds so many documents, and so many bytes of them; threads may share it."""

    def __init__(self, documents: int = _MOST_DOCUMENTS, size: int = _MOST_BYTES) -> None:
        self._documents, self._most = documents, size
        self._held: OrderedDict[Key, Read[T]] = OrderedDict()

    def get(self, key: Key | None, limits: Limits) -> Read[T] | None:
        """What was read of a source, where its limits were not wider than these."""
        if key is None or (read := self._held.pop(key, None)) is None:
            return None
        self._held[key] = read
        narrower = read.limits.nodes <= limits.nodes and read.limits.depth <= limits.depth
        return read if narrower and read.size <= limits.size else None

    def put(self, key: Key | None, read: Read[T]) -> None:
        if key is None or key.size > self._most:
            return
        self._held[key] = read
        while len(self._held) > self._documents or self._size() > self._most:
            self._held.popitem(last=False)

    def _size(self) -> int:
        return sum(key.size for key in tuple(self._held))


def key_of(source: Source, file: str) -> Key | None:
    """None for what has no form that could be compared."""
    try:
        content = source if isinstance(source, bytes) else _encoded(source)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None
    head = f"{type(source).__name__}\0{file}\0".encode(errors="replace")
    return Key(hashlib.sha256(head + content).digest(), len(content))


def _encoded(source: str | Mapping[str, Any]) -> bytes:
    """As JSON, numbers without end would be the same as null."""
    return source.encode() if isinstance(source, str) else msgspec.msgpack.encode(source)
