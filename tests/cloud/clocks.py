"""A clock that a test turns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class TurnedClock:
    """Sleeping takes no time but moves the clock; ``slept`` lists for how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._passed = 0.0
        self._start = datetime.now(UTC)

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.turn(seconds)

    def turn(self, seconds: float) -> None:
        self._passed += seconds
