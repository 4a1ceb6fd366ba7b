"""How tests wait for what comes by itself, in another process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 300.0
"""Seconds. Machines are busy now and then, and it is only waited for what must come."""


def eventually(look: Callable[[], T | None]) -> T:
    """What ``look`` finds, as soon as it finds something."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, f"nothing in {PATIENCE:.0f} s"
        time.sleep(0.05)
    return found
