"""Values that flow through templates, plans and records.

A value is JSON-like data in which two markers may stand anywhere:
``Unknown`` for what is learnt only when an earlier step has run, and
``Secret`` around what must never be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Value = Any
"""JSON-like data with ``Unknown`` and ``Secret`` inside; a recursive type says little more."""

REDACTED = "******"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stands for a value known only after ``after`` (a resource name) has been dealt with."""

    after: str = ""

    def __str__(self) -> str:
        return f"(known after {self.after})" if self.after else "(unknown)"


class Secret:
    """Wraps a value that must not be shown; ``repr`` and ``str`` never reveal it."""

    __slots__ = ("_value",)

    def __init__(self, value: Value) -> None:
        self._value: Value = value.reveal() if isinstance(value, Secret) else value

    def reveal(self) -> Value:
        return self._value

    def __repr__(self) -> str:
        return f"Secret({REDACTED})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash((Secret, repr(self._value)))


class LostSecret(Secret):
    """A secret that cannot be read any more; who needs it meets the error that says why."""

    __slots__ = ("_error",)

    def __init__(self, error: Exception) -> None:
        super().__init__(None)
        self._error = error

    def reveal(self) -> Value:
        raise self._error

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


_SCALARS = frozenset({str, int, float, bool, type(None)})
"""What most values are made of. Asked for first; and ``dict`` before ``Mapping``, of which it is
many times slower to find out."""


def key_text(key: Any) -> str:
    """A scalar as JSON spells it as a key (``true``, ``null``, ``1.5``)."""
    if key is None:
        return "null"
    return str(key).lower() if isinstance(key, bool) else str(key)


def transform(value: Value, replace: Callable[[Unknown | Secret], Value]) -> Value:
    """A copy of ``value`` in which every marker is replaced by ``replace(marker)``."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, (Unknown, Secret)):
        return replace(value)
    if isinstance(value, (dict, Mapping)):
        return {key: transform(each, replace) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [transform(each, replace) for each in value]
    return value


def copied(value: Value) -> Value:
    """A copy whose maps and lists are nobody else's; what is in them never changes."""
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    return [copied(each) for each in value] if isinstance(value, list) else value


def redact(value: Value) -> Value:
    """A copy fit to be shown: secrets as asterisks, unknown values as their text."""
    return transform(value, lambda m: REDACTED if isinstance(m, Secret) else str(m))


def reveal(value: Value) -> Value:
    """A copy with all secrets opened, for the cloud call that needs them; unknowns stay."""
    return transform(value, lambda m: reveal(m.reveal()) if isinstance(m, Secret) else m)


def first_unknown(value: Value) -> Unknown | None:
    """The first ``Unknown`` anywhere inside ``value``."""
    if type(value) in _SCALARS:
        return None
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Secret):
        return first_unknown(value.reveal())
    if isinstance(value, (dict, Mapping)):
        return next((u for each in value.values() if (u := first_unknown(each))), None)
    if isinstance(value, (list, tuple)):
        return next((u for each in value if (u := first_unknown(each))), None)
    return None


def holds_secret(value: Value) -> bool:
    """Whether a ``Secret`` stands anywhere inside ``value``."""
    if type(value) in _SCALARS:
        return False
    if isinstance(value, Secret):
        return True
    if isinstance(value, (dict, Mapping)):
        return any(holds_secret(each) for each in value.values())
    if isinstance(value, (list, tuple)):
        return any(holds_secret(each) for each in value)
    return False


def has_marker(value: Value) -> bool:
    """Whether an ``Unknown`` or a ``Secret`` stands anywhere inside."""
    if isinstance(value, (Unknown, Secret)):
        return True
    if isinstance(value, dict):
        return any(has_marker(each) for each in value.values())
    if isinstance(value, list):
        return any(has_marker(each) for each in value)
    return False


def kind_of(value: Any) -> str:
    """What a value is, in words for messages."""
    if value is None:
        return "empty"
    words = {dict: "a map", list: "a list", str: "text", bool: "a boolean"}
    return words.get(type(value), "a number")
