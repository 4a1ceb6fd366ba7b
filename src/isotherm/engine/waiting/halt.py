"""Waiting that ends early when a traversal has to stop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from isotherm.core.clock import Clock
from isotherm.engine.interruptions import Interrupted, Overtaken, TimedOut


class Halt:
    """Tells the steps of one traversal to stop: overtaken, or out of time.

    A remote call that is under way is finished (its outcome must be recorded); only
    waiting ends, and nothing new begins.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._cause: Exception | None = None
        self._sleepers: set[asyncio.Task[Any]] = set()
        self._interrupted: set[asyncio.Task[Any]] = set()
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

    def interrupt(self, task: asyncio.Task[Any]) -> None:
        """Have one step stop where it waits next; the others go on."""
        if self._cause is not None:
            return
        self._interrupted.add(task)
        if task in self._sleepers:
            # It is on its way out: a halt that comes meanwhile need not end it a second time.
            self._sleepers.discard(task)
            task.cancel()

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
        TimedOut, at once when the halt comes, and Interrupted."""
        task = asyncio.current_task()
        assert task is not None
        self._raise_if_stopped(task)
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
            ours = self._cause is not None or task in self._interrupted
            if not ours or task.uncancel() > 0:
                raise
            self._raise_if_stopped(task)
        finally:
            self._sleepers.discard(task)
        self._raise_if_stopped(task)

    def _raise_if_stopped(self, task: asyncio.Task[Any]) -> None:
        self.raise_if_halted()
        if task in self._interrupted:
            self._interrupted.discard(task)
            raise Interrupted


def _nobody(task: asyncio.Task[object]) -> None:
    """Nobody wants to know who waits."""
