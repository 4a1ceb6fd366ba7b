"""How big a document may be; operators may set other numbers."""

from __future__ import annotations

from dataclasses import dataclass

from isotherm.core.values import Secret, Value


@dataclass(frozen=True, slots=True)
class Limits:
    """``size`` in bytes, ``depth`` of lists and maps, ``nodes`` with aliases expanded."""

    size: int = 524_288
    depth: int = 100
    nodes: int = 500_000


DEFAULT_LIMITS = Limits()
UNLIMITED_SIZE = Limits(size=2**63, nodes=50_000_000)

MAX_TEXT = 16 * 2**20
"""Most text, in characters, that a value may have: as one, or in all its parts."""

_PART = 256
"""What a part of a value costs beside its text: about what it takes of memory and time."""

MOST_EFFORT = 8 * MAX_TEXT
EFFORT_EACH = 2**14
"""What the functions of a template may do, and how much more for each of its resources: in
characters of text that they read or write."""

MAX_ITEMS = 1_000_000
"""Longest list that a function may make."""


def weight(value: Value) -> int:
    """How big a value is, in characters, when it is written out; what is used in several places
    counts in each, and each part counts something. Counting stops beyond ``MAX_TEXT``."""
    total, waiting = 0, [value]
    while waiting and total <= MAX_TEXT:
        part = waiting.pop()
        total += _PART
        if isinstance(part, str):
            total += len(part)
        elif isinstance(part, dict):
            total += sum(map(len, part)) + _PART * len(part)
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, Secret):
            waiting.append(part.reveal())
    return total
