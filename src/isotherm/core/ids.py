"""Identifiers and chosen physical names."""

from __future__ import annotations

import os
import string
from typing import NewType

# Kinds of ids have names where two of them meet in one call, so that none is taken for another.
ProjectId = NewType("ProjectId", str)
StackId = NewType("StackId", str)
EventId = NewType("EventId", str)
SourceId = NewType("SourceId", str)
MessageId = NewType("MessageId", str)

_ALPHABET = string.ascii_lowercase + string.digits
_PIECE = 16
_PIECES = 256
_VARIANTS = "89ab"
_LETTERS = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
"""For each byte a letter: some a little more often than others, which does no harm."""

# Random bytes from the system, fetched for many ids at once: each system call would let
# other threads run, which costs more than all the rest of making an id.
_pieces: list[bytes] = []
os.register_at_fork(after_in_child=_pieces.clear)


def new_id() -> str:
    """A random UUID in its canonical text form."""
    # What uuid.UUID does, in a quarter of its time.
    digits = random_piece().hex()
    variant = _VARIANTS[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def new_token(length: int = 12) -> str:
    """Lower-case letters and digits, ``length`` of them, from a secure source."""
    letters = b""
    while len(letters) < length:
        letters += random_piece().translate(_LETTERS)
    return letters[:length].decode()


def random_piece() -> bytes:
    """Sixteen bytes from a secure source that nobody else gets, whichever threads ask."""
    while True:
        try:
            return _pieces.pop()
        except IndexError:
            fresh = os.urandom(_PIECE * _PIECES)
            _pieces.extend(fresh[at : at + _PIECE] for at in range(0, len(fresh), _PIECE))


def physical_name(stack: str, resource: str, token: str, limit: int = 255) -> str:
    """``stack-resource-token``, shortened in the stack's part so that ``limit`` characters hold."""
    tail = f"-{resource}-{token}"
    if len(tail) >= limit:
        tail = f"-{resource[: max(0, limit - len(token) - 3)]}-{token}"
    return f"{stack[: max(1, limit - len(tail))]}{tail}"
