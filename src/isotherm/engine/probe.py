"""Named points of the engine at which tests stop it dead."""

from __future__ import annotations

from enum import Enum
from typing import Protocol


class Point(Enum):
    BEFORE_INTENT = "before intent"
    AFTER_INTENT = "after intent"
    AFTER_CALL = "after remote call"
    AFTER_END = "after the object's end"
    BEFORE_OUTCOME = "before outcome"
    AFTER_OUTCOME = "after outcome"


class Probe(Protocol):
    def reached(self, point: Point, resource: str) -> None:
        """Called whenever a step passes ``point``; a test's probe may raise to play a crash."""
        ...


class NoProbe:
    def reached(self, point: Point, resource: str) -> None:
        pass
