"""The cloud's time: it runs by itself, or stands still until it is told to advance."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch, from the machine or (manual) from `advance` alone."""

    def __init__(self, *, manual: bool = False, at: float | None = None) -> None:
        """`at`: where a manual clock stands at first, if not at the machine's time."""
        self._offset = 0.0
        self._frozen_at: float | None = (time.time() if at is None else at) if manual else None
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    @property
    def manual(self) -> bool:
        return self._frozen_at is not None

    def now(self) -> float:
        return time.time() + self._offset if self._frozen_at is None else self._frozen_at

    def freeze(self) -> None:
        """Stand still from now on."""
        self._frozen_at = self.now()

    def resume(self) -> None:
        """Run again, from the time at which the clock stood."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - time.time()
            self._frozen_at = None
            self._wake()

    def advance(self, seconds: float) -> None:
        """Go forward at once. Raises ValueError if `seconds` is negative."""
        if seconds < 0:
            raise ValueError("a clock cannot be turned back")
        if self._frozen_at is None:
            self._offset += seconds
        else:
            self._frozen_at += seconds
        self._wake()

    async def sleep(self, seconds: float) -> None:
        """Wait until this clock (not the machine's) has gone `seconds` forward."""
        due = self.now() + seconds
        while (left := due - self.now()) > 0:
            woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            sleeper = (due, woken)
            self._sleepers.append(sleeper)
            try:
                await asyncio.wait((woken,), timeout=None if self.manual else left)
            finally:
                self._sleepers.remove(sleeper)

    def _wake(self) -> None:
        now, manual = self.now(), self.manual
        for due, woken in self._sleepers:
            if (due <= now or not manual) and not woken.done():
                woken.set_result(None)


def iso_time(seconds: float, *, suffix: str = "Z") -> str:
    """`2026-01-31T12:00:00Z`; other suffixes are ".000000" or ".000000Z"."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S") + suffix


def time_of(text: str, *forms: str) -> float | None:
    """The time (UTC) that the text tells in one of the forms, those of `strptime`."""
    for form in forms:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
    return None
