"""Identifiers and chosen physical names."""

from __future__ import annotations

import secrets
import string
import uuid

_ALPHABET = string.ascii_lowercase + string.digits


def new_id() -> str:
    """A random UUID in its canonical text form."""
    return str(uuid.uuid4())


def new_token(length: int = 12) -> str:
    """Lower-case letters and digits, ``length`` of them, from a secure source."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def physical_name(stack: str, resource: str, token: str, limit: int = 255) -> str:
    """``stack-resource-token``, shortened in the stack's part so that ``limit`` characters hold."""
    tail = f"-{resource}-{token}"
    if len(tail) >= limit:
        tail = f"-{resource[: max(0, limit - len(token) - 3)]}-{token}"
    return f"{stack[: max(1, limit - len(tail))]}{tail}"
