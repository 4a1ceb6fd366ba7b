"""How big a document may be; operators may set other numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """``size`` in bytes, ``depth`` of lists and maps, ``nodes`` with aliases expanded."""

    size: int = 524_288
    depth: int = 100
    nodes: int = 500_000


DEFAULT_LIMITS = Limits()
UNLIMITED_SIZE = Limits(size=2**63, nodes=50_000_000)

MAX_TEXT = 16 * 2**20
"""Longest text, in characters, that a function may make."""

MAX_ITEMS = 1_000_000
"""Longest list that a function may make."""
