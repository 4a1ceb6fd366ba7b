"""Waiting that ends early when a traversal has to stop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from isotherm.core.clock import Clock
from isotherm.engine.interruptions import Overtaken, TimedOut


class Halt:
    """Tells the steps of one traversal to stop: overtaken, or out of time.

    A remote call that is under way is finished (its outcome must be recorded); only
    waiting ends, and nothing new begins.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._cause: Exception | None = None
        self._sleepers: set[asyncio.Task[object]] = set()
        self._listener: Callable[[asyncio.Task[object]], None] = _nobody
        self.raised = asyncio.Event()

    def overtake(self) -> None:
        self._raise(Overtaken())

    def time_out(self) -> None:
        self._raise(TimedOut())

    @contextmanager
    def heard_by(self, listener: Callable[[asyncio.Task[object]], None]) -> Iterator[None]:
        """Who is told which task begins to wait, for as long as the context is open."""
        self._listener = listener
        try:
            yield
        finally:
            self._listener = _nobody

    def _raise(self, cause: Exception) -> None:
        if self._cause is None:
            self._cause = cause
            self.raised.set()
            for task in self._sleepers:
                task.cancel()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    @property
    def timed_out(self) -> bool:
        return isinstance(self._cause, TimedOut)

    @property
    def overtaken(self) -> bool:
        return isinstance(self._cause, Overtaken)

    def raise_if_halted(self) -> None:
        """Raises Overtaken or TimedOut if the traversal has to stop."""
        if self._cause is not None:
            raise type(self._cause)

    async def sleep(self, seconds: float, news: asyncio.Event | None = None) -> None:
        """Wait on the clock, or until ``news`` come if that is earlier. Raises Overtaken or
        TimedOut, at once when the halt comes."""
        self.raise_if_halted()
        task = asyncio.current_task()
        assert task is not None
        self._sleepers.add(task)
        self._listener(task)
        try:
            if news is None:
                await self._clock.sleep(seconds)
            else:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await news.wait()
        except asyncio.CancelledError:
            # Our own cancellation becomes the halt's cause; anybody else's goes on up.
            if self._cause is None or task.uncancel() > 0:
                raise
            raise type(self._cause) from None
        finally:
            self._sleepers.discard(task)
        self.raise_if_halted()


def _nobody(task: asyncio.Task[object]) -> None:
    """Nobody wants to know who waits."""
