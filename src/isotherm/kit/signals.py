"""What a signal finds and what it does: rules of types, without any effect of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from isotherm.core.values import Value


@dataclass(frozen=True, slots=True)
class Signalled:
    """A resource as it is when a signal comes for it."""

    properties: Mapping[str, Value]
    metadata: Mapping[str, Value]
    data: Mapping[str, Value]
    now: datetime
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Forward:
    """Something for another resource of the stack, found by what refers to it."""

    reference: Value
    details: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Received:
    """What a signal changes of the resource; ``reason`` is told by the event, if any.

    ``adjusts``: the object is to be brought to what ``data`` says now, by ``adjust``.
    ``renews``: a reference to another resource of the stack, which is to be made anew.
    """

    reason: str = ""
    metadata: Mapping[str, Value] | None = None
    data: Mapping[str, Value] | None = None
    forward: Forward | None = None
    adjusts: bool = False
    renews: Value = None
