"""What a database says no with, and what of it is told."""

from __future__ import annotations

from enum import Enum

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from isotherm.ports.store import StoreUnavailable

REFUSES = "the database refuses what the service asks of it"


class Obstacle(Enum):
    """Why a transaction cannot be now, though the same one may be later; the value is how
    "the database" goes on in a sentence."""

    CONTENTION = "is busy"
    AWAY = "does not answer"
    READ_ONLY = "is read-only at the moment"
    FULL = "has no space left on its disk"
    BROKEN = "cannot write to its disk"

    @property
    def passes_soon(self) -> bool:
        """Whether it is worth while to try again in a moment; others last until somebody has
        looked after the machine."""
        return self in (Obstacle.CONTENTION, Obstacle.AWAY)


def cause(error: Exception) -> str:
    """The driver's message, without the statement and its values, in one line."""
    return " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())


def is_refusal(error: Exception) -> bool:
    """Whether the database refuses the work whatever its values are: no rights, no tables."""
    return isinstance(error, DBAPIError) and not isinstance(error, DataError | IntegrityError)


def unavailable(obstacle: Obstacle) -> StoreUnavailable:
    return StoreUnavailable(f"the database {obstacle.value}")
